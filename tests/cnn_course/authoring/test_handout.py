"""The zip that a person hands out: the release and nothing else, and it works with NumPy and Jupyter alone.

The short form keeps other packages from being imported; the long one makes an environment that has none.
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from cnn_course.authoring.handout import write_handout
from cnn_course.course import load_course
from tests.course_fixture import REPOSITORY

# Runs every notebook of a folder; what is neither Python's, Jupyter's nor NumPy's cannot be imported.
RUN = """
import importlib.abc, json, os, pathlib, sys
from IPython.core.interactiveshell import InteractiveShell
FORBIDDEN = {"PIL", "matplotlib", "scipy", "pandas", "nbgrader", "nbformat", "splitgrade", "cnn_course", "cnn_ref"}
FORBIDDEN |= {"grader_tests"}
class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
sys.path.insert(0, os.getcwd())
shell = InteractiveShell.instance()
for path in sorted(pathlib.Path().glob("*.ipynb")):
    shell.reset()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            done = shell.run_cell("".join(cell["source"]))
            assert done.success, (path.name, cell["id"])
    print("END OF", path.name)
assert pathlib.Path(sys.modules["student_kit"].__file__).parent.parent == pathlib.Path.cwd()
"""


def test_a_zip_holds_the_release_and_runs_with_numpy_and_jupyter_alone(tmp_path: Path) -> None:
    """Written twice it has the same bytes; unpacked, every notebook runs to its end, pictures being told as missing."""
    course = dataclasses.replace(load_course(REPOSITORY), root=tmp_path)
    shutil.copytree(REPOSITORY / "release", course.release)
    (course.release / "cnn_exercises" / "student_kit" / "__pycache__").mkdir(exist_ok=True)
    (course.release / "cnn_exercises" / "student_kit" / "__pycache__" / "check.pyc").write_bytes(b"made by a test")
    for name in ("cnn_exercises", "cnn_quiz"):
        path = write_handout(course, name)
        first = path.read_bytes()
        assert write_handout(course, name).read_bytes() == first
        assert [each.name for each in path.parent.iterdir() if each.suffix != ".zip"] == []
        zipfile.ZipFile(path).extractall(tmp_path / "home")
        unpacked, folder = tmp_path / "home" / name, REPOSITORY / "release" / name
        files = {each.relative_to(unpacked) for each in unpacked.rglob("*") if each.is_file()}
        assert files == {
            each.relative_to(folder) for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts
        }
        assert all((unpacked / each).read_bytes() == (folder / each).read_bytes() for each in files)
        # -P: the project is found by no path of its own, as in an environment that never had it
        command = [sys.executable, "-P", "-c", RUN]
        done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        for notebook in course.assignments[name].notebooks:
            assert f"END OF {notebook}.ipynb" in done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with JupyterLab and NumPy, which come from PyPI or uv's cache."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
    lock = ["--constraint", str(REPOSITORY / "requirements.lock")]
    subprocess.run([*install, *lock, "jupyterlab", "numpy"], check=True, timeout=600)
    return folder / "bin"


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(load_course(REPOSITORY).assignments))
def test_a_zip_works_in_an_environment_that_has_only_numpy_and_jupyterlab(
    fresh: Path, tmp_path: Path, name: str
) -> None:
    """Unpacked by a student who installed nothing else: Jupyter runs every blank notebook, and no cell fails."""
    course = dataclasses.replace(load_course(REPOSITORY), root=tmp_path)
    shutil.copytree(REPOSITORY / "release" / name, course.release / name)
    zipfile.ZipFile(write_handout(course, name)).extractall(tmp_path / "home")
    environment = {"PATH": f"{fresh}:/usr/bin:/bin", "HOME": str(tmp_path), "JUPYTER_PLATFORM_DIRS": "1"}
    run = {"cwd": tmp_path / "home" / name, "env": environment, "capture_output": True, "text": True, "timeout": 600}
    lacking = "import importlib.util as u; print([n for n in ('PIL', 'matplotlib', 'nbgrader') if u.find_spec(n)])"
    assert subprocess.run([fresh / "python", "-c", lacking], check=True, **run).stdout == "[]\n"
    assert subprocess.run([fresh / "jupyter", "lab", "--version"], check=True, **run).stdout.startswith("4.")
    for notebook in course.assignments[name].notebooks:
        path = tmp_path / "home" / name / f"{notebook}.ipynb"
        done = subprocess.run([fresh / "jupyter", "execute", "--inplace", str(path)], check=False, **run)
        assert done.returncode == 0, done.stderr[-3000:]
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        outputs = [output for cell in cells for output in cell.outputs]
        assert [output.evalue for output in outputs if output.output_type == "error"] == []
        assert " open, of " in "".join(output.get("text", "") for output in cells[-1].outputs)
