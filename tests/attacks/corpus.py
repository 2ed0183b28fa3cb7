"""Every attack, by kind."""

from __future__ import annotations

from tests.attacks.attack import Attack
from tests.attacks.beside import BESIDE
from tests.attacks.bits import BITS
from tests.attacks.faults import FAULTS
from tests.attacks.files import FILES
from tests.attacks.ipython import IPYTHON
from tests.attacks.leaks import LEAKS
from tests.attacks.lost_and_found import LOST_AND_FOUND
from tests.attacks.notebook_json import NOTEBOOK_JSON
from tests.attacks.protocol import PROTOCOL
from tests.attacks.stalling import STALLING
from tests.attacks.verdicts import VERDICTS
from tests.attacks.walls import WALLS

ATTACKS: tuple[Attack, ...] = (
    *(*VERDICTS, *IPYTHON, *FILES, *LOST_AND_FOUND, *BESIDE, *NOTEBOOK_JSON),
    *(*FAULTS, *STALLING, *LEAKS, *BITS, *WALLS, *PROTOCOL),
)
KINDS = tuple(dict.fromkeys(attack.kind for attack in ATTACKS))


def batch(kind: str) -> tuple[Attack, ...]:
    """Return the attacks of a kind."""
    return tuple(attack for attack in ATTACKS if attack.kind == kind)
