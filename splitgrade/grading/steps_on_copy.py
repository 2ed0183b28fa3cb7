"""nbgrader's own steps of autograding, working on a copy of the gradebook instead of the gradebook.

Each is nbgrader's class with the one method replaced that opens the gradebook; what it does to a cell stays
nbgrader's code. So a run in worker processes gives what ``nbgrader autograde`` gives, without a database in sight.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import compute_checksum, determine_grade, is_task
from traitlets.utils.importstring import import_item

from splitgrade.errors import CourseError
from splitgrade.grading.gradebook_copy import GradebookCopy
from splitgrade.nbgrader.after_grades import AfterGrades
from splitgrade.nbgrader.marks import SaveGrades, waits_for_a_person

COPY = "gradebook_copy"  # the key in nbgrader's resources
SCORES, COMMENTS = "auto_scores", "auto_comments"  # what a run leaves there


class OverwriteKernelspecFromCopy(OverwriteKernelspec):  # type: ignore[misc]  # nbgrader ships no types
    """Take the kernel from the copy."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with the assignment's kernel."""
        names = resources["nbgrader"]
        kernelspec = names[COPY].find_notebook(names["notebook"], names["assignment"]).kernelspec
        if kernelspec and (found := json.loads(kernelspec)):
            nb.metadata["kernelspec"] = found
        return nb, resources


class OverwriteCellsFromCopy(OverwriteCells):  # type: ignore[misc]
    """Take types, points, checksums and missing cells from the copy."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with what the gradebook says of its cells."""
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.gradebook: GradebookCopy = names[COPY]
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


class CollectAutoGrades(SaveAutoGrades):  # type: ignore[misc]
    """Leave scores and comments in the resources; whoever records them opens the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook; ``resources["nbgrader"]`` has the scores and comments by grade_id."""
        resources["nbgrader"].update({SCORES: {}, COMMENTS: {}})
        return NbGraderPreprocessor.preprocess(self, nb, resources)  # type: ignore[no-any-return]

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        score = None if waits_for_a_person(cell) else determine_grade(cell, self.log)[0]
        resources["nbgrader"][SCORES][cell.metadata.nbgrader["grade_id"]] = score

    def _add_comment(self, cell: NotebookNode, resources: Any) -> None:
        blank = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
        resources["nbgrader"][COMMENTS][cell.metadata.nbgrader["grade_id"]] = "No response." if blank else None


class CheckCellMetadataOnce(CheckCellMetadata):  # type: ignore[misc]
    """Check each cell against nbgrader's schema, without checking the schema itself for every cell anew."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook as it is.

        Raises
        ------
        ValidationError
            When the nbgrader metadata of a cell are not valid.
        """
        _, versions = _checker()
        for cell in nb.cells:
            if "nbgrader" in cell.metadata:
                if cell.metadata.nbgrader.get("schema_version", 0) != versions.schema_version:
                    versions.validate_cell(cell)  # raises, and says which of its two errors it is
                if not _fits(json.dumps(cell.metadata.nbgrader, sort_keys=True)):
                    raise ValidationError("Notebook failed to validate; the nbgrader metadata may be corrupted.")
        return nb, resources


@lru_cache(maxsize=10_000)  # the cells of a class's notebooks have the same metadata
def _fits(metadata: str) -> bool:
    """Return whether metadata in JSON keep to nbgrader's schema."""
    checker, _ = _checker()
    return bool(checker.is_valid(json.loads(metadata)))


@lru_cache(maxsize=1)
def _checker() -> tuple[Any, Any]:
    """Return a validator of nbgrader's schema, and nbgrader's own for what it says of versions."""
    validator = MetadataValidator()
    kind = jsonschema.validators.validator_for(validator.schema)
    kind.check_schema(validator.schema)
    return kind(validator.schema), validator


_WITHOUT_GRADEBOOK: dict[type, type | None] = {
    OverwriteKernelspec: OverwriteKernelspecFromCopy,
    OverwriteCells: OverwriteCellsFromCopy,
    SaveAutoGrades: CollectAutoGrades,
    SaveGrades: CollectAutoGrades,
    CheckCellMetadata: CheckCellMetadataOnce,
    AssignLatePenalties: None,  # needs the scores in the gradebook: whoever records them does it
}


def steps_without_gradebook(listed: list[Any], parent: Any) -> list[Any]:
    """Return the steps of a list of nbgrader's configuration, ready to be called.

    Parameters
    ----------
    listed : list
        Classes, names of classes, or callables, as nbgrader takes them.
    parent : nbgrader.converters.Autograde
        Who the steps belong to; its configuration is theirs.

    Raises
    ------
    CourseError
        When a step is derived from one that writes to the gradebook: nothing is known of what else it writes.
    """
    steps = []
    for item in listed:
        step = import_item(item) if isinstance(item, str) else item
        if not isinstance(step, type):
            steps.append(step)
            continue
        if issubclass(step, AfterGrades):  # needs the grades: whoever records them calls it
            continue
        if step not in _WITHOUT_GRADEBOOK and issubclass(step, tuple(_WITHOUT_GRADEBOOK)):
            raise CourseError(
                f"{step.__name__} is derived from a step of nbgrader that uses the gradebook: "
                "grade with `nbgrader autograde`, or use nbgrader's own step"
            )
        wanted = _WITHOUT_GRADEBOOK.get(step, step)
        if wanted is not None:
            steps.append(wanted(parent=parent))
    return steps
