"""What all commands have in common: quick help with examples, exit statuses, JSON, lines of 80 columns."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from cnn_course.commands.main import cli
from cnn_course.commands.working import working
from splitgrade.commands.main import cli as of_any_course

SLOW = (
    "nbgrader",
    "numpy",
    "sqlalchemy",
    "nbconvert",
    "nbformat",
    "scipy",
    "jupytext",
    "matplotlib",
    "copydetect",
    "uvicorn",
)
NO_JSON = ("demo", "test")  # a show, and pytest's own words
_LOADED = """
import sys
from click.testing import CliRunner
from cnn_course.commands.main import cli
for words in {words!r}:
    done = CliRunner().invoke(cli, [*words, "--help"], prog_name="cnn-course")
    assert done.exit_code == 0, (words, done.output)
    print(" ".join(words), *sorted(set({slow!r}) & set(sys.modules)))
"""


def every_command(program: click.Group = cli) -> Iterator[tuple[list[str], click.Command]]:
    """Yield each command with the words that call it, those of groups too."""
    context = click.Context(program)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        yield [name], command
        if isinstance(command, click.Group):
            yield from (([name, below], each) for below, each in command.commands.items())


def test_help_loads_nothing_that_is_slow() -> None:
    """No command imports nbgrader and the like before it has something to do; that is where start-up time went."""
    words = [words for words, _ in every_command() if words != ["test"]]
    script = _LOADED.format(words=words, slow=SLOW)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [" ".join(each) for each in words]


@pytest.mark.parametrize(("name", "program"), [("cnn-course", cli), ("splitgrade", of_any_course)])
def test_every_help_has_examples_and_exit_statuses(name: str, program: click.Group) -> None:
    """Examples call the command itself, under the name of the program; no line is longer than 80 columns."""
    for words, command in every_command(program):
        if words == ["test"]:
            continue
        told = CliRunner().invoke(program, [*words, "--help"], prog_name=name, terminal_width=80).output
        assert f"{name} {' '.join(words)}" in told.split("Examples:")[1], words
        assert "exit status" in " ".join(told.lower().split()), words
        assert "PROGRAM" not in told
        assert not [line for line in told.splitlines() if len(line) > 80], words
        if words[0] not in NO_JSON and not isinstance(command, click.Group):
            assert "--json" in told, words


def test_a_pipe_is_told_what_takes_long(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One line on standard error, and none where it was quick."""
    monkeypatch.setattr("cnn_course.commands.working.PATIENCE", 0.05)
    with working("counting"):
        time.sleep(0.5)
    with working("blinking"):
        pass
    told = capsys.readouterr()
    assert told.err == "counting ...\n"
    assert told.out == ""


def test_json_is_all_that_is_printed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """`new` names its files; a broken rule is words on standard error, no traceback, and exit status 1."""
    root = tmp_path_factory.mktemp("course")
    (root / "authoring").mkdir()
    (root / "kit").mkdir()
    (root / "kit" / "__init__.py").touch()
    (root / "some_checks").mkdir()
    (root / "some_checks" / "__init__.py").touch()
    (root / "authoring" / "course.toml").write_text(
        'title = "T"\ncourse_id = "t"\nchecks = "some_checks"\nstudent_files = ["kit"]\n[assignments]\n'
    )
    monkeypatch.chdir(root)
    done = CliRunner().invoke(cli, ["new", "assignment", "one", "--json"])
    assert "authoring/one/one.py" in json.loads(done.output)["files"]
    again = subprocess.run(
        [sys.executable, "-m", "cnn_course", "new", "assignment", "one"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 1
    assert "a notebook has a name of its own" in again.stderr
    assert "Traceback" not in again.stderr
