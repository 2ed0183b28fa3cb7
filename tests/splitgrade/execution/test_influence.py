"""A test that does not reach an answer by any name is not run again with another; in doubt it is."""

from __future__ import annotations

import pytest

from splitgrade.execution.influence import may_matter

SIZE = "def size(n):\n    return n"
AREA = "def area(n):\n    return size(n) ** 2"
OWN_AREA = "def area(n):\n    '''Return the square of size(n).'''\n    return (n + 1) ** 2"
BY_KIT = "def area(n):\n    return kit.area(n) + note(n)"
BY_NUMPY = "def area(n):\n    return np.square(n)"
REACHING = {
    "the test itself": (SIZE, "size(3)", []),
    "past a text that Python warns of": ("unit = '\\d'\n" + SIZE, "size(3)", []),
    "through an answer": (SIZE, "area(3)", [AREA]),
    "through two": (SIZE, "volume(3)", ["def volume(n): return area(n) * n", AREA]),
    "through a value": (SIZE, "table[3]", ["table = [size(n) for n in range(9)]"]),
    "through what a function changes": (SIZE, "table[3]", ["table = []", "fill(table, size)"]),
    "through a global name": (
        SIZE,
        "area(3)",
        ["def area(n): return side", "def go():\n global side; side = size(2)"],
    ),
    "by a method": (SIZE, "table[3]", ["table = []", "table.append(size(3))"]),
    "by a walrus in a comprehension": (SIZE, "last", ["[last := size(n) for n in range(3)]"]),
    "by a match": (SIZE, "found", ["match size(3):\n    case [found]: pass"]),
    "by a decorator": ("@kept\ndef size(n): ...", "table[3]", ["table = []\ndef kept(f): table.append(f)"]),
    "by a call that changes something": ("go()", "table[3]", ["table = []\ndef go():\n    table.append(1)"]),
    "by a name in a text": (SIZE, "area(3)", ["def area(n): return getattr(notebook, 'size')(n) ** 2"]),
    "by a module's import": ("import numpy as np\ndef size(n): ...", "area(3)", ["def area(n): return np.square(n)"]),
    "by what a module keeps": ("import kit\nkit.mode(1)\ndef size(n): ...", "area(3)", ["import kit", BY_KIT]),
    "by a function that registers": ("note(1)", "area(3)", ["from kit import note", BY_KIT]),
    "by a cell that registers": (SIZE, "area(3)", ["import kit", "kit.add(size)", BY_KIT]),
    "by a decorator that registers": ("@kit.kept\ndef size(n): ...", "area(3)", ["import kit", BY_KIT]),
    "by an import that registers": ("import plugin\ndef size(n): ...", "area(3)", ["import kit", BY_KIT]),
    "by names that code makes": (SIZE, "area(3)", ["def area(n): return globals()['si' + 'ze'](n) ** 2"]),
    "by a file": ("open('size.txt', 'w')", "area(3)", [OWN_AREA]),
    "by a setting": ("np.random.seed(1)", "area(3)", [OWN_AREA]),
    "too long to tell": (SIZE, "area(3)", [OWN_AREA + "\n" * 200_000]),
    "too deep to tell": (SIZE, "area(3)", [f"x = {'-' * 9000}1"]),
}
APART = {
    "nothing written": (SIZE, "area(3)", ["def area(n):\n    '''Return the square of size(n).'''"]),
    "an answer of its own": (SIZE, "check(lambda: area)\narea(3)", [OWN_AREA]),
    "shown, but used by nobody": (SIZE, "area(3)", ["from kit import show", "show(size(3))", OWN_AREA]),
    "checked by what the test uses, too": (
        SIZE,
        "check(area)",
        ["from kit import check", "check(lambda: size)", OWN_AREA],
    ),
    "a library that both use": ("x = np.zeros(3)\ndef size(n): ...", "area(3)", ["import numpy as np", BY_NUMPY]),
    "a module that another cell loads": ("import kit\ndef size(n): ...", "area(3)", ["import kit", BY_KIT]),
    "no Python": (SIZE, "area(3)", ["size(3", OWN_AREA]),
}


@pytest.mark.parametrize("name", REACHING)
def test_what_reaches_an_answer_may_depend_on_it(name):
    """Every way that names tell of, and every one that they cannot tell of."""
    answer, test, cells = REACHING[name]
    assert may_matter([answer], test, cells)


@pytest.mark.parametrize("name", APART)
def test_what_does_not_reach_an_answer_does_not_depend_on_it(name):
    """Text between the lines and calls that change nothing are no way."""
    answer, test, cells = APART[name]
    assert not may_matter([answer], test, cells)
