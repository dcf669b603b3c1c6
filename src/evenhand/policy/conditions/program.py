"""Conditions compiled together to one Python function that means what their SQL means, nulls included.

The function takes one row of evidence to a `Trace`: the value of every part, in a flat tuple that is read against the
static tree (S10). No part is skipped, because a reason tells all of them; what several conditions share is reckoned
once. Its source is made from the tree alone: literals through `repr` of their parsed values, columns through their
declared names, everything else through the words on this page.

Null logic: `and` is false where one part is false, else unknown where one is; any other operator is unknown where an
operand is, except `coalesce`, `greatest` and `least`, which pass over unknown arguments, and `is null`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from evenhand.policy.conditions.names import Name
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read, Value

Row: TypeAlias = Mapping[str, object]
"""Evidence of one account by column name."""

Trace: TypeAlias = tuple[Value, ...]
"""What every part of a program amounted to for one row; its roots come first, in their order."""

_LARGEST_LOG: Final = 700.0
_SIGNS: Final = {"=": "==", "<>": "!="}
_CONNECTIVES: Final = {"and": ("False", "True"), "or": ("True", "False")}
_ARITHMETIC: Final = frozenset({"+", "-", "*", "div0"})


@dataclass(frozen=True, kw_only=True)
class Program:
    """Trees compiled together.

    `trace` raises `KeyError` where the row lacks a column that is read, `TypeError` where it holds what the column was
    not declared to hold. `source` is the text of that function; `slots` says where the value of a part stands.
    """

    source: str
    slots: Mapping[Node, int]
    trace: Callable[[Row], Trace]

    def value(self, part: Node, trace: Trace) -> Value:
        """What `part` of one of the trees amounted to."""
        return part.value if isinstance(part, Constant) else trace[self.slots[part]]


def compiled(roots: Sequence[Node]) -> Program:
    """The program of `roots`, whose values its traces begin with."""
    writer = _Writer()
    first = [writer.word(root) for root in roots]
    slots: dict[Node, int] = {}
    for slot, root in enumerate(roots):
        slots.setdefault(root, slot)
    rest = [part for part in writer.words if part not in slots]
    slots.update({part: slot for slot, part in enumerate(rest, start=len(roots))})
    values = "".join(f"{word}, " for word in [*first, *(writer.words[part] for part in rest)])
    source = "\n    ".join(["def trace(row):", *writer.lines, f"return ({values})"])
    namespace: dict[str, object] = dict(_KNOWN)
    exec(compile(source, "<conditions>", "exec"), namespace)  # noqa: S102  # made on this page, from a tree of ours
    return Program(source=source, slots=slots, trace=cast("Callable[[Row], Trace]", namespace["trace"]))


@dataclass(kw_only=True)
class _Writer:
    """The lines of the function so far; `words` maps each part to the variable that holds its value."""

    lines: list[str] = field(default_factory=list)
    words: dict[Node, str] = field(default_factory=dict)

    def word(self, node: Node) -> str:
        """The variable or literal that stands for `node`, its lines written where they are not yet."""
        if isinstance(node, Constant):
            return repr(node.value)
        if node not in self.words:
            self.words[node] = self._read(node.name) if isinstance(node, Read) else self._line(self._apply(node))
        return self.words[node]

    def _line(self, text: str) -> str:
        word = f"v{len(self.lines)}"
        self.lines.append(f"{word} = {text}")
        return word

    def _read(self, name: Name) -> str:
        word = self._line(f"row[{name.column!r}]")
        self.lines.append(_CHECKS[name.type].format(word=word, name=repr(name.column)))
        if not name.is_e:
            return word
        return self._line(f"None if {word} is None else exp({word} if {word} < {_LARGEST_LOG} else {_LARGEST_LOG})")

    def _apply(self, node: Apply) -> str:
        if node.operator == "between":
            operand, low, high = node.children
            bounds = ((">=", low), ("<=", high))
            parts = tuple(Apply(operator=sign, type="boolean", children=(operand, limit)) for sign, limit in bounds)
            return self._apply(Apply(operator="and", type="boolean", children=parts))
        words = [self.word(child) for child in node.children]
        known = [word for word, child in zip(words, node.children, strict=True) if not isinstance(child, Constant)]
        match node.operator:
            case "and" | "or":
                decides, otherwise = _CONNECTIVES[node.operator]
                return f"{decides} if {_any(words, decides)} else None if {_any(words, 'None')} else {otherwise}"
            case "is null":
                return f"{words[0]} is None" if known else "False"
            case "coalesce":
                return _first(words, node.children)
            case "greatest" | "least":
                return f"{node.operator}(({', '.join(words)},))"
        value = _value(node, words)
        return f"None if {_any(known, 'None')} else {value}" if known else value


def _any(words: Sequence[str], value: str) -> str:
    return " or ".join(f"{word} is {value}" for word in words)


def _first(words: Sequence[str], parts: Sequence[Node]) -> str:
    """The text of `coalesce`, which ends with the first literal."""
    end = next((at for at, part in enumerate(parts) if isinstance(part, Constant)), len(parts) - 1)
    return "".join(f"{word} if {word} is not None else " for word in words[:end]) + words[end]


def _value(node: Apply, words: Sequence[str]) -> str:
    """The text of an operator whose operands are known."""
    match node.operator:
        case "not":
            return f"not {words[0]}"
        case "negative":
            return f"-{words[0]}"
        case "abs":
            return f"abs({words[0]})"
        case "div0":
            return f"{words[0]} / {words[1]} if {words[1]} else None"
        case "in":
            return f"{words[0]} in {{{', '.join(words[1:])}}}"
        case "+" | "-" | "*":
            return f"{words[0]} {node.operator} {words[1]}"
    sign = _SIGNS.get(node.operator, node.operator)
    plain = f"{words[0]} {sign} {words[1]}"
    doubted = [word for word, child in zip(words, node.children, strict=True) if _reckons(child)]
    if not doubted:
        return plain
    numbers = " and ".join(f"{word} == {word}" for word in doubted)
    return f"{plain} if {numbers} else order({words[0]}) {sign} order({words[1]})"


def _reckons(node: Node) -> bool:
    """Whether `node` can be NaN, as sums and quotients of infinite numbers can; no column is."""
    return isinstance(node, Apply) and (node.operator in _ARITHMETIC or any(map(_reckons, node.children)))


_CHECKS: Final = {
    "number": """if {word}.__class__ is not float or {word} != {word}:
        {word} = float({word}) if {word}.__class__ is int else number({name}, {word})""",
    "boolean": """if {word} is not True and {word} is not False:
        {word} = boolean({name}, {word})""",
    "text": """if {word}.__class__ is not str:
        {word} = text({name}, {word})""",
}


def _number(name: str, value: object) -> float | None:
    """`value` as the DOUBLE that the SQL makes of it."""
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value):
        return float(value)
    raise TypeError(f"`{name}` holds {value!r}, not a number")


def _boolean(name: str, value: object) -> None:
    if value is not None:
        raise TypeError(f"`{name}` holds {value!r}, not true or false")


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"`{name}` holds {value!r}, not text")


def _order(value: float) -> tuple[bool, float]:
    """A key by which NaN equals itself and is the largest number, as in SQL."""
    return (True, 0.0) if math.isnan(value) else (False, value)


def _greatest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), key=_order, default=None)


def _least(values: Sequence[float | None]) -> float | None:
    return min((value for value in values if value is not None), key=_order, default=None)


_KNOWN: Final[Mapping[str, object]] = {
    "__builtins__": {},
    "abs": abs,
    "float": float,
    "int": int,
    "str": str,
    "exp": math.exp,
    "number": _number,
    "boolean": _boolean,
    "text": _text,
    "order": _order,
    "greatest": _greatest,
    "least": _least,
}
"""All that a generated function can name beside its row."""
