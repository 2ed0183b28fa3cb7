"""Every key of the bank agrees with an oracle that shares no formula with it, on 200 drawn variants."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy

from cnn_ref.networks import NETWORKS
from grader_tests.bank.item import LETTER, bank
from grader_tests.bank.variant import LETTERS, Variant, drawn
from student_kit.normal_form import normal_numbers

sys.path.insert(0, str(Path(__file__).parent))
from oracles import ORACLES, places

DRAWS = 200
NUMERIC = [item.id for item in bank().values() if item.form != LETTER]


def test_every_item_that_asks_for_numbers_has_an_oracle() -> None:
    """No item is left out, and no oracle is for nothing."""
    assert set(ORACLES) == set(NUMERIC)


@pytest.mark.parametrize("name", NUMERIC)
def test_keys_agree_with_the_oracle(name: str) -> None:
    """What the reference says and what counting says are equal, to the decimals that are asked for."""
    item = bank()[name]
    for place in range(DRAWS):
        made = drawn(item, "oracle", place)
        found = ORACLES[name](made.values)  # type: ignore[arg-type]
        answer = found if isinstance(found, tuple) else (found,)
        assert normal_numbers(answer, item.digits) == made.key, made.numbers


def options(name: str, draws: int = DRAWS) -> list[Variant]:
    """Return variants of a letter item."""
    return [drawn(bank()[name], "oracle", place) for place in range(draws)]


def holding(made: Variant, holds: object) -> str:
    """Return the letters of the options that hold."""
    assert callable(holds)
    return "".join(letter for letter, text in zip(LETTERS, made.options, strict=False) if holds(text))


def rows(text: str) -> np.ndarray:
    """Return a printed table."""
    return np.array([[int(cell) for cell in row.split()] for row in text.split("/")])


def test_one_printed_map_belongs_to_the_example() -> None:
    """Read back from the prompt, image and filter give exactly one of the five maps, by SciPy's correlation."""
    for made in options("mistake-printed-example"):
        tables = [rows(line) for line in made.prompt.splitlines() if line.startswith("  ")]
        image, taps = np.array(tables[:3]), np.array(tables[3:])
        padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
        right = scipy.signal.correlate(padded, taps, "valid", "direct")[0, ::2, ::2]
        assert holding(made, lambda text, right=right: np.array_equal(rows(text), right)) == made.key[0]


def test_one_move_goes_unseen() -> None:
    """Of four moves exactly one leaves the pooled map as it is."""
    for made in options("pooling-cannot-tell"):
        side, window = int(made.values["n"]), int(made.values["w"])

        def unseen(text: str, side: int = side, window: int = window) -> bool:
            row, before, after = map(int, re.findall(r"\d+", text))
            maps = np.zeros((2, side, side))
            maps[0, row, before] = maps[1, row, after] = 9
            assert after == before + 1
            pooled = maps.reshape(2, side // window, window, side // window, window).max(axis=(2, 4))
            return np.array_equal(pooled[0], pooled[1])

        assert holding(made, unseen) == made.key[0]


def test_one_layer_is_impossible() -> None:
    """Of four layers exactly one has no window at all."""
    for made in options("size-constraint"):

        def impossible(text: str, cells: int = int(made.values["n"])) -> bool:
            found = [int(number) for number in re.findall(r"\d+", text)]
            return places(cells, found[0], found[1], found[2] if len(found) > 2 else 0) == 0

        assert holding(made, impossible) == made.key[0]


def test_no_padding_keeps_the_size_under_an_even_filter() -> None:
    """Walked for every padding: an even filter never keeps the size at stride 1."""
    for made in options("padding-same-even"):
        cells, span = int(made.values["n"]), int(made.values["k"])
        assert all(places(cells, span, 1, padding) != cells for padding in range(span + 2))
        assert made.options["abcd".index(made.key[0])].startswith("none does")


def test_a_stride_is_equivariant_to_its_multiples_alone() -> None:
    """A strided correlation of random cells, shifted by the drawn shift, is no shifted copy of the old one."""
    rng = np.random.default_rng(1)
    for made in options("property-equivariant-where", 40):
        stride, shift = int(made.values["s"]), int(made.values["t"])
        line = np.pad(rng.integers(1, 99, 40), 120)
        taps = rng.integers(1, 9, 3)
        old, new = (np.correlate(np.roll(line, by), taps, "valid")[::stride] for by in (0, shift))
        assert not any(np.array_equal(np.roll(old, by), new) for by in range(-len(old), len(old)))


def test_the_ratio_of_googlenet_is_that_of_the_networks() -> None:
    """The numbers in the question are those of the described networks, and the key is their ratio."""
    made = options("network-googlenet-ratio", 1)[0]
    first, second = (NETWORKS[name]().parameters for name in ("alexnet", "googlenet"))
    assert f"{first:,}" in made.prompt
    assert f"{second:,}" in made.prompt
    with_side_outputs = 13_378_280  # facts: both auxiliary heads
    ratios = {"8.7": first / second, "4.6": first / with_side_outputs}
    for text, ratio in ratios.items():
        assert f"{ratio:.1f}" == text
        assert any(text in option for option in made.options)
    assert "8.7" in made.options["abcd".index(made.key[0])]


def test_the_layers_of_networks_are_as_the_solutions_say() -> None:
    """23 layers and 388 for U-Net, 16 and 19 weight layers for VGG's D and E, 34,944 for AlexNet: all computed."""
    unet = NETWORKS["unet"]()
    assert sum(layer.kind.startswith("Conv") for layer in unet.layers) == ORACLES["network-unet-layers"]({"l": 4}) == 23
    assert unet.output_shape[1] == ORACLES["network-unet-side"]({"n": 572}) == 388
    for name, count in (("vgg_d", 16), ("vgg_e", 19)):
        assert sum(layer.kind in ("Conv", "Dense") for layer in NETWORKS[name]().layers) == count
    alexnet = {"f": 96, "k": 11, "s": 4, "n": 227}
    assert ORACLES["network-alexnet-first-layer"](alexnet) == (34_944, 105_705_600)
