#!/usr/bin/env python3
"""Adds up the results of meson test runs, subtests counted one by one, and prints what failed, with
what it said, and what was skipped, then `N passed, N failed, N skipped`. A file that is not there or
cannot be read is one failure. Exits 1 where anything failed.

usage: count.py JUNIT-FILE...
"""
import sys
import xml.etree.ElementTree as ET


def said(suite, test):
    """The lines of a suite's TAP that belong to one failed test."""
    lines, mine = [], False
    for line in (suite.findtext('system-out') or '').splitlines():
        if line.startswith(('ok ', 'not ok ')):
            mine = line.startswith('not ok ') and test in line
        elif mine:
            lines.append(line)
    return lines[-60:]


def main():
    passed = failed = skipped = 0
    for path in sys.argv[1:]:
        try:
            suites = list(ET.parse(path).getroot().iter('testsuite'))
        except (OSError, ET.ParseError) as e:
            failed += 1
            print('failed: no results:', e)
            continue
        for suite in suites:
            cases = list(suite.iter('testcase'))
            for case in cases:
                name = f"{suite.get('name')}: {case.get('name')}"
                if case.find('failure') is not None or case.find('error') is not None:
                    failed += 1
                    print('failed:', name)
                    print(*said(suite, case.get('name')), sep='\n')
                elif case.find('skipped') is not None:
                    skipped += 1
                    print('skipped:', name)
                else:
                    passed += 1
            # A program that crashed may leave no failed case behind, only the suite's own count.
            troubles = int(suite.get('failures', 0)) + int(suite.get('errors', 0))
            if troubles and not any(c.find('failure') is not None or c.find('error') is not None
                                    for c in cases):
                failed += troubles
                print('failed:', suite.get('name'))
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed or passed == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
