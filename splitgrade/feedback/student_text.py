"""Text that a student's code had a say in, as a feedback page may show it.

While hidden inputs are tried, a student's code can put them into the message of an exception, the name of a class or
the shape of a result. What Python and NumPy say is known beforehand, so it is shown; its names are shown where they
stand in the student's own cells, its numbers are not.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from functools import cache
from string import Formatter

from splitgrade.execution.wire.said import CALL_TOO_LONG, PROCESS_GONE
from splitgrade.sandbox.causes import TEXTS, Cause

GAP = "…"

# What the engine says in a test of a call or a process that it ended, by what stands in the gaps: a limit and a usual
# signal may be shown, what a student's process could choose may not.
_SHOWN_CAUSES = (Cause.TOO_LONG, Cause.MEMORY, Cause.PROCESSES, Cause.SIGNAL, Cause.STATUS)
_OF_THE_ENGINE = (CALL_TOO_LONG, *(PROCESS_GONE.format(why=TEXTS[cause]) for cause in _SHOWN_CAUSES), PROCESS_GONE)
# What Python (each supported version in its words) and NumPy say, with a gap for every number and name. The first that
# fits is shown.
KNOWN_MESSAGES = (
    "operands could not be broadcast together with shapes …",
    "operands could not be broadcast together with remapped shapes …",
    "could not broadcast input array from shape … into shape …",
    "shapes … not aligned: …",
    "matmul: Input operand … has a mismatch in its core dimension …",
    "cannot reshape array of size … into shape …",
    "all the input array dimensions except for the concatenation axis must match exactly, …",
    "all input arrays must have the same shape",
    "axis … is out of bounds for array of dimension …",
    "index … is out of bounds for axis … with size …",
    "too many indices for array: array is …-dimensional, but … were indexed",
    "boolean index did not match indexed array along …",
    "shape mismatch: …",
    "axes don't match array",
    "repeated axis in transpose",
    "zero-size array to reduction operation … which has no identity",
    "negative dimensions are not allowed",
    "window shape cannot be larger than input array shape",
    "setting an array element with a sequence. …",
    "assignment destination is read-only",
    "output array is read-only",
    "Cannot cast ufunc … output from … to … with casting rule …",
    "ufunc … not supported for the input types, …",
    "Unable to allocate … for an array with shape … and data type …",
    "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid "
    "indices",
    "only length-1 arrays can be converted to Python scalars",
    "only integer scalar arrays can be converted to a scalar index",
    "list index out of range",
    "tuple index out of range",
    "string index out of range",
    "list indices must be integers or slices, not …",
    "tuple indices must be integers or slices, not …",
    "slice indices must be integers or None or have an __index__ method",
    "slice step cannot be zero",
    "range() arg 3 must not be zero",
    "'…' object cannot be interpreted as an integer",
    "'…' object is not subscriptable",
    "'…' object is not callable",
    "'…' object is not iterable",
    "argument of type '…' is not iterable",
    "argument of type '…' is not a container or iterable",
    "unhashable type: '…'",
    "cannot use '…' as a … (unhashable type: '…')",
    "'…' object does not support item assignment",
    "'…' object has no attribute '…'",
    "'…' object has no attribute '…' and no __dict__ for setting new attributes",
    "module '…' has no attribute '…'",
    "object of type '…' has no len()",
    "cannot unpack non-iterable … object",
    "not enough values to unpack (expected …, got …)",
    "too many values to unpack (expected …)",
    "unsupported operand type(s) for …: '…' and '…'",
    "'…' not supported between instances of '…' and '…'",
    "bad operand type for unary …: '…'",
    "can't multiply sequence by non-int of type '…'",
    "…() got an unexpected keyword argument '…'",
    "…() got an unexpected keyword argument '…'. Did you mean '…'?",
    "…() got multiple values for argument '…'",
    "…() missing … required positional …",
    "…() takes … positional …",
    "name '…' is not defined",
    "cannot access local variable '…' where it is not associated with a value",
    "cannot convert float NaN to integer",
    "cannot convert float infinity to integer",
    "could not convert string to float: …",
    "invalid literal for int() with base …",
    "int() argument must be …",
    "division by zero",
    "float division by zero",
    "integer division or modulo by zero",
    "integer modulo by zero",
    "float floor division by zero",
    "float modulo",
    "float modulo by zero",
    "zero to a negative power",
    "0.0 cannot be raised to a negative power",
    "math domain error",
    "expected a positive input",
    "expected a nonnegative input, got …",
    "expected a number in range from … up to …, got …",
    "max() arg is an empty sequence",
    "max() iterable argument is empty",
    "min() arg is an empty sequence",
    "min() iterable argument is empty",
    "maximum recursion depth exceeded",
    "maximum recursion depth exceeded …",
    "Stack overflow (used … kB)…",
    "'…'",
    "no message",
)
_ERROR = re.compile(r"\b(\w*(?:Error|Exception|Iteration|Exit|Interrupt|Warning|Group)): (.*)", re.DOTALL)
_CAUSE = ": its cell stopped with "  # behind the NameError of a test
_QUOTED = re.compile(r'"([^"]*)"')
_LONG_NUMBER = re.compile(r"\d{5,}")
_TYPES = frozenset({"NoneType", "ellipsis", "function", "numpy.ndarray", "numpy.float64", "numpy.int64"})
_SIGNALS = frozenset({"SIGSEGV", "SIGKILL", "SIGABRT"})  # a process can end itself by any of sixty


@dataclass(frozen=True)
class Public:
    """What is no secret to a student: such words and numbers may stand in a message.

    Parameters
    ----------
    source : str, optional
        The student's own cells.
    limits : frozenset of str, optional
        The limits of a submission, as numbers in text.
    names : frozenset of str, optional
        What the aspects of the question are called: a message may refer to another one.
    """

    source: str = ""
    limits: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def may_quote(self, words: str) -> bool:
        """Return whether words between quotation marks may be shown."""
        return words in self.names or words in self.source


def shown_message(text: str, public: Public) -> str:
    """Return a message of a check without what a student's code may have put into it.

    Parameters
    ----------
    text : str
        Written by a check; it may quote an exception as ``type: message``, and names in double quotes.
    public : Public
        What is no secret.

    Returns
    -------
    str
        Exceptions with a message that is known beforehand or none, quoted words of the student's own cells, and no
        number of more than four digits.

    Examples
    --------
    >>> shown_message("With stride 2: Your function stopped with ValueError: x = [7, 1]", Public("def f(x): ..."))
    'With stride 2: Your function stopped with ValueError.'
    >>> shown_message("You stopped with IndexError: index 7 is out of bounds for axis 0 with size 7", Public())
    'You stopped with IndexError: index … is out of bounds for axis … with size …'
    """
    text = _ERROR.sub(lambda found: _quoted_error(found[1], found[2], public), text, count=1)
    text = _QUOTED.sub(lambda found: found[0] if public.may_quote(found[1]) else f'"{GAP}"', text)
    return _LONG_NUMBER.sub(GAP, text)


def known_message(message: str, public: Public) -> str:
    """Return the message of an exception where Python, NumPy or the engine says it, with gaps; else nothing.

    Parameters
    ----------
    message : str
        What the exception said.
    public : Public
        What is no secret: such names and limits are kept.

    Examples
    --------
    >>> known_message("name 'sise' is not defined", Public("size = sise"))
    "name 'sise' is not defined"
    >>> known_message("took longer than 30 s", Public(limits=frozenset({"30"})))
    'took longer than 30 s'
    >>> known_message("the kernel is larger than the image", Public())
    ''
    """
    message = message[:1000].strip()
    for template, pattern, fields in _patterns():
        found = pattern.fullmatch(message)
        if found is None:
            continue
        parts = template.split(GAP)
        if fields:
            gaps = [_kept_of_the_engine(field, gap, public) for field, gap in zip(fields, found.groups(), strict=True)]
        else:
            gaps = [_kept(before, gap, public) for before, gap in zip(parts, found.groups(), strict=False)]
        return parts[0] + "".join(gap + part for gap, part in zip(gaps, parts[1:], strict=True))
    return ""


def known_type(name: str) -> str:
    """Return the name of a builtin exception; any other name is the student's.

    Examples
    --------
    >>> known_type("IndexError"), known_type("Found_7_1")
    ('IndexError', 'Exception')
    """
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else "Exception"


def _quoted_error(name: str, message: str, public: Public) -> str:
    """Return type and message of an exception, the type alone with a full stop; likewise the one that caused it."""
    own, because, cause = message.partition(_CAUSE)
    kept = known_message(own, public)
    if because and kept:
        kind, _, words = cause.partition(": ")
        return f"{known_type(name)}: {kept}{_CAUSE}{_quoted_error(kind, words, public)}"
    return f"{known_type(name)}: {kept}" if kept else f"{known_type(name)}."


def _kept(before: str, gap: str, public: Public) -> str:
    """Return a quoted name that stands in the source as a word, or is a builtin type; a gap for anything else."""
    is_name = before.endswith("'") and gap.isidentifier() and re.search(rf"\b{re.escape(gap)}\b", public.source)
    is_type = before.endswith("'") and (gap in _TYPES or isinstance(getattr(builtins, gap, None), type))
    return gap if is_name or is_type else GAP


def _kept_of_the_engine(field: str, gap: str, public: Public) -> str:
    """Return a limit or a usual signal; a gap for anything that a student's process could choose."""
    is_limit = field in ("seconds", "memory_mb", "processes") and gap in public.limits
    is_signal = field == "signal" and gap in _SIGNALS
    return gap if is_limit or is_signal else GAP


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    """Return each known message with the pattern that it makes, and the names of its gaps where the engine says it."""
    found = []
    for text in _OF_THE_ENGINE:
        pieces = list(Formatter().parse(text))
        template = "".join(words + (GAP if field is not None else "") for words, field, _, _ in pieces)
        found.append((template, _pattern(template), tuple(field for _, field, _, _ in pieces if field is not None)))
    return (*found, *((template, _pattern(template), ()) for template in KNOWN_MESSAGES))


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.{0,300}?)".join(map(re.escape, template.split(GAP))), re.DOTALL)
