"""How much all cells of a notebook may show together: each cell has bounds, and a submission may have 1000 cells."""

from __future__ import annotations

from splitgrade.execution.wire.outputs import DECISIVE, Output
from splitgrade.sandbox.limits import MAX_CHARACTERS, MAX_NOTEBOOK_OUTPUTS

_NOTE = "The outputs of this notebook are too many to be shown; those of this cell are left out.\n"


class OutputBudget:
    """What is left of a notebook's room for outputs.

    Examples
    --------
    >>> budget = OutputBudget(outputs=1)
    >>> shown = {"output_type": "stream", "name": "stdout", "text": "x"}
    >>> [len(budget.within([shown])), budget.within([shown])[0]["text"][:11]]
    [1, 'The outputs']
    """

    def __init__(self, outputs: int = MAX_NOTEBOOK_OUTPUTS, characters: int = MAX_CHARACTERS) -> None:
        self._outputs, self._characters = outputs, characters

    def within(self, outputs: list[Output]) -> list[Output]:
        """Return the outputs of a student's cell, or, when they are too many, its error and a note.

        Parameters
        ----------
        outputs : list of dict
            Cleaned, see `wire.outputs.clean`.
        """
        if self._takes(outputs) or not outputs:
            return outputs
        errors = [{**output, "traceback": []} for output in outputs if output["output_type"] == "error"]
        return [{"output_type": "stream", "name": "stderr", "text": _NOTE}, *errors[:1]]

    def within_test(self, outputs: list[Output]) -> list[Output]:
        """Return the outputs of a test, or, when they are too many, those that decide it or say what came of it.

        Parameters
        ----------
        outputs : list of dict
            Cleaned; a student's are text and pictures only, see `wire.outputs.clean`.
        """
        return outputs if self._takes(outputs) else [output for output in outputs if _is_of_the_test(output)]

    def _takes(self, outputs: list[Output]) -> bool:
        """Count outputs and return whether there was room for them."""
        self._outputs -= len(outputs)
        self._characters -= sum(map(_size, outputs))
        return self._outputs >= 0 and self._characters >= 0


def _is_of_the_test(output: Output) -> bool:
    return output["output_type"] in DECISIVE or any(kind.endswith("+json") for kind in output.get("data", {}))


def _size(output: Output) -> int:
    """Return about how many characters an output has."""
    texts = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", ())]
    return sum(map(len, texts)) + sum(len(value) for value in output.get("data", {}).values() if isinstance(value, str))
