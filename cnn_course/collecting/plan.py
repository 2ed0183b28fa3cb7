"""What collecting will do, before anything is changed: each file is placed or named, the newest of several wins."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from cnn_course.collecting.hand_in import HandIn
from cnn_course.collecting.layouts import TIMESTAMP
from cnn_course.collecting.matching import ALONE, Matcher
from cnn_course.collecting.notebooks import Place, is_notebook, recognize
from cnn_course.collecting.receipts import last_receipt
from splitgrade.nbgrader.course_folders import CourseFolders

MAX_NAME_BYTES = 200
_GROUP = "under a name that is not the student's; where it is a group's, the others of the group have nothing yet"


@dataclass(frozen=True)
class Placement:
    """One file and where it goes.

    Parameters
    ----------
    student, assignment : str
        Whose folder in ``submitted/``.
    name : PurePosixPath
        The file's name in it.
    hand_in : HandIn
        The file.
    sha256 : str
        Of its content.
    by : str
        How student and notebook were recognized.
    state : {"new", "same", "replaces", "older"}
        What it means for what lies there; ``older`` is not placed.
    """

    student: str
    assignment: str
    name: PurePosixPath
    hand_in: HandIn
    sha256: str
    by: str
    state: str = "new"


@dataclass(frozen=True)
class Note:
    """One thing that nobody has to act on.

    Parameters
    ----------
    kind : str
        What such notes have in common; a summary counts them by it.
    line : str
        The whole of it.
    count : int
        How many files it is about.
    """

    kind: str
    line: str
    count: int = 1

    def __str__(self) -> str:
        """Return the whole of it."""
        return self.line


@dataclass
class Plan:
    """All that collecting will do; ``left`` needs a person, ``notes`` are to be known."""

    placements: list[Placement] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def make_plan(
    root: Path,
    found: Sequence[HandIn],
    matcher: Matcher,
    expected: Mapping[tuple[str, str], set[str]],
    only: str | None = None,
) -> Plan:
    """Return what is to be done with hand-ins; nothing is changed.

    Parameters
    ----------
    root : Path
        The course folder.
    found : sequence of HandIn
        Of all sources.
    matcher : Matcher
        Who is who.
    expected : mapping
        The notebooks of the course, as `expected_notebooks` returns them.
    only : str, optional
        The assignment that is collected; all by default.
    """
    plan = Plan()
    candidates: dict[tuple[str, str, PurePosixPath], list[Placement]] = defaultdict(list)
    others: dict[str, list[HandIn]] = defaultdict(list)
    unknown: dict[str, list[str]] = defaultdict(list)
    there = CourseFolders.at(root)
    ours, came_back = _handed_out(there.release), 0
    plan.notes += [
        Note(_GROUP, f"{student}: handed in by {owner}, which is not this student's name: a group's?")
        for owner, student in {each.owner: matcher.match(each.owner).student for each in found}.items()
        if matcher.match(owner).by == ALONE
    ]
    for each in found:
        match, parts = matcher.match(each.owner), each.inside.parts
        if not match.student:
            unknown[f"{each.owner}: {match.why_not}"].append(str(each.item))
        elif any(parts[start:] in ours for start in range(len(parts))):
            came_back += 1
        elif not is_notebook(each.inside):
            others[match.student].append(each)
        else:
            content = each.item.read()
            place = recognize(each.inside, content, expected)
            if place.why_not or (only is not None and place.assignment != only):
                why = place.why_not or f"it belongs to {place.assignment}"
                plan.left.append(f"{match.student}: {each.item}: {why}")
                continue
            digest = hashlib.sha256(content).hexdigest()
            name = PurePosixPath(f"{place.notebook}.ipynb")
            by = f"student by {match.by}, notebook by {place.by}"
            placement = Placement(match.student, place.assignment, name, each, digest, by)
            candidates[match.student, place.assignment, name].append(placement)
            _say_name(plan, placement, place)
    plan.left += [f"{owner} ({_several(files)})" for owner, files in unknown.items()]
    for beside in _beside(plan, others, {(student, assignment) for student, assignment, _ in candidates}):
        candidates[beside.student, beside.assignment, beside.name].append(beside)
    for several in candidates.values():
        _take_newest(there, plan, several)
    if came_back:
        kind = "handed out with the notebooks came back and were left out"
        plan.notes.append(Note(kind, f"{came_back} files that were {kind}", came_back))
    return plan


def _several(files: Sequence[str]) -> str:
    """Return files in words, one by name."""
    return files[0] if len(files) == 1 else f"{len(files)} files, such as {files[0]}"


def _handed_out(release: Path) -> set[tuple[str, ...]]:
    """Return the paths of what is handed out beside notebooks; grading takes the instructor's own."""
    folders = [folder for folder in release.glob("*") if folder.is_dir()]
    files = [(folder, path) for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).parts for folder, path in files if path.suffix != ".ipynb"}


