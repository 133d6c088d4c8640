# SPDX-License-Identifier: MIT
"""System calls that Python lacks."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT = 1, 2, 4
AT_FDCWD = -100


def _checked(result, *names):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), *names)
    return result


def renameat2(old, new, flags):
    old, new = os.fsencode(old), os.fsencode(new)
    _checked(libc.renameat2(AT_FDCWD, old, AT_FDCWD, new, flags), old)


def fallocate(fd, mode, offset, length):
    call = libc.fallocate
    call.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    _checked(call(fd, mode, offset, length))
