"""The tests that nbgrader wrote when an assignment was released: ``### AUTOTEST`` lines become assertions then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory


def tests_in_gradebook(path: Path, config: Any) -> dict[str, str]:
    """Return the text of each locked or graded cell of a notebook as the release left it in the gradebook.

    That is what nbgrader grades by, too, hidden regions included.

    Parameters
    ----------
    path : Path
        A notebook in ``source/<assignment>/``.
    config : traitlets.config.Config
        nbgrader's configuration; it names the gradebook.
    """
    course = CourseDirectory(config=config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(path.stem, path.parent.name)
        except MissingEntry:
            return {}
        return {cell.name: cell.source for cell in notebook.source_cells}
