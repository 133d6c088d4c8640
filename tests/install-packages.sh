#!/bin/sh
# Installs the Debian packages that are missing: those to build and run darkroomfs, and with the
# argument "tests" those that the test suite uses too. Asks sudo where it is not run by root.
set -eu

packages='gcc libc6-dev meson ninja-build pkg-config python3
    fuse3 libfuse3-dev libcurl4-openssl-dev libssl-dev libjson-c-dev uuid-dev libsqlite3-dev
    libmicrohttpd-dev libcairo2-dev libpango1.0-dev libjpeg-dev
    libpng-dev libwebp-dev
    fonts-dejavu-core ca-certificates attr'
if [ "${1:-}" = tests ]; then
    packages="$packages clang libclang-rt-dev groff man-db git make rsync vim-tiny vim tar
        inotify-tools procps util-linux acl gdb e2fsprogs"
    # Node.js is often there from another source, which Debian's npm does not go with.
    command -v npm >/dev/null || packages="$packages nodejs npm"
    # Debian 12 has the sanitizers' runtime under its compiler's version only.
    if ! apt-cache show libclang-rt-dev >/dev/null 2>&1; then
        packages=$(echo "$packages" | sed 's/libclang-rt-dev/libclang-rt-14-dev/')
    fi
fi

missing=
for package in $packages; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q >/dev/null
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get install -y -q --no-install-recommends $missing >/dev/null </dev/null
