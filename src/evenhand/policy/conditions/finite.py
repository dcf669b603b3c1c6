"""No arithmetic of a policy can leave the range of numbers, so infinities and NaN never arise in a condition.

Engines differ in what they do beyond that range. Each node is given the largest magnitude it can have and the
smallest it can have without being 0, on the assumption that facts lie between 1e-30 and 1e30; an e-value lies
between 0 and exp(700).
"""

from __future__ import annotations

from typing import Final

from evenhand.policy.conditions import nodes
from evenhand.policy.conditions.flaws import Flaw, Flawed
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read

_LARGEST_FACT: Final = 1e30
_LARGEST_E: Final = 1.1e304  # exp(700)
_LARGEST: Final = 1e307
_ROUNDING: Final = 2.0**-53

_Range = tuple[float, float]  # largest magnitude, smallest magnitude that is not 0 (inf: always 0)


def check(node: Node) -> None:
    """Raise `Flawed` where a number in `node` could become infinite."""
    if node.type == "number":
        if _range(node)[0] > _LARGEST:
            raise Flawed(
                Flaw(
                    start=0,
                    message=f"`{nodes.text(node)}` can become larger than any number",
                    hint="compare an e-value by itself; do not multiply it or divide by it",
                )
            )
    elif isinstance(node, Apply):
        for child in node.children:
            check(child)


def _range(node: Node) -> _Range:
    match node:
        case Constant(value=value):
            size = abs(float(value))
            return size, size or float("inf")
        case Read(name=name):
            return (_LARGEST_E, 0.0) if name.is_e else (_LARGEST_FACT, 1 / _LARGEST_FACT)
    return _range_of(node)


def _range_of(node: Apply) -> _Range:
    ranges = [_range(child) for child in node.children]
    large, small = max(high for high, _ in ranges), min(low for _, low in ranges)
    if any(high > _LARGEST for high, _ in ranges):
        return large, small
    if node.operator in {"+", "-"}:
        return sum(high for high, _ in ranges), small * _ROUNDING
    if node.operator == "*":
        return ranges[0][0] * ranges[1][0], ranges[0][1] * ranges[1][1]
    if node.operator == "div0":
        return _quotient(*ranges)
    return large, small


def _quotient(above: _Range, below: _Range) -> _Range:
    if below[0] == 0:
        return 0.0, float("inf")
    largest = above[0] / below[1] if below[1] else float("inf")
    return largest, above[1] / below[0]
