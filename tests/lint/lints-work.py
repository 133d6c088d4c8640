#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lint complains about what it is for, and about nothing else.  TAP."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GOOD = '.TH X 1\n.SH NAME\nx \\- y\n'

# Lint, name of the file, its text, and what must be said about it: None for nothing.
CASES = [
    ('layers.py', 'src/task/a.c', '#include "darkroom/base.h"\n', None),
    ('layers.py', 'src/task/a.c', '#include "darkroom/task.h"\n#include <sys/stat.h>\n', None),
    ('layers.py', 'src/task/a.c', '\n#include "darkroom/store.h"\n',
     'src/task/a.c:2: module task may not use module store'),
    ('layers.py', 'src/task/a.c', '# include <darkroom/store.h>\n',
     'src/task/a.c:1: module task may not use module store'),
    ('layers.py', 'src/store/deep/a.c', '#include "darkroom/json.h"\n',
     'src/store/deep/a.c:1: module store may not use module json'),
    ('layers.py', 'src/cli/a.c', '#include "darkroom/sandbox.h"\n',
     'module cli may not use module sandbox'),
    ('layers.py', 'src/sandbox/a.c', '#include "darkroom/provider.h"\n',
     'module sandbox may not use module provider'),
    ('layers.py', 'include/darkroom/http.h', '#include "darkroom/json.h"\n',
     'include/darkroom/http.h:1: module http may not use module json'),
    ('layers.py', 'src/store/a.c', '#include <sqlite3.h>\n', None),
    ('layers.py', 'src/engine/a.c', '#include <sqlite3.h>\n',
     'module engine may not include sqlite3.h, which is for module store alone'),
    ('layers.py', 'src/engine/a.c', '#include "sqlite3.h"\n',
     'module engine may not include sqlite3.h, which is for module store alone'),
    ('layers.py', 'src/vfs/a.c', '#include <fuse3/fuse_lowlevel.h>\n',
     'module vfs may not include fuse3/fuse_lowlevel.h, which is for module mount alone'),
    ('layers.py', 'src/vfs/a.c', '#include <glib.h>\n', 'in no list of layers.txt'),
    ('layers.py', 'src/vfs/a.c', '#include "../base/b.h"\n',
     'module vfs may not use the private header ../base/b.h of module base'),
    ('layers.py', 'src/vfs/a.c', '#include "base/b.h"\n',
     'module vfs may not use the private header base/b.h of module base'),
    ('layers.py', 'src/base/a.c', '#include "b.h"\n', None),
    ('layers.py', 'src/other/a.c', 'int a;\n', 'module other is not in layers.txt'),

    ('banned.py', 'src/base/a.c', 'snprintf(a, 1, "x"); /* strcpy(a, b) */ s("atoi(");\n', None),
    ('banned.py', 'src/base/a.c', 'mkdtemp("XXXXXX"); clock->sleep(1); my_sleep(2);\n', None),
    ('banned.py', 'src/base/a.c', 'strftime(t, 9, "%Y-%m-%d", &tm);\n', None),
    ('banned.py', 'src/base/a.c', 'printf("100%%m");\n', None),
    ('banned.py', 'src/base/a.c', 'printf("%%%m");\n', '%m'),
    ('banned.py', 'src/base/a.c', '\nlog("why: %m");\n', 'src/base/a.c:2: %m'),
    ('banned.py', 'src/base/a.c', 'strftime(t, 9, "%m", &tm); log("%m");\n', '%m'),
    ('banned.py', 'src/base/a.c', '/* TODO */\n', 'src/base/a.c:1: TODO'),
    ('banned.py', 'src/base/a.h', '// FIXME later\n', 'FIXME'),
    ('banned.py', 'tests/mount/a.py', '# XXX\n', 'XXX'),
    ('banned.py', 'man/x.1', '.\\" TODO\n', 'TODO'),
    ('banned.py', 'src/base/a.c', '\n' * 800, None),
    ('banned.py', 'src/base/a.c', '\n' * 801, '801 lines'),

    ('man.sh', 'man/x.1', GOOD, None),
    ('man.sh', 'man/x.1', GOOD + '.NOSUCH macro\n', 'NOSUCH'),
    ('man.sh', 'man/x.1', GOOD + '.TP\n\\fBx\n\\*[nosuch]\n', 'nosuch'),
] + [
    ('banned.py', 'tests/unit/a.c', '\n\n  x = %s (y);\n' % name,
     'tests/unit/a.c:3: %s()' % name)
    for name in ('strcpy strcat sprintf vsprintf strtok strncpy gets atoi system alloca usleep'
                 ' sleep').split()
]


def run(lint, path, text):
    """The exit status and what was said of a tree with this file and little else."""
    with tempfile.TemporaryDirectory() as root:
        for name, content in (('include/darkroom/base.h', ''), ('src/base/b.h', ''),
                              (path, text)):
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), 'w', encoding='utf-8') as out:
                out.write(content)
        command = [sys.executable] if lint.endswith('.py') else ['sh']
        done = subprocess.run(command + [os.path.join(HERE, lint), root], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout


def main():
    failed = 0
    for number, (lint, path, text, expected) in enumerate(CASES, 1):
        status, said = run(lint, path, text)
        if status == 77:
            print('ok %d - %s # SKIP %s' % (number, lint, said.strip()))
            continue
        good = status == 0 and not said if expected is None else status == 1 and expected in said
        print('%s %d - %s: %s' % ('ok' if good else 'not ok', number, lint,
                                  expected or 'silent about %r' % text[:60]))
        if not good:
            failed = 1
            print('# %d %s' % (status, said.replace('\n', '\n# ')))
    print('1..%d' % len(CASES))
    sys.exit(failed)


main()
