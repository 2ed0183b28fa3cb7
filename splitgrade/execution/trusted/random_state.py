"""The state of the random generators on the trusted side, which goes to the student's process and never back.

A test that seeds the generators gets the same numbers from the student's code, as it would in one kernel. A second
``seed(3)`` must count as well where nothing was drawn after the first, so that seeding is noted, not only seen.
"""

from __future__ import annotations

import ctypes
import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np

_seedings = 0
_bits: Any = np.random.get_bit_generator()  # type: ignore[attr-defined]  # the one behind np.random.seed and np.random.rand; MT19937
_words = (ctypes.c_char * 2500).from_address(_bits.ctypes.state_address)  # 624 words of four bytes, and a position


def note_seeding() -> None:
    """Let every later ``seed`` and ``set_state`` of this process be noted; called once, before tests import them."""
    for module, names in ((np.random, ("seed", "set_state")), (random, ("seed", "setstate"))):
        for name in names:
            setattr(module, name, _noting(getattr(module, name)))


def _noting(function: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(function)
    def seed(*args: Any, **kwargs: Any) -> None:
        global _seedings
        function(*args, **kwargs)
        _seedings += 1

    return seed


class RandomState:
    """What the student's process knows of the generators here.

    Examples
    --------
    >>> state = RandomState()
    >>> state.news() is None
    True
    >>> x = random.random()
    >>> legacy, plain = state.news()
    >>> random.setstate(plain)
    >>> state.news() is None
    True
    """

    def __init__(self) -> None:
        self._pushed = False
        self._known: tuple[object, ...]
        self.take_as_known()

    def take_as_known(self) -> None:
        """Note that both sides have run the same cell."""
        self._known = _sign()

    def forget(self) -> None:
        """Note that the student's process is a new one: what had been pushed has to be pushed again."""
        if self._pushed:
            self._known = ()

    def news(self) -> list[Any] | None:
        """Return the state of both generators for the student's process, None where nothing has changed here."""
        sign = _sign()
        if sign == self._known:
            return None
        self._known, self._pushed = sign, True
        return [np.random.get_state(), random.getstate()]  # noqa: NPY002 - the state that seeded tests use


def _sign() -> tuple[object, ...]:
    """Return what differs after seeding and after drawing; the states themselves cost ten times the microseconds.

    A normal number that NumPy had kept back from an earlier pair is not seen: drawing it leaves the generator as it is.
    """
    _, words, gauss = random.getstate()
    return _seedings, _words.raw, words[-1], words[0], gauss
