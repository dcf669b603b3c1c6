"""What the truth of a condition implies about one name: "whenever it holds, `e` is at least 100" (S6, E2).

Only shapes that stand un-negated are read; where nothing can be told, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from evenhand.policy.conditions import nodes
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read

_MIRROR: Final = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "="}


def at_least(node: Node, name: str) -> float | None:
    """The largest x for which the condition implies `name >= x`; None if it implies no bound."""
    return _implied(node, name, {">=", ">", "="}, low=True)


def at_most(node: Node, name: str) -> float | None:
    """The smallest x for which the condition implies `name <= x`; None if it implies no bound."""
    return _implied(node, name, {"<=", "<", "="}, low=False)


def needs_any(node: Node, names: Collection[str]) -> bool:
    """Whether the condition implies that one of the counts `names` is above 0: alone, or in a sum of them."""
    if not isinstance(node, Apply):
        return False
    if node.operator in {"and", "or"}:
        joined = any if node.operator == "and" else all
        return joined(needs_any(child, names) for child in node.children)
    if node.operator == "between":
        return _is_sum(node.children[0], names) and (_constant(node.children[1]) or 0) > 0
    if node.operator not in _MIRROR:
        return False
    left, right = node.children
    if isinstance(left, Constant):
        left, right, sign = right, left, _MIRROR[node.operator]
    else:
        sign = node.operator
    line = _constant(right)
    above = line is not None and ((sign in {">=", "="} and line > 0) or (sign == ">" and line >= 0))
    return above and _is_sum(left, names)


def _is_sum(node: Node, names: Collection[str]) -> bool:
    if isinstance(node, Apply) and node.operator == "+":
        return all(_is_sum(child, names) for child in node.children)
    return isinstance(node, Read) and node.name.text in names


def holds_only_with(node: Node, name: str) -> bool:
    """Whether the condition implies the flag `name`."""
    if isinstance(node, Apply) and node.operator in {"and", "or"}:
        joined = any if node.operator == "and" else all
        return joined(holds_only_with(child, name) for child in node.children)
    return isinstance(node, Read) and node.name.text == name


def stands_unnegated(node: Node, name: str) -> bool:
    """Whether the flag `name` stands in `node` only as a part joined by `and` and `or`."""
    if isinstance(node, Apply) and node.operator in {"and", "or"}:
        return all(stands_unnegated(child, name) for child in node.children)
    return isinstance(node, Read) or all(read.text != name for read in nodes.reads(node))


def _implied(node: Node, name: str, signs: set[str], *, low: bool) -> float | None:
    if not isinstance(node, Apply):
        return None
    if node.operator in {"and", "or"}:
        bounds = [_implied(child, name, signs, low=low) for child in node.children]
        tightest, loosest = (max, min) if low else (min, max)
        return _strongest(bounds, tightest) if node.operator == "and" else _weakest(bounds, loosest)
    if node.operator == "between" and _is(node.children[0], name):
        return _constant(node.children[1 if low else 2])
    if node.operator in _MIRROR:
        left, right = node.children
        if _is(left, name) and node.operator in signs:
            return _constant(right)
        if _is(right, name) and _MIRROR[node.operator] in signs:
            return _constant(left)
    return None


def _strongest(bounds: Sequence[float | None], tightest: Callable[[Iterable[float]], float]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return tightest(known) if known else None


def _weakest(bounds: Sequence[float | None], loosest: Callable[[Iterable[float]], float]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return loosest(known) if len(known) == len(bounds) else None


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Read) and node.name.text == name


def _constant(node: Node) -> float | None:
    return node.value if isinstance(node, Constant) and isinstance(node.value, float) else None
