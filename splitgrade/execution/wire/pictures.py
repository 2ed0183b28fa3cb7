"""How many pixels a picture claims to have: a few bytes of PNG can fill the memory of whoever's browser shows them."""

from __future__ import annotations

import struct
from typing import Final

from splitgrade.sandbox.limits import MAX_PIXELS

STARTS: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})


def is_picture(kind: str, raw: bytes) -> bool:
    """Return whether bytes begin as a picture of a kind does, and claim no more than `MAX_PIXELS`.

    Parameters
    ----------
    kind : str
        ``"image/png"`` or ``"image/jpeg"``.
    raw : bytes
        The file. Whether the rest of it can be shown is for the browser to find out.

    Examples
    --------
    >>> is_picture("image/png", STARTS["image/png"] + bytes(4) + b"IHDR" + (50_000).to_bytes(4) * 2)
    False
    """
    return raw.startswith(STARTS[kind]) and (_png if kind == "image/png" else _jpeg)(raw) <= MAX_PIXELS


def _png(raw: bytes) -> int:
    """Return width times height; 0 where the first chunk does not say, and no browser shows the picture."""
    if len(raw) < 24 or raw[12:16] != b"IHDR":
        return 0
    width, height = struct.unpack_from(">II", raw, 16)
    return int(width * height)


def _jpeg(raw: bytes) -> int:
    """Return the pixels of the largest frame, 0 where there is none; segments are those of ITU-T T.81, annex B."""
    place, largest = 2, 0
    while place + 9 <= len(raw) and raw[place] == 0xFF:
        marker = raw[place + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", raw, place + 5)
            largest = max(largest, height * width)
        if marker == 0xDA:  # the scan begins: what follows has no lengths
            break
        place += 2 + max(struct.unpack_from(">H", raw, place + 2)[0], 2)
    return largest
