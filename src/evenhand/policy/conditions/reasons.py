"""Why a condition holds or does not, for one account: every part with its values, nothing skipped (R25, S10).

The shape is the condition's own tree; sentences are rendered from it, never written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from evenhand.policy.conditions import nodes
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read, Value

Json: TypeAlias = "bool | int | float | str | list[Json] | Mapping[str, Json] | None"
"""What JSON can hold."""

_WORDS: Final[Mapping[str, str]] = {
    ">=": "at least",
    ">": "more than",
    "<=": "at most",
    "<": "less than",
    "=": "equal to",
    "<>": "other than",
}
_OUTCOMES: Final[Mapping[bool | None, str]] = {True: "yes", False: "no", None: "cannot be told"}


@dataclass(frozen=True, kw_only=True)
class Operand:
    """One operand of a part: its text, and what it amounted to. `written` marks a literal of the policy."""

    text: str
    value: Value
    written: bool


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One part of a condition and its outcome for one account.

    `operator` is `and`, `or`, `not` with `children`, or that of a leaf, which has `operands` instead (`is` for a
    flag that stands alone). `read` holds every column the leaf read. `outcome` None: some value was not known.
    """

    text: str
    operator: str
    outcome: bool | None
    operands: tuple[Operand, ...] = ()
    read: tuple[Operand, ...] = ()
    children: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, Json]:
        """The nested form as `measures.jsonl` carries it."""
        node: dict[str, Json] = {"condition": self.text, "operator": self.operator, "outcome": self.outcome}
        if self.children:
            node["children"] = [child.as_dict() for child in self.children]
        else:
            shown = (*self.read, *(operand for operand in self.operands if not operand.written))
            node["values"] = {operand.text: _plain(operand.value) for operand in shown}
        return node

    def sentence(self) -> str:
        """The same in plain words, such as "e_hire is 45.2, at least 20: yes"."""
        if self.operator == "not" and self.children[0].operator == "is null":
            return f"{_is(self.children[0].operands[0])}, known: {_OUTCOMES[self.outcome]}"
        if self.operator == "not":
            return f"not ({self.children[0].sentence()}): {_OUTCOMES[self.outcome]}"
        if self.children:
            joint = "; and " if self.operator == "and" else "; or "
            return joint.join(_part(child) for child in self.children)
        return f"{_claim(self)}: {_OUTCOMES[self.outcome]}"


def explain(node: Node, value: Callable[[Node], Value]) -> Reason:
    """The reason of a boolean node for the account of which `value` says what each part amounted to."""
    outcome = value(node)
    told = outcome if isinstance(outcome, bool) else None
    if isinstance(node, Apply) and node.operator in {"and", "or", "not"}:
        children = tuple(explain(child, value) for child in node.children)
        return Reason(text=nodes.text(node), operator=node.operator, outcome=told, children=children)
    parts = node.children if isinstance(node, Apply) else (node,)
    return Reason(
        text=nodes.text(node),
        operator=node.operator if isinstance(node, Apply) else "is",
        outcome=told,
        operands=tuple(_operand(part, value) for part in parts),
        read=tuple(_operand(Read(name=name), value) for name in dict.fromkeys(nodes.reads(node))),
    )


def _operand(node: Node, value: Callable[[Node], Value]) -> Operand:
    return Operand(text=nodes.text(node), value=value(node), written=isinstance(node, Constant))


def _part(reason: Reason) -> str:
    if reason.operator != "or":
        return reason.sentence()
    return f"either ({reason.sentence()}): {_OUTCOMES[reason.outcome]}"


def _claim(reason: Reason) -> str:
    """A leaf in words, without its outcome."""
    first, *others = reason.operands
    match reason.operator:
        case "is" | "coalesce":
            return first.text if reason.operator == "is" else reason.text
        case "is null":
            return f"{_is(first)}, not known"
        case "between":
            low, high = others
            return f"{_is(first)}, between {_limit(low)} and {_limit(high)}"
        case "in":
            return f"{_is(first)}, one of {', '.join(_shown(option.value) for option in others)}"
        case operator:
            (limit,) = others
            return f"{_is(first, limit.value)}, {_WORDS[operator]} {_limit(limit)}"


def _is(operand: Operand, beside: Value = None) -> str:
    shown = _shown(operand.value)
    if operand.value != beside and shown == _shown(beside):
        shown = repr(operand.value)  # rounding would hide on which side of the limit the value lies
    return f"{operand.text} is {shown}"


def _limit(operand: Operand) -> str:
    return _shown(operand.value) if operand.written else f"{operand.text} ({_shown(operand.value)})"


def _plain(value: Value) -> bool | int | float | str | None:
    """Whole numbers as JSON writes counts: 3, not 3.0."""
    whole = isinstance(value, float) and abs(value) < 1e15 and value == int(value)
    return int(value) if whole and isinstance(value, float) else value


def _shown(value: Value) -> str:
    """A value as people read it.

    >>> _shown(45.2), _shown(1200.0), _shown(None), _shown(True)
    ('45.2', '1,200', 'unknown', 'yes')
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "empty"
    if abs(value) < 1e9 and value == int(value):
        return f"{int(value):,}"
    return f"{value:.3g}" if abs(value) >= 1e9 or abs(value) < 0.01 else f"{value:,.2f}".rstrip("0").rstrip(".")
