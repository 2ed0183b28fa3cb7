"""What was handed in is looked at before anything is run, and nothing of it is changed."""

from __future__ import annotations

import copy
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splitgrade.execution.instructor import read_instructor_notebook
from splitgrade.submission import notebook_file
from splitgrade.submission.identity import identities
from splitgrade.submission.intake import Inspection
from splitgrade.submission.intake import inspect as look
from splitgrade.submission.snapshot import take_snapshot
from splitgrade.submission.staging import stage
from tests.course_fixture import notebook, question, source_notebooks

NOTEBOOKS = source_notebooks()
DEEP = "[" * 100_000
NO_NOTEBOOK = b"no notebook"


def _identities(folder: Path) -> Any:
    for name, content in NOTEBOOKS.items():
        nbformat.write(content, folder / f"{name}.ipynb")
    read = [read_instructor_notebook(path) for path in sorted(folder.glob("*.ipynb"))]
    for each in NOTEBOOKS["one"].cells:  # from here on what students got
        each.source = read[0].released.get(each["id"], each.source)
    return identities(read)


with TemporaryDirectory() as _folder:
    EXPECTED = _identities(Path(_folder))


def inspect(folder: Path, ours: Path = Path("none")) -> Inspection:
    """Look at a submission of the tiny assignment."""
    return look(take_snapshot(folder), EXPECTED, ours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a submission with both notebooks."""
    place = tmp_path / "submission"
    place.mkdir()
    for name, content in NOTEBOOKS.items():
        nbformat.write(content, place / f"{name}.ipynb")
    return place


def test_a_complete_submission_is_accepted(folder: Path) -> None:
    """Both notebooks are taken, there is nothing to say."""
    found = inspect(folder)
    assert (sorted(found.accepted), found.refused, found.missing, found.notes) == (["one", "two"], {}, [], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"hello", "not JSON"),
        (b'{"cells": [', "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[]", "not a notebook"),
        (b"{}", "not a notebook"),
        (b"null", "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}', "not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {"a": 1}}', "not a notebook"),
        (b'{"nbformat": 99, "cells": []}', "not a notebook"),
        (DEEP.encode(), "not a notebook"),
        (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode(), "no graded cell"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(folder: Path, content: bytes, reason: str) -> None:
    """Each damaged file is refused by name, the other notebook is accepted."""
    (folder / "one.ipynb").write_bytes(content)
    found = inspect(folder)
    assert reason in found.refused["one"]
    assert list(found.accepted) == ["two"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_notebook_in_an_encoding_of_windows_is_accepted(folder: Path, encoding: str) -> None:
    """A mark before the first character, or two bytes for each, as PowerShell writes: that is no fault."""
    path = folder / "one.ipynb"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert "one" in inspect(folder).accepted


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb.pop("metadata"),
        lambda nb: (nb.pop("nbformat"), nb.pop("nbformat_minor")),
        lambda nb: nb.update(nbformat="4", nbformat_minor="5"),
        lambda nb: [each.update(outputs=None) for each in nb["cells"] if each["cell_type"] == "code"],
        lambda nb: nb["cells"][0].update(metadata=None),
        lambda nb: nb["cells"][0].pop("metadata"),
        lambda nb: nb["cells"].append({"cell_type": "code", "metadata": {}, "source": None}),
        lambda nb: nb["cells"].append({"cell_type": "markdown"}),
    ],
)
def test_what_a_converter_left_out_is_filled_in(folder: Path, change: Callable[[Any], object]) -> None:
    """Where a part of the format is not there, or null, and can mean one thing only, the work is read."""
    content = json.loads((folder / "one.ipynb").read_text())
    change(content)
    (folder / "one.ipynb").write_text(json.dumps(content))
    assert "one" in inspect(folder).accepted


def test_a_notebook_of_another_assignment_is_refused(folder: Path) -> None:
    """Its graded cells have other names."""
    nbformat.write(notebook(*question("other-cell", "x = 1", 1.0, "x")), folder / "one.ipynb")
    assert "another assignment" in inspect(folder).refused["one"]


def test_a_notebook_under_the_name_of_another_one_is_named(folder: Path) -> None:
    """The student is told which notebook it is."""
    (folder / "one.ipynb").write_bytes((folder / "two.ipynb").read_bytes())
    assert "the notebook two, under the name one" in inspect(folder).refused["one"]


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """A link in the place of a notebook is refused, also one that leads nowhere."""
    (tmp_path / "elsewhere.ipynb").write_bytes((folder / "one.ipynb").read_bytes())
    for target in (tmp_path / "elsewhere.ipynb", tmp_path / "nowhere"):
        (folder / "one.ipynb").unlink()
        (folder / "one.ipynb").symlink_to(target)
        assert "link" in inspect(folder).refused["one"]


def test_a_huge_file_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused with both sizes."""
    monkeypatch.setattr(notebook_file, "MAX_NOTEBOOK_BYTES", 1_000)
    assert inspect(folder).refused["one"].endswith("at most 0 MB are read")


def test_a_renamed_notebook_is_taken_for_the_missing_one(folder: Path) -> None:
    """``one (1).ipynb`` is what a browser makes of a second download."""
    (folder / "one.ipynb").rename(folder / "one (1).ipynb")
    found = inspect(folder)
    assert found.accepted["one"].name == "one (1).ipynb"
    assert found.missing == []
    assert found.notes == ["one (1).ipynb taken for one.ipynb"]


def test_a_copy_beside_the_notebook_is_left_out(folder: Path) -> None:
    """Of two that are the same, the one with the usual name is taken."""
    (folder / "one copy.ipynb").write_bytes((folder / "one.ipynb").read_bytes())
    found = inspect(folder)
    assert found.accepted["one"].name == "one.ipynb"
    assert found.notes == ["one copy.ipynb left out: the same as one.ipynb"]


def test_staging_leaves_python_files_links_and_our_own_files_behind(folder: Path, tmp_path: Path) -> None:
    """Data travel with the notebooks; what could shadow a module, lead elsewhere or is ours does not."""
    ours = tmp_path / "ours"
    (ours / "images").mkdir(parents=True)
    (ours / "images" / "a.png").write_bytes(b"ours")
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_bytes(b"theirs")
    (folder / "data.csv").write_text("1,2")
    (folder / "numpy.py").write_text("1/0")
    (folder / "secret").symlink_to("/etc/passwd")
    (folder / "timestamp.txt").write_text("yesterday, more or less")
    found = inspect(folder)
    stage(found, tmp_path / "staged", ours)
    staged = sorted(path.relative_to(tmp_path / "staged").as_posix() for path in (tmp_path / "staged").rglob("*"))
    assert staged == ["data.csv"]
    assert found.notes == [
        "timestamp.txt left out: it holds no time: 'yesterday, more or less' is no date with an hour, such as "
        "2026-07-20 21:00:00 UTC; lateness is left open",
        "numpy.py left out: Python files beside a notebook are not used",
        "secret left out: it is a link, a pipe or a device",
    ]


def _zip(*members: tuple[str, bytes], times: tuple[int, ...] = (2026, 7, 1, 10, 0, 0), link: bool = False) -> bytes:
    """Return a zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, times)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            if link:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, content)
    return target.getvalue()


def _filled(text: str) -> bytes:
    """Return the notebook ``one`` with an answer in it."""
    content = copy.deepcopy(NOTEBOOKS["one"])
    content.cells[2].source = text
    return nbformat.writes(content).encode()


def _move(folder: Path, name: str) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / "one.ipynb").rename(target)


def _pack(folder: Path, name: str, inside: str) -> None:
    (folder / name).write_bytes(_zip((inside, (folder / "one.ipynb").read_bytes()), ("data.csv", b"1,2")))
    (folder / "one.ipynb").unlink()


@pytest.mark.parametrize(
    "name",
    [
        *("one.ipynb.txt", "one.ipynb.json", "one.json", "one", "ONE.IPYNB", "one (1).ipynb", "one-1.ipynb"),
        *("one-Copy1.ipynb", "my work.ipynb", "tiny/one.ipynb", "tiny/tiny/one.ipynb", "a/b/c/one (2).ipynb"),
        *("lovelaceada_123_456_one.ipynb", "lovelaceada_LATE_123_456_one-1.ipynb", "[x] *{0}/one.ipynb"),
    ],
)
def test_work_is_found_wherever_it_lies(folder: Path, name: str) -> None:
    """Endings that browsers add, folders in folders, names of learning platforms: taken, and said."""
    _move(folder, name)
    found = inspect(folder)
    assert found.accepted["one"].name == name
    assert found.missing == []
    assert f"{name} taken for one.ipynb" in found.notes


@pytest.mark.parametrize("inside", ["one.ipynb", "tiny/one.ipynb", "a\\one (1).ipynb", "./x/../one.ipynb"])
def test_a_zip_inside_the_folder_is_unpacked(folder: Path, tmp_path: Path, inside: str) -> None:
    """The notebook in it is taken, data beside it lie beside it, and the zip itself stays behind."""
    _pack(folder, "work.zip", inside)
    found = inspect(folder)
    assert list(found.accepted) == ["one", "two"]
    assert "work.zip was unpacked" in found.notes
    stage(found, tmp_path / "staged", tmp_path / "none")
    assert not (tmp_path / "staged" / "work.zip").exists()
    assert [path.read_bytes() for path in (tmp_path / "staged").rglob("data.csv")] == [b"1,2"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (_zip(("../one.ipynb", _filled("1"))), "leads out of the archive"),
        (_zip(("/etc/one.ipynb", _filled("1"))), "leads out of the archive"),
        (_zip(("one.ipynb", b"/etc/passwd"), link=True), "is a link"),
        (_zip(("one.ipynb", _filled("1")))[:-30], "no zip file that can be read"),
        (b"PK\x03\x04 and nothing", "no zip file that can be read"),
        (_zip(("one.ipynb", b"\0" * 120_000_000)), "too large"),
        (_zip(("one.ipynb", b"{")), "not JSON"),
    ],
)
def test_a_hostile_zip_is_named_and_nothing_of_it_is_used(folder: Path, content: bytes, why: str) -> None:
    """Names that lead out, links, bombs and damage: unread, the reason is said, the other notebook is accepted."""
    (folder / "one.ipynb").unlink()
    (folder / "work.zip").write_bytes(content)
    found = inspect(folder)
    assert list(found.accepted) == ["two"]
    assert why in found.unread["one"]


@pytest.mark.parametrize("name", ["one.ipynb.txt", "work.rar", "one.7z", "one.pdf", "one.html", "other.ipynb", "one"])
def test_what_lies_there_and_cannot_be_read_is_never_missing(folder: Path, name: str) -> None:
    """A person is told what lies there; only where nothing does is the notebook missing."""
    (folder / "one.ipynb").unlink()
    (folder / name).write_bytes(NO_NOTEBOOK)
    found = inspect(folder)
    assert (found.missing, list(found.unread)) == ([], ["one"])
    assert name in found.unread["one"]


def test_a_copy_that_jupyter_made_is_not_nothing(folder: Path) -> None:
    """Where only a checkpoint of a notebook was handed in, a person is told."""
    _move(folder, ".ipynb_checkpoints/one-checkpoint.ipynb")
    assert "checkpoints" in inspect(folder).unread["one"]


def test_a_folder_that_is_closed_to_the_grader_is_not_nothing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What lies in it is not known, so nothing is missing."""
    (folder / "one.ipynb").unlink()
    (folder / "closed").mkdir()
    original = os.scandir

    def scandir(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    assert "Permission denied" in inspect(folder).unread["one"]


def test_files_that_were_handed_out_are_no_clue(folder: Path, tmp_path: Path) -> None:
    """A module of the assignment with the name of a notebook does not make that notebook unread."""
    for place in (tmp_path / "ours", folder, folder / "tiny"):
        (place / "kit").mkdir(parents=True)
        (place / "kit" / "one.py").write_text("")
    (folder / "one.ipynb").unlink()
    assert inspect(folder, tmp_path / "ours").missing == ["one"]


def test_packed_files_that_were_handed_out_are_not_looked_into(folder: Path, tmp_path: Path) -> None:
    """The kit may hold compressed data: no remark, and a notebook that is missing stays missing."""
    (folder / "one.ipynb").unlink()
    for place in (folder, tmp_path / "ours"):
        (place / "kit").mkdir(parents=True)
        (place / "kit" / "items.json.gz").write_bytes(b"\x1f\x8b packed")
    found = inspect(folder, tmp_path / "ours")
    assert (found.missing, found.unread, found.notes) == (["one"], {}, [])


@pytest.mark.parametrize(
    ("usual", "other", "seconds", "taken"),
    [
        ("", "x = 1", -100, "one (1).ipynb"),
        ("", "x = 1", 100, "one (1).ipynb"),
        ("x = 1", "", 100, "one.ipynb"),
        ("x = 1", "x = 2", 100, "one (1).ipynb"),
        ("x = 1", "x = 2", -100, "one.ipynb"),
        ("x = 1", "x = 2", 0, "one.ipynb"),
    ],
)
def test_the_newest_of_several_that_hold_work_is_taken(
    folder: Path, usual: str, other: str, seconds: int, taken: str
) -> None:
    """A blank one never wins over work, whatever its age and name; which one counts is said."""
    for name, text, time in (("one.ipynb", usual, 0), ("one (1).ipynb", other, seconds)):
        (folder / name).write_bytes(_filled(text) if text else nbformat.writes(NOTEBOOKS["one"]).encode())
        os.utime(folder / name, (1_700_000_000 + time, 1_700_000_000 + time))
    found = inspect(folder)
    assert found.accepted["one"].name == taken
    [lost] = {"one.ipynb", "one (1).ipynb"} - {taken}
    assert [note for note in found.notes if note.startswith(f"{lost} left out: ")]


def test_the_work_of_several_people_is_refused(folder: Path) -> None:
    """Files that a learning platform named after two people are nobody's."""
    for name in ("lovelaceada_12_34_one.ipynb", "hoppergrace_13_35_two.ipynb"):
        (folder / name).write_bytes((folder / "one.ipynb").read_bytes())
    found = inspect(folder)
    assert set(found.refused) == {"one", "two"}
    assert "2 people" in found.refused["one"]


def test_a_notebook_without_any_marks_is_known_by_its_texts(folder: Path) -> None:
    """Metadata and ids gone: the questions that were handed out say which notebook it is."""
    content = nbformat.read(folder / "two.ipynb", as_version=4)
    for number, each in enumerate(content.cells):
        each.metadata, each["id"] = nbformat.from_dict({}), f"x{number}"
    (folder / "two.ipynb").unlink()
    nbformat.write(content, folder / "renamed.ipynb")
    assert inspect(folder).accepted["two"].name == "renamed.ipynb"


def test_a_link_to_another_folder_is_no_submission(folder: Path, tmp_path: Path) -> None:
    """Nobody hands in the work of another by a link."""
    (tmp_path / "link").symlink_to(folder)
    assert set(inspect(tmp_path / "link").refused) == {"one", "two"}


def test_what_is_graded_is_what_was_read(folder: Path, tmp_path: Path) -> None:
    """A file that is replaced after it was looked at changes neither what is graded nor its digest."""
    before = (folder / "one.ipynb").read_bytes()
    (folder / "data.csv").write_bytes(b"1,2")
    found = inspect(folder)
    (folder / "one.ipynb").write_bytes(_filled("x = 'B'"))
    (folder / "data.csv").write_bytes(b"3,4")
    stage(found, tmp_path / "staged", tmp_path / "none")
    assert found.accepted["one"].content == before
    assert "x = 'B'" not in [cell.source for cell in found.notebooks["one"].cells]
    assert (tmp_path / "staged" / "data.csv").read_bytes() == b"1,2"
    assert take_snapshot(folder).digest != found.snapshot.digest
    (folder / "one.ipynb").write_bytes(before)
    (folder / "data.csv").write_bytes(b"1,2")
    assert take_snapshot(folder).digest == found.snapshot.digest


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60)
CONTENTS = st.sampled_from(
    [
        b"",
        b"{",
        b"PK\x05\x06" + b"\0" * 18,
        b'{"nbformat": 4}',
        NO_NOTEBOOK,
        _filled("1"),
        _zip(("one.ipynb", _filled("2"))),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, CONTENTS, max_size=6), st.binary(max_size=40))
def test_any_files_are_looked_at_and_every_notebook_has_one_place(files: dict[str, bytes], time: bytes) -> None:
    """Whatever lies there under whatever name, nothing raises, and what is staged lies inside the folder."""
    with TemporaryDirectory() as name:
        place = Path(name) / "submission"
        place.mkdir()
        for file, content in {**files, "timestamp.txt": time}.items():
            if file not in (".", "..") and len(os.fsencode(file)) < 256:
                (place / file).write_bytes(content)
        found = inspect(place)
        groups = (found.accepted, found.refused, found.unread, found.missing)
        assert sorted(each for group in groups for each in group) == ["one", "two"]
        stage(found, Path(name) / "staged", Path(name) / "none")
        assert sorted(path.name for path in Path(name).iterdir()) == ["staged", "submission"]


def test_a_notebook_with_zeros_behind_its_end_is_accepted(folder: Path) -> None:
    """Power that fails while a file is written leaves such."""
    path = folder / "one.ipynb"
    path.write_bytes(path.read_bytes() + b"\0" * 4096)
    assert "one" in inspect(folder).accepted


@pytest.mark.parametrize("name", ["one", "one.ipynb", "one.ipynb.download", "work.ZIP"])
def test_a_zip_is_known_by_what_it_is(folder: Path, name: str) -> None:
    """Whatever somebody called it: the notebook in it is taken."""
    content = (folder / "one.ipynb").read_bytes()
    (folder / "one.ipynb").unlink()
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("one.ipynb", content)
    assert inspect(folder).accepted["one"].name == f"{name}/one.ipynb"


def test_a_zip_in_a_zip_is_not_missing(folder: Path) -> None:
    """It is not unpacked without an end, and it is no zero either: a person is told."""
    content = (folder / "one.ipynb").read_bytes()
    (folder / "one.ipynb").unlink()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("one.ipynb", content)
    with zipfile.ZipFile(folder / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert "an archive in an archive" in inspect(folder).unread["one"]


def test_two_notebooks_in_one_file_are_both_found(folder: Path) -> None:
    """Somebody pasted the cells of one into the other: the file is taken for both."""
    one, two = (json.loads((folder / f"{name}.ipynb").read_text()) for name in ("one", "two"))
    one["cells"] += two["cells"]
    two["cells"][1]["source"] = "mine"
    (folder / "one.ipynb").write_text(json.dumps(one))
    (folder / "two.ipynb").write_text(json.dumps(two))
    assert inspect(folder).accepted["two"].name == "two.ipynb"  # where it is there and holds work
    (folder / "two.ipynb").unlink()
    found = inspect(folder)
    assert {name: file.name for name, file in found.accepted.items()} == {"one": "one.ipynb", "two": "one.ipynb"}
    assert found.notes == ["one.ipynb taken for two.ipynb"]
