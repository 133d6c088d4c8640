#!/bin/sh
# From a bare Debian to a picture: installs what is missing, builds, mounts a directory with the
# simulated provider, writes a prompt and waits for its picture.
#
#   tests/demo.sh [DIRECTORY]     default: ~/darkroom-demo
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
directory=${1:-$HOME/darkroom-demo}

"$here/tests/install-packages.sh"
[ -f "$here/build/build.ninja" ] || meson setup --buildtype=release "$here/build" "$here" >/dev/null
ninja -C "$here/build" >/dev/null

mkdir -p "$directory"
"$here/build/src/cli/darkroomfs" "$directory" -o provider=sandbox
trap 'fusermount3 -u "$directory"' EXIT

cd "$directory"
echo 'a fox in the snow at night, under a full moon' >fox.prompt
setfattr -n user.darkroom.aspect_ratio -v 16:9 fox.prompt
picture=$(cat fox.wait)
cat fox.status
cd /
echo "the picture: $directory/$picture"
