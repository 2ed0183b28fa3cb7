"""IPython without a kernel: runs cells in this process and returns their notebook outputs."""

from __future__ import annotations

import ast
import builtins
import functools
import getpass
import os
import pdb
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from IPython.core.autocall import IPyAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.macro import Macro
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from splitgrade.execution.interpreter.recorder import Recorder, Stream
from splitgrade.execution.interpreter.tracebacks import keep_colors
from splitgrade.execution.wire.outputs import Output

INLINE = "module://matplotlib_inline.backend_inline"
# Without a shell command among them: each of these starts a program.
PROGRAM_MAGICS = frozenset(
    (
        *("!", "sx", "system", "script", "bash", "sh", "perl", "ruby", "javascript", "js"),
        *("pypy", "python", "python2", "python3", "pip", "conda", "mamba", "micromamba", "uv"),
    )
)
# These change how things are shown, or load what does; an answer does not depend on it.
DISPLAY_MAGICS = frozenset(
    ("matplotlib", "pylab", "load_ext", "reload_ext", "unload_ext", "config", "gui", "autoreload")
)
_HERE = str(Path(__file__).parents[1])  # splitgrade/execution
recorder = Recorder()


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Records what `display` is given."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Record one object, or replace it when it was displayed before."""
        identity = (transient or {}).get("display_id")
        if update:
            recorder.update(data, identity)
        else:
            recorder.display(data, metadata or {}, identity)

    def clear_output(self, wait: bool = False) -> None:
        """Forget the outputs of this cell."""
        recorder.clear(wait=wait)


