"""The examples in docstrings are run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from importlib.util import find_spec

import pytest

import evenhand

FOUND = [found.name for found in pkgutil.walk_packages(evenhand.__path__, "evenhand.")]
MODULES = [name for name in FOUND if find_spec("pyspark") or not name.startswith("evenhand.engines.spark.")]
"""Those that need Spark are looked at where it is installed: `make test` runs this file there once more."""


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    """Every prompt in the docstrings of a module prints what the docstring says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
