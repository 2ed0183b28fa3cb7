"""The form of answers that are values: which words, letters or numbers are legal. Nothing here says which are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from student_kit import plain
from student_kit.plain import Finding


@dataclass(frozen=True)
class Letters:
    """One letter, or with `several` any number of letters, out of `options`."""

    options: str
    several: bool = False

    def finding(self, value: object) -> Finding | None:
        """Return what is wrong with the form of an answer."""
        text = plain.text(value)
        if isinstance(text, Finding):
            return Finding(text.stage, f'{text.message} Legal: {self.legal()}, such as "{self.options[0]}".')
        letters = text.replace(",", "").replace(" ", "")
        if not letters or set(letters) - set(self.options) or (len(letters) > 1 and not self.several):
            return Finding("type", f"Legal answers are {self.legal()}, in quotation marks.")
        return None

    def legal(self) -> str:
        """Return the legal answers in words."""
        return f"{'letters' if self.several else 'one letter'} out of {', '.join(self.options)}"


@dataclass(frozen=True)
class OneNumber:
    """One finite number."""

    def finding(self, value: object) -> Finding | None:
        """Return what is wrong with the form of an answer."""
        got = plain.number(value)
        return got if isinstance(got, Finding) else None


@dataclass(frozen=True)
class DictOfNumbers:
    """A dict with a finite number for each of `keys`."""

    keys: tuple[str, ...]

    def finding(self, value: object) -> Finding | None:
        """Return the first thing that is wrong with the form of an answer."""
        read = plain.numbers_by_name(value, self.keys)
        return read if isinstance(read, Finding) else first_of(read)


@dataclass(frozen=True)
class DictOfSets:
    """A dict with one set out of the printed `words` for each of `keys`."""

    keys: tuple[str, ...]
    words: frozenset[str]

    def finding(self, value: object) -> Finding | None:
        """Return the first thing that is wrong with the form of an answer."""
        read = plain.sets_of_text(value, self.keys)
        if isinstance(read, Finding):
            return read
        return first_of({key: self._foreign(entry) or entry for key, entry in read.items()})

    def _foreign(self, entry: frozenset[str] | Finding) -> Finding | None:
        """Return a finding for words that are not printed in the notebook."""
        foreign = [] if isinstance(entry, Finding) else sorted(entry - self.words)
        named = ", ".join(repr(word[:40]) for word in foreign[:3])
        return Finding("type", f"Not in the printed list of words: {named}.") if foreign else None


Form = Letters | OneNumber | DictOfNumbers | DictOfSets


def first_of(entries: Mapping[str, object]) -> Finding | None:
    """Return the finding of the first entry that has one, with its key; blank when no entry is filled in."""
    found = {key: entry for key, entry in entries.items() if isinstance(entry, Finding)}
    if not found:
        return None
    if len(found) == len(entries) and all(entry.stage == "not answered" for entry in found.values()):
        return Finding("not answered", "Not answered yet.")
    key, finding = next(iter(found.items()))
    return Finding("type" if finding.stage == "not answered" else finding.stage, f'"{key}": {finding.message}')


LAYERS = ("Conv", "MaxPooling", "Dense", "Dropout")
WORDS = frozenset(
    {
        "weights",
        "biases",
        "number of filters",
        "kernel size",
        "window size",
        "stride",
        "padding",
        "number of units",
        "activation",
        "drop rate",
    }
)

COUNTS = (
    "conv",
    "pooling",
    "dropout",
    "batch_norm",
    "dense",
    "kept",
    "dropout_mean",
    "same_stride_2",
    "only_zeros",
    "total_padding",
)

ARCHITECTURES: dict[str, tuple[str, ...]] = {
    "arch1-sizes": ("conv1", "pool1", "conv2", "conv3", "conv4", "pool2", "flatten"),
    "arch1-learned": ("conv1", "conv2", "conv3", "conv4", "dense", "output", "total"),
    "arch1-costs": ("conv1", "conv2", "conv3", "conv4", "dense", "output", "total"),
    "arch1-alexnet": ("conv1_side", "conv1_shared", "conv1_unshared", "conv2", "padding_224"),
    "arch1-classics": ("lenet_c3", "zfnet_side", "vgg_channels", "vgg_dense", "googlenet_5x5"),
    "arch2-stacks": (
        "one_5x5",
        "two_3x3",
        "saved_percent",
        "three_3x3_see",
        "row_and_column",
        "row_column_saved_percent",
    ),
    "arch2-inception": ("channels", "direct", "bottleneck", "times_cheaper"),
    "arch2-residual": ("plain", "identity", "projection", "bottleneck"),
    "arch3-slide-example": ("top_middle", "center", "bottom_right", "wrong_cells"),
    "arch3-plus-one": ("alexnet_printed", "alexnet_right", "pool_printed", "pool_right"),
    "arch3-googlenet-table": ("conv1_cost", "module_5a_weights", "module_5a_cost"),
    "arch3-vgg-memory": ("values", "megabytes", "first_two_percent"),
}

FORMS: dict[str, Form] = {
    "ex39-parameters": DictOfSets(LAYERS, WORDS),
    "ex39-hyperparameters": DictOfSets(LAYERS, WORDS),
    "ex39-counts": DictOfNumbers(COUNTS),
    "ex40-connections": OneNumber(),
    "ex40-shared-total": OneNumber(),
    "ex40-unshared-total": OneNumber(),
    **{question: DictOfNumbers(keys) for question, keys in ARCHITECTURES.items()},
    "arch2-even-kernel": OneNumber(),
    **{f"q{number:02}": Letters("abcd") for number in range(1, 15)},
    **dict.fromkeys(
        ("q15", "q16", "q17", "q18", "q19", "q20", "q21", "q22", "q24", "q27", "q28", "q29", "q31"), Letters("abc")
    ),
    **dict.fromkeys(("q23", "q25", "q26", "q30", "q32", "q33"), OneNumber()),
}
"""Question id -> the form of its answer."""

WRITTEN: dict[str, str] = {
    "ex39-stride-padding": "stride and padding",
    "ex40-local-connection": "local connection",
    "ex40-sharing": "parameter sharing",
    "ex42-role": "the role of the 1x1 convolution",
    "ex43-example": "a practical example",
    "ex44-why": "why features are scaled",
}
"""Id of a written answer -> what it is about; these are read by a person."""
