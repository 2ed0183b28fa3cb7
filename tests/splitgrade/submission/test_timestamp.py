"""A time is right, or it is reported: never wrong in silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splitgrade.submission.timestamp import read_timestamp

DAY = datetime(2026, 7, 20)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-07-20 21:00:00.000000 UTC", 21),
        ("2026-07-20 21:00:00.123456 UTC", 21),
        ("2026-07-20 22:00:00 CEST", 20),
        ("2026-07-20 22:00:00 MESZ", 20),
        ("2026-07-20 22:00:00 PDT", 29),
        ("2026-07-20 22:00:00 EDT", 26),
        ("2026-07-20 22:00:00 WEST", 21),
        ("2026-07-20 22:00:00 MSK", 19),
        ("2026-07-20 22:00:00 JST", 13),
        ("2026-07-20 22:00:00 NZST", 10),
        ("2026-07-20T22:00:00+02:00", 20),
        ("2026-07-20T22:00+0200", 20),
        ("2026-07-20T22:00-07", 29),
        ("2026-07-20T21:00:00Z", 21),
        ("2026-07-20 22:00 GMT+0200", 20),
        ("2026-07-20 22:00:00 Europe/Berlin", 20),
        ("2026-07-20 22:00:00 America/Los_Angeles", 29),
        ("2026-07-20 22:00:00 Asia/Kolkata", 16.5),
        ("  2026-07-20 21:00:00 UTC \r\n", 21),
        ("\ufeff2026-07-20 21:00:00 utc", 21),
        ("2026-07-20 21:00:00", 21),
        ("2026/7/20 9:00 PM UTC", 21),
        ("2026-07-20 12:30\u202fam UTC", 0.5),
        ("Mon Jul 20 22:00:00 CEST 2026", 20),
        ("Mon Jul 20 09:00:00 PM UTC 2026", 21),
        ("Mon, 20 Jul 2026 21:00:00 GMT", 21),
        ("Monday, July 20, 2026 at 9:00 p.m. UTC", 21),
        ("20-Jul-2026 22:00:00 +0200", 20),
    ],
)
def test_a_certain_time_is_read_in_utc(text: str, hours: float) -> None:
    """Zone names, offsets and summer time count; without a zone it is UTC, as for nbgrader."""
    found = read_timestamp(text.encode())
    assert found.time is not None
    assert found.time.replace(microsecond=0) == DAY + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("22:00", "no date with an hour"),
        ("2026", "no date with an hour"),
        ("2026-07-20", "no date with an hour"),
        ("July 20, 2026 10 pm", "no date with an hour"),
        ("20.07.2026 22:00", "no date with an hour"),
        ("07/20/2026 22:00", "no date with an hour"),
        ("", "no date with an hour"),
        ("2026-07-20 21:00:00 UTC late", "no date with an hour"),
        ("2026-07-20 22:00:00 BST", "several meanings"),
        ("2026-07-20 22:00:00 IST", "several meanings"),
        ("2026-07-20 22:00:00 CST", "several meanings"),
        ("2026-07-20 22:00:00 XYZ", "not known"),
        ("2026-01-20 22:00:00 CEST", "not in use"),
        ("2026-07-20 22:00:00 CET", "not in use"),
        ("2026-03-29 02:30:00 CET", "not in use"),
        ("2026-03-29 02:30:00 Europe/Berlin", "twice or never"),
        ("2026-10-25 02:30:00 Europe/Berlin", "twice or never"),
        ("2026-07-20 22:00:00 Europe/Nowhere", "no zone is called"),
        ("2026-07-20 22:00:00 etc/passwd", "no zone is called"),
        ("2020-01-01 00:00:00 ../../../../etc/passwd", "no date with an hour"),
        ("2020-01-01 00:00:00 " + "x" * 300, "no date with an hour"),
        ("2026-07-20 22:00:00 +99:00", "no zone is"),
        ("2026-02-30 22:00:00 UTC", "no such time"),
        ("2026-07-20 25:00:00 UTC", "no such time"),
        ("2026-07-20 13:00 PM UTC", "no such time"),
        ("Sun Jul 20 22:00:00 UTC 2026", "no such time"),
        ("20 Juli 2026 22:00 UTC", "no such time"),
        ("05/06/2026 22:00 UTC", "no date with an hour"),
        ("2026-07-20 22:00 UTC\n2026-07-21 22:00 UTC", "no date with an hour"),
        ("0001-01-01 00:00:00 +05:00", "no such time"),
        ("\u0662026-07-20 21:00:00 UTC", "no date with an hour"),
        ("x" * 5000, "too long"),
    ],
)
def test_what_is_not_certain_is_no_time_and_the_reason_is_said(text: str, why: str) -> None:
    """An hour without a day, a name with two meanings, a day that does not exist: left open."""
    found = read_timestamp(text.encode())
    assert found.time is None
    assert found.given
    assert why in found.why


def test_an_hour_that_comes_twice_is_told_apart_by_its_name() -> None:
    """On the night of the change CEST is the first of the two hours, CET the second."""
    first, second = (read_timestamp(f"2026-10-25 02:30:00 {name}".encode()).time for name in ("CEST", "CET"))
    assert (first, second) == (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30))


@given(st.binary(max_size=1200))
def test_any_bytes_are_a_time_or_a_reason(content: bytes) -> None:
    """Nothing raises, and what is no time says why on one line."""
    found = read_timestamp(content)
    assert found.time is not None or found.why
    assert "\n" not in found.why


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)),
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from(["", " "]),
)
def test_offsets_are_taken_away(utc: datetime, minutes: int, blank: str) -> None:
    """Whatever the offset, the same moment is the same time."""
    local = utc.replace(microsecond=0) + timedelta(minutes=minutes)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{local.isoformat(sep=' ')}{blank}{sign}{hours:02}:{rest:02}"
    assert read_timestamp(text.encode()).time == utc.replace(microsecond=0)
