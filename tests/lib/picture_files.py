# SPDX-License-Identifier: MIT
"""Pictures as files: made for a test, and measured."""

import base64
import hashlib
import os
import struct
import zlib
from pathlib import Path

GREY_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACAWGBwYFCAcGhwkIiAmMFA0MCwsMGJGSjpQdGZ6eHJmcG6AkLic"
    "gIiuim5woNqirr7EztDOfJri8uDI8LjKzsb/wAALCAAQABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/E"
    "ABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AAP/Z")


def _fail(message):
    raise AssertionError(message)


def picture_size(path):
    """(format, width, height) of a whole picture; fails for anything else."""
    data = Path(path).read_bytes()
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        if data[-8:-4] != b"IEND":
            _fail(f"{path}: a PNG that is cut short ({len(data)} bytes)")
        return ("png", *struct.unpack(">II", data[16:24]))
    if data.startswith(b"\xff\xd8"):
        if not data.endswith(b"\xff\xd9"):
            _fail(f"{path}: a JPEG that is cut short ({len(data)} bytes)")
        at = 2
        while data[at] == 0xFF:
            mark, size = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
            if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
                height, width = struct.unpack(">HH", data[at + 5:at + 9])
                return ("jpeg", width, height)
            at += 2 + size
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        if struct.unpack("<I", data[4:8])[0] + 8 != len(data):
            _fail(f"{path}: a WebP of the wrong length")
        if data[12:16] == b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return ("webp", width & 0x3FFF, height & 0x3FFF)
        if data[12:16] == b"VP8L":
            bits = struct.unpack("<I", data[21:25])[0]
            return ("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        return ("webp", int.from_bytes(data[24:27], "little") + 1,
                int.from_bytes(data[27:30], "little") + 1)
    _fail(f"{path}: no picture: {data[:40]!r}")


def picture(path, width=64, height=48, colour=(200, 120, 40), format="png"):
    """Makes a picture of one colour, as a file, and returns its path.  Two of different sizes or
    colours have different bytes.  A JPEG is always one of 16 x 16 grey pixels."""
    Path(path).write_bytes(picture_bytes(width, height, colour, format))
    return Path(path)


def picture_bytes(width=64, height=48, colour=(200, 120, 40), format="png"):
    if format == "jpeg":
        return GREY_JPEG
    rows = (b"\0" + bytes(colour) * width) * height

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def picture_of_bytes(path, size):
    """A whole PNG of exactly so many bytes: what lacks is a text chunk of noise."""
    data = picture_bytes()
    body = os.urandom(size - len(data) - 12)
    text = (struct.pack(">I", len(body)) + b"prVt" + body
            + struct.pack(">I", zlib.crc32(b"prVt" + body)))
    Path(path).write_bytes(data[:33] + text + data[33:])
    return Path(path)


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
