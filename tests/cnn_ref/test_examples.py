"""The examples in the docstrings run and show what they print; every public name has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import cnn_ref

MODULES = sorted(module.name for module in pkgutil.walk_packages(cnn_ref.__path__, "cnn_ref."))
FUNCTIONS = sorted(name for name in cnn_ref.__all__ if inspect.isfunction(getattr(cnn_ref, name)))


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_show(name):
    """Each example of the module gives the printed result."""
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_functions_are_documented(name):
    """Each public function says what goes in, what comes out, what is refused, and shows an example."""
    text = inspect.getdoc(getattr(cnn_ref, name)) or ""
    for section in ("Parameters\n---", "Returns\n---", "Raises\n---", "Examples\n---", ">>> "):
        assert section in text, f"{name}: {section.split()[0]} is missing"


def test_exported_names_are_sorted_and_exist():
    """`__all__` lists each name once, in order, and all of them can be imported."""
    assert list(cnn_ref.__all__) == sorted(set(cnn_ref.__all__))
    assert all(hasattr(cnn_ref, name) for name in cnn_ref.__all__)
