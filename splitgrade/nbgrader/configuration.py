"""Three lines of ``nbgrader_config.py`` become nbgrader's lists of steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)
from nbgrader.validator import Validator

from splitgrade.nbgrader.environment import prepare
from splitgrade.nbgrader.execute import RestoreNotebook, SplitExecute
from splitgrade.nbgrader.marks import SaveGrades
from splitgrade.nbgrader.repairs import repair
from splitgrade.nbgrader.show_rubric import ShowRubric
from splitgrade.nbgrader.strict_results import StrictResults
from splitgrade.nbgrader.timeout import timeout_error
from splitgrade.nbgrader.validate import ValidateExecute

# Named, not imported: the pages stand a floor above these steps, and only `nbgrader generate_feedback` needs them.
_FEEDBACK = "splitgrade.feedback"


def configure(
    c: Any,
    *,
    warm: Sequence[str] | None = None,
    checks: Sequence[str] = (),
    travelling: Sequence[str] = (),
    private: Sequence[str] = (),
    check_data: Sequence[Path] = (),
    after_grades: Sequence[str] = (),
    cell_seconds: int = 30,
    advice: str = "",
    shared: Literal["allow", "refuse"] = "allow",
) -> None:
    """Let nbgrader grade in split processes, and make feedback pages that give nothing away.

    All of it is configuration of nbgrader: what is set on ``c`` afterwards counts.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` gives in ``nbgrader_config.py``.
    warm : sequence of str, optional
        Installed modules to import before the first notebook, such as ``pandas``; by default those that the notebooks
        in ``source/`` import.
    checks : sequence of str, optional
        Packages of hidden tests: imported before the first notebook, and never visible to students' code.
    travelling : sequence of str, optional
        Packages that lie beside the notebooks of each assignment.
    private : sequence of str, optional
        Further packages that students' code must not see.
    check_data : sequence of Path, optional
        Files and folders that hidden tests read: where one changes, submissions are graded again.
    after_grades : sequence of str, optional
        Names of the course's own steps that work on the gradebook once a submission's grades are in it: classes that
        derive from `after_grades.AfterGrades`. They run on every path of grading.
    cell_seconds : int, optional
        How long a cell may take.
    advice : str, optional
        Module, mostly of the checks, that says on feedback pages what to practice, explains, and reveals a case that
        fails: `splitgrade.feedback.advice` names its functions.
    shared : {"allow", "refuse"}, optional
        What becomes of tests that work in one process only: graded in the student's own sandboxed process, where their
        author could forge them, or left to a person.

    Examples
    --------
    >>> from traitlets.config import Config
    >>> c = Config()
    >>> configure(c, warm=["numpy"])
    >>> c.SplitExecute.warm
    ['numpy']
    """
    repair()
    prepare()  # nbgrader starts alembic by name; found also where the environment is not activated
    c.SplitExecute.warm = None if warm is None else list(warm)
    c.SplitExecute.checks = list(checks)
    c.SplitExecute.travelling = list(travelling)
    c.SplitExecute.private = list(private)
    c.SplitExecute.check_data = [str(path) for path in check_data]
    c.SplitExecute.shared = shared
    _autograde(c, cell_seconds, after_grades)
    _validate(c)
    _feedback(c)
    c.RedactFeedback.advice = advice


def _autograde(c: Any, cell_seconds: int, after_grades: Sequence[str]) -> None:
    # A test cell that a student deleted comes back from the gradebook instead of waiting for a manual grade for ever.
    c.OverwriteCells.add_missing_cells = True
    c.SplitExecute.limits = {"cell_seconds": cell_seconds}
    # nbgrader's own way of running notebooks is left to notebooks that `nbgrader validate` does not find in source/.
    c.Execute.timeout = cell_seconds
    c.Execute.startup_timeout = 120  # seconds: a busy machine starts kernels slowly, which is nobody's fault
    c.Execute.error_on_timeout = timeout_error(cell_seconds)  # nbgrader's own message has no text
    c.LimitOutput.max_lines = 500  # lines of printed text a cell; pages stay readable
    c.Autograde.sanitize_preprocessors = [
        RestoreNotebook,  # first: nbgrader's own steps fail on damaged metadata, and one failure would end the batch
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        SplitExecute,  # students' code in a sandbox, tests in another process; nbgrader's Execute runs both in one
        StrictResults,  # after the run and before the grades: nbgrader takes nearly anything for full points
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveGrades,  # a mark that stands is not asked for again
        AssignLatePenalties,
        *after_grades,
        ShowRubric,  # after the grades: its cell is for the eyes of the marker only
        CheckCellMetadata,
    ]


def _validate(c: Any) -> None:
    Validator.preprocessors.tag(config=True)  # nbgrader offers the list, but not to its own configuration
    c.Validator.preprocessors = [
        CheckCellMetadata,
        ClearOutput,
        ValidateExecute,  # `nbgrader validate` judges as grading does
    ]


def _feedback(c: Any) -> None:
    c.GenerateFeedback.preprocessors = [
        f"{_FEEDBACK}.question_grades.QuestionGrades",  # scores, comments, and what is not marked yet
        f"{_FEEDBACK}.redact.RedactFeedback",  # last: nothing after it may bring a test back
    ]
    c.GenerateFeedback.exporter_class = f"{_FEEDBACK}.exporter.FeedbackExporter"  # one file without scripts
    c.FeedbackExporter.template_name = "splitgrade_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parents[1] / "feedback" / "templates")]
