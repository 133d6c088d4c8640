#!/bin/sh
# Installs Prism with npm below DIRECTORY, where it is not there yet, and prints the program's path.
# Where npm or its registry cannot be reached it says so on standard error and prints nothing: the
# tests that need Prism are skipped then, and fail where CI=true.
#
#   tests/openapi/install-prism.sh DIRECTORY
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1/prism"
place=$(CDPATH='' cd -- "$1/prism" && pwd)
program="$place/node_modules/.bin/prism"

if ! [ -x "$program" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$place"
    if ! npm ci --prefix "$place" --ignore-scripts --no-audit --no-fund >"$place/npm.log" 2>&1; then
        echo "Prism cannot be installed: $(grep -m 1 -i err "$place/npm.log" || tail -n 1 "$place/npm.log")" >&2
        rm -rf "$place/node_modules"
        exit 0
    fi
fi
echo "$program"
