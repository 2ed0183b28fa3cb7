"""Questions with own numbers: the notebook, the kit's variants, the command, and what stops a build."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_course.authoring.cells import Kind
from cnn_course.authoring.pages import read_pages
from cnn_course.course import load_course
from cnn_course.drawing.bank import check_bank
from cnn_course.drawing.drawn_items import FILE, check_drawn_items, expected, kit
from cnn_course.drawing.equal_answers import Answer, equal_answers, read_answers
from splitgrade.errors import CourseError

ROOT = Path(__file__).parents[3]
COURSE = load_course(ROOT)
PARTS = ("authoring", "grader_tests", "student_kit", "cnn_ref", "nbgrader_config.py")


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Copy what commands need into a course of its own."""
    root = tmp_path_factory.mktemp("copied")
    for name in PARTS:
        path = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(path, root / name, ignore=ignored) if path.is_dir() else shutil.copyfile(path, root / name)
    return root


def run(root, *words, columns="200"):
    """Run a command in a course; return its exit status and what it said."""
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": columns}
    command = [sys.executable, "-m", "cnn_course", *words]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_committed_variants_are_those_of_the_bank():
    """Drawn anew, every variant of the kit comes out the same."""
    file = kit(COURSE) / FILE
    assert json.loads(gzip.decompress(file.read_bytes())) == json.loads(json.dumps(expected(COURSE)))
    assert check_drawn_items(COURSE) == check_bank(COURSE) == []
    assert file.stat().st_size < 400_000


def test_the_notebook_asks_for_the_id_once():
    """One cell waits for the id; each question has a cell that prints it, an answer, and a test that gets both."""
    (page,) = read_pages(COURSE)["cnn_quiz_variants"]
    sources = {cell.name: cell.source for cell in page.cells}
    assert [name for name, source in sources.items() if source.startswith("student = ")] == ["variants-id"]
    questions = [cell.name for cell in page.cells if cell.kind is Kind.ANSWER]
    assert len(questions) == 12
    for name in questions:
        assert sources[f"{name}-ask"] == f'ask("{name}", lambda: student)'
        assert f'lambda: {{"answer": {name}, "student": student}}' in sources[f"{name}-test"]


BROKEN = {
    "a changed range": ("n = [20, 120], k = [2, 9]", "n = [20, 121], k = [2, 9]", "practice_items", "variants --write"),
    "a key that is a mistake": (
        'key = "conv_output_size(n, k, s, p)"',
        'key = "(n + 2*p - k) // s"',
        "sizes.toml, item size-rounded-down",
        "mistake 3 gives the right answer",
    ),
    "an unknown key of a table": ("difficulty = 1", "hardness = 1", "sizes.toml", "hardness"),
    "too narrow a range": (
        'k = [2, 9], s = [2, 5], p = [1, 3] }\nrequire = ["(n + 2*p - k) % s != 0"]',
        'k = [3, 3], s = [2, 2], p = [1, 1] }\nrequire = ["n == 20"]',
        "item size-rounded-down",
        "of 400 draws",
    ),
    "a question without an item": None,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_bank_stops_the_build(name, copied):
    """The build writes nothing and names file, item and rule; put right, it goes through."""
    if BROKEN[name] is None:
        file = copied / "authoring/cnn_quiz_variants/variants.toml"
        old, new, where, found = 'item = "size-inverted"', 'item = "size-averted"', "variants", "size-averted"
        words = ("variants", "--write")
    else:
        file, words = copied / "authoring/bank/sizes.toml", ("build",)
        old, new, where, found = BROKEN[name]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        status, said = run(copied, *words)
    finally:
        file.write_text(text, encoding="utf-8")
    assert status != 0
    assert where in said
    assert found in said
    assert "Traceback" not in said
    assert not (copied / "source").exists()


def test_the_overview_fits_into_a_terminal(copied):
    """Every item with its counts, in 80 columns, nothing cut off."""
    status, said = run(copied, "variants", "--all", "--draws", "5", columns="80")
    assert status == 0
    assert "\u2026" not in said
    lines = [line for line in said.splitlines() if line.startswith("\u2502")]
    assert len(lines) >= 47
    assert all(len(line) <= 80 and "%" in line for line in lines)
    ids = {line.split()[1] for line in lines}
    assert {"size-inverted", "network-unet-family", "weights-matrix"} <= ids


def test_the_command_previews_and_checks(copied):
    """A preview prints key, mistakes and counts; --check passes; an unknown item and no word at all are errors."""
    status, said = run(copied, "variants", "size-unread", "--draws", "20")
    assert status == 0
    for words in ("key:", "mistake:", "different right answers:", "drawn again:"):
        assert words in said
    assert run(copied, "variants", "--check")[0] == 0
    status, said = run(copied, "variants", "[red]x")
    assert status != 0
    assert "no item '[red]x'" in said
    assert run(copied, "variants")[0] != 0


def test_equal_answers_to_different_numbers_are_remarks():
    """Who gave the answer that is right for another is named beside the owner; equal variants are no remark."""
    answers = [
        Answer("ada", "v01", 3, ("7", "8"), True),
        Answer("bob", "v01", 4, ("7", "8"), False),
        Answer("eve", "v01", 5, ("1", "2"), False),
        Answer("dan", "v01", 6, ("1", "2"), False),
        Answer("gus", "v02", 9, ("5",), True),
        Answer("hal", "v02", 9, ("5",), True),
        Answer("ida", "v03", 1, ("5",), True),
    ]
    assert [str(remark) for remark in equal_answers(answers)] == [
        "v01: dan, eve gave the same wrong answer (1, 2) to different numbers",
        "v01: bob gave (7, 8), which is right for the numbers of ada",
    ]


def test_answers_are_read_from_graded_cells_alone(tmp_path):
    """Only results of the grader's own cells count; a notebook that is none is named."""
    result = {"question": "v01", "remark": {"variant": 3, "answer": ["7"], "right": True}}
    output = {"data": {"application/vnd.splitgrade.result+json": result}}
    cells = [
        {"metadata": {"nbgrader": {"grade": True}}, "outputs": [output]},
        {"metadata": {}, "outputs": [output]},
    ]
    with pytest.raises(CourseError, match="nothing of bonus was graded"):
        read_answers(tmp_path, "bonus")
    folder = tmp_path / "autograded" / "[ada] *" / "bonus"
    folder.mkdir(parents=True)
    (folder / "variants.ipynb").write_text(json.dumps({"cells": cells}))
    assert read_answers(tmp_path, "bonus") == [Answer("[ada] *", "v01", 3, ("7",), True)]
    (folder / "other.ipynb").write_text("{")
    with pytest.raises(CourseError, match=r"other\.ipynb is no graded notebook"):
        read_answers(tmp_path, "bonus")
