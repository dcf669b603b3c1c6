"""What can be wrong with one row by itself, as SQL conditions in the order in which they are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.market.admission import UNREADABLE, Reason
from evenhand.market.table import EARLIEST, MAX_IDENTIFIER_CHARACTERS, MICRO, Column, Table


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`condition` is true of rows of the staged view in which `column` is at fault, for `reason`."""

    column: str
    condition: str
    reason: Reason


def cell_faults(table: Table, present: frozenset[str]) -> tuple[Fault, ...]:
    """The faults that the cells of `table` can have, where only the columns `present` are in the files at all."""
    return tuple(
        Fault(column=column.name, condition=condition, reason=reason)
        for column in table.columns
        if column.name in present or column.required
        for condition, reason in _faults(table, column)
    )


def _faults(table: Table, column: Column) -> Iterator[tuple[str, Reason]]:
    meaning, given = f'c."{column.name}"', f'c."{column.name} given"'
    if column.required:
        yield f"NOT {given}", Reason.MISSING
    yield f"{given} AND {meaning} IS NULL", UNREADABLE[column.type]
    if column.type == "identifier":  # counting bytes first spares counting characters
        limit = MAX_IDENTIFIER_CHARACTERS
        yield f"strlen({meaning}) > {limit} AND length({meaning}) > {limit}", Reason.TOO_LONG
    if column.type == "time":
        yield f"{meaning} < TIMESTAMP '{EARLIEST}'", Reason.BEFORE_1990
    if column.not_before:
        yield f'{meaning} < c."{column.not_before}"', Reason.ENDS_FIRST
    yield from ((condition, Reason.OUT_OF_RANGE) for condition in _out_of_range(column, meaning))
    if column.name == "currency":
        money = " OR ".join(f'c."{other.name} given"' for other in table.columns if other.money)
        yield f"{meaning} <> 'USD' AND ({money})", Reason.NOT_DOLLARS


def _out_of_range(column: Column, meaning: str) -> Iterator[str]:
    if column.type == "weight":
        yield f"{meaning} <= 0 OR {micro(meaning)} < 1"
    elif column.low is not None:
        yield f"{meaning} < {column.low!r}"
    if column.high is not None:
        yield f"{meaning} > {column.high!r}"


def micro(number: str) -> str:
    """SQL of `number` in whole millionths, halves upward."""
    return f"floor({number} * {MICRO}.0::DOUBLE + 0.5::DOUBLE)"
