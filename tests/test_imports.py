"""Imports go one way: the table of docs/architecture.md, folder by folder, held against every module."""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cnn_ref", "student_kit", "grader_tests", "splitgrade", "cnn_course")

BELOW_GRADING = ("splitgrade", "splitgrade/execution", "splitgrade/sandbox", "splitgrade/submission")
ENGINE = (
    *("splitgrade", "splitgrade/nbgrader", "splitgrade/feedback", "splitgrade/grading", "splitgrade/commands"),
    "splitgrade/execution/wire",  # texts made safe to print
)
WORKBENCH = (
    *("cnn_course", "cnn_course/authoring", "cnn_course/drawing", "cnn_course/collecting", "cnn_course/deciding"),
    *("cnn_course/reporting", "cnn_course/exporting", "cnn_course/marking"),
)
ALLOWED: dict[str, tuple[str, ...]] = {
    "cnn_ref": (),
    "cnn_ref/plot": ("cnn_ref",),
    "cnn_ref/networks": ("cnn_ref", "cnn_ref/plot"),
    "student_kit": (),
    "student_kit/examples": ("student_kit",),
    "student_kit/explorers": ("student_kit",),
    "grader_tests": ("cnn_ref", "cnn_ref/networks", "student_kit", "student_kit/examples"),
    "grader_tests/bank": ("cnn_ref", "cnn_ref/networks", "student_kit", "grader_tests"),
    "grader_tests/questions": (
        "cnn_ref",
        "cnn_ref/networks",
        "student_kit",
        "student_kit/examples",
        "grader_tests",
        "grader_tests/bank",
    ),
    "grader_tests/right_answers": ("grader_tests", "grader_tests/questions"),
    "grader_tests/wrong_answers": ("grader_tests", "grader_tests/questions"),
    "splitgrade": (),
    "splitgrade/sandbox": ("splitgrade",),
    "splitgrade/execution/wire": ("splitgrade", "splitgrade/sandbox"),
    "splitgrade/execution/interpreter": ("splitgrade", "splitgrade/execution/wire", "splitgrade/sandbox"),
    "splitgrade/execution/student": (
        *("splitgrade", "splitgrade/execution/interpreter", "splitgrade/execution/wire", "splitgrade/sandbox"),
    ),
    "splitgrade/execution/trusted": (
        *("splitgrade", "splitgrade/execution/interpreter", "splitgrade/execution/wire", "splitgrade/sandbox"),
    ),
    "splitgrade/execution": ("splitgrade", "splitgrade/execution/wire", "splitgrade/sandbox"),
    "splitgrade/submission": ("splitgrade", "splitgrade/execution", "splitgrade/execution/wire", "splitgrade/sandbox"),
    "splitgrade/nbgrader": (*BELOW_GRADING, "splitgrade/execution/wire"),
    "splitgrade/feedback": (*BELOW_GRADING, "splitgrade/execution/wire", "splitgrade/nbgrader"),
    "splitgrade/grading": (*BELOW_GRADING, "splitgrade/execution/wire", "splitgrade/nbgrader"),
    "splitgrade/commands": (*BELOW_GRADING, "splitgrade/nbgrader", "splitgrade/feedback", "splitgrade/grading"),
    "cnn_course": ("splitgrade", "splitgrade/nbgrader"),
    "cnn_course/authoring": ("splitgrade", "splitgrade/nbgrader", "cnn_course"),
    "cnn_course/drawing": (
        *("splitgrade", "splitgrade/execution/wire", "splitgrade/nbgrader"),
        *("cnn_course", "cnn_course/authoring"),
    ),
    "cnn_course/collecting": ("splitgrade", "splitgrade/nbgrader", "cnn_course"),
    "cnn_course/deciding": ("splitgrade", "splitgrade/nbgrader", "cnn_course", "cnn_course/collecting"),
    "cnn_course/reporting": (*ENGINE, "cnn_course", "cnn_course/collecting", "cnn_course/deciding"),
    "cnn_course/exporting": (*ENGINE, "cnn_course", "cnn_course/collecting", "cnn_course/reporting"),
    "cnn_course/marking": (*ENGINE, "cnn_course", "cnn_course/reporting"),
    "cnn_course/demo": (*ENGINE, *WORKBENCH),
    "cnn_course/commands": (*ENGINE, *WORKBENCH, "cnn_course/demo"),
}
"""Folder -> the folders of this project that its modules may import, besides itself. It has no circle."""

