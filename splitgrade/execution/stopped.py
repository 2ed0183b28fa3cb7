"""The names that a notebook lacks because the cell that should have bound them stopped with an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from splitgrade.execution.cell_code import bound_names, syntax_tree
from splitgrade.execution.instructor import InstructorNotebook
from splitgrade.execution.wire.outputs import Output
from splitgrade.sandbox.limits import MAX_STOPPED


class Stopped:
    """Notes the cells that stopped, so that a test can say why a name is missing.

    Parameters
    ----------
    instructor : InstructorNotebook
        Says what each answer cell should bind, also where the student's text is no Python.
    """

    def __init__(self, instructor: InstructorNotebook) -> None:
        self._instructor = instructor
        self.names: dict[str, str] = {}

    def note(self, grade_id: str | None, code: str, outputs: Sequence[Output]) -> None:
        """Note a student's cell that has been run.

        Parameters
        ----------
        grade_id : str or None
            Its name, where it is an answer.
        code : str
            Its text.
        outputs : sequence of dict
            What it showed.
        """
        error = next((output for output in outputs if output["output_type"] == "error"), None)
        if error is None and not self.names:
            return
        names = set(bound_names(syntax_tree(code)))
        if grade_id in self._instructor.cells:
            names |= set(bound_names(syntax_tree(self._instructor.cells[grade_id].source)))
        for name in names:
            if error is None:
                self.names.pop(name, None)
            else:
                self.names[name] = _in_words(error)


def _in_words(error: Mapping[str, str]) -> str:
    return f"{error['ename']}: {error['evalue']}".strip()[:MAX_STOPPED]
