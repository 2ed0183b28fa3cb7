"""Where a course keeps its assignments, step by step: the folders that its configuration names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from splitgrade.errors import CourseError
from splitgrade.nbgrader.session import CONFIG, load_config


@dataclass(frozen=True)
class CourseFolders:
    """The folders of a course.

    Parameters
    ----------
    root : Path
        The course.
    source, release, submitted, autograded, feedback : Path
        The folder of each step: of assignments, or of students and their assignments.
    """

    root: Path
    source: Path
    release: Path
    submitted: Path
    autograded: Path
    feedback: Path

    @classmethod
    def of(cls, config: Config) -> CourseFolders:
        """Return the folders that a configuration names.

        Raises
        ------
        CourseError
            When they are not laid out as ``step/student/assignment``.

        Examples
        --------
        >>> folders = CourseFolders.of(Config(CourseDirectory={"root": "/course", "source_directory": "teachers"}))
        >>> folders.source.as_posix(), folders.submitted.as_posix()
        ('/course/teachers', '/course/submitted')
        """
        course = CourseDirectory(config=config)
        usual = CourseDirectory.directory_structure.default_value
        if Path(course.directory_structure) != Path(usual):
            raise CourseError(
                f"c.CourseDirectory.directory_structure is {course.directory_structure!r}; folders are graded that are "
                f"laid out as {usual!r}: leave that setting out, or grade with nbgrader autograde"
            )
        steps = (course.source_directory, course.release_directory, course.submitted_directory)
        made = (course.autograded_directory, course.feedback_directory)
        root = Path(course.root)
        return cls(root, *(root / step for step in (*steps, *made)))

    @classmethod
    def at(cls, root: Path) -> CourseFolders:
        """Return the folders of the course in ``root``: those of its configuration, nbgrader's own where it has none.

        Raises
        ------
        CourseError
            As `of`.
        """
        config = load_config(root) if (root / CONFIG).is_file() else Config(CourseDirectory={"root": str(root)})
        return cls.of(config)

    def require(self, assignment: str) -> Path:
        """Return the instructor's folder of an assignment.

        Raises
        ------
        CourseError
            When there is none; the message names those that there are.
        """
        folder = self.source / assignment
        if not folder.is_dir():
            known = sorted(each.name for each in self.source.iterdir()) if self.source.is_dir() else []
            raise CourseError(f"no assignment is called {assignment!r}; this course has: {', '.join(known) or 'none'}")
        return folder
