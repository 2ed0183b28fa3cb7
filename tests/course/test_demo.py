"""The whole way on the demo class: from the source notebooks to points, remarks and feedback pages."""

from __future__ import annotations

import base64
import io
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbgrader.coursedir import CourseDirectory
from PIL import Image

from cnn_course.authoring.regions import HIDDEN, read_rubric, split_regions
from cnn_course.course import Course
from cnn_course.demo.recipes import DemoClass, read_class
from cnn_course.demo.run import demo_config
from student_kit.examples import FUNCTIONS
from student_kit.show import draw
from tests.course.conftest import Demo
from tests.course_fixture import REPOSITORY

pytestmark = pytest.mark.slow

STUDENTS = [recipe.id for recipe in read_class(REPOSITORY).students]


def points(demo: Demo, student: str) -> dict[str, float]:
    """Return the points of each notebook, as the gradebook has them."""
    books = (each for part in demo.graded for each in part.results.students if each.student == student)
    return {name: round(book.score, 6) for each in books for name, book in each.notebooks.items()}


def pages(demo: Demo) -> list[Path]:
    """Return all feedback pages of notebooks."""
    return sorted(path for path in (demo.folder / "feedback").rglob("*.html") if path.name != "index.html")


@pytest.mark.parametrize("student", STUDENTS)
def test_each_student_has_the_points_of_the_recipe(demo: Demo, student: str) -> None:
    """The tests give every notebook of every student exactly what demo/class.toml says."""
    [recipe] = [each for each in demo.recipes.students if each.id == student]
    assert points(demo, student) == pytest.approx(dict(recipe.points), abs=1e-6)


def test_the_demo_succeeds_though_submissions_are_bad(demo: Demo) -> None:
    """Faults of submissions are no faults of the run: the exit status is 0."""
    assert demo.status == 0


def test_the_demo_has_folders_and_a_gradebook_of_its_own(tmp_path: Path) -> None:
    """Whatever the course's configuration names, a gradebook on a server too: nothing of the course is touched."""
    elsewhere = 'c.CourseDirectory.source_directory, c.CourseDirectory.db_url = "teachers", "sqlite:////real.db"'
    (tmp_path / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.CourseDirectory.course_id = "mine"\n{elsewhere}\n'
    )
    course, scratch = Course(tmp_path, "Mine", "mine", "checks", (), (), {}), tmp_path / "demo"
    found = CourseDirectory(config=demo_config(course, scratch, DemoClass((), "", 1, 5, ())))
    assert found.db_url == f"sqlite:///{scratch / 'gradebook.db'}"
    assert (found.course_id, found.root, found.source_directory) == ("mine", str(scratch), "source")


def test_what_could_not_be_graded_is_named_with_its_reason(demo: Demo) -> None:
    """Each refused file, each missing notebook and the renamed one are told below the table."""
    printed = " ".join(demo.printed.split())
    assert "lena, ex40: refused: not a notebook: the file is not JSON" in printed
    assert "lena, ex42: refused: the file is empty" in printed
    assert "mo, ex41: refused: it belongs to another assignment" in printed
    assert "june: missing: ex43, ex44" in printed
    assert "nils: ex43 (1).ipynb taken for ex43.ipynb" in printed
    assert "ben: late by 9:45:00" in printed
    assert "olga: ex41: ex41-conv2d-test: the text was changed; the instructor's is used" in printed


def test_the_table_has_a_row_for_every_student_and_a_column_for_every_notebook(demo: Demo) -> None:
    """Nobody is left out, nothing is cut off at 120 columns."""
    for recipe in demo.recipes.students:
        first, _, last = recipe.name.partition(" ")
        assert f"{last}, {first}" in demo.printed
    header = next(line for line in demo.printed.splitlines() if "ex39" in line)
    assert header.split() == ["ex39", "ex40", "ex41", "ex42", "ex43", "ex44", "quiz", "total", "to"]


