"""Functions and classes that both processes can import, and so need not hand over."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

_IMPORTABLE = ("numpy", "math", "cmath", "operator", "builtins", "scipy")


def import_name(value: Any) -> str | None:
    """Return ``module:name`` of a function or class that the student's process can import as well."""
    module = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if isinstance(value, np.ufunc):
        module, name = "numpy", value.__name__
    if not isinstance(module, str) or not isinstance(name, str) or module.split(".")[0] not in _IMPORTABLE:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module}:{name}" if found is value else None
