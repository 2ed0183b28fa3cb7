"""The finished notebooks of a submission that is not finished: a grader that is killed runs only the others again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any


class Partial:
    """What a run keeps of one submission until all of it is recorded.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment, student : str
        Whose submission.
    """

    def __init__(self, root: Path, assignment: str, student: str) -> None:
        self._folder = root / ".splitgrade" / "partial" / assignment / student

    def take(self, name: str, fingerprint: str, target: Path) -> dict[str, Any] | None:
        """Put a finished notebook in its place.

        Parameters
        ----------
        name : str
            The notebook.
        fingerprint : str
            What its verdict depends on; of another one nothing is taken.
        target : Path
            Where the notebook that was handed in lies; it is replaced.

        Returns
        -------
        dict or None
            What `keep` was given; None where there is nothing, or nothing that can be read: it is run then.
        """
        try:
            kept = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            if kept["fingerprint"] != fingerprint:
                return None
            finished: dict[str, Any] = kept["finished"]
            text = (self._folder / f"{name}.ipynb").read_bytes()
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        target.write_bytes(text)
        return finished

    def keep(self, name: str, fingerprint: str, notebook: Path, finished: dict[str, Any]) -> None:
        """Keep a notebook that has been run; what says so is written last, in one step.

        Parameters
        ----------
        name, fingerprint
            As in `take`.
        notebook : Path
            The notebook with its outputs, on the same file system; it will not be written to again.
        finished : dict
            JSON data: what it got.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        record, copy = self._folder / f"{name}.json", self._folder / f"{name}.ipynb"
        for old in (record, copy):
            old.unlink(missing_ok=True)
        os.link(notebook, copy)
        new = record.with_suffix(".new")
        new.write_text(json.dumps({"fingerprint": fingerprint, "finished": finished}), encoding="utf-8")
        new.replace(record)

    def remove(self) -> None:
        """Delete what was kept: all of the submission is recorded, or all of it has to be run."""
        if self._folder.exists():
            shutil.rmtree(self._folder)
