"""The tree of a condition: constants, reads of a column, and operators over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from evenhand.policy.conditions.names import Name, NodeType

Value: TypeAlias = bool | float | str | None
"""What a node amounts to for one account; None is SQL's null: not known."""

COMPARISONS: Final[tuple[str, ...]] = ("=", "<>", "<", "<=", ">", ">=")
"""Operators that compare two numbers; the first two also compare texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """A literal of the policy text."""

    value: bool | float | str
    type: NodeType


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What one evidence column says of the account."""

    name: Name

    @property
    def type(self) -> NodeType:
        """Type of the column."""
        return self.name.type


@dataclass(frozen=True, kw_only=True, slots=True)
class Apply:
    """An operator or function over one child or more.

    `and`, `or` take two children or more; `not`, `is null`, `negative`, `abs` one; comparisons, `+`, `-`, `*`, `div0`
    two; `between` three; `in` its operand and the listed constants; `coalesce`, `greatest`, `least` any number.
    """

    operator: str
    type: NodeType
    children: tuple[Node, ...]


Node: TypeAlias = Constant | Read | Apply

_BINDING: Final = {
    "or": 1,
    "and": 2,
    "not": 3,
    "in": 4,
    "between": 4,
    "is null": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "negative": 7,
}
_BINDING_OF_COMPARISON: Final = 4
_BINDING_OF_ATOM: Final = 8


def number(value: float) -> str:
    """A number as the canonical text writes it: shortest form that reads back as the same number.

    >>> number(100.0), number(0.35)
    ('100', '0.35')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def text(node: Node) -> str:
    """The canonical text of `node`: one spelling for all texts with the same tree.

    It reads back as the same tree, so it can stand in the content hash of a policy.
    """
    match node:
        case Constant(value=bool() as value):
            return "true" if value else "false"
        case Constant(value=str() as value):
            return "'" + value.replace("'", "''") + "'"
        case Constant(value=value):
            return number(float(value))
        case Read(name=name):
            return name.text
    return _text_of(node)


def _text_of(node: Apply) -> str:
    binding = _binding(node)
    # A comparison never stands bare inside another; everything else groups to the left.
    first = _inside(node.children[0], binding + (binding == _BINDING_OF_COMPARISON))
    rest = [_inside(child, binding + 1) for child in node.children[1:]]
    match node.operator:
        case "not":
            return f"not {_inside(node.children[0], binding)}"
        case "negative":
            return f"-{_inside(node.children[0], _BINDING_OF_ATOM)}"
        case "is null":
            return f"{first} is null"
        case "in":
            return f"{first} in ({', '.join(rest)})"
        case "between":
            return f"{first} between {rest[0]} and {rest[1]}"
        case operator if binding < _BINDING_OF_ATOM:
            return f" {operator} ".join([first, *rest])
        case function:
            return f"{function}({', '.join(text(child) for child in node.children)})"


def _binding(node: Node) -> int:
    if isinstance(node, Constant):
        # A negative number needs brackets where a minus sign would.
        negative = isinstance(node.value, float) and node.value < 0
        return _BINDING["negative"] if negative else _BINDING_OF_ATOM
    if isinstance(node, Read):
        return _BINDING_OF_ATOM
    if node.operator in COMPARISONS:
        return _BINDING_OF_COMPARISON
    return _BINDING.get(node.operator, _BINDING_OF_ATOM)


def _inside(node: Node, at_least: int) -> str:
    return text(node) if _binding(node) >= at_least else f"({text(node)})"


def depth(node: Node) -> int:
    """Levels of the tree; a constant or column is one."""
    return 1 + max(map(depth, node.children), default=0) if isinstance(node, Apply) else 1


def reads(node: Node) -> Iterator[Name]:
    """Every name read in `node`, in the order of the text, repeats included."""
    if isinstance(node, Read):
        yield node.name
    elif isinstance(node, Apply):
        for child in node.children:
            yield from reads(child)
