#!/usr/bin/env python3
"""Adds up the results of meson test runs, subtests counted one by one, and prints the names of what
failed or was skipped, then `N passed, N failed, N skipped`. Exits 1 where anything failed.

usage: count.py JUNIT-FILE...
"""
import sys
import xml.etree.ElementTree as ET


def main():
    passed = failed = skipped = 0
    for path in sys.argv[1:]:
        for suite in ET.parse(path).getroot().iter('testsuite'):
            cases = list(suite.iter('testcase'))
            for case in cases:
                name = f"{suite.get('name')}: {case.get('name')}"
                if case.find('failure') is not None or case.find('error') is not None:
                    failed += 1
                    print('failed:', name)
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
