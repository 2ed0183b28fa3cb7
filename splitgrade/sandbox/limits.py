"""What one submission may use: time, memory, processes, files, output."""

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
