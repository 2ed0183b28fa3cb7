"""Compare cnn_ref with torch, scipy and plain loops on layers of VGG and ResNet: `python benchmarks/reference.py`.

Every number is a ratio of times taken in the same run, alternately, best of several rounds; below 1 cnn_ref is faster.
The run is made twice, with one thread and with all. Without torch its columns stay empty. The last line is JSON.

- torch: the same operation on the CPU, float32.
- scipy: `scipy.signal.correlate`, one call for each filter as scipy has no batch of filters. At most two filters are
  run and the time is scaled to all of them; each call costs the same. Stride 1, dilation 1, one group only.
- loops: `cnn_ref.specification` on a corner (at most 8 filters, 4 groups of 8 channels, 12x12 cells): a call costs
  more than its numbers: for a whole layer the ratio is smaller.
- memory: peak of allocated arrays, input and weight included, over input + output + weight.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 12
LEAST_SECONDS = 0.4  # per operation; short operations get more rounds
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Layer:
    """One layer to measure; sizes are of square images and kernels."""

    name: str
    family: str
    images: int
    channels: int
    size: int
    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1

    @property
    def settings(self) -> tuple[int, int, int, int]:
        """Stride, padding, dilation and groups in the order of conv2d."""
        return self.stride, self.padding, self.dilation, self.groups


LAYERS = [
    Layer("VGG conv1_1", "3x3", 1, 3, 224, 64, 3, 1, 1),
    Layer("VGG conv1_2", "3x3", 1, 64, 224, 64, 3, 1, 1),
    Layer("VGG conv2_2", "3x3", 1, 128, 112, 128, 3, 1, 1),
    Layer("VGG conv3_2", "3x3", 1, 256, 56, 256, 3, 1, 1),
    Layer("VGG conv4_2", "3x3", 1, 512, 28, 512, 3, 1, 1),
    Layer("VGG conv5_2", "3x3", 1, 512, 14, 512, 3, 1, 1),
    Layer("ResNet conv2", "3x3", 1, 64, 56, 64, 3, 1, 1),
    Layer("ResNet conv5, 8 images", "3x3", 8, 512, 7, 512, 3, 1, 1),
    Layer("GoogLeNet 3a 5x5", "5x5", 1, 16, 28, 32, 5, 1, 2),
    Layer("ResNet conv1 7x7/2", "stride 2", 1, 3, 224, 64, 7, 2, 3),
    Layer("ResNet conv3 3x3/2", "stride 2", 1, 128, 56, 128, 3, 2, 1),
    Layer("3x3 dilation 2", "dilation", 1, 64, 56, 64, 3, 1, 2, 2),
    Layer("ResNeXt 32 groups", "groups", 1, 128, 56, 128, 3, 1, 1, 1, 32),
    Layer("depthwise 56x56", "depthwise", 1, 128, 56, 128, 3, 1, 1, 1, 128),
    Layer("depthwise 14x14", "depthwise", 1, 512, 14, 512, 3, 1, 1, 1, 512),
    Layer("1x1 64 to 256", "1x1", 1, 64, 56, 256, 1),
    Layer("1x1 1024 to 256", "1x1", 1, 1024, 14, 256, 1),
    Layer("1x1 256 to 512, 8 images", "1x1", 8, 256, 28, 512, 1),
]
POOLS = [
    Layer("VGG pool1 2x2", "max pool", 1, 64, 224, 64, 2, 2),
    Layer("VGG pool3 2x2", "max pool", 1, 256, 56, 256, 2, 2),
    Layer("ResNet 3x3/2", "max pool", 1, 64, 112, 64, 3, 2, 1),
    Layer("GoogLeNet 3x3/1", "max pool", 1, 192, 28, 192, 3, 1, 1),
]


def alternately(*operations: Callable[[], Any]) -> list[float]:
    """Return the best time of each operation in seconds; rounds alternate so that a slow moment meets all alike."""
    for operation in operations:
        operation()
    best, spent, rounds = [math.inf] * len(operations), 0.0, 0
    while rounds < ROUNDS or spent < LEAST_SECONDS * len(operations):
        for number, operation in enumerate(operations):
            start = time.perf_counter()
            operation()
            took = time.perf_counter() - start
            best[number] = min(best[number], took)
            spent += took
        rounds += 1
    return best


def peak_ratio(layer: Layer) -> float:
    """Return the peak of allocated bytes over those of input, output and weight."""
    import cnn_ref

    tracemalloc.start()
    image, weight = arrays(layer)
    output = cnn_ref.conv2d(image, weight, None, *layer.settings)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak / (image.nbytes + weight.nbytes + output.nbytes))


def arrays(layer: Layer) -> tuple[Any, Any]:
    """Return (input, weight) of a layer as float32."""
    import numpy as np

    rng = np.random.default_rng(7)
    image = rng.standard_normal((layer.images, layer.channels, layer.size, layer.size), dtype=np.float32)
    fan_in = layer.channels // layer.groups
    weight = rng.standard_normal((layer.filters, fan_in, layer.kernel, layer.kernel), dtype=np.float32)
    return image, weight


def measure_layer(layer: Layer, torch: Any) -> dict[str, Any]:
    """Return the ratios of one convolution layer."""
    import cnn_ref

    image, weight = arrays(layer)
    settings = layer.settings
    upper = cnn_ref.conv2d(image, weight, None, *settings)

    def forward() -> Any:
        return cnn_ref.conv2d(image, weight, None, *settings)

    def backward() -> Any:
        return cnn_ref.conv2d_backward(upper, image, weight, None, *settings)

    row: dict[str, Any] = {"name": layer.name, "family": layer.family, "memory": peak_ratio(layer)}
    if torch is None:
        row["forward ms"], row["backward ms"] = (1e3 * took for took in alternately(forward, backward))
    else:
        tensors = [torch.from_numpy(array) for array in (image, weight, upper)]
        stride, padding, dilation, groups = settings
        fixed = ([stride] * 2, [padding] * 2, [dilation] * 2, False, [0, 0], groups, [True, True, False])

        def theirs_backward() -> Any:
            return torch.ops.aten.convolution_backward(tensors[2], tensors[0], tensors[1], None, *fixed)

        with torch.no_grad():
            ours, theirs = alternately(forward, lambda: torch.conv2d(tensors[0], tensors[1], None, *settings))
        ours_back, theirs_back = alternately(backward, theirs_backward)
        row |= {"forward ms": 1e3 * ours, "backward ms": 1e3 * ours_back}
        row |= {"torch forward": ours / theirs, "torch backward": ours_back / theirs_back}
    row["scipy"] = against_scipy(layer, image, weight)
    row["loops forward"], row["loops backward"] = against_loops(layer, image, weight)
    return row


def against_scipy(layer: Layer, image: Any, weight: Any) -> float | None:
    """Return our time over scipy's for the forward pass, None where scipy has no such operation."""
    import numpy as np
    from scipy.signal import correlate

    import cnn_ref

    if layer.stride != 1 or layer.dilation != 1 or layer.groups != 1:
        return None
    few, once = weight[:2], image[:1]
    cells = layer.padding

    def theirs() -> Any:
        padded = np.pad(once[0], ((0, 0), (cells, cells), (cells, cells)))
        return [correlate(padded, each, mode="valid") for each in few]

    ours_time, theirs_time = alternately(lambda: cnn_ref.conv2d(once, weight, padding=cells), theirs)
    return ours_time / (theirs_time * len(weight) / len(few))


