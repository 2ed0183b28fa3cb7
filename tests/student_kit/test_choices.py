"""`choices` without a browser."""

import json

import pytest

from student_kit import choices as public
from student_kit import manifest as manifests
from student_kit.choices import _html, choices
from student_kit.form import Letters


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("b", "q01: a, [b], c, d"),
        (lambda: "B", "q01: a, [b], c, d"),
        (..., "q01: a, b, c, d"),
        (lambda: ..., "q01: a, b, c, d"),
        (3, "q01: a, b, c, d"),
    ],  # type: ignore[name-defined]
)
def test_the_chosen_letter_is_marked(value, line, capsys):
    """Whatever the variable holds, the options are listed; a letter that is chosen stands in brackets."""
    choices("q01", value)
    assert capsys.readouterr().out.strip() == line
    assert public is choices


@pytest.mark.parametrize("question", ["ex41-conv2d", "", None, 3])
def test_a_question_without_letters_has_no_choices(question, capsys):
    """A message, never an error."""
    choices(question)
    assert "no options" in capsys.readouterr().out


def test_texts_come_from_the_manifest_and_are_escaped(tmp_path, monkeypatch):
    """Options are data: markup in them is shown, not obeyed; code is marked as code."""
    entry = {"id": "q01", "title": "", "answer": "q01", "options": {"a": "<script>x</script> `P <= 1`", "b": "no"}}
    monkeypatch.setattr(manifests, "FILE", tmp_path / "questions.json")
    manifests.FILE.write_text(json.dumps({"notebooks": {"quiz": [entry]}}))
    html = _html("q01", Letters("ab"), {"b"})
    assert "&lt;script&gt;x&lt;/script&gt; <code>P &lt;= 1</code>" in html
    assert html.count('aria-pressed="true">') == 1
    assert 'data-letter="b" aria-pressed="true"' in html


def test_a_filter_is_drawn_as_a_grid(tmp_path, monkeypatch):
    """Rows become cells, and are read aloud as they were written; words that only begin like rows stay words."""
    options = {"a": "rows 1 0 / 2 −1", "b": "rows of the image"}
    entry = {"id": "q01", "title": "", "answer": "q01", "options": options}
    monkeypatch.setattr(manifests, "FILE", tmp_path / "questions.json")
    manifests.FILE.write_text(json.dumps({"notebooks": {"quiz": [entry]}}))
    html = _html("q01", Letters("ab"), set())
    assert 'role="img" aria-label="rows 1 0 / 2 −1" style="--columns:2"' in html
    assert "<span>1</span><span>0</span><span>2</span><span>−1</span></span>" in html
    assert "<b>b</b> rows of the image" in html
