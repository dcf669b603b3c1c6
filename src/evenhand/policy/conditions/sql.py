"""A condition as DuckDB text over the evidence columns; sqlglot turns the same text for other engines.

Every number is a DOUBLE and every bracket is written, so that no rule of a dialect decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from evenhand.policy.conditions import nodes
from evenhand.policy.conditions.names import Name
from evenhand.policy.conditions.nodes import Constant, Node, Read


def sql(node: Node) -> str:
    """The text of `node`. Null stays null; a caller that must decide writes `coalesce(..., false)`."""
    match node:
        case Constant(value=float() as value):
            return f"{value!r}e0" if "e" not in repr(value) else repr(value)
        case Constant():
            return nodes.text(node)
        case Read(name=name):
            return _read(name)
    return _TEMPLATES[node.operator]([sql(child) for child in node.children])


def _read(name: Name) -> str:
    column = f'"{name.column}"'
    if name.type != "number":
        return column
    double = f"CAST({column} AS DOUBLE)"
    # Not least(): it passes over a null and would make an unknown e-value the largest of all.
    return f"exp(CASE WHEN {double} > 700e0 THEN 700e0 ELSE {double} END)" if name.is_e else double


def _infix(sign: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: f"({f' {sign} '.join(parts)})"


def _call(name: str) -> Callable[[Sequence[str]], str]:
    return lambda parts: f"{name}({', '.join(parts)})"


_TEMPLATES: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "and": _infix("AND"),
    "or": _infix("OR"),
    "not": lambda parts: f"(NOT {parts[0]})",
    "is null": lambda parts: f"({parts[0]} IS NULL)",
    "between": lambda parts: f"({parts[0]} BETWEEN {parts[1]} AND {parts[2]})",
    "in": lambda parts: f"({parts[0]} IN ({', '.join(parts[1:])}))",
    "negative": lambda parts: f"(- {parts[0]})",
    "div0": lambda parts: f"(CASE WHEN {parts[1]} <> 0e0 THEN {parts[0]} / {parts[1]} END)",
    **{sign: _infix(sign) for sign in (*nodes.COMPARISONS, "+", "-", "*")},
    **{name: _call(name) for name in ("abs", "coalesce", "greatest", "least")},
}