def test_blank_answers_in_words_do_not_wait_for_a_marker(demo: Demo) -> None:
    """A written answer left as released has 0 points and nobody needs to look at it; a written one waits."""
    waiting = {each.student: each.waiting for each in demo.graded[0].results.students}
    assert waiting["hana"] == 0
    assert waiting["dana"] == 0
    assert waiting["ada"] == pytest.approx(0.625)
    assert waiting["priya"] == pytest.approx(0)


def test_every_notebook_that_came_has_one_self_contained_page(demo: Demo) -> None:
    """One HTML file for each notebook that was graded or could not be, a start page, nothing loaded from elsewhere."""
    came = {
        (student, name): book.state
        for part in demo.graded
        for student, submission in (part.record.submissions if part.record else {}).items()
        for name, book in submission.notebooks.items()
        if book.state != "missing"
    }
    assert sorted((page.parents[1].name, page.stem) for page in pages(demo)) == sorted(came)
    for page in pages(demo):
        if came[page.parents[1].name, page.stem] != "graded":
            assert f"<td>{page.stem}</td>" in page.read_text("utf-8")
            assert "what was handed in could not be graded: " in page.read_text("utf-8")
    starts = sorted((demo.folder / "feedback").rglob("index.html"))
    assert {page.parent for page in starts} == {page.parent for page in pages(demo)}
    beside = {path.name for path in (demo.folder / "feedback").rglob("*") if path.is_file() and path.suffix != ".html"}
    assert beside == {"timestamp.txt", "submission_secret.txt"}  # for nbgrader's release_feedback
    for page in (*pages(demo), *starts):
        assert look(page).active == (), page
        assert all(image.startswith("data:image/") for image in look(page).images), page


def test_no_page_shows_anything_of_the_hidden_tests(demo: Demo) -> None:
    """Hidden lines, checks package, reference, seed, catalogue ids, markers, tracebacks of tests, folders: none."""
    hidden = {line.strip() for path in sources(demo) for line in hidden_lines(path)}
    assert hidden
    forbidden = [
        *hidden,
        *("grader_tests", "cnn_ref", "HIDDEN TESTS", "BEGIN SOLUTION", "misconception", "SPLITGRADE_SEED"),
        *(str(demo.recipes.seed), str(demo.folder), str(REPOSITORY), "IPKernelApp"),
    ]
    for page in pages(demo):
        text = page.read_text(encoding="utf-8")
        assert [secret for secret in forbidden if secret in text] == [], page
        assert re.findall(r"\b[EX]\d\d-[a-z0-9-]+|\bX-q\d\d-[a-d]\b|\bQ-[a-z][a-z0-9-]+", look(page).text) == [], page


def test_no_page_shows_a_rubric_or_a_model_answer_that_the_student_did_not_write(demo: Demo) -> None:
    """Students read neither what earns the points of an answer in words nor the course's own answer."""
    for path in sources(demo):
        for cell in nbformat.read(path, as_version=4).cells:
            rubric = read_rubric(cell.source) if cell.cell_type == "markdown" else None
            if rubric is None:
                continue
            for page in pages(demo):
                assert not [item for _, item in rubric.items if plain(item) in look(page).text], page
            blank = look(demo.folder / "feedback/hana/cnn_exercises" / f"{path.stem}.html").text
            assert plain(rubric.model_answer) not in blank


def test_no_quiz_page_of_a_blank_submission_shows_key_or_explanation(demo: Demo) -> None:
    """Who answered nothing learns neither the key nor why it is the key."""
    quiz = tomllib.loads((REPOSITORY / "authoring/cnn_quiz/quiz.toml").read_text(encoding="utf-8"))
    [items] = [value for value in quiz.values() if isinstance(value, list)]
    text = look(demo.folder / "feedback/hana/cnn_quiz/quiz.html").text
    assert [item["id"] for item in items if plain(item["why"]) in text] == []


