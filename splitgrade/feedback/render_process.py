"""The program that renders students' text: one request in JSON a line, one answer a line, a bound on CPU time for each.

What runs here is ours; what it works on is not. A text can be made to cost hours (regular expressions of a lexer or
of a Markdown parser), so it is rendered in a process that the kernel ends when its CPU time is over: time that
others take on a busy machine does not count.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from IPython.lib.lexers import IPython3Lexer
from nbconvert.filters.ansi import ansi2html
from pygments import highlight
from pygments.formatters import HtmlFormatter

from splitgrade.feedback.markdown import safe_markdown

_MEMORY = 2 << 30  # bytes of address space


def _markdown(text: str, pictures: str, attachments: dict[str, Any] | None) -> str:
    return safe_markdown(text, Path(pictures), attachments)


def _code(text: str) -> str:
    return str(highlight(text, IPython3Lexer(), HtmlFormatter(cssclass="highlight")))


def _terminal(text: str) -> str:
    return str(ansi2html(text))


KINDS: dict[str, Callable[..., str]] = {"markdown": _markdown, "code": _code, "terminal": _terminal}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more.

    Parameters
    ----------
    requests : binary file
        Pairs of lines of JSON: the seconds of CPU time, and ``kind`` with the arguments of the kind.
    answers : binary file
        Lines of JSON: ``html``, None where the text cannot be rendered, and ``seconds`` that were used.
    """
    while _serve_in_a_child(requests, answers):
        _answer(answers, None, None)  # the text that ended the child


def _serve_in_a_child(requests: BinaryIO, answers: BinaryIO) -> bool:
    """Let a child answer, which starts in milliseconds; return whether it was ended with a question open."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0
    for seconds in requests:
        request = json.loads(requests.readline())
        before = time.process_time()
        signal.setitimer(
            signal.ITIMER_PROF, json.loads(seconds)
        )  # SIGPROF ends the process, in the midst of C code too
        try:
            html = KINDS[request["kind"]](**request["arguments"])
        except Exception:  # of parsers, over text that was made to break them; the page shows the text as it is
            html = None
        signal.setitimer(signal.ITIMER_PROF, 0)
        _answer(answers, html, time.process_time() - before)
    os._exit(0)


def _answer(answers: BinaryIO, html: str | None, seconds: float | None) -> None:
    """Write a line; no seconds stand for all that there were."""
    answers.write(json.dumps({"html": html, "seconds": seconds}).encode() + b"\n")
    answers.flush()


def main() -> None:
    """Serve on standard input and output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks ends it
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # without a word, where whoever asks was killed
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing that a library prints may be taken for an answer
    _code("x = 1")  # what the first text would load
    _markdown("$x$ **b** `c`", ".", None)
    serve(sys.stdin.buffer, answers)
