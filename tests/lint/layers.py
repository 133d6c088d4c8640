#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a module includes what it may not: layers.py SOURCE_ROOT

The rules are in layers.txt beside this script."""
import fnmatch
import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def rules_read(path):
    """Modules with what each may use, (pattern, module) of libraries, patterns of the system."""
    modules, libraries, system = {}, [], []
    with open(path, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            line = line.split('#')[0].strip()
            if not line:
                continue
            what, _, words = line.partition(':')
            kind, _, name = what.partition(' ')
            words = words.split()
            if kind == 'module' and name and name not in modules:
                for word in words:
                    if word not in modules:
                        sys.exit('%s:%d: %s uses %s, which is not above it'
                                 % (path, number, name, word))
                modules[name] = set(words)
            elif kind == 'library' and name in modules:
                libraries += [(pattern, name) for pattern in words]
            elif kind == 'system' and not name:
                system += words
            else:
                sys.exit('%s:%d: not understood: %s' % (path, number, line))
    return modules, libraries, system


def sources(root):
    """(path below root, module) of every C file and header."""
    public = os.path.join(root, 'include', 'darkroom')
    for name in sorted(os.listdir(public)):
        if name.endswith('.h'):
            yield os.path.join('include', 'darkroom', name), name[:-2]
    top = os.path.join(root, 'src')
    for directory, below, names in os.walk(top):
        below.sort()
        module = os.path.relpath(directory, top).split(os.sep)[0]
        for name in sorted(names):
            if name.endswith(('.c', '.h')):
                yield os.path.relpath(os.path.join(directory, name), root), module


def own_complaint(root, path, module, header, modules):
    """What is wrong with #include "header", or None."""
    if header.startswith('darkroom/'):
        used = header[len('darkroom/'):-len('.h')]
        if used not in modules:
            return 'module %s uses module %s, which layers.txt does not have' % (module, used)
        if used != module and used not in modules[module]:
            return 'module %s may not use module %s' % (module, used)
        return None
    directory = os.path.join(root, os.path.dirname(path))
    for place in (directory, os.path.join(root, 'src')):
        found = os.path.normpath(os.path.join(place, header))
        if os.path.exists(found):
            owner = os.path.relpath(found, os.path.join(root, 'src')).split(os.sep)[0]
            if owner != module:
                return 'module %s may not use the private header %s of module %s' % (
                    module, header, owner)
            return None
    return 'module %s: there is no private header %s beside it' % (module, header)


def outer_complaint(module, header, libraries, system):
    """What is wrong with #include <header>, or None."""
    for pattern, owner in libraries:
        if fnmatch.fnmatchcase(header, pattern):
            if owner == module:
                return None
            return 'module %s may not include %s, which is for module %s alone' % (
                module, header, owner)
    if any(fnmatch.fnmatchcase(header, pattern) for pattern in system):
        return None
    return 'module %s includes %s, which is in no list of layers.txt' % (module, header)


def main():
    root = sys.argv[1]
    modules, libraries, system = rules_read(
        os.path.join(os.path.dirname(os.path.abspath(__file__)), 'layers.txt'))
    complaints = files = 0
    for path, module in sources(root):
        files += 1
        if module not in modules:
            print('%s:1: module %s is not in layers.txt' % (path, module))
            complaints += 1
            continue
        with open(os.path.join(root, path), encoding='utf-8') as lines:
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                header = match.group(2)
                # <darkroom/x.h> is as good as "darkroom/x.h", and the same rules hold.
                if match.group(1) == '"' or header.startswith('darkroom/'):
                    complaint = own_complaint(root, path, module, header, modules)
                    if complaint and any(fnmatch.fnmatchcase(header, p) for p, _ in libraries):
                        complaint = outer_complaint(module, header, libraries, system)
                else:
                    complaint = outer_complaint(module, header, libraries, system)
                if complaint:
                    print('%s:%d: %s' % (path, number, complaint))
                    complaints += 1
    if files == 0:
        sys.exit('no source files below %s' % root)
    sys.exit(1 if complaints else 0)


main()
