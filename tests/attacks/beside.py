"""Attacks with files that lie beside the notebook: their names, places, sizes and what copies them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.attacks.attack import Attack, Recipe, answers, beside, both
from tests.attacks.course import DOUBLE, FULL


def kept(name: str, recipe: Recipe, *notes: str, host: bool = True) -> Attack:
    """Return a right submission with odd neighbours: it keeps full marks, and the report says what was left out."""
    return Attack(name, "file", recipe, FULL, notes=notes, host=host)


def _file_for_a_folder(folder: Path) -> None:
    shutil.rmtree(folder / "student_kit")
    (folder / "student_kit").write_text("no folder")


def _folder_for_a_file(folder: Path) -> None:
    (folder / "data.csv").unlink()
    beside("data.csv/deeper/x.txt", "x")(folder)


def _as_bytes(*names: bytes) -> Recipe:
    return both(*(beside(os.fsdecode(name), "x") for name in names))


def _path_as_long_as_can_be(folder: Path) -> None:
    place = folder
    while len(bytes(place)) + 201 < 3900:
        place /= "d" * 200
        place.mkdir()
    (place / ("f" * (4095 - len(bytes(place)) - 1))[:250]).write_text("x")


def _many_folders(folder: Path) -> None:
    for number in range(150):
        beside("/".join([str(number), *"abcdefghijklmnopqrstuvwxyzabcdefgh", "x.csv"]), "x")(folder)


def _without_blocks(name: str, size: int) -> Recipe:
    def recipe(folder: Path) -> None:
        with (folder / name).open("wb") as file:
            file.truncate(size)

    return recipe


def _links_in_a_ring(folder: Path) -> None:
    for number in range(40):
        (folder / f"ring{number}").symlink_to(f"ring{(number + 1) % 40}")
    (folder / "self").symlink_to(".")
    (folder / "lab_files").symlink_to("/proc/self/root")


def _linked(name: str, to: Callable[[Path], Path]) -> Recipe:
    def recipe(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to(folder))

    return recipe


def _further_notebooks(folder: Path) -> None:
    for number in range(100):
        shutil.copy(folder / "lab.ipynb", folder / f"copy {number}.ipynb")


PLACES = (
    kept("file-for-a-folder", _file_for_a_folder, "the assignment's own files have its place"),
    kept("folder-for-a-file", _folder_for_a_file, "the assignment's own files have its place"),
    kept("path-as-long-as-can-be", _path_as_long_as_can_be, "its name is longer than"),
    kept("folder-with-the-name-of-a-notebook", beside("more.ipynb/x.csv", "x"), "with the name of a notebook"),
    kept("hidden-folders", both(beside(".ipython/profile_default/startup/0.py", "0"), beside(".git/config", "x"))),
    kept("further-notebooks", _further_notebooks, "the first 20 are looked at"),
    kept("links-in-a-ring", _links_in_a_ring),
    kept("time-by-a-link", _linked("timestamp.txt", lambda folder: folder.parents[1] / "0-honest-before")),
    kept("pages-of-feedback", both(beside("evil.html", "<script>FORGED</script>"), beside("sub/lab.html", "FORGED"))),
    kept("page-before-the-feedback", beside("lab.html", "<script>FORGED</script>")),
)

NAMES = (
    kept("names-that-are-no-text", _as_bytes(b"\xff\xfe.csv", b"sub\xff/x.py"), "left out"),
    kept("names-for-a-terminal", _as_bytes(b"\x1b[2J\x1b]0;t\x07.py", "\u202egpj.py".encode()), "\ufffd[2J"),
    kept("names-that-are-markup", _as_bytes(b"[/red].py", b"<img src=x onerror=alert(1)>.py"), "[/red].py left out"),
)

SIZES = (
    kept("larger-than-the-work-folder", beside("big.bin", b"x" * (20 << 20)), "big.bin"),
    kept("more-folders-than-the-work-folder-holds", _many_folders, "files and folders"),
    kept("a-file-of-eight-terabytes", _without_blocks("data.bin", 8 << 40), "too many bytes", host=False),
    kept("a-time-of-eight-terabytes", _without_blocks("timestamp.txt", 8 << 40), "too many bytes", host=False),
)

READ_BY_PROGRAMS = tuple(
    Attack(f"beside-{name.partition('/')[0].partition('.')[0]}", "file", beside(name, text), FULL)
    for name, text in (
        ("matplotlibrc", "backend: module://evil\nimage.cmap: evil"),
        ("conftest.py", "raise SystemExit"),
        ("numpy.libs/evil.so", "x"),
    )
)

READS_THEM = (
    Attack(
        "imports-what-was-handed-in",
        "file",
        both(
            beside("helper.py", "def double(x): return 2 * x"),
            answers(double=f"try:\n    from helper import double\nexcept ImportError:\n    pass\n{DOUBLE}"),
        ),
        FULL,
        notes=("helper.py left out",),
    ),
)

BESIDE = (*PLACES, *NAMES, *SIZES, *READ_BY_PROGRAMS, *READS_THEM)