class _Hook(DisplayHook):  # type: ignore[misc]
    """Records the value of the last expression."""

    def write_output_prompt(self) -> None:
        """Write nothing: the notebook has its own prompt."""

    def quiet(self) -> bool:
        """Return whether the cell ends with a semicolon; one without any is not read word by word."""
        parsed = self.shell.history_manager.input_hist_parsed
        return bool(parsed) and ";" in parsed[-1] and bool(super().quiet())

    def compute_format_data(self, result: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Let the shell have its say, then format as usual."""
        shown = self.shell.formatted(result)
        if shown is not None:
            return {"text/plain": shown}, {}
        formatted: tuple[dict[str, Any], dict[str, Any]] = super().compute_format_data(result)
        return formatted

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Record the formatted value."""
        recorder.result(format_dict, md_dict or {}, self.prompt_count)

    def finish_displayhook(self) -> None:
        """Write nothing after it."""
        self._is_active = False


class _Compiler(CachingCompiler):  # type: ignore[misc]
    """Parses a text once where it is asked for twice in a row, which IPython does with every cell."""

    _last: tuple[str, int, ast.Module] | None = None

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Return the tree of a text, the second time the same one; whoever has it may change it."""
        last, self._last = self._last, None
        if last is not None and last[:2] == (source, self.flags):
            return last[2]
        return super().ast_parse(source, filename, symbol)

    def look_at(self, source: str) -> ast.Module:
        """Return the tree of a text that is about to be parsed; not to be changed.

        Raises
        ------
        SyntaxError, ValueError, RecursionError, MemoryError
            When it is no Python.
        """
        tree: ast.Module = super().ast_parse(source, "<cell>")
        self._last = source, self.flags, tree
        return tree


class CellShell(InteractiveShell):  # type: ignore[misc]
    """An IPython shell whose output goes into `recorder` and that starts no program and asks nobody."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._own_transforms = self._transforms()

    def formatted(self, value: Any) -> str | None:  # noqa: ARG002 - for subclasses
        """Return the text of a last expression's value where it has no other form; a place for subclasses."""
        return None

    def transform_cell(self, raw_cell: str) -> str:
        """Return the cell as Python; what is Python already stays as it is, and need not be read word by word."""
        # The parser may warn of a backslash, twice then; and IPython leaves out empty lines at the start.
        usual = "\\" not in raw_cell and not raw_cell[:1].isspace()
        if usual and not _may_wait(raw_cell) and self._transforms() == self._own_transforms:
            cell = raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
            try:
                tree = self.compile.look_at(cell)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pass
            else:
                if "\n" in raw_cell.strip() or self._means_itself(tree):
                    return cell
        transformed: str = super().transform_cell(raw_cell)
        return transformed

    def should_run_async(self, raw_cell: str, *, transformed_cell: str | None = None, **known: Any) -> bool:
        """Return whether a cell waits for something at its top; one without the words is not compiled for it."""
        if transformed_cell is not None and not _may_wait(transformed_cell):
            return False
        return bool(super().should_run_async(raw_cell, transformed_cell=transformed_cell, **known))

    def _means_itself(self, line: Any) -> bool:
        """Return whether a single line is no command to IPython, such as ``exit`` or ``time (f())`` without its %."""
        first: Any = line.body[0] if line.body else None
        if not isinstance(first, ast.Expr):
            return isinstance(first, ast.Assign | ast.Import | ast.ImportFrom)
        call: Any = first.value
        while isinstance(call, ast.Call | ast.Attribute):
            call = call.func if isinstance(call, ast.Call) else call.value
        known = isinstance(call, ast.Name) and call.id in self.user_ns
        return known and not isinstance(self.user_ns[call.id], IPyAutocall | Macro)

    def _transforms(self) -> list[Any]:
        """Return what changes the text of a cell; code may add to it."""
        manager = self.input_transformer_manager
        every = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
        return [one for listed in (*every, self.input_transformers_post) for one in listed]

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        """Leave the frames of this package out of tracebacks."""
        kind, value, traceback = super()._get_exc_info(exc_tuple)
        if value is not None and traceback is not None:
            traceback = without_machinery(traceback)
            value.__traceback__ = traceback
        return kind, value, traceback

    def _format_exception_for_storage(self, exception: BaseException, *_: Any, **__: Any) -> dict[str, Any]:
        """Return what the history keeps of an exception: not its traceback, which is shown and would be made twice."""
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        """Record an exception."""
        try:
            text = str(evalue)
        except Exception as error:
            text = f"<no message: __str__ raised {type(error).__name__}>"
        recorder.error(str(getattr(etype, "__name__", etype)), text, [str(line) for line in stb])

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic, unless it starts a program."""
        if magic_name in PROGRAM_MAGICS:
            return self._refuse_program(f"%{magic_name} {line}")
        if magic_name not in DISPLAY_MAGICS and self.find_line_magic(magic_name) is not None:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        try:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        except Exception as error:
            self._leave_out(f"%{magic_name} {line}", f"not available while grading ({type(error).__name__})")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell magic, unless it starts a program."""
        if magic_name in PROGRAM_MAGICS:
            return self._refuse_program(f"%%{magic_name} {line}")
        return super().run_cell_magic(magic_name, line, cell)

    def system(self, cmd: str) -> None:
        """Refuse ``!command``."""
        self._refuse_program(f"!{cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ARG002 - IPython's signature
        """Refuse ``x = !command``; the answer is empty."""
        self._refuse_program(f"!{cmd}")
        return SList() if split else ""

    def _refuse_program(self, command: str) -> None:
        self._leave_out(command, "programs are not started while grading")
        self.user_ns["_exit_code"] = 1

    def _leave_out(self, command: str, why: str) -> None:
        # Said, not raised: the definitions around a forgotten `!pip install` still count, as in the notebook.
        print(f"{command.strip()[:200]}: {why}; this line was left out", file=sys.stderr)

    def ask_exit(self) -> None:
        """Ignore exit(): the notebook goes on."""
        print("exit() and quit() do nothing while grading", file=sys.stderr)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no window."""


def _may_wait(code: str) -> bool:
    """Return whether code may have an ``await`` outside of functions; keywords have one spelling."""
    return "await" in code or "async" in code


AnyShell = TypeVar("AnyShell", bound=CellShell)


def refuse_input(*_: Any, **__: Any) -> NoReturn:
    """Stand in for `input`, `raw_input` and `getpass`.

    Raises
    ------
    StdinNotImplementedError
        Always.
    """
    raise StdinNotImplementedError("input() is not available while grading: nobody is there to answer")


def without_machinery(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the frames of this package: they say nothing and are slow to render."""
    frames = []
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(_HERE):
            frames.append(traceback)
        traceback = traceback.tb_next
    result = None
    for frame in reversed(frames):
        result = TracebackType(result, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return result


def make_shell(kind: type[AnyShell], *, traceback_mode: str = "Context") -> AnyShell:
    """Return the shell of this process.

    Parameters
    ----------
    kind : type
        `CellShell` or a subclass.
    traceback_mode : str
        IPython's name for how much a traceback shows. ``"Context"`` costs 35-90 ms of CPU time, ``"Plain"`` 1-4 ms.
    """
    config = Config()
    config.HistoryManager.enabled = False  # it would start a thread, and a process with threads must not fork
    config.HistoryAccessor.enabled = False
    config.InteractiveShell.autocall = 0
    config.InteractiveShell.xmode = traceback_mode
    os.environ["MPLBACKEND"] = INLINE
    shell: AnyShell = kind.instance(config=config)
    sys.stdout, sys.stderr = Stream(recorder, "stdout", 1), Stream(recorder, "stderr", 2)
    builtins.input = getpass.getpass = refuse_input
    sys.breakpointhook = pdb.set_trace = refuse_input
    keep_colors()
    shell.enable_matplotlib("inline")  # a kernel does so too: figures show without a %matplotlib line
    _forgive_looks()
    return shell


def _forgive_looks() -> None:
    """Let a line that asks for windows or another country's numbers be said and left out: no answer depends on it."""
    import locale

    import matplotlib
    from matplotlib import pyplot

    for module, name in ((matplotlib, "use"), (pyplot, "switch_backend"), (locale, "setlocale")):
        setattr(module, name, _or_say(getattr(module, name), f"{module.__name__}.{name}", (ImportError, locale.Error)))


def _or_say(function: Callable[..., Any], name: str, errors: tuple[type[Exception], ...]) -> Callable[..., Any]:
    @functools.wraps(function)
    def use(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except errors as error:
            print(f"{name}: not available while grading ({error}); this line was left out", file=sys.stderr)

    return use


def run_cell(shell: CellShell, code: str) -> list[Output]:
    """Run one cell and return its outputs.

    Parameters
    ----------
    shell : CellShell
        The shell of this process.
    code : str
        The text of the cell, magics and top-level ``await`` included.
    """
    recorder.take()
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:  # IPython would end every later cell over it
            setattr(sys, name, Stream(recorder, name, number))
    try:
        result = shell.run_cell(code, store_history=True)
        raised = result.error_before_exec or result.error_in_exec
        if raised is not None and not recorder.has_error:
            # IPython only prints exception groups, usage errors, and tracebacks that it fails to format.
            recorder.error(type(raised).__name__, "the cell ended with an error", [])
    except BaseException as error:
        recorder.error(type(error).__name__, "the cell could not be run to its end", [])
    return recorder.take()


_WARM_UP = (
    "print(1)\n2",
    "def f():\n    return 1 / 0\nf()",
    "raise ValueError('x')",
    "x = = 1",
    "assert 1 == 2, 'no'",
    "import asyncio\nawait asyncio.sleep(0)",
    "import numpy as np\nnp.linalg.inv(np.eye(3)) @ np.random.default_rng(0).random(3)",
    # Drawing takes as long the first time as ever; what is loaded and read for it once, this picture has loaded.
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(layout='constrained')\n"
    "axes.set(xticks=[], yticks=[], title='$x_1$')\naxes.imshow([[1]])\nplt.show()",
    "%matplotlib inline",
)


def warm_up(shell: CellShell) -> None:
    """Do once, before any fork, what is slow the first time; the shell is not to be used afterwards."""
    for code in _WARM_UP:
        run_cell(shell, code)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        vars(sys).pop(name, None)  # nobody's debugger looks into these errors
