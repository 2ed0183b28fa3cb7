"""docs/own-course.md, done as it says: a course on another topic, from an empty folder to grades."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "own-course.md"
_PATH = re.compile(r"[*`]((?:authoring|rnn_checks|rnn_kit)/[\w./]+)[*`]")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder as a person does there: nothing of this repository is in its way."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST", "SPLITGRADE", "CI"))}
    return subprocess.run(
        [sys.executable, "-m", "cnn_course", *words], cwd=folder, env=plain, capture_output=True, text=True, check=False
    )


def follow(folder: Path, text: str) -> None:
    """Do what a part of the page says: commands are run, files get the content that follows their name."""
    named = ""
    before = 0
    for block in _BLOCK.finditer(text):
        kind, content = block[1], block[2]
        if kind == "sh":
            for line in content.splitlines():
                words = shlex.split(line)
                if words[0] == "cnn-course" and words[1:3] != ["new", "course"]:
                    done = run(folder, *words[1:])
                    assert done.returncode == 0, (line, done.stdout, done.stderr)
        else:
            named = _PATH.findall(text[before : block.start()])[-1]
            target = folder / named
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        before = block.end()


def hand_in(folder: Path, student: str, **answers: str) -> None:
    """Hand the released notebook in, with some cells filled."""
    target = shutil.copytree(folder / "release" / "states", folder / "submitted" / student / "states")
    notebook = nbformat.read(target / "rnn1.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id.replace("-", "_"), cell.source)
    nbformat.write(notebook, target / "rnn1.ipynb")


@pytest.mark.long
def test_the_page_makes_a_course_that_grades(tmp_path: Path) -> None:
    """Both questions and the known mistake come out as the page says; what students get holds no hidden check."""
    text = PAGE.read_text(encoding="utf-8")
    folder = tmp_path / "rnn"
    first = next(line for line in text.splitlines() if line.startswith("cnn-course new course"))
    done = run(ROOT, *[str(folder) if word == "../rnn" else word for word in shlex.split(first)[1:]])
    assert done.returncode == 0, done.stderr
    made, back = text.split("Hand `release/states` out.")
    follow(folder, made)
    solved = nbformat.read(folder / "source" / "states" / "rnn1.ipynb", as_version=4)
    right = {cell.id.replace("-", "_"): cell.source for cell in solved.cells if "SOLUTION" in cell.source}
    assert set(right) == {"rnn1_parameters", "rnn1_states"}
    hand_in(folder, "ada", **right)
    forgets = "def states(x, w, u, b):\n    return np.tanh(x @ w.T + b)"
    hand_in(folder, "ben", rnn1_states=forgets)
    follow(folder, back)
    found = json.loads(run(folder, "report", "states", "--json").stdout)
    assert {each["student"]: each["points"] for each in found["students"]} == {"ada": 3.0, "ben": 1.0}
    assert [each["name"] for each in found["misconceptions"]] == ["R1-forgets"]
    page = (folder / "feedback" / "ben" / "states" / "rnn1.html").read_text(encoding="utf-8")
    assert "What carries the past from one step to the next?" in page
    released = [path.name for path in (folder / "release").rglob("*")]
    assert "rnn_kit" in released
    assert not [name for name in released if "checks" in name]
