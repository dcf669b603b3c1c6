"""A condition as the rest of Evenhand sees it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from evenhand.errors import PolicyRefused
from evenhand.policy.conditions import finite, grammar, nodes, reasons, thresholds
from evenhand.policy.conditions import sql as statement
from evenhand.policy.conditions.flaws import Flawed
from evenhand.policy.conditions.names import NAMES, Names
from evenhand.policy.conditions.nodes import Node
from evenhand.policy.conditions.program import Program, Row, compiled
from evenhand.policy.conditions.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A boolean expression over evidence columns; `text` is its canonical spelling.

    Two texts that read as the same tree make equal conditions.

    >>> condition = parse("E_HIRE >= 20 AND NOT (on_break)".replace("E_HIRE", "e_hire"))
    >>> condition.text
    'e_hire >= 20 and not on_break'
    >>> sorted(condition.columns)
    ['log_e_hire', 'on_break']
    >>> condition.truth({"log_e_hire": 3.5, "on_break": None}) is None
    True
    """

    root: Node

    @cached_property
    def text(self) -> str:
        """The canonical text: lower-case keywords, no idle brackets, shortest numbers."""
        return nodes.text(self.root)

    @cached_property
    def columns(self) -> frozenset[str]:
        """Evidence columns it reads, `e` already turned into `log_e`."""
        return frozenset(name.column for name in nodes.reads(self.root))

    @cached_property
    def floors(self) -> tuple[float, ...]:
        """Points at which it reads `e_at`, ascending."""
        return tuple(sorted({name.floor for name in nodes.reads(self.root) if name.floor is not None}))

    @cached_property
    def sql(self) -> str:
        """DuckDB text over the evidence columns; a null result means false to whoever must decide (E5)."""
        return statement.sql(self.root)

    @cached_property
    def program(self) -> Program:
        """The condition as a Python function; its `source` can be read."""
        return compiled([self.root])

    def truth(self, row: Row) -> bool | None:
        """What the SQL says of one account's evidence; None where a value that decides is not known."""
        outcome = self.program.trace(row)[0]
        return outcome if isinstance(outcome, bool) else None

    def reason(self, row: Row) -> Reason:
        """The tree of parts with their values and outcomes."""
        trace = self.program.trace(row)
        return reasons.explain(self.root, lambda part: self.program.value(part, trace))

    def at_least(self, name: str) -> float | None:
        """The largest x for which the condition implies `name >= x`, None if it implies none.

        >>> parse("e >= 100 and (e_hire >= 20 or e_hire > 50)").at_least("e_hire")
        20.0
        """
        return thresholds.at_least(self.root, name)

    def at_most(self, name: str) -> float | None:
        """The smallest x for which the condition implies `name <= x`, None if it implies none."""
        return thresholds.at_most(self.root, name)

    def needs_any(self, names: Collection[str]) -> bool:
        """Whether it can hold only where one of the counts `names` is above 0."""
        return thresholds.needs_any(self.root, names)

    def requires(self, flag: str) -> bool:
        """Whether it can hold only where the boolean column `flag` does."""
        return thresholds.holds_only_with(self.root, flag)

    def leaves_unnegated(self, flag: str) -> bool:
        """Whether `flag`, wherever it stands, is joined by `and` and `or` alone (S5)."""
        return thresholds.stands_unnegated(self.root, flag)


def read(text: str, names: Names = NAMES) -> Condition:
    """The condition in `text` over the columns `names`.

    Raises `Flawed` with offsets, for a reader that knows where the text stands.
    """
    root = grammar.read(text, names)
    finite.check(root)
    return Condition(root=root)


def parse(text: str, names: Names = NAMES) -> Condition:
    """The condition in `text` over the columns `names`; raises `PolicyRefused` at `condition:line:column`."""
    try:
        return read(text, names)
    except Flawed as flawed:
        first = flawed.flaws[0]
        before = text[: first.start]
        where = f"condition:{before.count(chr(10)) + 1}:{first.start - before.rfind(chr(10))}"
        raise PolicyRefused(first.message, hint=first.hint, where=where) from None
