"""`predict`: a guess that is written down before the run, and the run that shows whether it holds. Never graded."""

from __future__ import annotations

import numpy as np

from student_kit import plain
from student_kit.call import silence, value_of
from student_kit.choices import is_graded
from student_kit.examples.predictions import PREDICTIONS
from student_kit.plain import BOOL_TYPES, NUMBER_TYPES, TEXT_TYPES, is_blank

LONGEST = 80  # characters of a guess or result that are shown


def predict(name: str, guess: object, run: object) -> None:
    """Compare a prediction with what a run gives; nothing is run before there is a prediction.

    Parameters
    ----------
    name : str
        Which prediction it is, such as "ex41"; it names what is said afterwards.
    guess : callable or object
        ``lambda: prediction``, so that a missing name is a message instead of an error; or the guess itself.
    run : callable
        ``lambda: ...``, what is to be predicted.

    Examples
    --------
    >>> predict("ex41-predict", lambda: ..., lambda: 1)
    No prediction yet: replace the dots above by your guess, then run both cells.
    """
    if is_graded():
        return  # nobody looks, and a layer on a photograph takes its time
    told = value_of(guess)
    if told.error or is_blank(told.value):
        print("No prediction yet: replace the dots above by your guess, then run both cells.")
        return
    mine = _plain(told.value)
    if mine is None:
        print("A prediction is a number, a word in quotation marks, True or False, or several numbers in parentheses.")
        return
    with silence():
        found = value_of(run)
    if found.blank or found.error:
        why = f" It stopped with {found.error}: {found.message}" if found.error and not found.blank else ""
        print(
            f"Your prediction {_said(told.value)} is noted. The run needs a function above that does not work yet.{why}"
        )
        return
    result = _plain(found.value)
    if mine == result:
        print(f"✓ You predicted {_said(told.value)}, and so it is.")
    else:
        gives = plain.type_name(found.value) if result is None else _said(found.value)
        print(f"✗ You predicted {_said(told.value)}; the run gives {gives}.")
    after = PREDICTIONS.get(name)
    if after:
        print(after)


def _plain(value: object) -> object:
    """Return a guess or result in one form: numbers as rounded floats, small letters; None for anything else."""
    kind = type(value)
    if kind in BOOL_TYPES:
        return bool(value)
    if kind in NUMBER_TYPES:
        number = plain.number(value)
        return None if isinstance(number, plain.Finding) else float(f"{float(number):.6g}")
    if kind in TEXT_TYPES:
        return str(value).strip().strip("()").lower() or None
    if kind in (tuple, list) or (kind is np.ndarray and value.ndim == 1):  # type: ignore[attr-defined]
        parts = tuple(_plain(part) for part in value)  # type: ignore[attr-defined]
        return None if None in parts else parts
    return None


def _said(value: object) -> str:
    """Return a guess or result as it was written, cut to one short line."""
    text = f"{value:.6g}" if type(value) in (float, np.float64) else repr(value)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