def against_loops(layer: Layer, image: Any, weight: Any) -> tuple[float, float]:
    """Return our time over the loops' for a corner of the layer, forward and backward."""
    import cnn_ref
    from cnn_ref import specification

    groups = min(layer.groups, 4)
    per_group = min(weight.shape[1], 8)
    side = max(12, layer.dilation * (layer.kernel - 1) + 1)
    corner = image[:1, : groups * per_group, :side, :side]
    filters = weight[:8, :per_group]
    both_ends = (layer.padding, layer.padding)
    spelled = ((layer.stride,) * 2, (both_ends, both_ends), (layer.dilation,) * 2, groups)
    upper = cnn_ref.conv2d(corner, filters, None, *spelled)
    ours, theirs = alternately(
        lambda: cnn_ref.conv2d(corner, filters, None, *spelled),
        lambda: specification.conv2d(corner, filters, None, *spelled),
    )
    ours_back, theirs_back = alternately(
        lambda: cnn_ref.conv2d_backward(upper, corner, filters, None, *spelled),
        lambda: specification.conv2d_backward(upper, corner, filters, *spelled),
    )
    return ours / theirs, ours_back / theirs_back


def measure_pool(layer: Layer, torch: Any) -> dict[str, Any]:
    """Return the ratios of one max pooling layer."""
    import cnn_ref

    image, _ = arrays(layer)
    settings = (layer.kernel, layer.stride, layer.padding)
    upper = cnn_ref.max_pool2d(image, *settings)

    def forward() -> Any:
        return cnn_ref.max_pool2d(image, *settings)

    def backward() -> Any:
        return cnn_ref.max_pool2d_backward(upper, image, *settings)

    row: dict[str, Any] = {"name": layer.name, "family": layer.family}
    if torch is None:
        row["forward ms"], row["backward ms"] = (1e3 * took for took in alternately(forward, backward))
        return row
    tensor, upper_tensor = torch.from_numpy(image), torch.from_numpy(upper)
    pool = torch.nn.functional.max_pool2d

    def theirs_backward() -> Any:  # like ours: finds the maxima again, then passes the gradient to them
        leaf = tensor.detach().requires_grad_()
        return torch.autograd.grad(pool(leaf, *settings), leaf, upper_tensor)

    ours, theirs = alternately(forward, lambda: pool(tensor, *settings))
    ours_back, theirs_back = alternately(backward, theirs_backward)
    row |= {"forward ms": 1e3 * ours, "backward ms": 1e3 * ours_back}
    return row | {"torch forward": ours / theirs, "torch backward": ours_back / theirs_back}