UPWARDS = {
    "cnn_ref": {"cnn_ref/networks"},  # the public names
    "student_kit.check": {"student_kit/examples"},  # looked up by question, as below
    "student_kit.choices": {"student_kit/examples"},
    "student_kit.inputs": {"student_kit/examples"},
    "student_kit.prediction": {"student_kit/examples"},
    "student_kit.progress": {"student_kit/examples"},
    "student_kit.slips": {"student_kit/examples"},
    "student_kit.explore": {"student_kit/explorers"},  # one for each picture, loaded when it is asked for
    "cnn_course.authoring.pages": {"cnn_course/drawing"},  # a text of the course may be drawn from the bank
    "student_kit.report": {"student_kit/examples"},
    "student_kit.show": {"student_kit/examples"},
    "grader_tests.registry": {"grader_tests/questions"},  # takes every module there
    "splitgrade.__main__": {"splitgrade/commands"},
    "cnn_course.__main__": {"cnn_course/commands"},
}
"""Module -> the folders above its own that it looks up in on purpose; still without a circle of modules."""

CIRCLES: set[tuple[str, str]] = set()
"""Pairs of modules that import each other, with the reason; the rule below fails when one is no circle any more."""

OTHERS: dict[str, set[str]] = {
    "cnn_ref": {"numpy"},
    "cnn_ref/networks": {"numpy", "matplotlib"},
    "cnn_ref/plot": {"numpy", "matplotlib"},
    "student_kit": {"numpy", "PIL", "IPython"},  # IPython only shows things; it is always there
    "student_kit/examples": {"numpy"},
    "splitgrade/sandbox": set(),
    "splitgrade/execution/wire": {"numpy", "orjson", "pandas"},  # pandas where it is there
}
"""Folder -> the packages of others that it may import; a folder that is not here has no limit."""


def names_imported(path: Path) -> set[str]:
    """Return the dotted names that a module imports, anywhere in it and for type checkers too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"  # the linter's rule too
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(root: Path, packages: tuple[str, ...]) -> dict[str, Path]:
    """Return the modules of packages by dotted name."""
    found = {}
    for path in sorted(path for package in packages for path in (root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def graph(root: Path, packages: tuple[str, ...]) -> dict[str, set[str]]:
    """Return module -> the modules of the same tree that it imports."""
    known = modules(root, packages)
    edges: dict[str, set[str]] = {}
    for module, path in known.items():
        edges[module] = set()
        for name in names_imported(path):
            while name and name not in known:  # the name of a function is the import of its module
                name = name.rpartition(".")[0]
            edges[module] |= {name} - {"", module}
    return edges


def breaches(root: Path, allowed: dict[str, tuple[str, ...]], upwards: dict[str, set[str]]) -> list[str]:
    """Return the imports of a tree that its table does not allow, and the folders that it does not name."""
    packages = tuple(sorted({folder.split("/")[0] for folder in allowed}))
    folders = {module: path.parent.relative_to(root).as_posix() for module, path in modules(root, packages).items()}
    found = [f"{folder} is not in the table" for folder in sorted(set(folders.values()) - set(allowed))]
    for module, imported in graph(root, packages).items():
        here = folders[module]
        found += [
            f"{module} imports {other}: {here} may not import {folders[other]}"
            for other in sorted(imported)
            if folders[other] not in (here, *allowed.get(here, ()), *upwards.get(module, ()))
        ]
    return found


def circle(edges: dict[str, set[str]], but_for: set[tuple[str, str]] = frozenset()) -> list[str]:
    """Return modules that import each other in a ring, as a list that ends as it begins; empty without one."""
    opened = {
        module: {other for other in imported if (module, other) not in but_for} for module, imported in edges.items()
    }
    try:
        TopologicalSorter(opened).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_folder_imports_only_what_the_table_gives_it():
    """No module imports from a folder above its own, or beside it where the table does not say so."""
    assert not breaches(ROOT, ALLOWED, UPWARDS)


def test_every_row_of_the_table_is_a_folder_with_modules():
    """The rule above looks at something: no row is left over from a folder that has gone."""
    folders = {path.parent.relative_to(ROOT).as_posix() for path in modules(ROOT, PACKAGES).values()}
    assert set(ALLOWED) == folders


def test_the_table_itself_goes_one_way():
    """No folder may import another that may import it, however many floors lie between."""
    assert not circle({folder: set(below) for folder, below in ALLOWED.items()})


def test_every_look_upwards_is_one():
    """A module that does not look upwards any more loses the right to."""
    edges, known = graph(ROOT, PACKAGES), modules(ROOT, PACKAGES)
    for module, folders in UPWARDS.items():
        assert folders <= {known[other].parent.relative_to(ROOT).as_posix() for other in edges[module]}, module


def test_no_module_imports_itself_through_others():
    """There is no circle of modules, inside a package or across; what type checkers alone read counts."""
    assert not circle(graph(ROOT, PACKAGES), CIRCLES)


def test_every_declared_circle_is_one():
    """An exception goes when its circle has been opened."""
    edges = graph(ROOT, PACKAGES)
    for one, other in CIRCLES:
        assert other in edges[one], (one, other)
        assert one in edges[other], (one, other)


@pytest.mark.parametrize("folder", OTHERS)
def test_a_folder_stands_on_the_packages_that_it_names(folder):
    """The reference and what students get need NumPy and little else; the walls need nothing."""
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / folder).glob("*.py"))
        for name in sorted({name.split(".")[0] for name in names_imported(path)})
        if name not in {*OTHERS[folder], *PACKAGES, *sys.stdlib_module_names, "__future__"}
    ]
    assert not found


def test_pictures_beside_the_notebooks_are_drawn_by_the_reference_alone():
    """The modules that draw a course's pictures import `cnn_ref` and nothing else of this project."""
    paths = sorted((ROOT / "authoring").glob("*/pictures.py"))
    assert paths
    for path in paths:
        assert {name.split(".")[0] for name in names_imported(path)} & set(PACKAGES) <= {"cnn_ref"}, path


