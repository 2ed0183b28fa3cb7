"""Stand-ins, in the trusted process, for objects that live in the student's process.

A proxy holds no data of the student's. Every operation is a request whose answer is plain data or another proxy. It
never equals plain data and takes no part in arithmetic unless the instructor's solution did so, of the attributes with
double underscores those in `REFLECTION` cross, and NumPy never looks inside.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from splitgrade.execution.wire.operations import BINARY, REFLECTED, SPECIALS, UNARY

_CROSSING = {"__name__", "__qualname__"}
REFLECTION = frozenset(
    (
        *("__dict__", "__annotations__", "__defaults__", "__kwdefaults__", "__code__", "__closure__"),
        *("__module__", "__bases__", "__mro__", "__members__"),
    )
)
"""Attributes that say what an object is made of. What Python asks for by itself is not among them: `inspect.signature`
asks every function for ``__wrapped__``, and a decorated answer would be refused where the solution has no decorator."""
_CLASSES = {
    ("function", "function"): types.FunctionType,
    ("function", "method"): types.MethodType,
    ("function", "builtin_function_or_method"): types.BuiltinFunctionType,
    ("object", "generator"): types.GeneratorType,
    ("module", "module"): types.ModuleType,
    ("class", "type"): type,
}


Call = tuple[Sequence[Any], Mapping[str, Any]]
"""Positional and named arguments."""
Result = tuple[Any, BaseException | None]
"""What a call gave, or what it raised."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a proxy stands for.

    Parameters
    ----------
    ask : callable
        Carries out an operation in the student's process: its name, positional and named arguments, and the path of
        the answer.
    ask_each : callable
        Carries out several calls that do not depend on each other: positional and named arguments of each, and the path
        of the answers.
    permits : callable
        Says of a path and an operator whether the object may meet plain data there.
    refuse : callable
        Gives what is raised where something is refused.
    generation : int
        Which of the notebook's student processes holds the object; a process that ended took its objects along.
    number : int
        The object's number there.
    kind, type_name, name : str
        What the student's process says that it is.
    path : str
        How the test came by it.
    """

    ask: Callable[[str, Sequence[Any], Mapping[str, Any], str], Any]
    ask_each: Callable[[Sequence[Call], str], list[Result]]
    permits: Callable[[str, str], bool]
    refuse: Callable[[TypeError], BaseException]
    generation: int
    number: int
    kind: str
    type_name: str
    name: str
    path: str


def reference_of(proxy: Proxy) -> Reference:
    """Return what a proxy stands for."""
    reference: Reference = object.__getattribute__(proxy, "_Proxy__reference")
    return reference


def _ask(proxy: Proxy, what: str, *args: Any, step: str = "") -> Any:
    reference = reference_of(proxy)
    return reference.ask(what, (proxy, *args), {}, reference.path + step)


class Proxy:
    """An object of the student's that is no plain data."""

    __slots__ = ("__reference",)
    __array_ufunc__ = None

    def __init__(self, reference: Reference) -> None:
        object.__setattr__(self, "_Proxy__reference", reference)

    def __getattr__(self, name: str) -> Any:
        if name in _CROSSING:
            return reference_of(self).name
        if name == "__signature__":
            return _signature(self)
        if name in SPECIALS:  # asked for by name: a class has those of its instances
            return _ask(self, "attribute", name, step=f".{name}")
        if name.startswith("__") and name.endswith("__") and name not in REFLECTION:
            raise AttributeError(f"{name} of a student's object does not cross the wire")
        return _ask(self, "attribute", name, step=f".{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "set_attribute", name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delete_attribute", name)

    def __repr__(self) -> str:
        text = _ask(self, "repr")
        return text if type(text) is str else f"<a student's {reference_of(self).type_name}>"

    def __str__(self) -> str:
        text = _ask(self, "str")
        return text if type(text) is str else repr(self)

    def __hash__(self) -> int:
        return reference_of(self).number

    def __dir__(self) -> list[str]:
        return [name for name in _ask(self, "directory") if type(name) is str]

    @property  # type: ignore[misc]  # mypy has it writable, as for ordinary objects
    def __class__(self) -> Any:
        """Return what Python's own functions are told that this is: a function, a class, a module, a generator."""
        reference = reference_of(self)
        known = _CLASSES.get((reference.kind, reference.type_name), type(self))
        return type(self) if known is types.MethodType else known  # of a method `inspect` wants the function

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Proxy) and reference_of(other).number == reference_of(self).number:
            return True
        return _may_meet(self, other, "eq") and _ask(self, "eq", other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __array__(self, *_: object, **__: object) -> NoReturn:
        raise reference_of(self).refuse(TypeError(f"an object of type {reference_of(self).type_name} is no array"))

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise reference_of(self).refuse(TypeError("a student's object is neither copied nor pickled"))


class CallableProxy(Proxy):
    """A function or class of the student's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it lives."""
        reference = reference_of(self)
        return reference.ask("call", (self, *args), kwargs, f"{reference.path}()")

    def __call_each__(self, calls: Sequence[Call]) -> list[Result]:
        """Call it for each of several arguments, as a test may that needs no result before the next call."""
        reference = reference_of(self)
        return reference.ask_each([((self, *args), kwargs) for args, kwargs in calls], f"{reference.path}()")


def _may_meet(proxy: Proxy, other: object, operator: str) -> bool:
    """Return whether the two may be handed to the student's operator."""
    reference = reference_of(proxy)
    return isinstance(other, Proxy) or reference.permits(reference.path, operator)


def _binary(operator: str, *, reflected: bool = False) -> Callable[[Proxy, object], Any]:
    def method(self: Proxy, other: object) -> Any:
        reference = reference_of(self)
        if not _may_meet(self, other, operator):
            says = f"an object of type {reference.type_name} met {operator!r}; plain data was expected"
            raise reference.refuse(TypeError(says))
        args = (other, self) if reflected else (self, other)
        return reference.ask(operator, args, {}, f"{reference.path} {operator}")

    return method


def _unary(operator: str) -> Callable[[Proxy], Any]:
    return lambda self: _ask(self, operator, step=f" {operator}")


def _number(kind: type) -> Callable[[Proxy], Any]:
    def method(self: Proxy) -> Any:
        number = _ask(self, kind.__name__)
        if type(number) is not kind:
            raise reference_of(self).refuse(TypeError(f"a student's object is no {kind.__name__}"))
        return number

    return method


def _length(self: Proxy) -> int:
    length = _ask(self, "length")
    if type(length) is not int or length < 0:
        raise reference_of(self).refuse(TypeError("the length of a student's object is no integer"))
    return length


def _iterator(self: Proxy) -> Iterator[Any]:
    iterator = _ask(self, "iterate", step="*")
    if isinstance(iterator, Proxy) and hasattr(type(iterator), "__next__"):
        return iterator
    raise reference_of(self).refuse(TypeError("a student's object has no iterator"))


_METHODS: dict[str, Callable[..., Any]] = {
    "__len__": _length,
    "__iter__": _iterator,
    "__next__": lambda self: _ask(self, "next", step="[]"),
    "__contains__": lambda self, value: _ask(self, "contains", value) is True,
    "__bool__": lambda self: _ask(self, "bool") is True,
    "__int__": _number(int),
    "__float__": _number(float),
    "__enter__": lambda self: _ask(self, "enter", step=".__enter__()"),
    "__exit__": lambda self, *_: _ask(self, "exit") and None,
    "__getitem__": lambda self, key: _ask(self, "item", key, step="[]"),
    "__setitem__": lambda self, key, value: _ask(self, "set_item", key, value),
    "__delitem__": lambda self, key: _ask(self, "delete_item", key),
    **{f"__{name.rstrip('_')}__": _binary(name) for name in BINARY if name not in ("eq", "ne")},
    **{f"__r{name.rstrip('_')}__": _binary(name, reflected=True) for name in REFLECTED},
    **{f"__{name}__": _unary(name) for name in UNARY},
}
_OF_CLASSES: dict[str, Callable[..., Any]] = {
    "__instancecheck__": lambda self, other: isinstance(other, Proxy) and _ask(other, "isinstance", self) is True,
    "__subclasscheck__": lambda self, other: isinstance(other, Proxy) and _ask(other, "issubclass", self) is True,
}


@lru_cache(maxsize=256)
def proxy_type(kind: str, specials: frozenset[str]) -> type[Proxy]:
    """Return the class of stand-ins for objects of a kind: it has the special methods that theirs has, and no other.

    Parameters
    ----------
    kind : str
        ``"function"``, ``"class"``, ``"module"`` or ``"object"``.
    specials : frozenset of str
        Names in `operations.SPECIALS`; others are left out.
    """
    methods = {name: method for name, method in _METHODS.items() if name in specials}
    if kind == "class":
        methods |= _OF_CLASSES
    base = CallableProxy if kind in ("function", "class") else Proxy
    return type(base.__name__, (base,), {"__slots__": (), "__doc__": Proxy.__dict__["__doc__"], **methods})


# After the class, since a class keeps its own text under the same name.
Proxy.__doc__ = property(lambda self: _ask(self, "attribute", "__doc__", step=".__doc__"))  # type: ignore[assignment]


class _Default:
    """The default of a student's parameter, by its text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _default(parts: list[Any]) -> dict[str, Any]:
    """Return the default of a parameter as a keyword argument, if it has one."""
    if not parts:
        return {}
    kind, value = parts
    return {"default": value if kind == "value" else _Default(str(value))}


def type_of(value: Any) -> Any:
    """Return the type of a value as the student's process has it: a class of the student's where it is one."""
    if not isinstance(value, Proxy):
        return type(value)
    reference = reference_of(value)
    known = _CLASSES.get((reference.kind, reference.type_name))
    return known if known is not None else _ask(value, "type", step=".__class__")


def source_of(proxy: Proxy) -> str:
    """Return the source code that the student's process reports of a function or class.

    Raises
    ------
    OSError
        When it reports none.
    """
    text = _ask(proxy, "source")
    if type(text) is not str:
        raise OSError("could not get source code")
    return text


def _signature(proxy: Proxy) -> inspect.Signature:
    """Return the signature that the student's process reports."""
    rows = _ask(proxy, "signature")
    try:
        return inspect.Signature(
            [inspect.Parameter(name, inspect._ParameterKind(kind), **_default(default)) for name, kind, default in rows]
        )
    except (TypeError, ValueError) as error:
        raise AttributeError(f"a student's signature is malformed: {error}") from None
