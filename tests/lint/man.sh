#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails on any warning of groff about the manual pages: man.sh SOURCE_ROOT
command -v groff >/dev/null || { echo 'groff is not installed'; exit 77; }
set -- "$1"/man/*.[0-9]
[ -e "$1" ] || { echo 'there are no manual pages'; exit 77; }

failed=0
for page; do
	said=$(groff -mandoc -Tutf8 -Kutf8 -t -ww -b -z "$page" 2>&1) || failed=1
	if [ -n "$said" ]; then
		printf '%s\n' "$said"
		failed=1
	fi
done
exit $failed
