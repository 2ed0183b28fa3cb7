"""All bounds on what one submission may use: those that a course may set (`Limits`), and the fixed ones below.

docs/limits.md is this table in words; a test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Bounds on the student's and the trusted process of one notebook.

    Parameters
    ----------
    cell_seconds
        Wall time of one cell, in seconds.
    notebook_seconds
        Wall time of all cells of a notebook, in seconds; also the bound on CPU time of one process.
    memory_mb
        Memory of all processes of the notebook together, in MiB, on top of what the warm interpreter holds.
    processes
        Processes and threads that exist at the same time.
    file_mb
        Size of one written file, in MiB.
    tmp_mb
        All files of a private folder together, in MiB.
    tmp_files
        Number of files and folders in a private folder.
    open_files
        Open descriptors of one process.
    output_kb
        Text that one cell may print, in KiB; the rest is cut off.

    Raises
    ------
    TypeError
        If a value is not an int.
    ValueError
        If a value is below 1.

    Examples
    --------
    >>> Limits(cell_seconds=10).cell_seconds
    10
    """

    cell_seconds: int = 30
    notebook_seconds: int = 300
    memory_mb: int = 2048
    processes: int = 64
    file_mb: int = 32
    tmp_mb: int = 64
    tmp_files: int = 4096
    open_files: int = 256
    output_kb: int = 1024

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or isinstance(value, bool):
                raise TypeError(f"{field.name} must be an int, got {value!r}")
            if value < 1:
                raise ValueError(f"{field.name} must be at least 1, got {value}")


# Time
IDLE_SHARE = 0.5  # of a second that a cell is charged for one in which it does nothing
BACKSTOP = 20.0  # times its limit: the wall time after which a cell ends whatever it was doing
AT_ONCE = 0.5  # seconds: what is over by then is charged as it is, without a look into /proc
GRACE_SECONDS = 2.0  # for an interrupted process to say something
FRAME_SECONDS = 10.0  # for an answer that has begun to come to its end
START_SECONDS = 60.0  # for a process before it has seen any code of a student's
KEPT_SECONDS = 2.0  # of a submission, after which its finished notebooks are kept; else all are run as fast again
WARM_SECONDS = 60.0  # to import what a course imports, before the first notebook
TEXT_SECONDS = 1.0  # of CPU time to render one text; the longest cell of this course takes a fiftieth
PAGE_SECONDS = 5.0  # of CPU time to render all texts of a page
REVEAL_SECONDS = 5  # of a cell, and of all calls for one question, where a case is looked for that may be shown
REVEAL_NOTEBOOK_SECONDS = 30  # of all of that for a notebook

# Starting again
MAX_TRIES = 3  # runs of a notebook whose processes something outside ends
MAX_RESTARTS = 25  # new processes of a notebook whose code ends them
MAX_RESTARTS_ALONE = 5  # the same, in the run for feedback and in that of tests that need one process
MAX_STARTS = 2  # of a submission: the machine may have killed a worker for something else

# A revealed case on a page
MAX_CASE_TEXT = 4_000  # characters of one of its texts
MAX_CASE_VALUES = 8  # inputs
MAX_CASE_PLANES = 5  # planes of an array
MAX_CASE_SIDE = 16  # rows or columns of a plane

# What crosses the wire
MAX_FRAME = 64 << 20  # bytes of one message
MAX_JSON = 16 << 20  # bytes of its JSON
MAX_BLOBS = 10_000  # raw parts of it
MAX_NODES = 1_000_000  # values in it
MAX_DEPTH = 50  # of values in values
MAX_INTEGER_BITS = 1 << 20  # of one number
MAX_HANDLES = 200_000  # objects that a notebook hands out
MAX_CROSSED = 500  # values of a test that are one object on both sides
MAX_CROSSED_BYTES = 1 << 20  # of one of them, where it is an array
MAX_FIELDS = 100  # of a named tuple
MAX_NAMES = 10_000  # that a test gets when it asks for all names of the notebook
MAX_AHEAD = 32  # requests that are sent before the first of them is answered
MAX_AHEAD_BYTES = 1 << 15  # of such requests together
MAX_NESTED = 100  # calls of tests and the student's code by each other
MAX_SOURCE = 1 << 20  # characters of source code of a function that a test reads
MAX_STOPPED = 300  # characters of the error that stopped a cell

# What a notebook shows
MAX_OUTPUTS = 1000  # of one cell
MAX_DECISIVE = 50  # errors and results of one cell
MAX_RESULT = 1 << 16  # characters of a result
MAX_IMAGE = 4 << 20  # characters of one picture, in base64
MAX_IMAGES = 12 << 20  # characters of all pictures of a cell
MAX_PIXELS = 64_000_000  # a photograph of a page has 12 to 50 million; each takes four bytes when it is shown
MAX_NOTEBOOK_OUTPUTS = 5000  # of all cells together
MAX_CHARACTERS = 32 << 20  # of all cells together; a notebook with a hundred plots has 5 million

# Files that are handed in
MAX_FILES = 1000  # beside a notebook
MAX_WORK_BYTES = 50_000_000  # of the files in a work folder
MAX_NOTEBOOK_BYTES = 20_000_000  # a notebook with a hundred plots has about 5 MB
MAX_NOTEBOOK_PARTS = 300_000  # lists and objects, half a kilobyte each in memory; a hundred plots have 1,000
MAX_FILE_BYTES = 50_000_000  # of a file whose content is looked at
MAX_SUBMISSION_BYTES = 250_000_000  # of all contents together
MAX_ENTRIES = 20_000  # files and folders of a submission
MAX_STAGED_BYTES = 50_000_000  # of the files that are put beside the notebooks
MAX_NAME_BYTES = 1000  # of a file's name with its folders; the system's own bound is 4096 for the whole path
MAX_MEMBERS = 2_000  # of a zip file
MAX_UNPACKED = 100_000_000  # bytes of all its members together
MAX_UNDER_WAY = 500_000_000  # bytes of submissions that are on their way to the workers of a cluster
MAX_FURTHER_NOTEBOOKS = 20  # under other names or in other places than the assignment has
MAX_TIMESTAMP_BYTES = 1000  # of timestamp.txt that are read
MAX_MARK_BYTES = 4096  # of the small files that the exchange puts beside the notebooks
MAX_STUDENT = 128  # characters of a student's id in nbgrader's gradebook

# Cells and texts
MAX_CELL_TEXT = 1 << 20  # characters of one cell
MAX_OWN_CELLS = 1000  # cells of the student's own in a notebook
MAX_CHANGES = 1000  # remarks on a notebook
MAX_RENDERED = 100_000  # characters of a notebook's texts that are tried before they are shown
MAX_RENDERED_TEXT = 20_000  # characters of one of them; the time may grow with their square: 1 s for the worst found
MAX_PARSED = 20_000  # characters of a cell whose code is looked at for names
MAX_REACHED = 100_000  # characters of code in which it is looked up what a test reaches; a longer notebook is run again
MAX_PARSED_CELLS = 60  # cells of a notebook for which that is done
MAX_MATCHED_CELLS = 2000  # cells that are looked at beyond those that nbgrader's marks name
MAX_RENDERED_KEPT = 32 << 20  # characters of HTML that are kept while pages are made: the next may have the same text
MAX_PICTURE = 16 << 20  # characters of base64; a photograph of a page of handwriting has about 5 million
MAX_FORMULA = 1000  # characters; a longer formula is shown as it was written
MAX_NOTES = 200  # notes on a submission
MAX_NOTE = 1000  # characters of a note
