"""What both processes of a notebook start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SEED_VARIABLE = "SPLITGRADE_SEED"  # where tests find the seed of fresh inputs
DATA_VARIABLE = "SPLITGRADE_CHECK_DATA"  # where they find the places of what `check_data` names
STUDENT_VARIABLE = "SPLITGRADE_STUDENT"  # where they find whose submission it is: the name of its folder


@dataclass(frozen=True)
class Setting:
    """What both processes of a notebook start from.

    Parameters
    ----------
    student_files, trusted_files : mapping of str to bytes
        Relative name -> content of what lies in the two work folders.
    links : mapping of str to str
        Relative name -> absolute path that a link of this name leads to, in both: what need not be copied.
    imports : sequence of str
        Import statements that tests may rely on.
    solution_names : sequence of str
        Globals that are always the student's.
    always_copy_back : bool
        Whether tests see every in-place change of their arguments, or only what the instructor's solution did.
    refusals : str
        ``"end"`` or ``"raise"``: what a test meets where it is refused a value.
    environment : mapping of str to str
        Variables of the trusted process.
    other_packages : sequence of str
        Packages that the student's process has imported before the fork and that lie beside the notebook in another
        version: it forgets them.
    """

    student_files: Mapping[str, bytes]
    trusted_files: Mapping[str, bytes]
    imports: Sequence[str]
    solution_names: Sequence[str]
    always_copy_back: bool = True
    refusals: str = "end"
    environment: Mapping[str, str] = field(default_factory=dict)
    other_packages: Sequence[str] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def student_starts_like(self, other: Setting) -> bool:
        """Return whether a student's process started for the other serves here: the rest it is told."""
        return self.student_files == other.student_files and self.links == other.links

    def trusted_starts_like(self, other: Setting) -> bool:
        """Return whether a trusted process started for the other serves here: the rest it is told."""
        same_files = self.trusted_files == other.trusted_files and self.links == other.links
        return same_files and self.environment == other.environment
