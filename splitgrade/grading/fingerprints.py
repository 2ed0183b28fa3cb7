"""Fingerprints: a hash of all that a verdict depends on; a submission that keeps it is not run again."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from splitgrade.execution.course_packages import CoursePackages
from splitgrade.grading.gradebook_copy import GradebookCopy, Standing
from splitgrade.grading.record import NotebookRecord, SubmissionRecord
from splitgrade.nbgrader.course_folders import CourseFolders
from splitgrade.nbgrader.execute import SplitExecute
from splitgrade.sandbox.visible import own_folder
from splitgrade.submission.names import kept_about

_READ_BYTES = 1 << 20


@dataclass(frozen=True)
class State:
    """What is kept of a submission that was graded.

    Parameters
    ----------
    fingerprint : str
        What the verdict depended on.
    submission_id, scores : str
        Key and digest of what the gradebook got, see `gradebook_copy.Standing`.
    record : SubmissionRecord
        The result of that run.
    """

    fingerprint: str
    submission_id: str
    scores: str
    record: SubmissionRecord

    def holds(self, fingerprint: str, standing: Standing | None) -> bool:
        """Say whether nothing has changed: neither what went in, nor what the gradebook got."""
        return (
            self.fingerprint == fingerprint
            and standing is not None
            and (standing.submission_id, standing.scores) == (self.submission_id, self.scores)
            and not self.record.having("failed")
        )


def state_path(root: Path, assignment: str, student: str) -> Path:
    """Return where the state of a submission is kept."""
    return kept_about(root, "runs", assignment, student, ".json")


def read_state(path: Path) -> State | None:
    """Return a state; None where there is none, or none that can be read: the submission is run again then."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        notebooks = {name: NotebookRecord(**each) for name, each in data["record"]["notebooks"].items()}
        record = SubmissionRecord(notebooks, list(data["record"]["notes"]))
        return State(data["fingerprint"], data["submission_id"], data["scores"], record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def forget_state(path: Path) -> None:
    """Remove a state, or whatever lies in its place: the submission is run again."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_state(path: Path, state: State) -> None:
    """Write a state in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(state)) + "\n", encoding="utf-8")
    new.replace(path)


def common_part(config: Config, copy: GradebookCopy, seed: int) -> str:
    """Return the hash of what all submissions of a run have in common.

    That is: the instructor's files, what the gradebook says of the assignment, the code of engine and checks, the
    versions of all installed packages and of Python, the configuration, and the seed of fresh inputs.

    Parameters
    ----------
    config : Config
        nbgrader's configuration.
    copy : GradebookCopy
        The assignment.
    seed : int
        The seed.
    """
    source = CourseFolders.of(config).source / copy.assignment
    split = SplitExecute(config=config)
    text = hashlib.sha256()
    for part in (
        files_hash(source.rglob("*"), source),
        *(files_hash(_below(Path(place)), Path(place)) for place in split.check_data),
        code_hash(split.packages),
        str(seed),
        json.dumps(asdict(copy), default=_plain, sort_keys=True),
        json.dumps(config, default=_plain, sort_keys=True),
    ):
        text.update(part.encode() + b"\0")
    return text.hexdigest()


@lru_cache(maxsize=4)  # once a process: what it has imported does not change under it
def code_hash(packages: CoursePackages) -> str:
    """Return the hash of the code of engine and checks, and of all versions of what it stands on."""
    folders = [own_folder(), *packages.code_folders]
    # Name and version are in the name of the folder that every installer leaves (PEP 376).
    versions = sorted({each.name for place in sys.path if place for each in Path(place).glob("*.dist-info")})
    code = [files_hash(folder.rglob("*.py"), folder) for folder in folders]
    return f"{code} {sys.version} {versions}"


def _below(place: Path) -> Iterator[Path]:
    """Yield a file, or all of a folder."""
    return iter([place]) if place.is_file() else place.rglob("*")


def of_submission(common: str, digest: str, extension: datetime.timedelta | None) -> str:
    """Return the fingerprint of one submission.

    Parameters
    ----------
    common : str
        What `common_part` returned.
    digest : str
        Of the snapshot that is graded, or would be.
    extension : timedelta or None
        What the gradebook has: it changes what is late.
    """
    seconds = None if extension is None else extension.total_seconds()
    return hashlib.sha256(f"{common}\0{digest}\0{seconds}".encode()).hexdigest()


def files_hash(paths: Iterable[Path], root: Path) -> str:
    """Return a hash of names, kinds and contents of files of the course."""
    text = hashlib.sha256()
    for path in sorted(path for path in paths if "__pycache__" not in path.parts):
        mode = path.lstat().st_mode
        name = os.fsencode(path.relative_to(root).as_posix())
        text.update(f"\0{stat.S_IFMT(mode)}\0{len(name)}\0".encode() + name)
        if stat.S_ISREG(mode):
            text.update(f"\0{path.stat().st_size}\0".encode())
            with path.open("rb") as stream:
                while block := stream.read(_READ_BYTES):
                    text.update(block)
    return text.hexdigest()


def _plain(value: Any) -> Any:
    """Return something that JSON can hold and that is the same in every process."""
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, type) or callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    return str(value)
