"""Which answers a question follows from: declared in its test cell, and found by reading the solutions.

A mistake in one answer would otherwise be charged again in every answer that calls it. The grader runs a test again
with the answers that it follows from replaced by the instructor's; here declarations are held against solutions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set

from cnn_course.authoring.cells import Cell, Kind, Page
from cnn_course.errors import Problem

Graph = Mapping[str, Set[str]]


def check_follows(page: Page) -> Iterator[Problem]:
    """Yield every declaration that is missing, unknown, late or goes round in a circle.

    Parameters
    ----------
    page : Page
        A notebook.
    """
    answers = {cell.name: place for place, cell in enumerate(page.cells) if cell.kind is Kind.ANSWER}
    tests = {cell.name: cell for cell in page.cells if cell.kind is Kind.TEST}
    declared = {str(cell.question): frozenset(cell.follows) for cell in tests.values()}
    needed = reached(used_answers(page))
    for cell in tests.values():
        question, where, item = str(cell.question), page.where(cell), f"cell {cell.name}"
        for name in cell.follows:
            if name not in answers:
                legal = ", ".join(sorted(set(answers) - {question})) or "none"
                rule = "follows names answer cells of the same notebook"
                yield Problem(where, item, rule, name, f"legal: {legal}")
            elif question in reached(declared).get(name, frozenset()) or name == question:
                rule, step = "no answer follows from itself", f"take {name} or what leads back from it out of follows"
                yield Problem(where, item, rule, f"{question} follows {name} follows {question}", step)
            elif answers[name] > answers.get(question, -1):
                rule, step = "follows names answers that come before", "take it out or move the cells"
                yield Problem(where, item, rule, f"{name} comes after {question}", step)
        missing = sorted(needed.get(question, frozenset()) - set(cell.follows), key=lambda name: answers[name])
        if missing:
            every = sorted({*cell.follows, *missing} & set(answers), key=lambda name: answers[name])
            rule = "a test cell names every answer that its solution calls, directly or through another one"
            names = ", ".join(f'"{name}"' for name in every)
            yield Problem(where, item, rule, f"not named: {', '.join(missing)}", f"write follows=[{names}]")


def used_answers(page: Page) -> dict[str, Set[str]]:
    """Return for each answer cell the other answer cells that define a name which its solution uses.

    Examples
    --------
    >>> cells = [Cell("ex1-a", Kind.ANSWER, "def a(): ..."), Cell("ex1-b", Kind.ANSWER, "b = a()")]
    >>> used_answers(Page("ex1", "ex1.py", tuple(cells)))
    {'ex1-a': set(), 'ex1-b': {'ex1-a'}}
    """
    trees = {cell.name: _tree(cell) for cell in page.cells if cell.kind is Kind.ANSWER}
    owner = {name: cell for cell, tree in trees.items() for name in _defined(tree)}
    return {
        cell: {owner[name] for name in _used(tree) if name in owner and name not in _defined(tree)}
        for cell, tree in trees.items()
    }


def reached(graph: Graph) -> dict[str, Set[str]]:
    """Return for each answer all that it leads to, step by step.

    Examples
    --------
    >>> sorted(reached({"c": {"b"}, "b": {"a"}})["c"])
    ['a', 'b']
    """
    found: dict[str, Set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        ahead = list(graph[start])
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                ahead.extend(graph.get(name, ()))
        found[start] = seen
    return found


def _tree(cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError:  # reported by the rules of single cells
        return ast.Module([], [])


def _defined(tree: ast.Module) -> set[str]:
    """Return the names that a cell leaves behind."""
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return found | {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _used(tree: ast.Module) -> set[str]:
    """Return the names that a cell reads, those of arguments and of its own variables left out."""
    own = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - own
