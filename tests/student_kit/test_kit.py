"""`check`, `progress` and `show` as a student sees them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest

import cnn_ref
import grader_tests
import student_kit
from student_kit.check import NotYet, check
from student_kit.example import REFUSED
from student_kit.examples import FORMS, FUNCTIONS
from student_kit.examples.cnn_exercises import COUNTS, LAYERS
from student_kit.form import DictOfNumbers, DictOfSets, Letters
from student_kit.panels import PANEL, panels, plane
from student_kit.report import report
from student_kit.show import draw, show

ROOT = Path(student_kit.__file__).parents[1]


@pytest.mark.parametrize("question", sorted(name for name, public in FUNCTIONS.items() if not public.step))
def test_public_examples_are_right(question: str) -> None:
    """Every public example agrees with the reference, and the reference passes the public check."""
    public = FUNCTIONS[question]
    function = grader_tests.QUESTIONS[question].reference
    for example in public.examples:
        if example.expected is REFUSED:
            with pytest.raises(ValueError, match=r".+"):
                function(*example.arguments, **example.keywords)
            continue
        got = function(*example.arguments, **example.keywords)
        assert np.shape(got) == np.shape(example.expected)
        np.testing.assert_allclose(got, example.expected)
    assert report(question, lambda: function).status == "holds"


def test_a_wrong_function_sees_its_result_beside_the_expected_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A public example that fails is named, with both results."""

    def flipped(x, weight, bias=None, stride=1, padding=0):
        return cnn_ref.conv2d(x, weight[:, :, ::-1, ::-1], bias, stride, padding)

    check("ex41-conv2d", lambda: flipped)
    out = capsys.readouterr().out
    assert "conv2d(step, edge): 5 of 12 values differ" in out
    assert "yours:" in out
    assert "expected:" in out


def test_the_given_lines_of_a_step_are_open_and_no_mistake() -> None:
    """Steps as released return zeros or nothing: open, with the reason; a wrong line of one's own is still wrong."""
    released = nbformat.read(ROOT / "release" / "cnn_exercises" / "ex41.ipynb", as_version=4)
    names: dict[str, object] = {"np": np}
    steps = [name for name, public in FUNCTIONS.items() if public.step]
    for cell in released.cells:
        if cell.id in steps:
            exec(cell.source, names)  # noqa: S102 - our own text
    found = {name: report(name, lambda name=name: names[FUNCTIONS[name].name]) for name in steps}
    assert len(steps) == 5
    assert {each.status for each in found.values()} == {"not answered"}
    assert "a line that is yours to write is still missing" in found["ex41-pad-zeros"].lines[0]
    assert report("ex41-window-sum", lambda: lambda window, weight: np.sum(window)).status == "fails"


def test_a_function_that_is_begun_and_returns_nothing_is_asked_for_its_return() -> None:
    """Lines without a `return` get that word; a stub with a docstring, `pass` or NotImplementedError gets none."""

    def begun(size, kernel_size, stride=1, padding=0):
        positions = size - kernel_size  # noqa: F841 - the slip is meant

    def stub(size, kernel_size, stride=1, padding=0):
        """Return how many positions a window has."""

    def later(size, kernel_size, stride=1, padding=0):
        raise NotImplementedError

    found = [report("ex41-conv-output-size", lambda function=function: function) for function in (begun, stub, later)]
    assert [each.status for each in found] == ["not answered"] * 3
    assert [len(each.lines) for each in found] == [1, 0, 0]
    assert "is there a `return`?" in found[0].lines[0]


@pytest.mark.parametrize("answer", [lambda: ..., lambda: None, lambda: missing_name, lambda: lambda *_a, **_k: None])  # type: ignore[name-defined]  # noqa: F821
def test_blank_answers_are_friendly(answer: object, capsys: pytest.CaptureFixture[str]) -> None:
    """An untouched cell says "not answered yet", draws nothing and raises nothing."""
    for question in FUNCTIONS:
        check(question, answer)
        assert "not answered yet" in capsys.readouterr().out
        show(question, answer)
        assert capsys.readouterr().out.startswith(question)


@pytest.mark.parametrize("value", ["e", "", "ab", 1, True, [1], "a b", ["a", "b"], []])
def test_quiz_answers_are_checked_for_their_form(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    """An illegal answer is refused and the legal ones are named."""
    check("q01", lambda: value)
    assert "one letter out of a, b, c, d" in capsys.readouterr().out


def test_the_kit_does_not_know_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    """Every legal letter gets the same words, so the words cannot tell which is right."""
    said = set()
    for letter in "abcd":
        check("q05", lambda letter=letter: letter)
        said.add(capsys.readouterr().out)
    assert len(said) == 1


def test_the_forms_agree_with_the_quiz() -> None:
    """Every quiz item with letters has a form with the options that the quiz prints."""
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "authoring").glob("*/*.toml")]
    lettered = [item for table in tables for item in table["items"] if "options" in item]
    printed = {item["id"]: "".join(sorted(item["options"])) for item in lettered}
    known = {name: form.options for name, form in FORMS.items() if isinstance(form, Letters)}
    assert known == printed


