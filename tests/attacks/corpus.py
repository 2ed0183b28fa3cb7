"""Every attack, by kind."""

from __future__ import annotations

from tests.attacks.attack import Attack
from tests.attacks.faults import FAULTS
from tests.attacks.files import FILES
from tests.attacks.leaks import LEAKS
from tests.attacks.protocol import PROTOCOL
from tests.attacks.verdicts import VERDICTS

ATTACKS: tuple[Attack, ...] = (*VERDICTS, *FILES, *FAULTS, *LEAKS, *PROTOCOL)
KINDS = tuple(dict.fromkeys(attack.kind for attack in ATTACKS))


def batch(kind: str) -> tuple[Attack, ...]:
    """Return the attacks of a kind."""
    return tuple(attack for attack in ATTACKS if attack.kind == kind)
