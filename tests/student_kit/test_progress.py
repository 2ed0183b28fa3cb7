"""`progress` and the manifest of an assignment."""

import json

import pytest

import cnn_ref
from student_kit import manifest as manifests
from student_kit.manifest import options_of, read_manifest, this_notebook
from student_kit.progress import progress

QUESTIONS = {
    "ex42": [
        {"id": "ex42-conv1x1", "title": "The 1 × 1 convolution", "answer": "conv1x1"},
        {"id": "ex42-conv-multiplications", "title": "Counting", "answer": "conv_multiplications"},
        {"id": "ex42-role", "title": "The role", "answer": ""},
    ],
    "quiz": [
        {"id": f"q{n:02}", "title": "A question", "answer": f"q{n:02}", "options": {"a": "yes"}} for n in range(1, 15)
    ],
}


@pytest.fixture(autouse=True)
def _manifest(tmp_path, monkeypatch):
    """Put a manifest where the kit looks for it."""
    monkeypatch.setattr(manifests, "FILE", tmp_path / "questions.json")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    (tmp_path / "questions.json").write_text(json.dumps({"notebooks": QUESTIONS}))


def ask(capsys, names, call='progress("ex42")'):
    """Return what progress says in a notebook that has defined some names."""
    exec(call, {"progress": progress, **names})  # noqa: S102 - a cell of a notebook
    return capsys.readouterr().out


def test_questions_are_those_of_the_notebook(capsys):
    """Exactly its own, each once, by what the answers are now: no check cell has to be run."""
    out = ask(capsys, {"conv1x1": cnn_ref.conv1x1, "conv_multiplications": lambda *_: 1})
    assert "✓ ex42-conv1x1" in out
    assert "✗ ex42-conv-multiplications" in out
    assert "1 right so far, 0 answered, 1 not there yet, 0 open, of 2 questions" in out
    assert "The role" in out
    assert "q01" not in out


def test_a_finished_quiz_is_complete(capsys):
    """Fourteen letters are fourteen answers of fourteen, none of them called right."""
    out = ask(capsys, {f"q{n:02}": "a" for n in range(1, 15)}, 'progress("quiz")')
    assert "0 right so far, 14 answered, 0 not there yet, 0 open, of 14 questions" in out
    assert "✓" not in out


def test_after_a_restart_everything_is_open(capsys):
    """Where nothing is defined the cells are to be run; nothing raises."""
    out = ask(capsys, {})
    assert "0 right so far, 0 answered, 0 not there yet, 2 open" in out
    assert "run all cells first" in out


def test_an_answer_that_changes_is_looked_up_again(capsys):
    """The state is that of this moment."""
    assert "✗ ex42-conv1x1" in ask(capsys, {"conv1x1": lambda *_: 0})
    assert "✓ ex42-conv1x1" in ask(capsys, {"conv1x1": cnn_ref.conv1x1})


def test_what_an_answer_prints_is_not_shown(capsys):
    """Printing in a student's function does not fill the overview."""

    def loud(x, weight, bias=None):
        print("here I am")
        return cnn_ref.conv1x1(x, weight, bias)

    assert "here I am" not in ask(capsys, {"conv1x1": loud})


def test_the_notebook_is_told_by_its_editor(capsys, monkeypatch):
    """Jupyter's session name and VS Code's variable name the notebook; a name that is unknown leads to all."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/ex42.ipynb")
    assert "of 2 questions" in ask(capsys, {}, "progress()")
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert this_notebook({"__vsc_ipynb_file__": "C:\\course\\quiz.ipynb"}) == "quiz"
    assert "of 16 questions" in ask(capsys, {}, "progress()")
    assert "There are: ex42, quiz" in ask(capsys, {}, 'progress("ex43")')


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"notebooks": {"ex42": [{"id": 1}]}}',
        '{"notebooks": []}',
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_a_damaged_manifest_is_said(content, capsys):
    """Whatever lies there, progress says so and goes on."""
    manifests.FILE.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read_manifest() == {}
    assert "missing or damaged" in ask(capsys, {})
    manifests.FILE.unlink()
    assert "missing or damaged" in ask(capsys, {})


def test_options_are_in_the_manifest():
    """A question with choices has their texts; others have none."""
    assert options_of("q03") == {"a": "yes"}
    assert options_of("ex42-conv1x1") == {}
    assert options_of("nothing") == {}
