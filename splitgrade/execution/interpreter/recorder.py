"""The outputs of a cell, recorded while it runs, up to a bound."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

from splitgrade.execution.wire.outputs import CUT, DECISIVE, Output
from splitgrade.sandbox.limits import MAX_DECISIVE, MAX_IMAGES, MAX_OUTPUTS


class Recorder:
    """Collects what a cell prints, displays and raises, up to a bound.

    Parameters
    ----------
    text_limit : int
        Characters that one cell may print.
    """

    def __init__(self, text_limit: int = 1 << 20) -> None:
        self.text_limit = text_limit
        self._outputs: list[Output] = []
        self._identified: dict[str, Output] = {}
        self._characters = self._image_characters = 0
        self._clear_next = False
        self._left = {True: MAX_DECISIVE, False: MAX_OUTPUTS}

    def __bool__(self) -> bool:
        return bool(self._outputs)

    @property
    def has_error(self) -> bool:
        """Return whether an exception is among the outputs."""
        return "error" in [output["output_type"] for output in self._outputs]  # `any` may be the student's

    def stream(self, name: str, text: str) -> None:
        """Record printed text; consecutive pieces become one output."""
        if not text or self._characters > self.text_limit:
            return
        self._apply_clear()
        left = self.text_limit - self._characters
        self._characters += len(text)
        text = text if len(text) <= left else text[:left] + CUT
        last = self._outputs[-1] if self._outputs else {}
        if last.get("name") == name:
            last["text"].append(text)
        else:
            self._add({"output_type": "stream", "name": name, "text": [text]})

    def display(self, data: Mapping[str, Any], metadata: Mapping[str, Any], identity: str | None = None) -> None:
        """Record a displayed object; one with an identity can be replaced later."""
        output = {"output_type": "display_data", "data": self._within_images(data), "metadata": dict(metadata)}
        if self._add(output) and identity is not None:
            self._identified[identity] = output

    def update(self, data: Mapping[str, Any], identity: str | None) -> None:
        """Replace what was displayed under an identity in this cell."""
        if identity in self._identified:
            self._identified[identity]["data"] = self._within_images(data)

    def result(self, data: Mapping[str, Any], metadata: Mapping[str, Any], count: int) -> None:
        """Record the value of a cell's last expression."""
        self._add(
            {
                "output_type": "execute_result",
                "data": self._within_images(data),
                "metadata": dict(metadata),
                "execution_count": count,
            }
        )

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Record an exception."""
        self._add({"output_type": "error", "ename": name, "evalue": value, "traceback": traceback})

    def clear(self, *, wait: bool = False) -> None:
        """Forget what the cell showed so far, at once or when the next output comes."""
        self._clear_next = True
        if not wait:
            self._apply_clear()

    def take(self) -> list[Output]:
        """Return the outputs so far and start anew."""
        outputs = self._outputs
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        self._outputs, self._identified, self._clear_next = [], {}, False
        self._characters = self._image_characters = 0
        self._left = {True: MAX_DECISIVE, False: MAX_OUTPUTS}
        return outputs

    def _within_images(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return display data, without its pictures when the cell has shown too many bytes of them."""
        encoded = encode_images(data)
        pictures = {kind for kind, value in encoded.items() if kind.startswith("image/") and isinstance(value, str)}
        self._image_characters += sum(len(encoded[kind]) for kind in pictures)
        if self._image_characters > MAX_IMAGES:
            return {kind: value for kind, value in encoded.items() if kind not in pictures}
        return encoded

    def _apply_clear(self) -> None:
        if self._clear_next:
            self._outputs, self._identified, self._clear_next = [], {}, False

    def _add(self, output: Output) -> bool:
        self._apply_clear()
        decisive = output["output_type"] in DECISIVE
        if self._left[decisive] == 0:
            return False
        self._left[decisive] -= 1
        self._outputs.append(output)
        return True


class Stream(io.TextIOBase):
    """A ``sys.stdout`` or ``sys.stderr`` that writes into a recorder.

    Parameters
    ----------
    recorder : Recorder
        Where the text goes.
    name : str
        ``"stdout"`` or ``"stderr"``.
    descriptor : int
        What `fileno` says, for code that writes below Python.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, recorder: Recorder, name: str, descriptor: int) -> None:
        self._recorder, self.name, self._descriptor = recorder, name, descriptor

    def write(self, text: str) -> int:
        """Record text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self.name, str(text))
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that ends up in the same output."""
        return self._descriptor


def encode_images(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return display data with raw bytes as base64 text, the way notebooks hold them."""
    return {
        str(kind): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