def test_a_known_mistake_is_answered_with_its_hint(demo: Demo) -> None:
    """The student who flips the filter reads that the result is that of a flipped filter."""
    text = look(demo.folder / "feedback/emil/cnn_exercises/ex41.html").text
    assert "Hint" in text
    assert re.search(r"flip|turned", text[text.index("Hint") :])


def test_the_picture_of_the_own_example_stands_with_its_question(demo: Demo) -> None:
    """Who flips the filter sees own and expected result of the public example, with the question that comes first."""
    page = (demo.folder / "feedback/emil/cnn_exercises/ex41.html").read_text("utf-8")
    soup = BeautifulSoup(page, "html.parser")
    results = [card["id"] for card in soup.select(".card[id]")]
    assert results[0] == "ex41-conv2d-test"  # the fourth question, and the first that lost points
    [picture] = [image for image in soup.select(".outputs img") if image["src"].startswith("data:image/png")]
    assert picture.find_parent(class_="card")["id"] == "ex41-conv2d-test"
    example = FUNCTIONS["ex41-conv2d"].examples[0]
    x, weight = example.arguments[:2]
    # Not with code of the course: one window after the other, the filter turned around.
    windows = np.lib.stride_tricks.sliding_window_view(x[0, 0], weight.shape[2:])
    flipped = np.einsum("ijkl,kl->ij", windows, np.rot90(weight[0, 0], 2))[None, None]
    wanted = io.BytesIO()
    draw(example, flipped.astype(float)).save(wanted, format="PNG")
    shown = io.BytesIO(base64.b64decode(picture["src"].partition(",")[2]))
    pixels = [np.asarray(Image.open(png).convert("RGB"), dtype=int) for png in (shown, wanted)]
    assert pixels[0].shape == pixels[1].shape
    assert (pixels[0] == pixels[1]).all()


def test_no_cell_behind_a_test_is_withheld(demo: Demo) -> None:
    """Where there is a sandbox, no page says that something was left out."""
    for page in pages(demo):
        assert "is not shown on this page" not in look(page).text, page


def test_an_endless_loop_is_named_with_its_limit(demo: Demo) -> None:
    """The page of the endless loop says how long it was given."""
    text = look(demo.folder / "feedback/kofi/cnn_exercises/ex41.html").text
    assert f"took longer than {demo.recipes.cell_seconds} s" in text


def test_the_demo_touches_nothing_of_the_instructor(demo: Demo) -> None:
    """Gradebook and folders of the demo lie in its own folder."""
    for name in ("gradebook.db", "source", "release", "submitted", "autograded", "feedback"):
        assert (demo.folder / name).exists()


def sources(demo: Demo) -> list[Path]:
    """Return the instructor's notebooks."""
    return sorted((demo.folder / "source").rglob("*.ipynb"))


def hidden_lines(path: Path) -> list[str]:
    """Return the lines of the hidden regions of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return [line for cell in cells for line in split_regions(cell.source, HIDDEN).inside if line.strip()]


@dataclass(frozen=True)
class Look:
    """What a page shows, as a single line, and what it would run or load."""

    text: str
    active: tuple[str, ...]
    images: tuple[str, ...]


@cache  # to parse all pages takes longer than all else here
def look(page: Path) -> Look:
    """Return what a reader and a browser find on a page."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    active = tuple(tag.name for tag in soup.find_all(["script", "link", "iframe", "object", "embed"]))
    images = tuple(image["src"] for image in soup.find_all("img"))
    for style in soup.find_all("style"):
        style.decompose()
    return Look(" ".join(soup.get_text(" ").split()), active, images)


def plain(markdown: str) -> str:
    """Return the longest stretch of a markdown text without any mark-up in it."""
    return max((" ".join(part.split()) for part in re.split(r"[`*_$\n\[\]\\|]", markdown)), key=len)
