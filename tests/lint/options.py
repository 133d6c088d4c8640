#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where `darkroomfs -h` and the manual page do not name the same options.

usage: options.py DARKROOMFS MANUAL-PAGE
"""
import re
import subprocess
import sys


def helped(program):
    """Mount options and flags that -h prints."""
    text = subprocess.run([program, '-h'], check=True, capture_output=True, text=True).stdout
    mount, flags = text.split('options for -o:')[1], text.split('options for -o:')[0]
    names = {re.match(r'[a-z_]+', line.strip()).group() for line in mount.splitlines()
             if line.startswith('  ')}
    return names, set(re.findall(r'^  -(\w) ', flags, re.M))


def documented(page):
    """Mount options and flags that the manual page explains."""
    with open(page, encoding='utf-8') as file:
        text = file.read()
    mount = text.split('.Ss Mount options')[1].split('.El')[0]
    flags = text.split('.Ss Mount options')[0]
    return (set(re.findall(r'^\.It Cm ([a-z_]+)', mount, re.M)),
            set(re.findall(r'^\.It Fl (\w)\b(?! Ar| Ns)', flags, re.M)))


def main():
    status = 0
    for ours, theirs in zip(helped(sys.argv[1]), documented(sys.argv[2])):
        for name in sorted(ours - theirs):
            print(f'{sys.argv[2]}: {name} is in the help and not here')
            status = 1
        for name in sorted(theirs - ours):
            print(f'{sys.argv[2]}: {name} is here and not in the help')
            status = 1
    return status


if __name__ == '__main__':
    sys.exit(main())
