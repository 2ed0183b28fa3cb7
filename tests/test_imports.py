"""Imports go one way: the table of docs/architecture.md, held against every module."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"cnn_ref", "student_kit", "grader_tests", "cnn_course"}
# Package -> the packages of this project, and of others, that it may import. None: no limit on others.
ALLOWED: dict[str, tuple[set[str], set[str] | None]] = {
    "cnn_ref": (set(), {"numpy"}),
    "cnn_ref/plot": ({"cnn_ref"}, {"numpy", "matplotlib"}),
    "student_kit": (set(), {"numpy", "PIL", "IPython"}),  # IPython only shows things; it is always there
    "grader_tests": ({"cnn_ref", "student_kit"}, None),
    "cnn_course": (set(), None),
    "authoring": ({"cnn_ref"}, None),
}


def imports(path: Path) -> set[str]:
    """Return the top-level packages that a module imports, anywhere in it but for type checkers."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".")[0])
    return found


def modules(folder: str) -> list[Path]:
    """Return the modules of a part; a part inside another is its own."""
    inner = [ROOT / other for other in ALLOWED if other.startswith(f"{folder}/")]
    if folder == "authoring":  # the notebooks' texts are no modules: what they import is the kit's business
        return sorted((ROOT / folder).glob("*/pictures.py"))
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [path for path in paths if not any(path.is_relative_to(other) for other in inner)]


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_it_may(part):
    """No module of a part imports a package that the table does not give it."""
    ours, others = ALLOWED[part]
    own = part.split("/")[0]
    breaches = []
    for path in modules(part):
        for name in sorted(imports(path) - set(sys.stdlib_module_names) - {own, "__future__"}):
            allowed = name in ours if name in OURS else others is None or name in others
            if not allowed:
                breaches.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not breaches


@pytest.mark.parametrize("part", ["cnn_ref", "student_kit", "grader_tests", "cnn_course"])
def test_every_part_has_modules(part):
    """The rule above looks at something."""
    assert modules(part)


def test_run_needs_nothing_but_the_standard_library():
    """run.py starts on a machine that has nothing but Python."""
    assert imports(ROOT / "run.py") <= set(sys.stdlib_module_names)


def test_the_machinery_does_not_name_the_course():
    """cnn_course finds the checks and the reference through course.toml: no module names them in an import call."""
    breaches = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("cnn_course")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}
        and any(isinstance(a, ast.Constant) and str(a.value).split(".")[0] in OURS - {"cnn_course"} for a in node.args)
    ]
    assert not breaches
