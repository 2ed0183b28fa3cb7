"""The command line: build and release, and how errors are shown."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cnn_course.commands import main as cli


@pytest.fixture
def run(files, monkeypatch):
    """Return a function that runs a command in a folder of the course."""
    monkeypatch.chdir(files.root / "authoring" / "exercises")
    return lambda *words: CliRunner().invoke(cli.cli, words)


def test_build_shows_what_was_built(files, run):
    """A build prints each notebook with its questions and points, from any folder of the course."""
    result = run("build")
    assert result.exit_code == 0, result.output
    assert (files.root / "source/quiz_week/quiz.ipynb").is_file()
    rows = [[word for word in line.split() if word.isascii()] for line in result.output.splitlines()]
    assert ["exercises", "ex1", "1", "1", "1.75"] in [[w for w in row if w not in "│|"] for row in rows]


def test_check_succeeds_only_directly_after_a_build(files, run):
    """The check's exit status says whether source/ is up to date, and its message what is not."""
    assert run("build").exit_code == 0
    assert run("build", "--check").exit_code == 0
    files.change("authoring/exercises/ex1.py", "size(3)", "size(4)")
    result = run("build", "--check")
    assert result.exit_code == 1
    assert "exercises/ex1.ipynb: differs in ex1-try" in str(result.exception)


def test_from_notebook_writes_text_and_source(files, run):
    """One command carries an edit into the text and builds source/ from it."""
    assert run("build").exit_code == 0
    files.change("source/exercises/ex1.ipynb", '"size(3)"', '"size(5)"')
    result = run("build", "--from-notebook", str(files.root / "source/exercises/ex1.ipynb"))
    assert result.exit_code == 0, result.output
    assert "authoring/exercises/ex1.py: changed ex1-try" in result.output
    assert "size(5)" in (files.root / "authoring/exercises/ex1.py").read_text(encoding="utf-8")
    assert run("build", "--check").exit_code == 0


def test_contradicting_options_are_a_usage_error(files, run):
    """--check and --from-notebook exclude each other."""
    assert run("build", "--check", "--from-notebook", "ex1.py").exit_code == 2


def test_release_check_names_no_assignment(run):
    """--check looks at all assignments: naming one is a usage error."""
    assert run("release", "exercises", "--check").exit_code == 2


def test_errors_are_messages(files, tmp_path_factory):
    """Outside a course the command says so on stderr, without a traceback, with exit status 1."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        [sys.executable, "-m", "cnn_course", "build"], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("no course here")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_of_the_table_exists(name):
    """Each line of the table leads to a click command whose help begins as the table says."""
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command.name == name
    assert command.help


def test_help_loads_no_command():
    """Listing the commands imports none of their modules: start-up stays quick."""
    script = (
        "import sys\nfrom cnn_course.commands.main import cli\n"
        "try:\n    cli(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'nbgrader', 'numpy', 'jupytext', 'rich', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in cli.COMMANDS)


def test_unknown_commands_are_refused():
    """A word that is no command is a usage error."""
    assert CliRunner().invoke(cli.cli, ["biuld"]).exit_code == 2
