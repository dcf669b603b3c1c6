"""Statements in DuckDB's dialect, turned for Spark so that they mean the same to the bit.

sqlglot knows how things are called; what stands here is where the same name means something else.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.errors import ErrorLevel
from sqlglot.generator import Generator
from sqlglot.generators.spark import SparkGenerator

Columns = Callable[[str], Sequence[str]]
"""Names of the columns that a query in Spark's dialect yields."""

_RENAMED = {"hash": "xxhash64", "strlen": "octet_length"}


def turn(tree: exp.Expr, columns: Columns) -> str:
    """`tree` for Spark. Raises `UnsupportedError` where sqlglot knows that Spark has no word for it."""
    tree = tree.copy()
    for select in tree.find_all(exp.Select):
        _expand(select, columns)
    for table in tree.find_all(exp.Table):
        if table.db:
            table.set("this", exp.to_identifier(view(table)))
            table.set("db", None)
    text: str = _Turned(dialect=Spark, unsupported_level=ErrorLevel.RAISE).generate(tree)
    return text


def view(table: exp.Table) -> str:
    """Under which name a relation is a temporary view: `market.jobs` is `market_jobs`."""
    return f"{table.db}_{table.name}" if table.db else table.name


def _expand(select: exp.Select, columns: Columns) -> None:
    """Write out `* exclude (...) replace (...)`, which Spark lacks."""
    for star in select.expressions:
        if isinstance(star, exp.Star) and (replaced := star.args.get("replace")):
            source = exp.select("*").from_(select.args["from_"].this.copy())
            new = {alias.alias: alias for alias in replaced}
            left_out = {column.name for column in star.args.get("except_") or ()}
            kept = [name for name in columns(turn(source, columns)) if name not in left_out]
            written = [new.get(name, exp.column(name, quoted=True)) for name in kept]
            select.set("expressions", [*written, *(other for other in select.expressions if other is not star)])


def _seconds(generator: Generator, node: exp.TimeToUnix) -> str:
    """Spark's own `unix_timestamp` drops what is less than a second."""
    return f"(unix_micros(CAST({generator.sql(node, 'this')} AS TIMESTAMP_LTZ)) / 1e6)"


def _floor(generator: Generator, node: exp.Floor) -> str:
    """Spark's own `floor` is a BIGINT, in which minus infinity has no place; from 2^53 on every double is whole."""
    number = generator.sql(node, "this")
    return f"CASE WHEN ABS({number}) < 9e15 THEN CAST(FLOOR({number}) AS DOUBLE) ELSE CAST({number} AS DOUBLE) END"


def _largest(generator: Generator, node: exp.Greatest | exp.Least) -> str:
    """Spark's own `greatest` and `least` want two arguments or more."""
    values = [generator.sql(value) for value in (node.this, *node.expressions)]
    return values[0] if len(values) == 1 else f"{node.sql_name()}({', '.join(values)})"


def _literal(generator: Generator, node: exp.Literal) -> str:
    """A number with a point is a double, so that no rule of decimals decides anything."""
    text = Generator.literal_sql(generator, node)
    return f"{text}e0" if node.is_number and "." in text and "e" not in text.lower() else text


def _format(generator: Generator, node: exp.Format) -> str:
    """`format` in the words of Python: the specifications that the project's sentences use."""
    values = iter(node.expressions)
    parts = []
    for before, field, specification, _ in string.Formatter().parse(node.this.name):
        parts += [generator.sql(exp.Literal.string(before))] * bool(before)
        if field is not None:
            parts.append(_formatted(generator.sql(next(values)), specification or ""))
    return f"CONCAT({', '.join(parts)})"


def _formatted(value: str, specification: str) -> str:
    """`format_number` rounds halves to even on the exact value, as Python does; `format_string` does not."""
    if not specification:
        return f"CAST({value} AS STRING)"
    digits, kind = int(specification[1:-1]), specification[-1]
    if kind == "f":
        return f"FORMAT_NUMBER({value}, '0{'.' * (digits > 0)}{'0' * digits}')"
    pattern = f"'0.{'#' * (digits - 1)}E0'"
    whole = f"{value} = ROUND({value}) AND ABS({value}) < 1e15"  # Java takes a whole double at a tie for a larger one
    exact = f"FORMAT_NUMBER(CAST({value} AS DECIMAL(38, 0)), {pattern})"
    return _general(f"CASE WHEN {whole} THEN {exact} ELSE FORMAT_NUMBER({value}, {pattern}) END", digits)


def _general(scientific: str, digits: int) -> str:
    """`{:.<digits>g}` from a number in scientific form such as `1.234E5`."""
    power = f"CAST(SPLIT_PART({scientific}, 'E', 2) AS INT)"
    fixed = f"FORMAT_NUMBER(CAST({scientific} AS DECIMAL(38, 18)), '0.{'#' * (digits + 3)}')"
    size = f"CAST(ABS({power}) AS STRING)"
    return (
        f"CASE WHEN {power} BETWEEN -4 AND {digits - 1} THEN {fixed} "
        f"ELSE CONCAT(SPLIT_PART({scientific}, 'E', 1), CASE WHEN {power} < 0 THEN 'e-' ELSE 'e+' END, "
        f"LPAD({size}, GREATEST(2, LENGTH({size})), '0')) END"
    )


def _whole_match(generator: Generator, node: exp.RegexpFullMatch) -> str:
    pattern = exp.Literal.string(rf"\A(?:{node.expression.name})\z")
    return f"({generator.sql(node, 'this')} RLIKE {generator.sql(pattern)})"


def _list(generator: Generator, node: exp.ArrayAgg) -> str:
    """Spark collects lists in no order, and without nulls; one sorted by its own values can be sorted afterwards."""
    listed = node.this
    if not isinstance(listed, exp.Order):
        return f"COLLECT_LIST({generator.sql(listed)})"
    if [(key.this, bool(key.args.get("desc"))) for key in listed.expressions] != [(listed.this, False)]:
        generator.unsupported("Spark collects lists in no order")
    return f"SORT_ARRAY(COLLECT_LIST({generator.sql(listed, 'this')}))"


def _anonymous(generator: Generator, node: exp.Anonymous) -> str:
    arguments = [generator.sql(argument) for argument in node.expressions]
    if node.name.lower() == "isfinite":
        return f"(ABS({arguments[0]}) < DOUBLE('inf'))"
    return f"{_RENAMED.get(node.name.lower(), node.name)}({', '.join(arguments)})"


class _Turned(SparkGenerator):
    TYPE_MAPPING: ClassVar = {**SparkGenerator.TYPE_MAPPING, exp.DataType.Type.TIMESTAMPTZ: "TIMESTAMP_LTZ"}
    TRANSFORMS: ClassVar = {
        **SparkGenerator.TRANSFORMS,
        exp.Anonymous: _anonymous,
        exp.ArrayAgg: _list,
        exp.Floor: _floor,
        exp.Format: _format,
        exp.Greatest: _largest,
        exp.Interval: lambda generator, node: f"INTERVAL '{node.this.unnest().name}' {generator.sql(node, 'unit')}",
        exp.IsInf: lambda generator, node: f"(ABS({generator.sql(node, 'this')}) = DOUBLE('inf'))",
        exp.Least: _largest,
        exp.Literal: _literal,
        exp.RegexpFullMatch: _whole_match,
        exp.TimeToUnix: _seconds,
    }
