#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on functions we do not call, notes to ourselves and long files: banned.py SOURCE_ROOT"""
import os
import re
import sys

LINES_MAX = 800
WHY = {
    'strcpy': 'has no bound', 'strcat': 'has no bound', 'sprintf': 'has no bound',
    'vsprintf': 'has no bound', 'gets': 'has no bound', 'alloca': 'has no bound',
    'strncpy': 'may leave no NUL', 'strncat': 'counts from the wrong end',
    'strtok': 'keeps state for all threads', 'atoi': 'cannot say that it failed',
    'system': 'runs a shell', 'usleep': 'is no way to wait', 'sleep': 'is no way to wait',
}
CALL = re.compile(r'(?<![\w.])(?<!->)(%s)\s*\(' % '|'.join(WHY))
# A token that hides its content from the search for calls.
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
ERRNO_FORMAT = re.compile(r'(?<!%)(?:%%)*%[-+ #0]*\d*(?:\.\d+)?m')
NOTE = re.compile(r'\b(TODO|FIXME|XXX)\b')
PLACES = ('include', 'src', 'tests', 'man')
TEXTS = ('.c', '.h', '.py', '.sh', '.sql', '.txt', '.json', 'meson.build')


def blank(match):
    """The token as spaces, so that lines and columns stay."""
    return re.sub(r'[^\n]', ' ', match.group(0))


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def errno_formats(text, code):
    """Offsets of strings with %m; the month of strftime(3) and strptime(3) is none."""
    for match in TOKEN.finditer(text):
        if match.group(0)[0] != '"' or not ERRNO_FORMAT.search(match.group(0)):
            continue
        start = max(code.rfind(end, 0, match.start()) for end in ';{}')
        if not re.search(r'\bstr[fp]time\s*\(', code[start + 1:match.start()]):
            yield match.start()


def c_complaints(text):
    code = TOKEN.sub(blank, text)
    for match in CALL.finditer(code):
        yield line_of(text, match.start()), '%s() %s' % (match.group(1), WHY[match.group(1)])
    for offset in errno_formats(text, code):
        yield line_of(text, offset), '%m: our own functions do not set errno'
    lines = text.count('\n')
    if lines > LINES_MAX:
        yield lines, '%d lines; a file has at most %d' % (lines, LINES_MAX)


def complaints(name, text):
    if name.endswith(('.c', '.h')):
        yield from c_complaints(text)
    for match in NOTE.finditer(text):
        yield line_of(text, match.start()), '%s: do it, or leave it' % match.group(1)


def main():
    root = sys.argv[1]
    # This folder has to name what it looks for.
    here = os.path.join(root, 'tests', 'lint')
    count = files = 0
    for place in PLACES:
        for directory, below, names in os.walk(os.path.join(root, place)):
            below.sort()
            if directory == here:
                continue
            for name in sorted(names):
                if not name.endswith(TEXTS) and place != 'man':
                    continue
                path = os.path.join(directory, name)
                # Corpora may hold any bytes.
                with open(path, encoding='utf-8', errors='replace') as source:
                    text = source.read()
                files += 1
                for line, words in sorted(complaints(name, text)):
                    print('%s:%d: %s' % (os.path.relpath(path, root), line, words))
                    count += 1
    if files == 0:
        sys.exit('no source files below %s' % root)
    sys.exit(1 if count else 0)


main()
