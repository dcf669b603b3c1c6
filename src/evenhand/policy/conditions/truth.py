"""A condition compiled to Python closures that mean what its SQL means, nulls included.

Null logic: `and` is false where one part is false, else unknown where one is; any other operator is unknown where an
operand is, except `coalesce`, `greatest` and `least`, which pass over unknown arguments, and `is null`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from evenhand.policy.conditions.names import Name
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read, Value

Row: TypeAlias = Mapping[str, object]
"""Evidence of one account by column name."""

_T = TypeVar("_T")
_Numbers: TypeAlias = Callable[[Row], float | None]
_Truths: TypeAlias = Callable[[Row], bool | None]
_Texts: TypeAlias = Callable[[Row], str | None]

_LARGEST_LOG: Final = 700.0

_ORDER: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SAME: Final[Mapping[str, Callable[[str, str], bool]]] = {"=": operator.eq, "<>": operator.ne}
_PAIRS: Final[Mapping[str, Callable[[float, float], float | None]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div0": lambda a, b: a / b if b != 0 else None,
}
_PICKS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {"greatest": max, "least": min}


def evaluator(node: Node) -> Callable[[Row], Value]:
    """What `node` amounts to for a row, whatever its type."""
    if node.type == "boolean":
        return truths(node)
    return numbers(node) if node.type == "number" else _texts(node)


def truths(node: Node) -> _Truths:
    """A boolean node as a closure."""
    match node:
        case Constant(value=value):
            known = value is True
            return lambda _row: known
        case Read(name=name):
            return lambda row: _boolean(name, row[name.column])
        case Apply(operator="and"):
            return _all([truths(child) for child in node.children])
        case Apply(operator="or"):
            return _any([truths(child) for child in node.children])
        case Apply(operator="not"):
            return _not(truths(node.children[0]))
        case Apply(operator="is null"):
            inner = evaluator(node.children[0])
            return lambda row: inner(row) is None
        case Apply(operator="coalesce"):
            return _first([truths(child) for child in node.children])
        case Apply(operator="between"):
            low, high = (Apply(operator=sign, type="boolean", children=pair) for sign, pair in _bounds(node))
            return _all([truths(low), truths(high)])
        case Apply(operator="in"):
            return _listed(evaluator(node.children[0]), node.children[1:])
    return _compared(node)


def numbers(node: Node) -> _Numbers:
    """A number node as a closure; every number is a float, as every number of the SQL is a DOUBLE."""
    match node:
        case Constant(value=value):
            constant = float(value)
            return lambda _row: constant
        case Read(name=Name(is_e=True) as name):
            return lambda row: _e(_number(name, row[name.column]))
        case Read(name=name):
            return lambda row: _number(name, row[name.column])
        case Apply(operator="coalesce"):
            return _first([numbers(child) for child in node.children])
        case Apply(operator="negative"):
            return _signed(numbers(node.children[0]), operator.neg)
        case Apply(operator="abs"):
            return _signed(numbers(node.children[0]), abs)
        case Apply(operator="greatest" | "least"):
            return _picked([numbers(child) for child in node.children], _PICKS[node.operator])
    return _paired(_PAIRS[node.operator], *(numbers(child) for child in node.children))


def _texts(node: Node) -> _Texts:
    match node:
        case Constant(value=value):
            constant = str(value)
            return lambda _row: constant
        case Read(name=name):
            return lambda row: _text(name, row[name.column])
    return _first([_texts(child) for child in node.children])


def _bounds(node: Apply) -> tuple[tuple[str, tuple[Node, Node]], tuple[str, tuple[Node, Node]]]:
    value, low, high = node.children
    return (">=", (value, low)), ("<=", (value, high))


def _all(parts: Sequence[_Truths]) -> _Truths:
    def conjunction(row: Row) -> bool | None:
        outcome: bool | None = True
        for part in parts:
            value = part(row)
            if value is False:
                return False
            if value is None:
                outcome = None
        return outcome

    return conjunction


def _any(parts: Sequence[_Truths]) -> _Truths:
    none_of = _all([_not(part) for part in parts])
    return _not(none_of)


def _not(part: _Truths) -> _Truths:
    def negation(row: Row) -> bool | None:
        value = part(row)
        return None if value is None else not value

    return negation


def _first(parts: Sequence[Callable[[Row], _T | None]]) -> Callable[[Row], _T | None]:
    return lambda row: next((value for value in (part(row) for part in parts) if value is not None), None)


def _listed(operand: Callable[[Row], Value], options: Sequence[Node]) -> _Truths:
    listed = frozenset(option.value for option in options if isinstance(option, Constant))

    def membership(row: Row) -> bool | None:
        value = operand(row)
        return None if value is None else value in listed

    return membership


def _compared(node: Apply) -> _Truths:
    left, right = node.children
    if left.type == "text":
        return _paired(_SAME[node.operator], _texts(left), _texts(right))
    return _paired(_ORDER[node.operator], numbers(left), numbers(right))


_Out = TypeVar("_Out")


def _paired(
    join: Callable[[_T, _T], _Out], left: Callable[[Row], _T | None], right: Callable[[Row], _T | None]
) -> Callable[[Row], _Out | None]:
    def pair(row: Row) -> _Out | None:
        a, b = left(row), right(row)
        return None if a is None or b is None else join(a, b)

    return pair


def _signed(part: _Numbers, change: Callable[[float], float]) -> _Numbers:
    def changed(row: Row) -> float | None:
        value = part(row)
        return None if value is None else change(value)

    return changed


def _picked(parts: Sequence[_Numbers], pick: Callable[[Sequence[float]], float]) -> _Numbers:
    def picked(row: Row) -> float | None:
        known = [value for value in (part(row) for part in parts) if value is not None]
        return pick(known) if known else None

    return picked


def _e(log: float | None) -> float | None:
    return None if log is None else math.exp(min(log, _LARGEST_LOG))


def _number(name: Name, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise TypeError(f"`{name.column}` holds {value!r}, not a number")


def _boolean(name: Name, value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"`{name.column}` holds {value!r}, not true or false")


def _text(name: Name, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"`{name.column}` holds {value!r}, not text")
