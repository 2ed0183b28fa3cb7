"""`explore` without a browser: what it writes, and that it never stops a notebook."""

import base64
import re
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import grader_tests
import student_kit
from student_kit import explore as public
from student_kit.explore import explore, page
from student_kit.explorers import EXPLORERS

ROOT = Path(student_kit.__file__).parents[1]
LIMIT = 60_000  # characters


def words(written):
    """Return what stands in the picture of an explorer."""
    picture = base64.b64decode(re.search('base64,([^"]+)', written).group(1))
    return [part.text for part in ElementTree.fromstring(picture).iter() if part.tag.endswith("text")]  # noqa: S314 - our own


@pytest.fixture
def shell():
    """Return an IPython to display in."""
    shell = InteractiveShell.instance()
    yield shell
    type(shell).clear_instance()


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_is_one_small_piece_of_html(name):
    """Below the limit, nothing from elsewhere, and two of them have different places."""
    written = page(name)
    assert len(written) < LIMIT
    assert not re.search(r"""(src|href)=["']?https?:|@import|fetch\(|import\(""", written)
    assert written.count("</script>") == 1
    assert re.findall('data-explorer="([^"]+)"', written) != re.findall('data-explorer="([^"]+)"', page(name))


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_still_picture_is_svg(name):
    """It is well-formed and holds words."""
    assert any(len(text) > 3 for text in words(page(name)))


def test_still_pictures_and_scripts_give_no_key_away():
    """No number of three digits and more that a question asks for stands in a script or picture."""
    keys = {
        str(question.expected)
        for question in grader_tests.QUESTIONS.values()
        if isinstance(getattr(question, "expected", None), int)
    }
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "authoring").glob("*/*.toml")]
    keys |= {str(item["key"]) for table in tables for item in table.get("items", []) if item.get("type") == "number"}
    keys = {key for key in keys if key.isdigit() and len(key) >= 3}
    assert len(keys) >= 3
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "student_kit" / "explorers").glob("*.js")]
    texts += [" ".join(words(page(name))) for name in EXPLORERS]
    for text in texts:
        assert not {number.replace(",", "") for number in re.findall(r"(?<![\w.])\d[\d,]*", text)} & keys


def test_every_script_belongs_to_an_explorer():
    """No file of the folder is left over."""
    have = {file.stem for file in (ROOT / "student_kit" / "explorers").glob("*.js")}
    assert have == {explorer.file for explorer in EXPLORERS.values()} | {"arithmetic", "page"}


def test_it_is_public():
    """Notebooks import it from the kit."""
    assert public is explore


@pytest.mark.parametrize("name", ["", "conv2d", None, 3, ["conv"], "x" * 1000, "<script>"])
def test_unknown_names_are_answered_with_the_legal_ones(name, capsys):
    """A message, never an error."""
    explore(name)
    said = capsys.readouterr().out
    assert said.startswith("There is no explorer")
    assert '"one by one"' in said
    assert len(said) < 300


def test_names_are_taken_as_they_are_meant(capsys):
    """Case, underscores and spaces do not matter."""
    for name in ("Receptive Field", "receptive_field", " receptive  field "):
        explore(name)
        assert "what one unit sees" in capsys.readouterr().out


def test_in_jupyter_html_and_words_are_written(shell):
    """The output has both, so that a program without HTML has the words."""
    with capture_output() as captured:
        explore("pooling")
    data = captured.outputs[0].data
    assert data["text/html"].startswith("<div data-explorer=")
    assert "windows" in data["text/plain"]


def test_a_kit_without_its_scripts_says_so(shell, monkeypatch, tmp_path, capsys):
    """Where only the Python files were copied, one line says what is missing."""
    monkeypatch.setattr(sys.modules["student_kit.explore"], "_FOLDER", tmp_path)
    explore("conv")
    assert "not complete" in capsys.readouterr().out
