"""Mistakes of the quizzes: every wrong option, and every wrong number that has a hint."""

from __future__ import annotations

from collections.abc import Iterator

from grader_tests.answers import WrongAnswer
from grader_tests.questions.quiz import items

# Options that are catalogued misconceptions; the others are named after item and option.
CATALOGUED = {
    ("q01", "a"): "Q-conv-invariant",
    ("q02", "c"): "Q-weights-13",
    ("q04", "a"): "Q-dense-filter-complex",
    ("q06", "b"): "Q-equi-inv",
    ("q08", "b"): "Q-valid-length",
    ("q12", "a"): "Q-strided",
    ("q13", "c"): "Q-dilation-kd",
    ("q14", "a"): "Q-pool-quiz-stride",
    ("q14", "b"): "Q-pool-quiz-x2p",
    ("q14", "c"): "Q-pool-same-torch",
    ("q15", "a"): "E39-total-vs-trainable",
    ("q16", "a"): "E41-symmetric-test-kernel",
    ("q17", "b"): "E41-gradcheck-float32",
    ("q18", "a"): "E42-like-pca",
    ("q19", "a"): "E43-ocr-8.0",
    ("q20", "a"): "E44-bigger-is-important",
    ("q21", "b"): "E44-lr-same",
    ("q22", "a"): "E44-knn-units",
    ("q23", "0"): "E44-leakage",
    ("q24", "a"): "E44-saturation",
    ("q25", "21"): "Q-dilation-spaces",
    ("q26", "5"): "Q-dilation-zero-based",
    ("q27", "a"): "Q-equi-twice",
    ("q28", "a"): "Q-equi-stride",
    ("q29", "b"): "Q-conv-over-kernels",
    ("q30", "32"): "E42-linear-stack",
    ("q31", "a"): "E43-invariance-exact",
    ("q32", "0"): "E43-noise-zero",
    ("q33", "5"): "E43-pool-forever",
}


def _wrong_answers() -> Iterator[WrongAnswer]:
    for item in items():
        for option, hint in item.get("hints", {}).items():
            if item["type"] != "number" and option in item["key"]:
                continue  # a right letter of several: its hint is for those who leave it out
            name = CATALOGUED.get((item["id"], option), f"X-{item['id']}-{option}")
            answer = float(option) if item["type"] == "number" else option
            yield WrongAnswer(name, item["id"], "", hint, answer)  # the hint alone says it


WRONG_ANSWERS = tuple(_wrong_answers())