def test_run_needs_nothing_but_the_standard_library():
    """run.py starts on a machine that has nothing but Python."""
    assert {name.split(".")[0] for name in names_imported(ROOT / "run.py")} <= sys.stdlib_module_names


def test_the_machinery_does_not_name_the_course():
    """The machinery finds checks and reference through configuration: no module names them in an import call."""
    others = {"cnn_ref", "student_kit", "grader_tests"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules(ROOT, ("cnn_course", "splitgrade")).values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}
        and any(isinstance(a, ast.Constant) and str(a.value).split(".")[0] in others for a in node.args)
    ]
    assert not found


MADE_UP = {
    "low/__init__.py": "",
    "low/one.py": "import math",
    "low/two.py": "from low import one",
    "low/inner/__init__.py": "",
    "low/inner/deep.py": "from low.two import anything",
    "high/__init__.py": "",
    "high/top.py": "import low.inner.deep",
}
TABLE = {"low": (), "low/inner": ("low",), "high": ("low", "low/inner")}


def tree(root: Path, changes: dict[str, str]) -> Path:
    """Write a made-up house with changes."""
    for name, text in {**MADE_UP, **changes}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, None),
        ({"low/one.py": "from high import top"}, "low.one imports high.top: low may not import high"),
        ({"low/one.py": "def later():\n    import high.top"}, "low.one imports high.top"),
        ({"low/one.py": "if TYPE_CHECKING:\n    from high.top import Top"}, "low.one imports high.top"),
        (
            {"low/one.py": "from low.inner.deep import f"},
            "low.one imports low.inner.deep: low may not import low/inner",
        ),
        ({"low/one.py": "import low.inner"}, "low may not import low/inner"),
        ({"beside/__init__.py": "", "high/top.py": "import low.one"}, None),
        ({"low/new/__init__.py": ""}, "low/new is not in the table"),
    ],
)
def test_a_made_up_house_with_a_breach_fails(tmp_path, changes, message):
    """Imports upwards, sideways, inside a function and for type checkers, and a folder without a row, are named."""
    found = breaches(tree(tmp_path, changes), TABLE, {})
    assert len(found) == (message is not None)
    assert all(message in one for one in found)


@pytest.mark.parametrize(
    ("changes", "ring"),
    [
        ({}, set()),
        ({"low/one.py": "if TYPE_CHECKING:\n    from low.two import f"}, {"low.one", "low.two"}),
        (
            {"low/one.py": "def f():\n    import low.three", "low/three.py": "import low.two"},
            {"low.one", "low.two", "low.three"},
        ),
    ],
)
def test_a_made_up_house_with_a_circle_fails(tmp_path, changes, ring):
    """Two or three modules of one folder that import each other are found, in whatever way they do."""
    edges = graph(tree(tmp_path, changes), ("low", "high"))
    assert set(circle(edges)) == ring
    assert not circle(edges, {("low.one", other) for other in ring})
