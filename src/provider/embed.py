#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the definitions that are compiled in as a C file: embed.py OUTPUT DEFINITION..."""
import json
import os
import sys


def unique(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError('the name "%s" is there twice' % name)
    return dict(pairs)


def main():
    output, inputs = sys.argv[1], sys.argv[2:]
    lines = ['/* Made by embed.py. */', '#include "definition.h"', '']
    names = []
    for path in inputs:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, 'rb') as file:
            data = file.read()
        try:
            json.loads(data, object_pairs_hook=unique)
        except ValueError as error:
            sys.exit('%s: %s' % (path, error))
        lines.append('static const char bytes_%s[] = {' % name.replace('-', '_'))
        for start in range(0, len(data), 16):
            lines.append('\t' + ' '.join('%d,' % (b - 256 if b > 127 else b)
                                         for b in data[start:start + 16]))
        lines.append('};')
        names.append(name)
    lines += ['', 'const struct builtin provider_builtins[] = {']
    for name in names:
        symbol = 'bytes_' + name.replace('-', '_')
        lines.append('\t{"%s", %s, sizeof(%s)},' % (name, symbol, symbol))
    lines += ['\t{NULL, NULL, 0},', '};', '']
    with open(output, 'w', encoding='ascii') as file:
        file.write('\n'.join(lines))


main()
