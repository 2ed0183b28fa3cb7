"""What the instructor's solutions gave, kept from one run to the next: nothing is run again that has not changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from splitgrade.execution.calibrate import Calibration
from splitgrade.execution.endings import Ending


@dataclass(frozen=True)
class Kept:
    """The calibrations of an assignment on disk, in a folder that no process of a student's or a test's can see.

    Only those are kept of which there is nothing to say: what a solution met on a busy machine may be another thing
    the next time.

    Parameters
    ----------
    path : Path
        The file.
    common : str
        What they depend on, see `fingerprints.common_part`; those of anything else are not read.
    """

    path: Path
    common: str

    def read(self) -> dict[str, Calibration]:
        """Return calibrations by the digest of their notebook; none where they are of something else, or damaged."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if kept["common"] != self.common:
                return {}
            return {digest: _calibration(**each) for digest, each in kept["notebooks"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def write(self, found: Mapping[str, Calibration]) -> None:
        """Keep calibrations, in one step."""
        plain = {
            digest: {"records": each.records, "endings": each.endings, "written": sorted(each.written)}
            for digest, each in found.items()
            if not (each.apart or each.warnings)
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"common": self.common, "notebooks": plain}) + "\n", encoding="utf-8")
        new.replace(self.path)


def _calibration(
    records: Mapping[str, Mapping[str, object]], endings: Mapping[str, str], written: list[str]
) -> Calibration:
    return Calibration(records, {name: Ending(each) for name, each in endings.items()}, {}, (), frozenset(written))
