"""Times as people type them, read strictly: a date, a time and a zone; what is not fully understood is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

_FORM = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d(:\d\d)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d|[A-Za-z]+(/[\w+-]+)*)?"
)
EXAMPLE = "2026-12-01 23:59 Europe/Vienna"


def read_time(text: str, zone: str | None = None) -> datetime:
    """Return a time, in UTC.

    Parameters
    ----------
    text : str
        ``2026-12-01 23:59 Europe/Vienna``, ``2026-12-01T23:59:00+01:00`` or ``2026-12-01 22:59 UTC``.
    zone : str, optional
        The zone of a text that names none.

    Raises
    ------
    ValueError
        When it is no such time, names no zone, or names an hour that a change of clocks leaves out or has twice.

    Examples
    --------
    >>> str(read_time("2026-12-01 23:59 Europe/Vienna"))
    '2026-12-01 22:59:00+00:00'
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a time: {text!r}; write it like {EXAMPLE!r}")
    try:
        naive = datetime.fromisoformat(f"{found['day']} {found['time']}")
    except ValueError as error:
        raise ValueError(f"not a time: {text!r} ({error})") from None
    named = found["zone"] or zone
    if not named:
        raise ValueError(f"{text!r} names no time zone; write it like {EXAMPLE!r}")
    if named in ("Z", "UTC"):
        return naive.replace(tzinfo=UTC)
    if named[0] in "+-":
        try:
            return datetime.fromisoformat(f"{naive.isoformat()}{named}").astimezone(UTC)
        except ValueError as error:
            raise ValueError(f"not a time: {text!r} ({error})") from None
    return in_zone(naive, named)


def in_zone(naive: datetime, zone: str, *, earlier: bool = False) -> datetime:
    """Return the clock time of a place, in UTC; where it is there twice, the ``earlier`` if that is asked for.

    Raises
    ------
    ValueError
        When there is no such zone, or the clocks of that day have this time never or twice.
    """
    if "/" not in zone or zone not in available_timezones():  # EST, CET and the like do not say what they mean
        raise ValueError(f"{zone!r} is no time zone; write UTC, an offset such as +01:00, or a place: Europe/Vienna")
    place = ZoneInfo(zone)
    early, late = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late or (earlier and early < late):
        return early
    times = "never" if late < early else "twice"
    raise ValueError(f"the clocks of {zone} show {naive} {times} (summer time); write an offset such as +01:00")


def days_late(seconds: float, grace: timedelta) -> int:
    """Return how many days have begun since the deadline and the grace time.

    Examples
    --------
    >>> days_late(60, timedelta(minutes=5)), days_late(360, timedelta(minutes=5)), days_late(86_401, timedelta(0))
    (0, 1, 2)
    """
    over = seconds - grace.total_seconds()
    return 0 if over <= 0 or seconds <= 0 else int(-(-seconds // 86_400))
