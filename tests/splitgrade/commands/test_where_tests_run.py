"""What the doctor says of the tests of an assignment, and that a run's record keeps it."""

from __future__ import annotations

from pathlib import Path

from splitgrade.commands.where_tests_run import lines_of
from splitgrade.execution.calibrate import Apart, Calibration
from splitgrade.grading.record_file import RecordFile, read_record
from tests.splitgrade.conftest import answer, instructor_notebook
from tests.splitgrade.conftest import tests_of as hidden_tests


def test_each_test_that_is_not_kept_apart_is_named_with_what_to_change(tmp_path: Path) -> None:
    """How it is graded, what the solution met, and what would help; other warnings follow."""
    cells = [answer("f", "f = 1"), *(hidden_tests(name, "assert f") for name in ("one", "two", "three"))]
    apart = {
        "two": Apart("shared", "fails it: TypeError: no", "return the value"),
        "three": Apart("waits", "fails it: NameError: g", "define g"),
    }
    warnings = ("exercise: this import fails while grading: import nose", "exercise, two: passes in one process only")
    lines = lines_of(instructor_notebook(tmp_path, *cells), Calibration({}, {}, apart, warnings))
    assert lines == [
        "exercise: 1 apart from students' code, 1 in the student's process, 1 by a person",
        "  two runs in the student's own sandboxed process; its author could forge it",
        "    in split processes the solution fails it: TypeError: no",
        "    what to change: return the value",
        "  three is decided by a person",
        "    in split processes the solution fails it: NameError: g",
        "    what to change: define g",
        "  exercise: this import fails while grading: import nose",
    ]


def test_the_record_of_a_run_keeps_the_warnings(tmp_path: Path) -> None:
    """So that a later look needs no new run."""
    said = ["one, two: passes in one process only"]
    with RecordFile(tmp_path, "ps1", 1, []) as record:
        record.warn(said)
    found = read_record(tmp_path, "ps1")
    assert found is not None
    assert found.warnings == said
