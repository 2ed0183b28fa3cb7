"""Pictures beside the notebooks: copied, drawn, read, and compared by what is seen."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnn_course.errors import BuildError, Problem

TOLERANCE = 2 / 255  # two of 256 levels: rasterisers differ by rounding between machines
FOLDER = "images"


def make_images(authoring: Path, target: Path, name: str) -> Mapping[str, str]:
    """Put the pictures of an assignment into ``target/images`` and return the words in them.

    Parameters
    ----------
    authoring : Path
        The assignment's folder of texts: ``images/*.png`` are copied, ``pictures.py`` is asked to draw.
    target : Path
        The folder that gets the folder ``images``; it is not made where there are no pictures.
    name : str
        What the authoring folder is called in messages.

    Returns
    -------
    mapping of str to str
        Each picture, such as ``images/window.png``, with the texts in it, one a line: those that matplotlib drew, or
        for a picture that was made in another way those of ``images/window.txt`` beside the texts.

    Raises
    ------
    BuildError
        When ``pictures.py`` has no function ``draw(folder)``, drawing fails, or nobody says which words are in a
        picture.
    """
    folder = target / FOLDER
    folder.mkdir(parents=True)
    for picture in sorted((authoring / FOLDER).glob("*.png")):
        shutil.copyfile(picture, folder / picture.name)
    script = authoring / "pictures.py"
    drawn: dict[str, str] = {}
    if script.is_file():
        with _reading_figures(drawn):
            _draw(script, folder, f"{name}/pictures.py")
    words = {path.name: _words(path.name, drawn, authoring / FOLDER) for path in sorted(folder.glob("*.png"))}
    rule, step = "the words in every picture are known", "draw it as a matplotlib figure, or write its words into"
    problems = [
        Problem(f"{name}/{FOLDER}", picture, rule, "not known", f"{step} {name}/{FOLDER}/{Path(picture).stem}.txt")
        for picture, said in words.items()
        if said is None
    ]
    if problems:
        raise BuildError(name, problems)
    if not words:
        folder.rmdir()
    return {f"{FOLDER}/{picture}": said or "" for picture, said in words.items()}


def names_only(target: Path) -> Mapping[str, str]:
    """Return the pictures that lie in ``target/images``, for want of the words in them."""
    return {f"{FOLDER}/{path.name}": "" for path in sorted((target / FOLDER).glob("*.png"))}


def same_picture(one: Path, other: Path) -> bool:
    """Say whether two PNG files look the same: equal shape, no channel more than two levels apart."""
    if one.read_bytes() == other.read_bytes():
        return True
    import numpy as np
    from matplotlib.image import imread

    first, second = np.asarray(imread(one)), np.asarray(imread(other))
    if first.shape != second.shape:
        return False
    return bool(np.abs(first - second).max(initial=0.0) <= TOLERANCE + 1e-6)


def _words(picture: str, drawn: Mapping[str, str], told: Path) -> str | None:
    """Return the words in a picture: those that were drawn, else those that a file tells, else None."""
    file = told / f"{Path(picture).stem}.txt"
    if picture in drawn or not file.is_file():
        return drawn.get(picture)
    return file.read_text(encoding="utf-8")


@contextmanager
def _reading_figures(drawn: dict[str, str]) -> Iterator[None]:
    """Note the texts of every figure that is saved, by the name of its file."""
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    save = Figure.savefig

    def save_and_read(figure: Any, file: Any, *arguments: Any, **keywords: Any) -> None:
        save(figure, file, *arguments, **keywords)
        texts = (text.get_text() for text in figure.findobj(Text) if text.get_visible())
        drawn[Path(file).name] = "\n".join(text for text in texts if text.strip())

    Figure.savefig = save_and_read  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Figure.savefig = save  # type: ignore[method-assign]


def _draw(script: Path, folder: Path, name: str) -> None:
    """Run ``draw(folder)`` of a script with matplotlib's own settings, not those of this machine's user."""
    import matplotlib as mpl

    mpl.use("Agg")
    try:
        with mpl.rc_context():
            mpl.rcdefaults()
            spec = importlib.util.spec_from_file_location(f"_pictures_{script.parent.name}", script)
            if spec is None or spec.loader is None:
                raise ImportError(f"{name} is no Python file")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.draw(folder)
    except Exception as error:  # the script is the author's: whatever it raises is for the author
        found = f"{type(error).__name__}: {error}"
        problem = Problem(name, "draw", "draw(folder) draws every picture", found, "correct the script")
        raise BuildError(name, [problem]) from error
