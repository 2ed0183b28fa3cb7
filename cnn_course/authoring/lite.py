"""The release as a static site: JupyterLite, which runs Python in the browser of whoever opens it.

The site is files only; any web server can hand them out. Python itself (Pyodide, with NumPy) is no part of it: a
browser loads it from a public address when the first cell runs, unless a distribution is put into the site.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from cnn_course.course import Course
from splitgrade.errors import CourseError

FOLDER = "lite"
NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel")
# Of all extensions of this environment the kernel alone: nbgrader's and others ask a server that is not there.
KERNEL = Path("share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")


def build_site(course: Course, names: Sequence[str] = (), pyodide: str = "") -> Path:
    """Build ``lite/`` from the released assignments.

    Parameters
    ----------
    course : Course
        Its ``release/`` holds the assignments.
    names : sequence of str, optional
        Which; all where none is given.
    pyodide : str, optional
        File or address of a Pyodide distribution (``.tar.bz2``) that becomes part of the site.

    Returns
    -------
    Path
        The site, which takes the place of an earlier one.

    Raises
    ------
    CourseError
        When JupyterLite is not installed, an assignment is not released, the distribution is not there, or JupyterLite
        fails.
    """
    missing = [name.replace("_", "-") for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(f"the site needs {' and '.join(missing)}; run: pip install {' '.join(missing)}")
    folders = [course.release / course.assignment(name).name for name in names or course.assignments]
    for folder in folders:
        if not folder.is_dir():
            raise CourseError(f"{folder.name} is not released; run: cnn-course release {folder.name}")
    if pyodide and "://" not in pyodide:
        if not Path(pyodide).is_file():
            raise CourseError(f"there is no file {pyodide}; --pyodide takes a distribution of Pyodide (.tar.bz2)")
        pyodide = str(Path(pyodide).resolve())  # JupyterLite works in another folder
    target = course.root / FOLDER
    with TemporaryDirectory(dir=course.root, prefix=".lite-") as scratch:
        for folder in folders:
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(folder, Path(scratch, "contents", folder.name), ignore=ignored)
        _run_jupyterlite(Path(scratch), pyodide)
        shutil.rmtree(target, ignore_errors=True)
        Path(scratch, "site").replace(target)
    return target


def _run_jupyterlite(folder: Path, pyodide: str) -> None:
    """Build the site of ``contents/`` in ``site/``."""
    command = [sys.executable, "-c", "from jupyterlite_core.app import main; main()", "build"]
    command += ["--lite-dir=.", "--contents=contents", "--output-dir=site", "--apps=notebooks", "--apps=lab"]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--ignore-sys-prefix"]
    command.append(f"--LiteBuildConfig.federated_extensions={Path(sys.prefix) / KERNEL}")
    command += [f"--pyodide={pyodide}"] if pyodide else []
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode or not (folder / "site" / "index.html").is_file():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise CourseError(f"JupyterLite could not build the site (exit status {done.returncode}):\n{said}")
