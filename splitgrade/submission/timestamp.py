"""The time at which something was handed in, read so strictly that no time is ever wrong in silence.

nbgrader reads what it does not understand as something else: ``CEST`` and ``PDT`` as UTC, ``22:00`` as an hour of the
day of the run. Here a time counts only where date, hour and zone are certain; anything else is reported, with why.
"""

from __future__ import annotations

import codecs
import datetime
import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

from splitgrade.execution.wire.text import one_line
from splitgrade.sandbox.limits import MAX_TIMESTAMP_BYTES

MAX_SHOWN = 60  # characters of a text that is no time

_HOUR = r"(?P<hour>\d{1,2}:\d\d(?::\d\d)?)(?:[.,](?P<fraction>\d{1,9}))?(?:[ ]?(?P<half>[AaPp])\.?[Mm]\.?(?![A-Za-z]))?"
_ZONE = r"(?:(?P<offset>[+-]\d\d(?::?\d\d)?)|(?P<zone>[A-Za-z][\w/+:-]{0,63}))?"
_NAMED = r"(?:(?P<weekday>[A-Za-z]{3,9}),?[ ])?"
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
# The year first, or the month in letters: of 05/06/2026 nobody knows which is the month.
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}})(?P<by>[-/])(?P<month>\d{{1,2}})(?P=by)(?P<day>\d{{1,2}})[Tt ]{_HOUR}[ ]?{_ZONE}",
        rf"{_NAMED}(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d{{4}}),?[ ](?:at[ ])?{_HOUR}[ ]?{_ZONE}",
        rf"{_NAMED}{_MONTH}[ ](?P<day>\d{{1,2}}),?[ ](?P<year>\d{{4}}),?[ ](?:at[ ])?{_HOUR}[ ]?{_ZONE}",
        rf"{_NAMED}{_MONTH}[ ](?P<day>\d{{1,2}})[ ]{_HOUR}[ ]?{_ZONE}[ ]?(?P<year>\d{{4}})",  # of the command date
    )
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII)
# Short names that mean one thing, and a place where they are in use. CST, IST, BST, AST, PST and others are left out:
# two parts of the world use each (Chicago and Shanghai; Mumbai, Dublin and Jerusalem; London and Dhaka; ...).
_PLACES = {
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("CET", "CEST", "MEZ", "MESZ"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Helsinki"),
    "MSK": "Europe/Moscow",
    **dict.fromkeys(("EST", "EDT"), "America/New_York"),
    "MDT": "America/Denver",
    "PDT": "America/Los_Angeles",
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    "HST": "Pacific/Honolulu",
    "JST": "Asia/Tokyo",
    "SAST": "Africa/Johannesburg",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
}
_SAME = {"MEZ": "CET", "MESZ": "CEST"}  # German names of the same
_AMBIGUOUS = frozenset(
    (
        *("ACT", "ADT", "AMT", "AST", "BST", "BT", "CCT", "CDT", "CST", "CT", "ECT", "ET", "GST", "IDT", "IST", "KST"),
        *("MST", "MT", "NST", "PST", "PT", "SST", "WST"),
    )
)


@dataclass(frozen=True)
class HandedIn:
    """What a ``timestamp.txt`` says.

    Parameters
    ----------
    time : datetime or None
        In UTC, without a zone, as the gradebook has it; None where it is not certain.
    given : bool
        Whether there is a file at all.
    why : str
        Why the time is not certain, or how it was read where that should be known.
    """

    time: datetime.datetime | None = None
    given: bool = False
    why: str = ""


def read_timestamp(content: bytes | None) -> HandedIn:
    r"""Return what the content of a ``timestamp.txt`` says.

    Parameters
    ----------
    content : bytes or None
        Of the file; as it lies in a submission, it may be anything. None where it cannot be read.

    Examples
    --------
    >>> read_timestamp(b"2026-07-20 22:00:00 CEST\n").time
    datetime.datetime(2026, 7, 20, 20, 0)
    >>> read_timestamp(b"22:00").why
    "'22:00' is no date with an hour, such as 2026-07-20 21:00:00 UTC"
    """
    if content is None or len(content) > MAX_TIMESTAMP_BYTES:
        return HandedIn(given=True, why="it cannot be read, or is too long for a time")
    try:
        encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
        text = content.decode(encoding).strip()
    except UnicodeDecodeError:
        return HandedIn(given=True, why="it is no text")
    try:
        time, remark = parse_time(text)
    except ValueError as error:
        return HandedIn(given=True, why=str(error))
    return HandedIn(time, given=True, why=remark)


def parse_time(text: str) -> tuple[datetime.datetime, str]:
    """Return a time in UTC, without a zone, and what should be known of how it was read.

    Parameters
    ----------
    text : str
        Date and time as ISO has them, with a blank or a T between, or with the month in English letters, as in mails
        and by the command ``date``; then an offset, a place of the IANA database, or a short name that means one thing
        in the whole world. Without a zone it is UTC, as for nbgrader.

    Raises
    ------
    ValueError
        When date, hour or zone are not certain; the message says why.

    Examples
    --------
    >>> parse_time("2026-07-20T21:00+02:00")
    (datetime.datetime(2026, 7, 20, 19, 0), '')
    >>> parse_time("Mon Jul 20 09:00:00 PM UTC 2026")[0]
    datetime.datetime(2026, 7, 20, 21, 0)
    >>> parse_time("2026-07-20 21:00:00 IST")
    Traceback (most recent call last):
    ValueError: the zone 'IST' has several meanings: give an offset, such as +02:00
    """
    plain = re.sub(r"[ \u00a0\u202f]+", " ", text)  # systems put narrow blanks before AM
    found = next((match for form in _FORMS if (match := form.fullmatch(plain)) is not None), None)
    if found is None:
        says = one_line(text)[:MAX_SHOWN] + ("..." if len(text) > MAX_SHOWN else "")
        raise ValueError(f"{says!r} is no date with an hour, such as 2026-07-20 21:00:00 UTC")
    local, offset, zone = _local(found.groupdict(), text), found["offset"], found["zone"]
    try:
        if offset or zone:
            return local - _offset_of(local, offset or zone), ""
    except OverflowError:
        raise ValueError(f"there is no such time as {text}") from None
    return local, "it names no zone: read as UTC, as nbgrader does"


def _local(parts: dict[str, str | None], text: str) -> datetime.datetime:
    """Return the local time that a text names."""
    hour, _, rest = str(parts["hour"]).partition(":")
    half, weekday = (parts["half"] or "").lower(), parts.get("weekday")
    hours, (minutes, seconds) = int(hour), map(int, f"{rest}:0".split(":")[:2])
    try:
        if half and not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + 12 * (half == "p") if half else hours
        month = str(parts["month"])
        number = int(month) if month.isdigit() else _place_of(month, _MONTHS) + 1
        local = datetime.datetime(int(str(parts["year"])), number, int(str(parts["day"])), hours, minutes, seconds)
        if weekday and local.weekday() != _place_of(weekday, _WEEKDAYS):
            raise ValueError
    except ValueError:
        raise ValueError(f"there is no such time as {one_line(text)[:MAX_SHOWN]}") from None
    return local.replace(microsecond=int((parts["fraction"] or "0")[:6].ljust(6, "0")))


def _place_of(word: str, words: tuple[str, ...]) -> int:
    """Return which of some words is meant, from three letters on; ``ValueError`` where it is none."""
    found = [place for place, each in enumerate(words) if each.startswith(word.lower())]
    if len(found) != 1:
        raise ValueError
    return found[0]


def _offset_of(local: datetime.datetime, zone: str) -> datetime.timedelta:
    """Return how far a zone is ahead of UTC at a local time."""
    if zone.upper() in ("UTC", "GMT", "Z", "UT"):
        return datetime.timedelta()
    if (found := _OFFSET.fullmatch(zone.upper())) is not None:
        sign, hours, minutes = found.groups()
        if int(hours) > 14 or int(minutes or 0) > 59:
            raise ValueError(f"no zone is {zone} away from UTC")
        ahead = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
        return -ahead if sign == "-" else ahead
    if "/" in zone:
        if zone not in _places():
            raise ValueError(f"no zone is called {zone!r}")
        return _offset_at(local, zone)
    if zone.upper() in _AMBIGUOUS:
        raise ValueError(f"the zone {zone!r} has several meanings: give an offset, such as +02:00")
    return _offset_by_short_name(local, zone)


def _offset_by_short_name(local: datetime.datetime, zone: str) -> datetime.timedelta:
    """Return the offset of a name such as CEST, where that name is in use at that time of the year."""
    name = _SAME.get(zone.upper(), zone.upper())
    if zone.upper() not in _PLACES or _PLACES[zone.upper()] not in _places():
        raise ValueError(f"the zone {zone!r} is not known: give an offset, such as +02:00")
    at = zoneinfo.ZoneInfo(_PLACES[zone.upper()])
    for fold in (0, 1):  # where an hour comes twice, the name says which is meant
        there = local.replace(tzinfo=at, fold=fold)
        if there.tzname() == name and _exists(local, at, fold):
            return there.utcoffset() or datetime.timedelta()
    raise ValueError(f"{zone!r} is not in use on {local:%Y-%m-%d %H:%M}: give an offset, such as +02:00")


def _offset_at(local: datetime.datetime, place: str) -> datetime.timedelta:
    """Return the offset at a place, where the local time is one that its clocks show once."""
    at = zoneinfo.ZoneInfo(place)
    first, second = (local.replace(tzinfo=at, fold=fold).utcoffset() for fold in (0, 1))
    if first is None or first != second:
        raise ValueError(f"clocks in {place} show {local:%Y-%m-%d %H:%M} twice or never: give an offset")
    return first


def _exists(local: datetime.datetime, at: zoneinfo.ZoneInfo, fold: int) -> bool:
    """Return whether clocks show a local time at all: they leave an hour out in spring."""
    there = local.replace(tzinfo=at, fold=fold)
    back = there.astimezone(datetime.UTC).astimezone(at)
    return back.replace(tzinfo=None) == local


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
