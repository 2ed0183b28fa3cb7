"""Downloads of learning platforms: who handed in what, and that nothing is lost or leads out."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from cnn_course.collecting.archive import MAX_DEPTH, open_source
from cnn_course.collecting.hand_in import Owner
from cnn_course.collecting.layouts import hand_ins
from cnn_course.collecting.matching import Matcher
from cnn_course.collecting.notebooks import recognize
from cnn_course.collecting.place import carry_out
from cnn_course.collecting.plan import Plan, make_plan
from cnn_course.collecting.receipts import read_receipts, receipt_path
from cnn_course.collecting.roster import Person
from cnn_course.errors import BuildError

PEOPLE = [
    Person("ada", "Ada", "Okafor", "ada@example.org", "A", {"canvas": "1001", "moodle": "11", "number": "m11"}),
    Person("ben", "Ben-Luca", "O'Neil", "ben@example.org", "A", {"canvas": "1002"}),
    Person("cy1", "Cy", "Young", "cy1@example.org"),
    Person("cy2", "Cy", "Young", "cy2@example.org"),
]
EXPECTED = {("tiny", "one"): {"one-add", "one-why"}, ("tiny", "two"): {"two-add"}, ("next", "three"): {"three-x"}}
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def notebook(*ids: str, text: str = "") -> str:
    """Return a notebook whose cells have these grade_ids."""
    cells = [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": text} for name in ids]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


ONE, TWO = notebook("one-add", "one-why"), notebook("two-add")


def make_zip(path: Path, files: dict[str, str | bytes], hour: int = 9) -> Path:
    """Write a zip; all its files have the same time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(zipfile.ZipInfo(name, (2026, 11, 20, hour, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def zipped(files: dict[str, str | bytes]) -> bytes:
    """Return a zip as bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def without_mark(content: bytes) -> bytes:
    """Return a zip whose headers do not say that names are UTF-8."""
    found = bytearray(content)
    for header, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = found.find(header)
        while at >= 0:
            found[at + place] &= ~0x08
            at = found.find(header, at + 1)
    return bytes(found)


def plan(root: Path, *sources: Path, people=PEOPLE, ask=None, only: str | None = None) -> Plan:
    """Return what collecting these sources would do."""
    found, left = [], []
    for source in sources:
        opened = open_source(source)
        mine, others = hand_ins(opened.items, {person.id for person in people})
        found += mine
        left += [*opened.left, *others]
    made = make_plan(root, found, Matcher(people, ask), EXPECTED, only)
    made.left = [*left, *made.left]
    return made


def placed(made: Plan) -> set[str]:
    """Return what would be placed, as paths below submitted/."""
    return {f"{each.student}/{each.assignment}/{each.name}" for each in made.placements}


MOODLE = {
    "Ada Okafor_11_assignsubmission_file_/one.ipynb": ONE,
    "Ada Okafor_11_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
    "Group 1-Ben-Luca O'Neil_12_assignsubmission_file/cnn_exercises/two.ipynb": TWO,
    "Cy Young_13_assignsubmission_file/one.ipynb": ONE,
    "Zoe Stranger_14_assignsubmission_file/one.ipynb": ONE,
}


def test_moodles_download_is_taken_as_it_is(tmp_path: Path) -> None:
    """By participant, by a name that one student has, after a group; two of one name and strangers are named."""
    made = plan(tmp_path, make_zip(tmp_path / "moodle.zip", MOODLE))
    assert placed(made) == {"ada/tiny/one.ipynb", "ben/tiny/two.ipynb"}
    said = "\n".join(made.left)
    assert "2 students have this name: cy1, cy2" in said
    assert "Zoe Stranger (moodle 14): nobody in the roster" in said
    assert "a text for the other system, not a file" in said


def test_moodles_download_without_folders(tmp_path: Path) -> None:
    """Moodle 3.0 and downloads without folders put everything into the file's name."""
    made = plan(tmp_path, make_zip(tmp_path / "m.zip", {"Ada Okafor_11_assignsubmission_file_one.ipynb": ONE}))
    assert placed(made) == {"ada/tiny/one.ipynb"}


def test_canvas_download_is_taken_as_it_is(tmp_path: Path) -> None:
    """By user number, else by name; -1 goes; several students in one folder stay apart; LATE is kept."""
    files = {
        "okaforada_1001_51_one-1.ipynb": ONE,
        "okaforada_1001_52_two.ipynb": TWO,
        "oneilbenluca_LATE_9999_53_one.ipynb": ONE,
        "strangerzoe_1009_54_one.ipynb": ONE,
    }
    made = plan(tmp_path, make_zip(tmp_path / "submissions.zip", files))
    assert placed(made) == {"ada/tiny/one.ipynb", "ada/tiny/two.ipynb", "ben/tiny/one.ipynb"}
    assert [each.hand_in.late for each in made.placements if each.student == "ben"] == [True]
    assert "strangerzoe" in made.left[0]


def test_what_canvas_cannot_give_a_student_is_said(tmp_path: Path) -> None:
    """A text entry, a submission graded anonymously, a group's file with one member's number."""
    files = {
        "okaforada_1001_text.html": "<p>hello</p>",
        "LATE_anon_1001_54_one.ipynb": ONE,
        "anon_x7Kp2_55_one.ipynb": ONE,
        "thesquad3_1002_56_one.ipynb": ONE,
    }
    made = plan(tmp_path, make_zip(tmp_path / "submissions.zip", files))
    assert placed(made) == {"ben/tiny/one.ipynb"}
    said = "\n".join(made.left)
    assert "okaforada_1001_text.html: a text for the other system, not a file" in said
    assert said.count("graded anonymously") == 2
    assert [str(note) for note in made.notes] == [
        "ben: handed in by thesquad3 (canvas 1002), which is not this student's name: a group's?"
    ]


def test_blackboards_download_is_taken_as_it_is(tmp_path: Path) -> None:
    """By user name, of two attempts the later; its text files are no hand-ins; a `_` may stand in any of the names."""
    files = {
        "Homework_1_ada_attempt_2026-11-20-21-00-00_one.ipynb": ONE,
        "Homework_1_ada_attempt_2026-11-20-22-30-00_one.ipynb": ONE + " ",
        "Homework_1_ada_attempt_2026-11-20-22-30-00.txt": "Name: Ada",
        "Homework_1_eve_l_attempt_2026-11-20-22-30-00_my_two.ipynb": TWO,
        "Homework_1_zoe_attempt_2026-11-20-22-30-00_one.ipynb": ONE,
    }
    people = [*PEOPLE, Person("eve_l", "Eve", "Lind")]
    made = plan(tmp_path, make_zip(tmp_path / "gradebook.zip", files), people=people)
    assert placed(made) == {"ada/tiny/one.ipynb", "eve_l/tiny/two.ipynb"}
    assert {each.student: each.hand_in.time for each in made.placements}["ada"] == datetime(2026, 11, 20, 22, 30)
    assert any("zoe (blackboard)" in line for line in made.left)
    assert len(made.left) == 2


@pytest.mark.parametrize("mine", ["Ada Okafor_11_assignsubmission_file", "okaforada_1001_7_w.zip", "ada"])
def test_nobody_hands_in_for_another(tmp_path: Path, mine: str) -> None:
    """The outermost part of a path says whose it is; students name what is below it as they like."""
    listed = f"submission_7:\n  :submitters:\n  - :name: {PEOPLE[1].first_name}\n    :email: {PEOPLE[1].email}\n"
    planted: dict[str, str | bytes] = {
        "Ben-Luca O'Neil_12_assignsubmission_file/one.ipynb": ONE,
        "oneilbenluca_1002_9_one.ipynb": ONE,
        "ben/one.ipynb": ONE,
        "ben+tiny+2026-11-21 09:00:00 UTC/one.ipynb": ONE,
        "hw_ben_attempt_2026-11-20-22-30-00_one.ipynb": ONE,
        "submission_metadata.yml": listed,
        "submission_7/one.ipynb": ONE,
    }
    files = {f"{mine}/{name}": content for name, content in planted.items()}
    if mine.endswith(".zip"):
        files = {mine: zipped(planted)}
    made = plan(tmp_path, make_zip(tmp_path / "all.zip", files))
    assert {each.student for each in made.placements} == {"ada"}
    broken = make_zip(tmp_path / "broken.zip", {f"{mine}x/one.ipynb": ONE, "ada/submission_metadata.yml": "- : ["})
    plan(tmp_path, broken)  # a list that a student has broken stops nobody


METADATA = """\
---
submission_7:
  :submitters:
  - :name: Ada Okafor
    :sid: 'm11'
    :email: else@example.org
  - :name: Benny
    :sid:
    :email: BEN@example.org
  :created_at: 2026-11-20 23:30:00.123456789 -05:00
submission_8:
  :submitters:
  - :name: Nobody
    :sid: x
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-20 10:00:00.000000000 Z
    zone: UTC
"""


def test_gradescopes_export_is_taken_as_it_is(tmp_path: Path) -> None:
    """Groups get a copy each, by SID or email; times are exact and become timestamp.txt."""
    files = {
        "assignment_9_export/submission_metadata.yml": METADATA,
        "assignment_9_export/submission_7/one.ipynb": ONE,
        "assignment_9_export/submission_8/one.ipynb": ONE,
    }
    made = plan(tmp_path, make_zip(tmp_path / "gradescope.zip", files))
    assert placed(made) == {"ada/tiny/one.ipynb", "ben/tiny/one.ipynb"}
    assert "Nobody" in made.left[0]
    carry_out(tmp_path, made, NOW)
    assert (tmp_path / "submitted/ada/tiny/timestamp.txt").read_text() == "2026-11-21 04:30:00.123456 UTC\n"


def test_the_exchange_is_taken_as_it_is(tmp_path: Path) -> None:
    """The newest of all that a student submitted, with the key to its own feedback and its time to the microsecond."""
    for name, content in {
        "ada+tiny+2026-11-20 09:00:00.000001 UTC+Ab-_1": (ONE, "first"),
        "ada+tiny+2026-11-20 09:00:00.000002 UTC+Zz": (ONE + " ", "second"),
        "ada+next+2026-11-20 08:00:00 UTC": (notebook("three-x"), "third"),
        "zoe+tiny+2026-11-20 09:00:00 UTC": (ONE, "fourth"),
        "ben+tiny+yesterday UTC": (ONE, "fifth"),
    }.items():
        folder = tmp_path / "inbound" / name
        folder.mkdir(parents=True)
        (folder / "some.ipynb").write_text(content[0])
        (folder / "submission_secret.txt").write_text(content[1])
        (folder / "timestamp.txt").write_text(name.split("+")[2])
    made = plan(tmp_path, tmp_path / "inbound")
    assert [line.partition(":")[0] for line in made.left] == ["zoe (exchange)"]
    carry_out(tmp_path, made, NOW)
    found = {path.relative_to(tmp_path / "submitted").as_posix(): path for path in tmp_path.glob("submitted/*/*/*")}
    assert found["ada/tiny/one.ipynb"].read_text() == ONE + " "
    secrets = {name.removesuffix("/submission_secret.txt"): path.read_text() for name, path in found.items()}
    assert {name: text for name, text in secrets.items() if name.count("/") == 1} == {
        "ada/tiny": "second",
        "ada/next": "third",
        "ben/tiny": "fifth",
    }
    assert found["ada/tiny/timestamp.txt"].read_text() == "2026-11-20 09:00:00.000002 UTC\n"
    assert "ben/tiny/timestamp.txt" not in found


def test_a_damaged_list_of_gradescope_is_named(tmp_path: Path) -> None:
    """File, rule and next step; no object of another program is made."""
    path = make_zip(tmp_path / "g.zip", {"submission_metadata.yml": "a: !!python/object/apply:os.system [id]\n"})
    with pytest.raises(BuildError, match=r"submission_metadata\.yml"):
        plan(tmp_path, path)


def test_nested_folders_and_zips_are_opened(tmp_path: Path) -> None:
    """A folder in a folder, a zip in the hand-in, a zip named after the student."""
    files: dict[str, str | bytes] = {
        "Ada Okafor_11_assignsubmission_file/cnn/cnn/my work.zip": zipped({"x/one.ipynb": ONE, "__MACOSX/._one": "j"}),
        "ben.zip": zipped({"tiny/two.ipynb": TWO}),
    }
    made = plan(tmp_path, make_zip(tmp_path / "all.zip", files))
    assert placed(made) == {"ada/tiny/one.ipynb", "ben/tiny/two.ipynb"}
    assert made.left == []


def test_a_zip_with_the_separators_of_windows_is_opened(tmp_path: Path) -> None:
    """Some programs there write paths with a backslash; one that leads out that way is refused all the same."""
    files: dict[str, str | bytes] = {
        "Ada Okafor_11_assignsubmission_file/w.zip": zipped({"my work\\": "", "my work\\one.ipynb": ONE}),
        "Cy_13_assignsubmission_file/w.zip": zipped({"my work\\..\\..\\two.ipynb": TWO}),
    }
    made = plan(tmp_path, make_zip(tmp_path / "all.zip", files))
    assert placed(made) == {"ada/tiny/one.ipynb"}
    assert len(made.left) == 1
    assert "paths stay inside the zip" in made.left[0]


def test_names_as_macos_writes_them_are_read(tmp_path: Path) -> None:
    """UTF-8 without the mark that says so, accents as signs of their own: in a name, and in a folder named by id."""
    people = [Person("zoë", "Zoë", "Özdemir"), *PEOPLE]
    files = {"O:zdemir Zoe:_15_assignsubmission_file/one.ipynb": ONE, "d/zoe:/two.ipynb": TWO}
    files = {name.replace(":", "\u0308"): text for name, text in files.items()}
    marked = make_zip(tmp_path / "marked.zip", files)
    plain = tmp_path / "plain.zip"
    plain.write_bytes(without_mark(marked.read_bytes()))
    for path in (marked, plain):
        assert placed(plan(tmp_path, path, people=people)) == {"zoë/tiny/one.ipynb", "zoë/tiny/two.ipynb"}


def test_times_inside_a_students_zip_do_not_say_when_it_was_handed_in(tmp_path: Path) -> None:
    """The learning platform's time of the zip does; a download that lies in a folder keeps its own times."""
    early = make_zip(tmp_path / "mine.zip", {"x/one.ipynb": ONE}, hour=1).read_bytes()
    hand_in = "Ada Okafor_11_assignsubmission_file/mine.zip"
    download = make_zip(
        tmp_path / "moodle.zip", {hand_in: early, "okaforada_1001_7_two.zip": zipped({"two.ipynb": TWO})}
    )
    folder = tmp_path / "downloads"
    folder.mkdir()
    for source in (download, folder):
        found = {each.name.stem: each.hand_in.time for each in plan(tmp_path, source).placements}
        assert found == {"one": datetime(2026, 11, 20, 9), "two": datetime(2026, 11, 20, 9)}, source
        if source == download:
            download.rename(folder / "moodle.zip")


def test_a_folder_is_as_good_as_a_zip(tmp_path: Path) -> None:
    """An unpacked download, and nbgrader's own layout."""
    for name in ("Ada Okafor_11_assignsubmission_file/one.ipynb", "ben/tiny/two.ipynb"):
        (tmp_path / "down" / name).parent.mkdir(parents=True)
        (tmp_path / "down" / name).write_text(ONE if "one" in name else TWO)
    assert placed(plan(tmp_path, tmp_path / "down")) == {"ada/tiny/one.ipynb", "ben/tiny/two.ipynb"}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("Untitled7.ipynb", ONE, ("tiny", "one", "cells")),
        ("one.ipynb.txt", ONE, ("tiny", "one", "cells")),
        ("one.ipynb", TWO, ("tiny", "two", "cells")),
        ("one (1).ipynb", "{}", ("tiny", "one", "name")),
        ("ONE-Copy1.ipynb", "not json", ("tiny", "one", "name")),
        ("one-2.ipynb", "[" * 10_000, ("tiny", "one", "name")),
        ("other.ipynb", notebook("zzz"), ("", "", "")),
    ],
)
def test_a_notebook_is_recognized_by_its_cells_then_by_its_name(name: str, content: str, place: tuple) -> None:
    """Renamed, mixed up, damaged or foreign files."""
    found = recognize(PurePosixPath(name), content.encode(), EXPECTED)
    assert (found.assignment, found.notebook, found.by) == place


def test_the_newest_of_several_wins_and_is_said(tmp_path: Path) -> None:
    """A later time; in one download, the later attachment."""
    old = make_zip(tmp_path / "old.zip", {"Ada Okafor_11_assignsubmission_file/one.ipynb": ONE}, hour=9)
    new = make_zip(tmp_path / "new.zip", {"Ada Okafor_11_assignsubmission_file/one.ipynb": ONE + " "}, hour=10)
    for sources in ((old, new), (new, old)):
        made = plan(tmp_path, *sources)
        assert [str(each.hand_in.item.source) for each in made.placements] == ["new.zip"]
        assert "new.zip" in str(made.notes[0])
        assert "is newer than old.zip" in str(made.notes[0])


def test_two_different_files_of_one_time_are_not_chosen_between(tmp_path: Path) -> None:
    """Neither is placed; both are named."""
    files = {f"Ada Okafor_11_assignsubmission_file/{name}.ipynb": ONE + " " * n for n, name in enumerate(["a", "b"])}
    made = plan(tmp_path, make_zip(tmp_path / "m.zip", files))
    assert made.placements == []
    assert "none is newer" in made.left[0]


def test_nothing_is_overwritten_without_a_copy_and_each_file_has_a_receipt(tmp_path: Path) -> None:
    """The replaced file is kept; the same file again changes nothing; an older one is not placed."""
    path, folder = "Ada Okafor_11_assignsubmission_file/one.ipynb", tmp_path / "submitted/ada/tiny"
    carry_out(tmp_path, plan(tmp_path, make_zip(tmp_path / "1.zip", {path: ONE}, hour=9)), NOW)
    newer = ONE + " "
    carry_out(tmp_path, plan(tmp_path, make_zip(tmp_path / "2.zip", {path: newer}, hour=10)), NOW)
    assert (folder / "one.ipynb").read_text() == newer
    assert (tmp_path / ".cnn-course/replaced/20261121T080000Z/ada/tiny/one.ipynb").read_text() == ONE
    carry_out(tmp_path, plan(tmp_path, make_zip(tmp_path / "3.zip", {path: newer}, hour=10)), NOW)
    made = plan(tmp_path, make_zip(tmp_path / "4.zip", {path: ONE}, hour=8))
    carry_out(tmp_path, made, NOW)
    assert (folder / "one.ipynb").read_text() == newer
    assert "newer than 4.zip" in str(made.notes[0])
    receipts = read_receipts(tmp_path, "ada", "tiny")
    assert [each.state for each in receipts] == ["new", "replaces", "same", "older"]
    assert receipts[0].handed_in == "2026-11-20T09:00:00+00:00"
    assert not receipts[0].exact
    content = json.loads(receipt_path(tmp_path, "ada", "tiny").read_text())
    assert len(content["receipts"][0]["sha256"]) == 64


def test_other_files_go_beside_the_notebooks(tmp_path: Path) -> None:
    """A picture goes with the notebook; a timestamp.txt from a student does not count."""
    files = {
        "Ada Okafor_11_assignsubmission_file/one.ipynb": ONE,
        "Ada Okafor_11_assignsubmission_file/sketch.png": "png",
        "Ada Okafor_11_assignsubmission_file/timestamp.txt": "2000-01-01 00:00:00 UTC",
        "Group 1-Ben-Luca O'Neil_12_assignsubmission_file/essay.pdf": "pdf",
    }
    made = plan(tmp_path, make_zip(tmp_path / "m.zip", files))
    assert placed(made) == {"ada/tiny/one.ipynb", "ada/tiny/sketch.png"}
    assert any("essay.pdf: no notebook" in line for line in made.left)
    assert any("timestamp.txt: a name that is not taken" in line for line in made.left)


def test_what_was_handed_out_comes_back_and_is_left_out(tmp_path: Path) -> None:
    """Whoever hands in the whole folder hands in the kit too, of whatever version: nothing that has to be named."""
    for name in ("questions.json", "kit/__init__.py", "kit/more/__init__.py"):
        (tmp_path / "release" / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "release" / "tiny" / name).write_text("now")
    names = ("tiny/questions.json", "tiny/kit/__init__.py", "tiny/kit/more/__init__.py", "tiny/mine/__init__.py")
    files = {f"Ada Okafor_11_assignsubmission_file/{name}": "of last week" for name in names}
    made = plan(tmp_path, make_zip(tmp_path / "m.zip", {**files, "ada/tiny/one.ipynb": ONE}))
    assert placed(made) == {"ada/tiny/one.ipynb", "ada/tiny/__init__.py"}
    assert made.left == []
    assert [str(note) for note in made.notes] == [
        "3 files that were handed out with the notebooks came back and were left out"
    ]


def test_only_one_assignment_is_taken_where_it_is_named(tmp_path: Path) -> None:
    """The other notebook is named with the assignment that it belongs to."""
    files = {
        "Ada Okafor_11_assignsubmission_file/one.ipynb": ONE,
        "Ada Okafor_11_assignsubmission_file/three.ipynb": notebook("three-x"),
    }
    made = plan(tmp_path, make_zip(tmp_path / "m.zip", files), only="tiny")
    assert placed(made) == {"ada/tiny/one.ipynb"}
    assert "it belongs to next" in made.left[0]


def test_whoever_is_asked_answers_once(tmp_path: Path) -> None:
    """An answer holds for all files of the owner, and is remembered for the next download."""
    asked: list[Owner] = []

    def ask(owner: Owner, why: str) -> str:
        asked.append(owner)
        return "cy2"

    files = {f"Cy Young_13_assignsubmission_file/{name}.ipynb": text for name, text in (("one", ONE), ("two", TWO))}
    opened = open_source(make_zip(tmp_path / "m.zip", files))
    matcher = Matcher(PEOPLE, ask)
    made = make_plan(tmp_path, hand_ins(opened.items, set())[0], matcher, EXPECTED)
    assert placed(made) == {"cy2/tiny/one.ipynb", "cy2/tiny/two.ipynb"}
    assert len(asked) == 1
    assert [(person.id, person.aliases["moodle"]) for person in matcher.learned()] == [("cy2", "13")]


def with_link(path: Path) -> Path:
    """Write a zip that holds a symbolic link."""
    with zipfile.ZipFile(path, "w") as target:
        info = zipfile.ZipInfo("Ada Okafor_11_assignsubmission_file/one.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, "/etc/passwd")
    return path


def test_what_leads_out_of_a_download_stops_everything(tmp_path: Path) -> None:
    """Paths that leave the zip, drives, backslashes, links, bombs, passwords, no zip at all: named, nothing changed."""
    bomb = b"0" * 30_000_000
    cases = [
        (make_zip(tmp_path / "up.zip", {"../x.ipynb": ONE}), "paths stay inside"),
        (make_zip(tmp_path / "abs.zip", {"/etc/x.ipynb": ONE}), "paths stay inside"),
        (make_zip(tmp_path / "mid.zip", {"a/../../x.ipynb": ONE}), "paths stay inside"),
        (make_zip(tmp_path / "drive.zip", {"C:/x.ipynb": ONE}), "paths stay inside"),
        (make_zip(tmp_path / "back.zip", {"..\\x.ipynb": ONE}), "paths stay inside"),
        (with_link(tmp_path / "link.zip"), "a zip holds files"),
        (make_zip(tmp_path / "bomb.zip", {"x.ipynb": bomb}), "a zip is no bomb"),
    ]
    (tmp_path / "no.zip").write_text("no zip")
    for path, rule in [*cases, (tmp_path / "no.zip", "a zip or a folder")]:
        with pytest.raises(BuildError) as caught:
            plan(tmp_path, path)
        assert rule in str(caught.value)
        assert path.name in str(caught.value)
    assert not (tmp_path / "submitted").exists()


def test_a_students_own_bad_zip_costs_nobody_else_anything(tmp_path: Path) -> None:
    """A bomb, a path that leads out or endless nesting inside one hand-in: that one is named, the others are placed."""
    deep = zipped({"one.ipynb": ONE})
    for _ in range(MAX_DEPTH + 1):
        deep = zipped({"in.zip": deep})
    for bad in (zipped({"x": b"0" * 30_000_000}), zipped({"../../x.ipynb": ONE}), b"PK no zip", deep):
        files = {
            "Ada Okafor_11_assignsubmission_file/w.zip": bad,
            "Group-Ben-Luca O'Neil_12_assignsubmission_file/two.ipynb": TWO,
        }
        made = plan(tmp_path, make_zip(tmp_path / "m.zip", files))
        assert placed(made) == {"ben/tiny/two.ipynb"}
        assert len(made.left) == 1
        assert "w.zip" in made.left[0]


def test_links_in_a_folder_are_refused(tmp_path: Path) -> None:
    """An unpacked download holds files only."""
    (tmp_path / "down").mkdir()
    (tmp_path / "down" / "one.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(BuildError, match="a folder holds files"):
        plan(tmp_path, tmp_path / "down")
