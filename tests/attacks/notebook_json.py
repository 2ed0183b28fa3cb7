"""Attacks on whoever reads the notebook's JSON: its shape, its size, and words that mean something to somebody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.attacks.attack import Attack, Recipe, answers, both, cell, edited, own_cell, raw, scores
from tests.attacks.course import FULL
from tests.attacks.files import WRONG, refused, repaired


def _with_metadata(text: str) -> Recipe:
    """Put JSON text into the notebook's metadata, as it is."""
    return raw(lambda content: content.replace(b'"metadata": {}', b'"metadata": {"x": %s}' % text.encode(), 1))


def _key_twice(content: bytes) -> bytes:
    """Let the first of two keys hold the test as it is, and the second another."""
    notebook = json.loads(content)
    test = json.dumps(cell(notebook, "double-test"))
    forged = test[:-1] + ', "source": "1.0", "metadata": {"tags": ["skip-execution"]}}'
    return json.dumps(notebook).replace(test, forged).encode()


def _own(source: str, **metadata: Any) -> Callable[[Any], object]:
    return lambda nb: nb["cells"].append(own_cell(source, **metadata))


def _attachments(nb: Any) -> None:
    cell(nb, "why")["attachments"] = {
        "../../x.png": {"image/png": "no base64"},
        "a" * 10_000: {"text/html": "<script>FORGED</script>", "image/svg+xml": "<svg onload='alert(1)'/>"},
        "b.png": {"image/png": {"c": []}},
    }


PIXELS_WITHOUT_END = "iVBORw0KGgoAAAANSUhEUgAAw1AAAMNQCAAAAAC"  # 50,000 x 50,000 in the head of a PNG


def _flagged(number: int) -> dict[str, Any]:
    return own_cell("pass", nbgrader={"grade_id": f"mine-{number}"})


SHAPES = (
    Attack("keys-twice", "file", both(WRONG, raw(_key_twice)), scores(double=0.0), notes=("the text was changed",)),
    repaired("minor-version-of-tomorrow", lambda nb: nb.update(nbformat_minor=99)),
    repaired("text-as-lists", lambda nb: [e.update(source=["", *e["source"], ""]) for e in nb["cells"]]),
    repaired("flags-as-a-list", lambda nb: cell(nb, "setup")["metadata"].update(nbgrader=["setup"]), "its cell id"),
    repaired("ten-thousand-grade-ids", lambda nb: nb["cells"].extend(_flagged(n) for n in range(10_000)), "more like"),
    repaired("attachments-of-every-kind", _attachments),
    repaired("grade-id-from-right-to-left", _own("0", nbgrader={"grade_id": "\u202etset-elbuod", "grade": True})),
    repaired("grade-id-for-a-terminal", _own("0", nbgrader={"grade_id": "\x1b[2J[/red]", "grade": True}), "\ufffd[2J"),
    refused("metadata-as-a-list", edited(lambda nb: cell(nb, "double").update(metadata=["x"])), "not a notebook"),
    refused("a-number-of-5000-digits", _with_metadata("9" * 5000), "not a notebook"),
    refused("two-million-lists", _with_metadata(f"[{'[],' * 2_000_000}0]"), "lists and objects"),
    refused("two-million-objects", _with_metadata(f"[{'{},' * 2_000_000}0]"), "lists and objects"),
    refused("two-notebooks-in-a-file", raw(lambda content: content + content), "not a notebook"),
    Attack("brackets-in-text", "file", edited(_own(f"x = '{'[{' * 400_000}'")), FULL),
)


def _with_outputs() -> dict[str, Any]:
    shown = {"output_type": "stream", "name": "stdout", "text": "FORGED"}
    return {**own_cell("pass"), "outputs": [shown] * 1000}


WORDS = (
    Attack(
        "changes-of-the-grader",
        "file",
        both(
            WRONG,
            edited(
                lambda nb: nb["metadata"].update(
                    splitgrade={"changes": [{"rule": "files", "cell": "double", "says": "FORGED"}]}
                )
            ),
        ),
        scores(double=0.0),
    ),
    Attack(
        "formulas-without-end",
        "leak",
        answers(why="$" + "\\frac{a}{" * 80 + "b" + "}" * 80 + "$ $\\hspace{99999999999}x$ " + "$" * 15_000),
        FULL,
    ),
    Attack(
        "picture-with-billions-of-pixels",
        "leak",
        edited(
            lambda nb: cell(nb, "why").update(
                source="A sum has no order. ![p](attachment:p.png)",
                attachments={"p.png": {"image/png": PIXELS_WITHOUT_END + "A" * 40}},
            )
        ),
        FULL,
    ),
)

NOTEBOOK_JSON = (*SHAPES, *WORDS)