def moment(hand_in: HandIn) -> datetime:
    """Return when something was handed in, to be compared with others of the same source."""
    time = hand_in.time or datetime.min.replace(year=1970)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _say_name(plan: Plan, placement: Placement, place: Place) -> None:
    """Say it where a file came under another name than its notebook's."""
    if placement.hand_in.inside.name != placement.name.name:
        whose = f"{placement.student}, {placement.assignment}"
        line = f"{whose}: {placement.hand_in.inside} taken for {placement.name} (by its {place.by})"
        plan.notes.append(Note(f"under another name, recognized by {place.by}", line))


def _take_newest(there: CourseFolders, plan: Plan, several: Sequence[Placement]) -> None:
    """Place the newest of several files for one notebook, and say so."""
    ordered = sorted(several, key=_key)
    newest, rest = ordered[-1], [each for each in ordered[:-1] if each.sha256 != ordered[-1].sha256]
    same = [each for each in rest if _key(each) == _key(newest)]
    whose = f"{newest.student}, {newest.assignment}"
    if same:
        files = " and ".join(str(each.hand_in.item) for each in (*same, newest))
        plan.left.append(f"{whose}: {files} differ and none is newer: neither was placed")
        return
    for each in rest:
        line = f"{whose}: {newest.hand_in.item} is newer than {each.hand_in.item}, which was left out"
        plan.notes.append(Note("left out: the same student's newer file was taken", line))
    plan.placements.append(_against_old(there, plan, newest))


def _key(placement: Placement) -> tuple[datetime, int, datetime]:
    """Return what the newest has most of; within one zip of a student's, the times of its files tell."""
    inside = placement.hand_in.item.time or datetime.min
    return moment(placement.hand_in), placement.hand_in.order, inside.replace(tzinfo=None)


def _against_old(there: CourseFolders, plan: Plan, placement: Placement) -> Placement:
    """Hold a placement against what lies in ``submitted/``."""
    target = there.submitted / placement.student / placement.assignment / placement.name
    if not target.is_file():
        return placement
    if hashlib.sha256(target.read_bytes()).hexdigest() == placement.sha256:
        return replace(placement, state="same")
    before = last_receipt(there.root, placement.student, placement.assignment, str(placement.name))
    whose = f"{placement.student}, {placement.assignment}, {placement.name}"
    known = before is not None and before.handed_in and placement.hand_in.time is not None
    if before is not None and known and datetime.fromisoformat(before.handed_in) > moment(placement.hand_in):
        line = f"{whose}: what lies there is newer than {placement.hand_in.item}: kept"
        plan.notes.append(Note("older than what lies there, which was kept", line))
        return replace(placement, state="older")
    kind = "replaced; the old files are kept in .cnn-course/replaced/"
    plan.notes.append(Note(kind, f"{whose}: replaced; the old file is kept in .cnn-course/replaced/"))
    return replace(placement, state="replaces")


def _beside(
    plan: Plan, others: Mapping[str, Sequence[HandIn]], assignments: set[tuple[str, str]]
) -> Iterator[Placement]:
    """Yield what is no notebook, beside the notebooks that its owner handed in, where those are of one assignment."""
    for student, files in others.items():
        handed_in = sorted(assignment for each, assignment in assignments if each == student)
        for each in files:
            mine = [name for name in handed_in if each.assignment in ("", name)]
            name = PurePosixPath(each.inside.name)
            if len(mine) != 1:
                why = (
                    f"beside notebooks of {len(mine)} assignments" if mine else "no notebook of the course came with it"
                )
                plan.left.append(f"{student}: {each.item}: {why}")
            elif (
                len(str(name).encode("utf-8", "surrogateescape")) > MAX_NAME_BYTES
                or name.name.startswith(".")
                or name.name == TIMESTAMP
            ):
                plan.left.append(f"{student}: {each.item}: a name that is not taken")
            else:
                digest = hashlib.sha256(each.item.read()).hexdigest()
                yield Placement(student, mine[0], name, each, digest, "beside its notebooks")
