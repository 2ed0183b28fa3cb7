"""Whose each folder of Gradescope's export is: ``submission_metadata.yml``, YAML with Ruby's objects in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from cnn_course.collecting.archive import Item
from cnn_course.collecting.hand_in import Owner
from cnn_course.errors import BuildError, Problem

METADATA = "submission_metadata.yml"
Submission = tuple[list[Owner], datetime | None]  # the members of a group, and when it was handed in


def read_owners(item: Item) -> dict[PurePosixPath, Submission]:
    """Return folder -> whose it is, of a list of submissions.

    Parameters
    ----------
    item : Item
        The list.

    Raises
    ------
    BuildError
        When it cannot be read.
    """
    found = {}
    try:
        content = yaml.load(item.read(), _Loader)  # noqa: S506 - a SafeLoader
        for folder, said in content.items():
            people = [_owner(each) for each in said[":submitters"]]
            found[item.path.parent / str(folder)] = people, _time(said.get(":created_at"))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        rule, step = "it lists submitters of each submission", "export the submissions again"
        problem = Problem(item.source, str(item.path), rule, str(error).splitlines()[0], step)
        raise BuildError("collect", [problem]) from None
    return found


def _owner(said: Mapping[str, Any]) -> Owner:
    return Owner("gradescope", *(str(said.get(name) or "") for name in (":name", ":sid", ":email")))


def _time(said: object) -> datetime | None:
    """Return an exact time, None where there is none; YAML's own times without a zone are UTC."""
    if isinstance(said, str):
        said = datetime.fromisoformat(said.replace(" Z", "Z").replace(" UTC", "Z"))
    if not isinstance(said, datetime):
        return None
    return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml ships no types
    """YAML without objects; of Ruby's times the UTC half is taken."""


def _ruby(loader: Any, _suffix: str, node: Any) -> object:
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_scalar(node)
    return loader.construct_mapping(node).get("utc")


_Loader.add_multi_constructor("!ruby/", _ruby)
