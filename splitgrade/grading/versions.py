"""What a verdict depends on besides what travels: the code of the engine, Python, and the packages below."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

from splitgrade.grading.fingerprints import files_hash
from splitgrade.sandbox.visible import own_folder

_SHOWN = 5  # packages that are named


@dataclass(frozen=True)
class Versions:
    """Versions on one machine.

    Parameters
    ----------
    code : str
        A hash of the engine's modules.
    python : str
        Such as ``CPython 3.11``.
    packages : mapping of str to str
        Name -> version of what is installed.
    """

    code: str
    python: str
    packages: Mapping[str, str]


def versions_here() -> Versions:
    """Return the versions on this machine."""
    python = f"{platform.python_implementation()} {'.'.join(platform.python_version_tuple()[:2])}"
    found: dict[str, str] = {}
    for each in metadata.distributions():
        found.setdefault(_normal(each.name), each.version)  # the first one that Python would find
    return Versions(files_hash(own_folder().rglob("*.py"), own_folder()), python, found)


def difference(wanted: Versions, here: Versions) -> str:
    """Return why another machine's verdicts could differ from those here; empty where they cannot.

    Packages that only one of the two has are no difference: one of them may be there for its tests.
    """
    if wanted.python != here.python:
        return f"it has {here.python}, the run {wanted.python}"
    both = wanted.packages.keys() & here.packages.keys()
    if other := sorted(name for name in both if wanted.packages[name] != here.packages[name]):
        shown = ", ".join(f"{name} {here.packages[name]} (the run: {wanted.packages[name]})" for name in other[:_SHOWN])
        return f"it has {shown}{' and others' if len(other) > _SHOWN else ''}"
    if wanted.code != here.code:
        return "its code of the engine is another"
    return ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
