#!/bin/sh
# Installs what is missing, builds with the compiler in CC (default gcc), and runs the whole suite.
# Ends with `N passed, N failed, N skipped`.
#
#   tests/all.sh [MESON-OPTION...]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
"$here/tests/install-packages.sh" tests

export CC="${CC:-gcc}"
name=$(printf '%s' "$CC $*" | tr -cs 'a-zA-Z0-9' '-' | sed 's/-$//')
build="$here/build-tests/$name"
[ -f "$build/build.ninja" ] || meson setup -Dwerror=true "$@" "$build" "$here"
ninja -C "$build"
PRISM=$("$here/tests/openapi/install-prism.sh" "$here/build-tests")
export PRISM
setup=
case "$*" in *b_sanitize*) setup='--setup sanitizers' ;; esac
# shellcheck disable=SC2086 # empty, or two words
meson test -C "$build" $setup --print-errorlogs || true
python3 "$here/tests/count.py" "$build"/meson-logs/testlog*.junit.xml
