"""Students' text as HTML, made by another process within bounds on its CPU time.

`PageText` renders the texts of one page; all pages of a class share one process.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import time
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from splitgrade.nbgrader.execute import newest_change
from splitgrade.sandbox.limits import MAX_RENDERED_KEPT, PAGE_SECONDS, TEXT_SECONDS

_PATIENCE = 120.0  # seconds of wall time, where the process neither works nor answers
_NOTE = '<p class="note">This text takes too long to be set and is shown as it was written.</p>'
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from splitgrade.feedback.render_process import main; main()"
)


class PageText:
    """Renders the texts of one page within the CPU time of a page.

    Parameters
    ----------
    text_seconds, page_seconds : float, optional
        CPU time for one text, and for all together.
    """

    def __init__(self, text_seconds: float = TEXT_SECONDS, page_seconds: float = PAGE_SECONDS) -> None:
        self._text_seconds, self._left = text_seconds, page_seconds

    def markdown(self, text: str, pictures: Path, attachments: dict[str, Any] | None = None) -> str:
        """Return Markdown as HTML that can only be read, see `markdown.safe_markdown`."""
        return self._rendered("markdown", text, pictures=str(pictures), attachments=attachments)

    def code(self, text: str) -> str:
        """Return colored Python; without colors, and without a note, where they cost too much."""
        return self._rendered("code", text, note="", start='<div class="highlight"><pre>', end="</pre></div>")

    def terminal(self, text: str) -> str:
        """Return what was printed, its terminal colors as HTML."""
        return self._rendered("terminal", text, note="", start="", end="")

    def _rendered(
        self, kind: str, text: str, *, note: str = _NOTE, start: str = "<pre>", end: str = "</pre>", **more: Any
    ) -> str:
        html, seconds = None, min(self._text_seconds, self._left)
        if seconds > 0:
            html, used = _process().ask(kind, seconds, text=text, **more)
            self._left -= used
        return f"{note}{start}{escape(text)}{end}" if html is None else html


class RenderProcess:
    """The program `render_process`, started when the first text comes.

    What it made of a text is kept: the instructor's stand on the page of every student.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._kept: dict[bytes, str] = {}
        self._characters = 0

    def ask(self, kind: str, seconds: float, **arguments: Any) -> tuple[str | None, float]:
        """Return the HTML of a text, None where it could not be made in time, and the CPU time that was used.

        Parameters
        ----------
        kind : str
            One of `render_process.KINDS`.
        seconds : float
            CPU time that the text may cost.
        **arguments
            Those of the kind.

        Raises
        ------
        RuntimeError
            When the program does not start or does not answer.
        """
        asked = json.dumps({"kind": kind, "arguments": arguments}).encode()
        key = sha256(asked + _version(**arguments)).digest()
        if key in self._kept:
            return self._kept[key], 0.0
        if self._process is None:
            command = [sys.executable, "-c", _START, json.dumps(sys.path)]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        try:
            answer = json.loads(self._answer(self._process, b"%s\n%s\n" % (json.dumps(seconds).encode(), asked)))
        except (OSError, ValueError) as error:
            self.close()
            raise RuntimeError(f"the process that renders text for feedback has ended: {error}") from error
        if answer["html"] is not None:
            self._keep(key, answer["html"])
        return answer["html"], seconds if answer["seconds"] is None else answer["seconds"]

    def _keep(self, key: bytes, html: str) -> None:
        if self._characters + len(html) > MAX_RENDERED_KEPT:
            self._kept.clear()
            self._characters = 0
        if len(html) <= MAX_RENDERED_KEPT:
            self._kept[key] = html
            self._characters += len(html)

    def close(self) -> None:
        """End the program; may be called twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # its child ends with its input
            with contextlib.suppress(BrokenPipeError):  # what was not read is not wanted
                process.communicate()

    def _answer(self, process: subprocess.Popen[bytes], request: bytes) -> bytes:
        """Send a request and return the line that comes back; what came of it where none does."""
        if process.stdin is None or process.stdout is None:
            raise OSError("it has no pipes")
        process.stdin.write(request)
        process.stdin.flush()
        until, line = time.monotonic() + _PATIENCE, bytearray()
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(until - time.monotonic(), 0))
            part = os.read(process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                raise OSError("it does not answer")
            line += part
        return bytes(line)


def _version(text: str, pictures: str | None = None, **_: Any) -> bytes:
    """Return what tells whether the pictures that a text may name are the same as before."""
    return b"" if pictures is None or "![" not in text else str(newest_change(pictures)).encode()


_processes: dict[int, RenderProcess] = {}  # by process id: a fork must not speak on its parent's pipes


def _process() -> RenderProcess:
    if os.getpid() not in _processes:
        _processes[os.getpid()] = process = RenderProcess()
        atexit.register(process.close)
    return _processes[os.getpid()]
