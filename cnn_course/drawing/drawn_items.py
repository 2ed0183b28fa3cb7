"""The file of drawn variants in the students' kit: made from the bank, known by a fingerprint of what it came from."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from cnn_course.course import Course
from cnn_course.drawing.bank import FOLDER, check_bank, has_bank, load_bank
from cnn_course.drawing.variants_file import asked
from cnn_course.errors import BuildError, Problem

FILE = Path("practice_items") / "items.json.gz"  # inside the kit
NEXT_STEP = "run: cnn-course variants --write"


def write_drawn_items(course: Course) -> Path:
    """Draw all variants anew and write them into the kit.

    Raises
    ------
    BuildError
        When the bank breaks a rule; every problem names file, item and rule, and the old file stays.
    """
    problems = check_bank(course)
    if problems:
        raise BuildError("variants", problems)
    content = expected(course)
    file = kit(course) / FILE
    file.parent.mkdir(exist_ok=True)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    file.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    return file


def expected(course: Course) -> dict[str, Any]:
    """Return what the file should hold.

    Raises
    ------
    BuildError
        When an item cannot be drawn as often as it must.
    """
    try:
        content = load_bank(course).kit_data(course.course_id, asked(course))
    except ValueError as error:
        parts = getattr(error, "parts", None)
        problem = (
            Problem(*parts) if parts else Problem(f"authoring/{FOLDER}", "", "the bank can be drawn", str(error), "")
        )
        raise BuildError("variants", [problem]) from error
    return {**content, "fingerprint": fingerprint(course)}


def check_drawn_items(course: Course) -> list[Problem]:
    """Return what is wrong with the bank or with the file of its variants; cheap where nothing changed."""
    if not has_bank(course):
        return []
    file = kit(course) / FILE
    try:
        made_from = json.loads(gzip.decompress(file.read_bytes())).get("fingerprint")
    except (OSError, EOFError, ValueError) as error:
        made_from = f"no fingerprint ({error})"
    if made_from == fingerprint(course):
        return []
    problems = check_bank(course)
    rule = "the kit's variants are those of the bank"
    name = str(file.relative_to(course.root))
    return problems or [Problem(name, "", rule, "bank, questions or drawing changed since", NEXT_STEP)]


def fingerprint(course: Course) -> str:
    """Return a hash of all that decides which variants there are, beside the reference."""
    sources = [
        *(course.authoring / FOLDER).glob("*.toml"),
        *(course.root / course.checks / FOLDER).glob("*.py"),
        kit(course) / "drawing.py",
        kit(course) / "normal_form.py",
    ]
    digest = hashlib.sha256(json.dumps([course.course_id, asked(course)], sort_keys=True).encode())
    for path in sorted(sources):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        digest.update(f"\0{path.relative_to(course.root).as_posix()}\0{text}".encode())
    return digest.hexdigest()


def kit(course: Course) -> Path:
    """Return the folder of the first package among the students' files.

    Raises
    ------
    BuildError
        When there is none.
    """
    for name in course.student_files:
        if (course.root / name / "__init__.py").is_file():
            return course.root / name
    rule = "a course with a bank has a package among its student_files"
    raise BuildError("variants", [Problem("authoring/course.toml", "student_files", rule, "none", "name one")])
