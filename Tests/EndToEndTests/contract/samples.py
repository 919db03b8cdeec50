"""The smallest files of each kind that a browser shows, each one different from the others of its kind."""

import itertools
import struct
import time
import zlib

numbers = itertools.count(time.time_ns())


def _unique():
    return str(next(numbers)).encode()


def jpeg():
    """One grey pixel: quantisation, frame, Huffman tables, one scan; a comment makes it unique."""
    note = _unique()
    tables = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    huffman = b"".join(
        b"\xff\xc4\x00\x14" + bytes([kind]) + b"\x01" + b"\x00" * 15 + b"\x00" for kind in (0x00, 0x10)
    )
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f"
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    comment = b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note
    return start + comment + tables + frame + huffman + scan + b"\xff\xd9"


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png():
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"tEXt", b"Comment\x00" + _unique())
        + _chunk(b"IDAT", zlib.compress(b"\x00\x7f")) + _chunk(b"IEND", b"")
    )


def gif():
    note = _unique()
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
        + b"\x21\xfe" + bytes([len(note)]) + note + b"\x00"
        + b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b"
    )


def webp():
    """One lossless pixel; an unknown chunk, which readers skip, makes it unique."""
    pixel = b"\x2f\x00\x00\x00\x00\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
    note = _unique()
    note += b"\x00" * (len(note) % 2)
    chunks = b"WEBPVP8L" + struct.pack("<I", len(pixel)) + pixel + b"note" + struct.pack("<I", len(note)) + note
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def _box(kind, content):
    return struct.pack(">I", len(content) + 8) + kind + content


def mp4():
    """The box that names the kind, a box of free space, and an empty box of media data."""
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + _box(b"free", _unique()) + _box(b"mdat", b"")


KINDS = [
    (jpeg, "image/jpeg", ".jpg"),
    (png, "image/png", ".png"),
    (gif, "image/gif", ".gif"),
    (webp, "image/webp", ".webp"),
    (mp4, "video/mp4", ".mp4"),
]
