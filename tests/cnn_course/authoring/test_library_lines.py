"""What the exercises print of PyTorch is computed: by the reference here, by PyTorch itself where it is installed."""

import doctest
import re
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnn_ref
from cnn_course.authoring.cells import Cell, Kind
from cnn_course.authoring.text import read_page
from student_kit import predict
from student_kit.examples.predictions import PREDICTIONS
from student_kit.report import report

FOLDER = Path(__file__).parents[3] / "authoring" / "cnn_exercises"
PAGES = {path.stem: read_page(path, path.name) for path in sorted(FOLDER.glob("ex*.py"))}
CELLS: dict[str, Cell] = {cell.name: cell for page in PAGES.values() for cell in page.cells}
BLOCK = re.compile(r"```pycon\n(.*?)```", re.DOTALL)
RIGHT = {
    "ex39": "c",
    "ex40": "c",
    "ex41": 0,
    "ex42": (1, 2, 72, 96),
    "ex43": "c",
    "ex44": False,
}


class Tensor(np.ndarray):
    """An array with the one method of a tensor that NumPy has not."""

    def numel(self) -> int:
        """Return how many numbers it holds."""
        return self.size


def stand_in() -> Any:
    """Return a module with the few functions of PyTorch that the exercises print, computed by the reference."""

    def layer(in_channels: int, filters: int, kernel_size: tuple[int, int]) -> Any:
        shapes = ((filters, in_channels, *kernel_size), (filters,))
        return types.SimpleNamespace(parameters=lambda: [np.zeros(shape).view(Tensor) for shape in shapes])

    def batch_norm(x: Any, mean: None, variance: None, *, training: bool, eps: float) -> Any:
        assert mean is variance is None
        assert training
        return cnn_ref.batch_norm_train(x, np.ones(x.shape[1]), np.zeros(x.shape[1]), eps=eps).output

    functional = types.SimpleNamespace(
        conv1d=lambda x, weight, padding=0: cnn_ref.conv1d(x, weight, padding=padding),
        conv2d=lambda x, weight, stride=1, padding=0: cnn_ref.conv2d(x, weight, stride=stride, padding=padding),
        max_pool2d=lambda x, size, stride=None: cnn_ref.max_pool2d(x, size, stride),
        batch_norm=batch_norm,
    )
    nn = types.SimpleNamespace(functional=functional, Conv2d=layer)
    return types.SimpleNamespace(
        nn=nn, float64=np.float64, ones=lambda *shape: np.ones(shape), tensor=lambda x, dtype=None: np.array(x, dtype)
    )


def tried(name: str, torch: Any) -> doctest.TestResults:
    """Run the printed lines of a notebook and compare what they print."""
    [block] = BLOCK.findall("\n".join(cell.source for cell in PAGES[name].cells if cell.is_markdown))
    lines = block.replace(">>> import torch\n", "")
    assert lines != block
    test = doctest.DocTestParser().get_doctest(lines, {"torch": torch}, name, name, 0)
    return doctest.DocTestRunner(verbose=False).run(test)


@pytest.mark.parametrize("name", PAGES)
def test_every_exercise_prints_what_the_reference_computes(name: str) -> None:
    """Each exercise has one block of PyTorch whose output is that of `cnn_ref`."""
    result = tried(name, stand_in())
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.torch
@pytest.mark.parametrize("name", PAGES)
def test_every_exercise_prints_what_torch_prints(name: str) -> None:
    """The same lines, run by PyTorch, print the same."""
    torch = pytest.importorskip("torch")
    assert tried(name, torch).failed == 0


def solved(name: str) -> dict[str, Any]:
    """Return the names that a notebook's own solutions leave behind, its prediction right."""
    names: dict[str, Any] = {}
    for cell in PAGES[name].cells:
        if cell.kind is not Kind.TEST and not cell.is_markdown:
            exec(cell.source, names)  # noqa: S102 (our own texts)
            names |= dict.fromkeys(("check", "predict", "look", "show", "explore", "progress"), lambda *_: None)
    return names


@pytest.mark.parametrize("name", PAGES)
def test_every_exercise_asks_for_a_prediction_and_the_run_agrees(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the solutions in place the prediction that the authors expect holds; it is set in a cell above the run."""
    order = [cell.name for cell in PAGES[name].cells]
    assert order.index(f"{name}-photo") < order.index(f"{name}-predict")
    assert "prediction = ...  # " in CELLS[f"{name}-photo"].source
    names = solved(name)
    capsys.readouterr()
    exec(CELLS[f"{name}-predict"].source, {**names, "predict": predict, "prediction": RIGHT[name]})  # noqa: S102 (our own texts)
    told = capsys.readouterr().out
    assert told.startswith("✓")
    assert PREDICTIONS[f"{name}-predict"] in told


def test_sentences_after_predictions_belong_to_an_exercise() -> None:
    """Each of them is said by one notebook."""
    assert set(PREDICTIONS) == {f"{name}-predict" for name in PAGES}


def test_numbers_in_the_sentences_are_computed() -> None:
    """The share of photograph, the share of unchanged numbers and the condition number are what the texts say."""
    left = solved("ex39")
    assert f"{100 * left['photo'].size / left['padded_photo']().size:.0f} %" in PREDICTIONS["ex39-predict"]
    pooled = [cnn_ref.max_pool2d(solved("ex43")[name][None, None], 2) for name in ("green", "moved")]
    assert 0.2 < np.mean(pooled[0] == pooled[1]) < 0.3
    assert "A quarter" in PREDICTIONS["ex43-predict"]
    assert cnn_ref.condition_number(solved("ex44")["pixels"].astype(float)) > 2000


STEPS = [cell.step for cell in CELLS.values() if cell.step]


def test_the_convolution_arrives_in_steps() -> None:
    """Padding, a window, a channel, all channels, stride: in this order, before the layer itself, none with points."""
    names = ["pad-zeros", "window-sum", "conv-plane", "conv-channels", "conv-strided"]
    assert [f"ex41-{name}" for name in names] == STEPS
    order = [cell.name for cell in PAGES["ex41"].cells]
    assert [name for name in order if name in {*STEPS, "ex41-conv2d"}] == [*STEPS, "ex41-conv2d"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_passes_its_public_check_when_it_is_solved_and_not_before(step: str) -> None:
    """The authors' solution holds, what is released does not, and neither fails."""
    names = solved("ex41")
    function = CELLS[step].source.split("(")[0].removeprefix("def ").strip()
    assert report(step, lambda: names[function]).status == "holds"
    released = re.sub(r" *### BEGIN SOLUTION\n.*### END SOLUTION\n?", "", CELLS[step].source, flags=re.DOTALL)
    exec(released, names)  # noqa: S102 (our own texts)
    assert report(step, lambda: names[function]).status in ("fails", "not answered")
