"""Pictures beside the notebooks: copied, drawn, and compared by what is seen."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from cnn_course.errors import BuildError, Problem

TOLERANCE = 2 / 255  # two of 256 levels: rasterisers differ by rounding between machines
FOLDER = "images"


def make_images(authoring: Path, target: Path, name: str) -> None:
    """Put the pictures of an assignment into ``target/images``.

    Parameters
    ----------
    authoring : Path
        The assignment's folder of texts: ``images/*.png`` are copied, ``pictures.py`` is asked to draw.
    target : Path
        The folder that gets the folder ``images``; it is not made where there are no pictures.
    name : str
        What the authoring folder is called in messages.

    Raises
    ------
    BuildError
        When ``pictures.py`` has no function ``draw(folder)``, or drawing fails.
    """
    folder = target / FOLDER
    folder.mkdir(parents=True)
    for picture in sorted((authoring / FOLDER).glob("*.png")):
        shutil.copyfile(picture, folder / picture.name)
    script = authoring / "pictures.py"
    if script.is_file():
        _draw(script, folder, f"{name}/pictures.py")
    if not any(folder.iterdir()):
        folder.rmdir()


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
