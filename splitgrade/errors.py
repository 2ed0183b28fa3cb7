"""All errors of splitgrade, as a tree; students' processes may import this module, so it stands on nothing.

- CourseError: the course cannot be used as it is; the message is for its instructor
- SandboxError: the sandbox could not do what was asked
  - SandboxUnavailableError: this machine offers too little to run untrusted code
  - OutsideDeathError: something outside ended a process
- RefusedNotebookError: a file cannot be graded as a notebook
- WireError: what came over the wire cannot be used
  - Closed, TimedOut: states of the wire
- StudentError: an exception of a type that only the student's code knows
- StudentGoneError: the student's process has ended
- OpaqueError: a test got an object where the instructor's solution gave plain data
- RefusedValueError: the same and its like, where it ends the test
"""


class CourseError(ValueError):
    """The course cannot be used as it is; the message is meant for its instructor."""


class SandboxError(RuntimeError):
    """The sandbox could not do what was asked."""


class SandboxUnavailableError(SandboxError):
    """Raised where a machine offers too little to run untrusted code."""


class OutsideDeathError(SandboxError):
    """A process was ended by something that is neither the submission nor the grader: it is run again."""


class RefusedNotebookError(ValueError):
    """A file cannot be graded as a notebook; the message says why."""


class WireError(Exception):
    """What came, or what should be sent, breaks the rules of the wire."""


class Closed(WireError):  # noqa: N818 - a state of the channel, not a mistake
    """The other side has gone."""


class TimedOut(WireError):  # noqa: N818 - a state of the channel, not a mistake
    """The other side neither answered nor read in time."""


class StudentError(Exception):
    """An exception of a type that only the student's code knows."""


class StudentGoneError(RuntimeError):
    """The student's process has ended, or speaks no sense any more."""


class OpaqueError(TypeError):
    """Plain data was expected where the student's code gave an object of its own.

    Attributes
    ----------
    returned : str
        What it gave, such as ``a function`` or ``an object of type "generator"``.
    """

    def __init__(self, message: str, returned: str = "") -> None:
        super().__init__(message)
        self.returned = returned


class RefusedValueError(BaseException):
    """The engine refused what a test was about to get or to hand over; no ``except Exception`` of a test sees it.

    Taken for an error of the student's code, it would satisfy a test that expects one.
    """
