"""The documentation names files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("docs/*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
# Of a course at work, not of the repository.
MADE_BY_A_RUN = (
    "submitted/",
    "autograded/",
    "feedback/",
    "exports/",
    "handouts/",
    "lite/",
    ".cnn-course/",
    "decisions.toml",
)
FILE = re.compile(r"[\w./-]*\w\.(?:py|toml|md|lock)\b")
FOLDER = re.compile(r"(?<![\w/.-])[a-z_.][\w.-]*(?:/[\w.-]+)*/(?![\w.-])")


def named(text: str) -> set[str]:
    """Return the paths in a page's code and links; addresses in the web are none."""
    parts = re.findall(r"```.*?```|`[^`\n]+`|\]\([^)\s]+\)", text, re.DOTALL)
    parts = [re.sub(r"\w+://\S+", "", part) for part in parts]
    return {path.removeprefix("./") for part in parts for kind in (FILE, FOLDER) for path in kind.findall(part)}


def exists(path: str, root: Path, page: Path) -> bool:
    """Say whether a path leads to something from the repository, the engine's folder or the page.

    NN stands for any number, a word in capital letters for any name.
    A name without a folder may lie anywhere.
    """
    if path.startswith(MADE_BY_A_RUN):
        return True
    pattern = re.sub(r"\b[A-Z]{3,}\b(?=[./])", "*", path.replace("NN", "[0-9][0-9]"))
    if "/" not in path:
        return any(root.glob(pattern)) or any(root.glob(f"[!.]*/**/{pattern}"))
    places = (root, root / "splitgrade", page.parent)
    return any((place / path).exists() or any(place.glob(pattern.rstrip("/"))) for place in places)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_in_the_documentation_exists(page: Path) -> None:
    """A page that names a file or folder of the repository is right about it."""
    paths = named(page.read_text(encoding="utf-8"))
    assert [path for path in sorted(paths) if not exists(path, ROOT, page)] == []


def test_a_path_that_does_not_exist_is_found(tmp_path: Path) -> None:
    """Files and folders in code and links count; prose and addresses do not."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "ex39.py").touch()
    page = tmp_path / "page.md"
    page.write_text(
        "`here/exNN.py`, `here/`, `ex39.py::test`, [x](here/ex39.py#part), [web](https://x.org/a/b.md), and/or no.py\n"
        "`here/gone.py`, `gone/`, `gone.toml`, [y](gone/z.md), `python gone/w.py --flag`\n"
    )
    lost = {path for path in named(page.read_text()) if not exists(path, tmp_path, page)}
    assert lost == {"here/gone.py", "gone/", "gone.toml", "gone/z.md", "gone/w.py"}
