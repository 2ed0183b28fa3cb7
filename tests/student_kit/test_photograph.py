"""The photograph of the kit, and arrays drawn as pictures."""

import numpy as np
import pytest

from student_kit import look, photograph
from student_kit.photograph import GAP, HEIGHT, _plane, side_by_side


def test_the_photograph_is_a_picture_of_something() -> None:
    """Three channels of bytes; neighbors resemble each other, cells far apart do not."""
    photo = photograph()
    assert photo.shape == (3, 72, 96)
    assert photo.dtype == np.uint8
    green = photo[1].astype(float)
    near, far = (np.corrcoef(green[:, :-step].ravel(), green[:, step:].ravel())[0, 1] for step in (1, 30))
    assert near > 0.8 > 0.4 > far
    photo[:] = 0
    assert photograph().any()  # everybody gets pixels of his own


def test_gray_goes_from_the_smallest_number_to_the_largest() -> None:
    """Signed maps and constant ones are painted, colors stay as they are."""
    assert _plane(1, np.array([[-3.0, 0.0, 3.0]])).tolist() == [[0, 128, 255]]
    assert _plane(1, [[7, 7]]).tolist() == [[0, 0]]
    assert _plane(1, lambda: photograph()).tolist() == photograph().transpose(1, 2, 0).tolist()
    assert _plane(1, np.array([[np.nan, np.inf, 2.0]])).shape == (1, 3)


def test_pictures_stand_side_by_side_at_one_height() -> None:
    """The row has a gap between pictures, and each cell of a small one is a block of one color."""
    row = side_by_side([np.array([[0, 255], [255, 0]], np.uint8), photograph().transpose(1, 2, 0)])
    assert row.size == (HEIGHT + GAP + HEIGHT * 96 // 72, HEIGHT)
    assert {row.getpixel((x, y)) for x in range(0, 140, 20) for y in range(0, 140, 20)} == {(0, 0, 0)}


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (lambda: ..., "not answered"),
        (lambda: [None][0][0], "not answered"),
        (lambda: 1 / 0, "ZeroDivisionError"),
        (np.zeros((2, 3, 4)), "it has shape (2, 3, 4)"),
        (np.zeros((0, 4)), "legal"),
        ("cat.png", "legal"),
        (np.array([["a"]]), "legal"),
    ],
)
def test_what_cannot_be_drawn_is_said(capsys: pytest.CaptureFixture[str], image: object, words: str) -> None:
    """Blank functions, errors and other data are a line of text, never an error."""
    look(photograph(), image)
    out = capsys.readouterr().out
    assert words in out
    assert "icture 2" in out


def test_grading_draws_and_computes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nbgrader runs the notebook no layer is tried on the photograph."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    ran: list[int] = []
    look(photograph(), lambda: ran.append(1))
    assert (ran, capsys.readouterr().out) == ([], "")
