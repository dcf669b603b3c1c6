"""Every public name says what it promises, and no name hides behind a word that says nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.checkout import Module

EMPTY_WORDS = frozenset({"util", "utils", "helper", "helpers", "misc", "common", "manager", "managers"})

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_names(body: list[ast.stmt], place: str) -> Iterator[tuple[str, Documented]]:
    """Public functions, classes and their public methods; what is defined inside a function is private to it."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield f"{place}:{node.lineno} {node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public_names(node.body, place)


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a file gives: functions, classes, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, Documented):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_every_public_name_has_a_docstring(modules: list[Module]) -> None:
    """Modules, classes, functions and methods without a leading underscore carry a docstring."""
    bare = [module.place for module in modules if module.text.strip() and not ast.get_docstring(module.tree)]
    for module in modules:
        bare += [place for place, node in public_names(module.tree.body, module.place) if not ast.get_docstring(node)]
    assert not bare


def says_nothing(name: str) -> bool:
    """Whether one of the words that a path or an identifier is made of is an empty one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return not EMPTY_WORDS.isdisjoint(re.split(r"[_./]", words))


def test_no_name_says_nothing(modules: list[Module]) -> None:
    """No file, folder or identifier of the package is called after what everything could be called."""
    vague = [module.place for module in modules if says_nothing(module.place)]
    for module in modules:
        vague += [f"{module.place}:{line} {name}" for line, name in identifiers(module.tree) if says_nothing(name)]
    assert not vague


def test_the_words_that_say_nothing_are_recognised() -> None:
    """The pattern finds each banned word as a part of a name, and leaves words that merely contain one alone."""
    assert all(says_nothing(name) for name in ("sql_utils", "misc", "CaseManager", "src/common/x.py", "helper"))
    assert not any(says_nothing(name) for name in ("contextmanager", "commonly", "utility", "managed"))
