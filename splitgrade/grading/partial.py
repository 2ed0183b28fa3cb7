"""The finished notebooks of a submission that is not finished: a grader that is killed runs only the others again."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from splitgrade.grading.task import Finished, NotebookGrades
from splitgrade.submission.names import kept_about


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
        self._folder = kept_about(root, "partial", assignment, student)

    def take(self, name: str, fingerprint: str) -> Finished | None:
        """Return a finished notebook.

        Parameters
        ----------
        name : str
            The notebook.
        fingerprint : str
            What its verdict depends on; of another one nothing is taken.

        Returns
        -------
        Finished or None
            What `keep` was given; None where there is nothing, or nothing that can be read: it is run then.
        """
        try:
            kept = json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
            if kept["fingerprint"] != fingerprint:
                return None
            text = (self._folder / f"{name}.ipynb").read_bytes()
            return Finished(text, NotebookGrades(**kept["grades"]), list(kept["changes"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def keep(self, name: str, fingerprint: str, finished: Finished) -> None:
        """Keep a notebook that has been run; what says so is written last, in one step.

        Parameters
        ----------
        name, fingerprint
            As in `take`.
        finished : Finished
            The notebook with its outputs, and what it got.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        record = self._folder / f"{name}.json"
        record.unlink(missing_ok=True)
        (self._folder / f"{name}.ipynb").write_bytes(finished.notebook)
        new = record.with_suffix(".new")
        kept = {"grades": asdict(finished.grades), "changes": list(finished.changes)}
        new.write_text(json.dumps({"fingerprint": fingerprint, **kept}), encoding="utf-8")
        new.replace(record)

    def remove(self) -> None:
        """Delete what was kept: all of the submission is recorded, or all of it has to be run."""
        if self._folder.exists():
            shutil.rmtree(self._folder)
