"""What must hold between questions and what students may try before they hand in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.authoring.kit import Kit
from cnn_course.authoring.quiz import Item
from cnn_course.errors import Problem


def check_public(pages: Iterable[Page], kit: Kit, items: Iterable[Item] = ()) -> Iterator[Problem]:
    """Yield every function without public examples, every value without a form, and what belongs to no question.

    Parameters
    ----------
    pages : iterable of Page
        All notebooks, before their places are filled.
    kit : Kit
        The public examples and forms.
    items : iterable of Item
        The items of all quizzes.
    """
    questions: set[str] = set()
    options = {item.id: "".join(sorted(item.options)) for item in items}
    for page in pages:
        tests = {cell.question if cell.kind is Kind.TEST else cell.step: cell for cell in page.cells}
        texts = "\n".join(cell.source for cell in page.cells if cell.kind is Kind.TEXT)
        for cell in page.cells:
            if cell.kind is not Kind.ANSWER:
                continue
            questions.add(cell.name)
            is_function = _asked_name(tests.get(cell.name)) in _functions(cell)
            if is_function and cell.name not in kit.examples:
                yield _missing(page, cell, "a function has public examples", f"{kit.name}.examples.FUNCTIONS")
            elif is_function and f"{{examples:{cell.name}}}" not in texts:
                step = f"write {{examples:{cell.name}}} in its prompt"
                rule = "a prompt shows the public examples of its function"
                yield Problem(page.where(cell), f"cell {cell.name}", rule, "not shown", step)
            elif not is_function and cell.name not in kit.forms:
                yield _missing(page, cell, "an answer that is a value has a form", f"{kit.name}.examples.FORMS")
            elif not is_function and cell.name in options and kit.forms[cell.name] != options[cell.name]:
                rule, found = "the form of an item allows the letters of its options", kit.forms[cell.name] or "none"
                yield Problem(page.where(cell), f"item {cell.name}", rule, found, f"allow {options[cell.name]}")
    for name in sorted((set(kit.examples) | set(kit.forms)) - questions):
        rule = "examples and forms belong to a question"
        yield Problem(
            f"package {kit.name}", name, rule, "no answer cell of this name", "take it out or correct the name"
        )


def _missing(page: Page, cell: Cell, rule: str, where: str) -> Problem:
    return Problem(page.where(cell), f"cell {cell.name}", rule, "none", f"add {cell.name} to {where}")


def _asked_name(test: Cell | None) -> str | None:
    """Return the name that a test cell looks up: conv2d of ``check("ex41-conv2d", lambda: conv2d)``."""
    if test is None:
        return None
    try:
        tree = ast.parse(test.source)
    except SyntaxError:  # reported by the rules of single cells
        return None
    looked_up = (node.body for node in ast.walk(tree) if isinstance(node, ast.Lambda))
    return next((body.id for body in looked_up if isinstance(body, ast.Name)), None)


def _functions(cell: Cell) -> set[str]:
    """Return the functions that an answer cell defines."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