def test_the_forms_agree_with_the_questions() -> None:
    """Keys and words that the kit names are those of the hidden checks; every function has public examples."""
    questions = grader_tests.QUESTIONS
    for name, form in FORMS.items():
        question = questions[name]
        if isinstance(form, DictOfSets):
            assert (form.keys, form.words) == (tuple(question.expected), question.vocabulary)
        elif isinstance(form, DictOfNumbers):
            assert form.keys == tuple(question.expected)
    assert {name for name in questions if name.startswith(("ex", "arch"))} <= {*FUNCTIONS, *FORMS}


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ("ex39-counts", {"conv": 1}, 'no key "pooling"'),
        ("ex39-counts", {**dict.fromkeys(COUNTS, 1), "kept": ...}, '"kept": Not answered yet'),
        ("ex39-counts", {**dict.fromkeys(COUNTS, 1), "kept": True}, "no numbers here"),
        ("ex39-counts", dict.fromkeys(COUNTS, ...), "not answered yet"),
        ("ex39-parameters", {"Conv": {"gold"}, "MaxPooling": set(), "Dense": set(), "Dropout": set()}, "'gold'"),
        ("ex39-parameters", dict.fromkeys(LAYERS, ...), "not answered yet"),
        ("ex40-connections", "12", "without quotation marks"),
    ],
)
def test_values_are_checked_for_their_form(
    question: str, value: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing key, a blank entry, a bool, a word that is not printed: each is named before handing in."""
    check(question, lambda: value)
    assert words in capsys.readouterr().out


def test_pictures_have_one_color_scale() -> None:
    """Own result, expected result and difference are drawn with the same limits, so that colors compare."""
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    found = panels(example, -np.asarray(example.expected, dtype=float))
    assert [panel.title for panel in found] == ["input", "filter", "your result", "expected", "difference"]
    assert {panel.largest for panel in found[2:]} == {6.0}
    assert found[1].largest == 2.0  # the filter has a scale of its own


SHAPES = ((1, 1, 3, 4), (1, 2, 7, 3), (1, 1, 1, 40), (1, 1, 300, 2), (1, 1, 0, 4))


@pytest.mark.parametrize("shape", SHAPES)
def test_panels_neither_overlap_nor_leave_the_picture(shape: tuple[int, ...]) -> None:
    """Panels stand beside each other below their titles, whatever their shape."""
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    got = np.zeros(shape)
    picture, end = draw(example, got), 0
    for panel in panels(example, got):
        width, height = panel.size
        assert end <= panel.left <= panel.left + width < picture.width
        assert 60 < panel.top <= panel.top + height < picture.height
        end = panel.left + width


def test_pictures_of_another_shape_have_no_difference() -> None:
    """Where the shapes disagree, both are drawn and nothing is subtracted."""
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    found = panels(example, np.zeros((1, 2, 7, 3)))
    shapes = [(panel.title, panel.numbers.shape) for panel in found]
    assert shapes == [("input", (4, 5)), ("filter", (2, 2)), ("your result", (14, 3)), ("expected", (3, 4))]


def test_cells_have_the_color_of_their_number() -> None:
    """Negative is red, 0 white, positive blue, and what is no number gray: looked up in the picture itself."""
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    got = np.array([[[[-3.0, 0.0, 3.0], [np.nan, np.inf, 1.5]]]])
    picture, panel = draw(example, got), panels(example, got)[2]

    def corner(row: int, column: int) -> tuple[int, ...]:
        return picture.getpixel((panel.left + panel.side * column + 3, panel.top + panel.side * row + 3))

    assert panel.largest == 3
    assert [corner(0, column) for column in range(3)] == [(103, 0, 31), (247, 247, 247), (5, 48, 97)]
    assert corner(1, 0) == corner(1, 1) == (190, 190, 190)
    assert corner(1, 2) == (106, 172, 208)  # halfway between (146, 197, 222) and (67, 147, 195): 106.5, 172, 208.5


def test_numbers_fit_into_their_cells() -> None:
    """Letters are drawn inside the frame of the panel only, and there are some."""
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    got = np.full((1, 1, 3, 4), -1.23456e-7)
    picture, panel = np.asarray(draw(example, got)), panels(example, got)[2]
    rows = slice(panel.top + 1, panel.top + panel.size[1])
    inside = picture[rows, panel.left + 1 : panel.left + panel.size[0]]
    assert (inside < 100).all(axis=-1).any()
    beside = picture[rows, panel.left + panel.size[0] + 1 : 3 * PANEL]
    assert (beside == picture[0, 0]).all()  # nothing but the card
    for line in range(1, panel.numbers.shape[1]):  # nothing is written across the line between two cells
        assert (picture[rows, panel.left + line * panel.side] == picture[panel.top + 3, panel.left + 3]).all()


def test_channels_are_drawn_below_each_other() -> None:
    """The first image of a volume becomes one plane."""
    assert plane(np.zeros((2, 3, 4, 5))).shape == (12, 5)
    assert plane(np.zeros((2, 4, 5))).shape == (4, 5)


def test_the_kit_works_as_a_copied_folder(tmp_path: Path) -> None:
    """Beside a notebook, without the rest of the course, the kit imports and checks."""
    shutil.copytree(ROOT / "student_kit", tmp_path / "student_kit", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import sys; sys.path = [p for p in sys.path if 'editable' not in p]; sys.meta_path = sys.meta_path[-3:]\n"
        "from student_kit import check, choices, example, explore, progress, show\n"
        "check('ex39-same-padding-sides', lambda: lambda n, k, s: (0, 1) if s > 1 else (k // 2, k // 2)); progress()\n"
        "choices('q01'); example('ex41-conv2d'); explore('conv'); show('ex41-conv2d', lambda: ...)\n"
        "import student_kit; print(student_kit.__file__)\n"
        "assert not {'cnn_ref', 'grader_tests', 'IPython', 'matplotlib', 'PIL'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    assert "the public examples hold" in done.stdout
    assert str(tmp_path) in done.stdout


def test_the_kit_holds_no_answer() -> None:
    """No module of the kit mentions the reference, the hidden checks or a key."""
    for module in (ROOT / "student_kit").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert "cnn_ref" not in text
        assert "grader_tests" not in text


def test_pictures_reach_a_notebook() -> None:
    """In IPython `show` displays a PNG."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            show("ex41-conv2d", lambda: cnn_ref.conv2d)
    finally:
        type(shell).clear_instance()
    assert captured.outputs[0].data["image/png"]


@pytest.fixture
def jupyter():
    """Return what is displayed in an IPython."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    with capture_output() as captured:
        yield captured
    type(shell).clear_instance()


@pytest.mark.usefixtures("jupyter")
def test_without_pillow_a_picture_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Pillow is missing the notebook goes on, and the line says what to install."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "student_kit.picture", raising=False)
    show("ex41-conv2d", lambda: cnn_ref.conv2d)
    assert "pip install pillow" in capsys.readouterr().out


def test_the_picture_is_that_of_the_failing_example(jupyter) -> None:
    """An answer that holds for the first example and not for the fourth is drawn at the fourth."""

    def unpadded(x, weight, bias=None, stride=1, padding=0):
        return cnn_ref.conv2d(x, weight, bias, stride, 0 if padding else padding) if weight.shape[2] < 3 else x * 0

    found = report("ex41-conv2d", lambda: unpadded)
    assert found.status == "fails"
    assert found.failing
    show("ex41-conv2d", lambda: unpadded)
    assert FUNCTIONS["ex41-conv2d"].examples[found.failing].call in str(jupyter.outputs[0].metadata)


@pytest.mark.parametrize("answer", [lambda: ..., lambda: cnn_ref.conv1d, lambda: missing])  # type: ignore[name-defined]  # noqa: F821
def test_nothing_bare_stands_below_a_check(answer: object, capsys: pytest.CaptureFixture[str]) -> None:
    """A check prints and returns nothing, whatever the answer."""
    assert check("ex41-conv2d", answer) is None  # type: ignore[func-returns-value]
    assert "0.0" not in capsys.readouterr().out.splitlines()


def test_validate_gets_the_text_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """While nbgrader validates, an open or wrong answer raises with the words of the check; a right one does not."""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(NotYet, match="not answered yet"):
        check("q01", lambda: ...)
    with pytest.raises(NotYet, match="one letter out of a, b, c, d"):
        check("q01", lambda: "x")
    check("q01", lambda: "a")


def test_every_failing_example_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """All examples have their line, the first that fails has its inputs and both results."""
    check("ex41-conv2d", lambda: lambda x, weight, bias=None, stride=1, padding=0: x * 0.0)
    lines = capsys.readouterr().out.splitlines()
    for example in FUNCTIONS["ex41-conv2d"].examples:
        assert any(line.strip().startswith(example.call) for line in lines)
    assert sum(line.strip().startswith("yours:") or "has shape" in line for line in lines) >= 1


def test_every_entry_that_is_wrong_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing key, a blank and a word in place of a number: all three at once."""
    counts = {**dict.fromkeys(COUNTS, 1), "kept": "two", "conv": ...}
    del counts["only_zeros"]
    check("ex39-counts", lambda: counts)
    out = capsys.readouterr().out
    assert all(f'"{key}"' in out for key in ("kept", "conv", "only_zeros"))
    assert out.count("\n  ") == 3  # a line for each


def test_a_dict_with_blanks_is_open_and_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """What is left is listed, and counts as open; with nothing filled in there is nothing to list."""
    check("ex39-counts", lambda: {**dict.fromkeys(COUNTS, 1), "conv": ..., "kept": None})
    check("ex39-counts", lambda: dict.fromkeys(COUNTS, ...))
    head = "· ex39-counts: not answered yet.\n"
    assert capsys.readouterr().out == f'{head}  "conv": Not answered yet.\n  "kept": Not answered yet.\n{head}'


def test_a_letter_is_answered_and_not_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A legal letter has another mark than an answer whose examples hold."""
    check("q01", lambda: "a")
    check("ex42-conv1x1", lambda: cnn_ref.conv1x1)
    marks = [line[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert marks == ["●", "✓"]
