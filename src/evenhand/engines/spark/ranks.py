"""Ranks over a whole table, reckoned in parallel: a window without partitions would bring all rows into one task.

Rows are sorted into ranges, each row notes its range and its place inside it, and the sizes of the ranges before it
are added. Where no two rows share a key, the numbers are those of `row_number`.
"""

from __future__ import annotations

from itertools import accumulate

from pyspark.sql import DataFrame
from sqlglot import exp

from evenhand.engines.spark.tables import Tables

_RANGE = 33
"""Up to this bit a `monotonically_increasing_id` counts inside one range; above it stands the number of the range."""


def ranked(tables: Tables, query: exp.Expr) -> exp.Expr:
    """`query` with every `row_number` and `dense_rank` over all rows made a column of a table that is kept.

    `dense_rank` over one expression is numbered among its distinct values, and joined to the rows.
    """
    query = query.copy()
    windows = [window for window in query.find_all(exp.Window) if not window.args.get("partition_by")]
    for number, window in enumerate(windows):
        select = window.parent_select
        if select is not None and isinstance(window.this, exp.RowNumber):
            _number_rows(tables, select, window, f"rank_{number}")
        elif select is not None and isinstance(window.this, exp.DenseRank):
            _number_values(tables, select, window, f"rank_{number}")
    return query


def _number_rows(tables: Tables, select: exp.Select, window: exp.Window, name: str) -> None:
    source = select.args["from_"].this
    _number(tables, exp.select("*").from_(source.copy()), window.args["order"].copy(), name)
    source.replace(exp.to_table(name))
    window.replace(exp.column(name))
    for star in select.expressions:
        if isinstance(star, exp.Star):
            star.set("except_", [exp.column(name)])


def _number_values(tables: Tables, select: exp.Select, window: exp.Window, name: str) -> None:
    value, key = window.args["order"].expressions[0].this, f"{name}_key"
    values = exp.select(exp.alias_(value.copy(), key)).distinct().from_(select.args["from_"].this.copy())
    _number(tables, values, exp.Order(expressions=[exp.column(key)]), name)
    select.join(exp.to_table(name), on=exp.EQ(this=exp.column(key), expression=value.copy()), copy=False)
    window.replace(exp.column(name))


def _number(tables: Tables, rows: exp.Select, order: exp.Expr, name: str) -> None:
    """Make the view `name`: `rows` with a column `name` that counts from 1 in the order given."""
    rows.set("order", order)
    ordered = tables.select(rows)
    placed = tables.keep(ordered.selectExpr("*", f"monotonically_increasing_id() AS {name}"))
    _counted_on(placed, ordered.columns, name).createOrReplaceTempView(name)


def _counted_on(placed: DataFrame, columns: list[str], name: str) -> DataFrame:
    nth = f"INT(shiftright({name}, {_RANGE}))"
    sizes = {row[0]: row[1] for row in placed.selectExpr(f"{nth} AS nth").groupBy("nth").count().collect()}
    starts = [0, *accumulate(sizes.get(number, 0) for number in range(max(sizes, default=0)))]
    start = f"ARRAY({', '.join(f'{start}L' for start in starts)})[{nth}]"
    kept = [f"`{column}`" for column in columns]
    return placed.selectExpr(*kept, f"{start} + ({name} & {2**_RANGE - 1}L) + 1L AS {name}")