def worker(threads: int) -> None:
    """Measure everything with the threads that the environment allows; print one JSON line for each layer."""
    torch = None
    if importlib.util.find_spec("torch"):
        import torch  # type: ignore[no-redef]

        torch.set_num_threads(threads)
    for measure, layers in ((measure_layer, LAYERS), (measure_pool, POOLS)):
        for layer in layers:
            print(json.dumps(measure(layer, torch)), flush=True)


def run(threads: int) -> list[dict[str, Any]]:
    """Return the rows of a worker process with so many threads; BLAS reads its number when it is loaded."""
    environment = os.environ | {name: str(threads) for name in THREAD_VARIABLES}
    command = [sys.executable, __file__, "--worker", str(threads)]
    print(f"\nthreads: {threads}\n{HEADER}", flush=True)
    rows = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            rows.append(json.loads(line))
            print(table_row(rows[-1]), flush=True)
    if process.returncode:
        raise SystemExit(process.returncode)
    return rows


COLUMNS = {
    "forward ms": "fwd ms",
    "backward ms": "bwd ms",
    "torch forward": "/torch fwd",
    "torch backward": "/torch bwd",
    "scipy": "/scipy fwd",
    "loops forward": "/loops fwd",
    "loops backward": "/loops bwd",
    "memory": "memory",
}
HEADER = "| layer | family | " + " | ".join(COLUMNS.values()) + " |\n" + "|---|---|" + "---:|" * len(COLUMNS)


def table_row(row: dict[str, Any]) -> str:
    """Return one row of the printed table."""
    cells = ["" if row.get(column) is None else f"{row[column]:.3g}" for column in COLUMNS]
    return f"| {row['name']} | {row['family']} | " + " | ".join(cells) + " |"


def geometric_means(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the geometric mean of each ratio: over all convolutions, for 1x1 alone, and for pooling."""
    convolutions = [row for row in rows if row["family"] != "max pool"]
    chosen = {
        "conv2d/torch forward": [row.get("torch forward") for row in convolutions],
        "conv2d/torch backward": [row.get("torch backward") for row in convolutions],
        "conv2d without depthwise/torch forward": [
            row.get("torch forward") for row in convolutions if row["family"] != "depthwise"
        ],
        "1x1/torch forward": [row.get("torch forward") for row in convolutions if row["family"] == "1x1"],
        "max_pool2d/torch forward": [row.get("torch forward") for row in rows if row["family"] == "max pool"],
        "max_pool2d/torch backward": [row.get("torch backward") for row in rows if row["family"] == "max pool"],
        "conv2d/scipy forward": [row["scipy"] for row in convolutions],
        "conv2d/loops forward": [row["loops forward"] for row in convolutions],
        "conv2d/loops backward": [row["loops backward"] for row in convolutions],
        "conv2d peak memory": [row["memory"] for row in convolutions],
    }
    means = {}
    for name, ratios in chosen.items():
        present = [ratio for ratio in ratios if ratio is not None]
        if present:
            means[name] = round(math.exp(sum(map(math.log, present)) / len(present)), 4)
    means["conv2d/scipy forward, worst"] = round(max(row["scipy"] or 0 for row in convolutions), 4)
    means["conv2d peak memory, worst"] = round(max(row["memory"] for row in convolutions), 4)
    return means


def main() -> None:
    """Run both settings, print their tables and the geometric means."""
    parser = argparse.ArgumentParser(description="Compare cnn_ref with torch, scipy and plain loops.")
    parser.add_argument("--worker", type=int, metavar="THREADS", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker(arguments.worker)
        return
    everything = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    results = {f"{threads} threads": geometric_means(run(threads)) for threads in sorted({1, everything})}
    print("\n" + json.dumps(results))


if __name__ == "__main__":
    main()
