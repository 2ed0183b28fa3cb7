"""Read a TOML file and hold it against a JSON schema; numbers stay exact."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from cnn_course.errors import BuildError, Problem


def read_toml(path: Path, schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the content of a TOML file that obeys ``schema``.

    Parameters
    ----------
    path : Path
        The file.
    schema : mapping
        A JSON schema (draft 2020-12).
    name : str
        What the file is called in messages.

    Returns
    -------
    dict
        The content; every decimal number is a `fractions.Fraction`, so that points add up exactly.

    Raises
    ------
    BuildError
        When the file is missing, is not TOML, or breaks the schema; all breaches are named.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=_exact)
    except FileNotFoundError as error:
        raise BuildError(name, [Problem(name, "", "the file exists", "no such file", "create it")]) from error
    except ValueError as error:
        problem = Problem(
            name, "", "the file is TOML, its numbers finite", str(error), "correct the place that the message names"
        )
        raise BuildError(name, [problem]) from error
    errors = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: list(map(str, error.path)))
    if errors:
        raise BuildError(name, [_problem(error, content, name) for error in errors])
    return content


def _exact(text: str) -> Fraction:
    """Return a number as it is written."""
    try:
        return Fraction(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number to count with") from None


def _problem(error: Any, content: Mapping[str, Any], name: str) -> Problem:
    """Turn a message of the schema checker into a problem that names the item."""
    rules = {
        "additionalProperties": "only known keys are used",
        "required": "every required key is there",
        "type": "values have the right type",
        "enum": "only legal words are used",
        "pattern": "names follow the naming rule",
    }
    rule = error.schema.get("description") or rules.get(error.validator, f"the schema's {error.validator}")
    return Problem(name, _item(error.absolute_path, content), rule, error.message, _next_step(error))


def _next_step(error: Any) -> str:
    """Say what would be legal instead."""
    if error.validator == "additionalProperties" and "properties" in error.schema:
        return "legal keys: " + ", ".join(sorted(error.schema["properties"]))
    if error.validator == "required":
        return "add the key; required here: " + ", ".join(error.schema["required"])
    return f"legal: {error.validator} {error.validator_value}"


def _item(path: Any, content: Mapping[str, Any]) -> str:
    """Name the place in the file; a table of a list is named by its id where it has one."""
    words: list[str] = []
    here: Any = content
    for step in path:
        here = here[step]
        named = isinstance(step, int) and isinstance(here, dict) and isinstance(here.get("id"), str)
        words.append(f"{here['id']}" if named else f"number {step + 1}" if isinstance(step, int) else str(step))
    return " > ".join(words)
