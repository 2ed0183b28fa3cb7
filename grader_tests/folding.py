"""Telling one cause once: aspects that fail for the same reason refer to the first of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from grader_tests.cases import Tried
from grader_tests.result import AspectResult


def folded(
    tried: Sequence[Tried], causes: Sequence[Collection[str]], verdicts: Iterable[AspectResult]
) -> list[AspectResult]:
    """Return the verdicts with repeated causes folded.

    Parameters
    ----------
    tried : sequence of Tried
        The aspects with their trials.
    causes : sequence of collections of str
        Names of the aspects that one known mistake explains, mistake by mistake.
    verdicts : iterable of AspectResult
        One for each aspect, in the same order.

    Returns
    -------
    list of AspectResult
        An aspect that a mistake explains along with an earlier one, or whose first wrong case failed in the very same
        words as an earlier aspect's, says so instead of telling it again.
    """
    first: dict[object, str] = {}
    result = []
    for each, verdict in zip(tried, verdicts, strict=True):
        if each.held:
            result.append(verdict)
            continue
        cause = next((place for place, names in enumerate(causes) if verdict.name in names), None)
        finding = each.wrong[0].finding
        words = (finding.stage, finding.message) if finding and finding.stage not in ("values", "shape") else None
        keys = [key for key in (cause, words) if key is not None]
        told = next((first[key] for key in keys if key in first), "")
        for key in keys:
            first.setdefault(key, verdict.name)
        result.append(replace(verdict, message=f'The same cause as under "{told}".') if told else verdict)
    return result
