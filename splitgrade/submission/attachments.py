"""The pictures that a cell of a notebook carries, and the addresses of the assignment's own: no other may be shown."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
import struct
from collections.abc import Container, Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from splitgrade.execution.wire.pictures import is_picture
from splitgrade.execution.wire.text import clean_text
from splitgrade.sandbox.limits import MAX_PICTURE, MAX_PIXELS

KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp")
Pictures = Mapping[str, Mapping[str, str]]
_LEFT_OUT = re.compile(r"[\t\r\n]")  # browsers leave these out of an address, wherever they stand


def safe_pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the pictures attached to a cell, as canonical base64 of real picture bytes.

    Parameters
    ----------
    attachments : object
        What a cell has under ``attachments``: name -> MIME type -> base64; may be malformed.

    Returns
    -------
    dict
        Name in Unicode's composed form -> the MIME type that the bytes have -> base64.
    """
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        found = bundle.items() if isinstance(bundle, Mapping) else ()
        pictures: dict[str, str] = {}
        for claimed, value in found:  # browsers look at the bytes, whatever a picture is called
            for kind in KINDS if str(claimed).casefold().startswith("image/") else ():
                data = safe_picture(kind, value)
                pictures |= {} if data is None else {kind: data}
        if pictures:
            kept[normalize("NFC", clean_text(str(name)))] = pictures
    return kept


def safe_picture(kind: Any, value: Any) -> str | None:
    """Return a picture as canonical base64, None where it is none; anything else could leave its attribute.

    Parameters
    ----------
    kind : object
        One of `KINDS`.
    value : object
        Base64, with or without line ends.
    """
    if kind not in KINDS or not isinstance(value, str) or len(value) > MAX_PICTURE:
        return None
    try:
        raw = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if kind in ("image/png", "image/jpeg"):
        is_one = is_picture(kind, raw)
    else:
        is_one = 0 <= (_gif(raw) if kind == "image/gif" else _webp(raw)) <= MAX_PIXELS
    return base64.b64encode(raw).decode("ascii") if is_one else None


def attached(name: str, pictures: Pictures) -> tuple[str, str] | None:
    """Return MIME type and base64 of the attachment that an address names, None where there is none.

    Parameters
    ----------
    name : str
        What stands behind ``attachment:``. JupyterLab writes it as in an address, ``Screenshot%201.png``.
    pictures : mapping
        The attachments of the cell, see `safe_pictures`.

    Examples
    --------
    >>> attached("a%20b.png", {"a b.png": {"image/png": "iVBORw0KGgo="}})
    ('image/png', 'iVBORw0KGgo=')
    """
    names = (normalize("NFC", each) for each in (name, unquote(name)))  # systems write one letter as one sign or two
    bundle = next((pictures[each] for each in names if each in pictures), {})
    return next(((kind, bundle[kind]) for kind in KINDS if kind in bundle), None)


def own_file(address: str, files: Container[str]) -> str | None:
    """Return the name of the assignment's file that a browser would ask for, None for any other address.

    Parameters
    ----------
    address : str
        As it stands in a page.
    files : container of str
        The names of the assignment's files, relative to the notebook.

    Examples
    --------
    >>> own_file("./images/a%20b.png", {"images/a b.png"})
    'images/a b.png'
    >>> own_file("images/../../../logout", {"logout"}) is None
    True
    """
    path = unquote(_LEFT_OUT.sub("", address).strip("".join(map(chr, range(33)))))
    if not path or path.startswith("/") or set(path) & set("\\:?#") or ".." in path.split("/"):
        return None
    name = posixpath.normpath(path)
    return name if name in files else None


def _gif(raw: bytes) -> int:
    """Return the pixels of the largest of screen and frames (GIF89a, section 17 and after), -1 for no GIF."""
    if len(raw) < 13 or raw[:6] not in (b"GIF87a", b"GIF89a"):
        return -1
    width, height, packed = struct.unpack_from("<HHB", raw, 6)
    largest, place = width * height, 13 + _colors(packed)
    while place < len(raw) and raw[place] in (0x21, 0x2C):  # an extension or a frame; anything else ends the file
        if raw[place] == 0x21:
            place += 2
        else:
            if place + 10 > len(raw):
                break
            left, top, width, height, packed = struct.unpack_from("<HHHHB", raw, place + 1)
            largest = max(largest, (left + width) * (top + height))
            place += 11 + _colors(packed)
        while place < len(raw) and raw[place]:
            place += 1 + raw[place]
        place += 1
    return int(largest)


def _colors(packed: int) -> int:
    """Return the bytes of a GIF's table of colors."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _webp(raw: bytes) -> int:
    """Return the pixels that the first chunk claims (RFC 9649, section 2), -1 for no WebP."""
    if len(raw) < 30 or raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        return -1
    if raw[12:16] == b"VP8X":
        return (int.from_bytes(raw[24:27], "little") + 1) * (int.from_bytes(raw[27:30], "little") + 1)
    if raw[12:16] == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    if raw[12:16] == b"VP8 ":
        width, height = struct.unpack_from("<HH", raw, 26)
        return int((width & 0x3FFF) * (height & 0x3FFF))
    return -1
