"""A plan carried out: files into ``submitted/``, the old ones kept, a receipt for each."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cnn_course.collecting.layouts import TIMESTAMP
from cnn_course.collecting.plan import Note, Placement, Plan, moment
from cnn_course.collecting.receipts import Receipt, add_receipts
from splitgrade.nbgrader.course_folders import CourseFolders

REPLACED = Path(".cnn-course") / "replaced"


def carry_out(root: Path, plan: Plan, now: datetime) -> list[Note]:
    """Write the files of a plan; what is in the way is moved, never overwritten.

    Parameters
    ----------
    root : Path
        The course folder.
    plan : Plan
        What to do.
    now : datetime
        The time of the receipts, with a zone.

    Returns
    -------
    list of Note
        What is to be known of times.
    """
    said, there = list[Note](), CourseFolders.at(root)
    folders: dict[tuple[str, str], list[Placement]] = defaultdict(list)
    for placement in plan.placements:
        folders[placement.student, placement.assignment].append(placement)
    for (student, assignment), placements in folders.items():
        receipts = [_place(there, each, now) for each in placements]
        said += _write_time(there, placements, now)
        add_receipts(root, student, assignment, receipts)
    return said


def _place(there: CourseFolders, placement: Placement, now: datetime) -> Receipt:
    """Write one file, and return its receipt."""
    content = placement.hand_in.item.read()
    target = there.submitted / placement.student / placement.assignment / placement.name
    if placement.state in ("new", "replaces"):
        target.parent.mkdir(parents=True, exist_ok=True)
        attempt = target.with_name(f".{target.name}.new")
        attempt.write_bytes(content)
        _keep(there, target, now)
        attempt.replace(target)
    time = placement.hand_in.time
    return Receipt(
        file=str(placement.name),
        sha256=placement.sha256,
        bytes=len(content),
        source=str(placement.hand_in.item),
        handed_in=moment(placement.hand_in).isoformat() if time else "",
        exact=time is not None and time.tzinfo is not None,
        collected=now.isoformat(timespec="seconds"),
        state=placement.state,
        recognized=placement.by,
    )


def _keep(there: CourseFolders, target: Path, now: datetime) -> None:
    """Move what lies in the way to where replaced files are kept."""
    if not target.is_file():
        return
    inside = target.relative_to(there.submitted)
    kept = there.root / REPLACED / f"{now:%Y%m%dT%H%M%SZ}" / inside
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(target, kept)


def _write_time(there: CourseFolders, placements: Sequence[Placement], now: datetime) -> list[Note]:
    """Write nbgrader's ``timestamp.txt`` where the time of the newest file is exact; a stale one is moved away."""
    placed = [each for each in placements if each.state in ("new", "replaces")]
    if not placed:
        return []
    target = there.submitted / placed[0].student / placed[0].assignment / TIMESTAMP
    times = [each.hand_in.time for each in placed]
    whose = f"{placed[0].student}, {placed[0].assignment}"
    exact = [time.astimezone(UTC) for time in times if time is not None and time.tzinfo is not None]
    if len(exact) == len(times):
        _keep(there, target, now)
        target.write_text(f"{max(exact).replace(tzinfo=None)} UTC\n", encoding="utf-8")
        return []
    late = (
        [Note("late, says Canvas", f"{whose}: late, says Canvas")] if any(each.hand_in.late for each in placed) else []
    )
    if target.is_file():
        _keep(there, target, now)
        target.unlink()
        kind = f"of which {TIMESTAMP} was taken away: when the new files were handed in is not known exactly"
        return [*late, Note(kind, f"{whose}: {TIMESTAMP} taken away: {kind.partition(': ')[2]}")]
    return late
