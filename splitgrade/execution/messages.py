"""What the engine itself puts among the outputs of a cell."""

from __future__ import annotations

from collections.abc import Sequence

from splitgrade.execution.reasons import ERROR_NAMES, Reason
from splitgrade.execution.wire.outputs import Output


def raised(outputs: Sequence[Output]) -> bool:
    """Return whether a cell raised."""
    return any(output["output_type"] == "error" for output in outputs)


def as_text(output: Output) -> Output:
    """Return an output of the student's as one that cannot decide a test."""
    if output["output_type"] == "stream":
        return {**output, "name": "stdout"}
    if output["output_type"] == "error":
        return {"output_type": "stream", "name": "stdout", "text": f"{output['ename']}: {output['evalue']}\n"}
    return {"output_type": "display_data", "data": output["data"], "metadata": {}}


def error(reason: Reason, says: str) -> Output:
    """Return the output of an error that has the name of its reason, a message and no traceback."""
    name = ERROR_NAMES[reason]
    return {"output_type": "error", "ename": name, "evalue": says, "traceback": [f"\x1b[31m{name}\x1b[39m: {says}"]}
