"""The examples in docstrings are run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import evenhand

MODULES = [found.name for found in pkgutil.walk_packages(evenhand.__path__, "evenhand.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    """Every prompt in the docstrings of a module prints what the docstring says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
