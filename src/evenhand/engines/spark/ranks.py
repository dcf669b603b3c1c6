"""Ranks over a whole table, reckoned in parallel: a window without partitions would bring all rows into one task.

Rows are sorted into ranges, each row notes its range and its place inside it, and the sizes of the ranges before it
are added. With keys that no two rows share, the numbers are those of `row_number`.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame
from sqlglot import exp

from evenhand.engines.spark.dialect import turn

if TYPE_CHECKING:
    from evenhand.engines.spark.database import SparkDatabase

_RANGE = 33
"""Up to this bit a `monotonically_increasing_id` counts inside one range; above it stands the number of the range."""


def ranked(database: SparkDatabase, query: exp.Expr) -> DataFrame | None:
    """The rows of `select (row_number() over (order by ...)), ... from relation`; None if `query` is no such thing.

    `dense_rank` over one expression is numbered among its distinct values, and joined to the rows.
    """
    if not isinstance(query, exp.Select):
        return None
    windows = [w for w in query.find_all(exp.Window) if w.parent_select is query and not w.args.get("partition_by")]
    windows = [w for w in windows if isinstance(w.this, exp.RowNumber | exp.DenseRank)]
    if not windows:
        return None
    query = query.copy()
    for number, window in enumerate(w for w in query.find_all(exp.Window) if w in windows):
        _number(database, query, window, f"rank_{number}")
    return database.session.sql(turn(query, lambda text: database.session.sql(text).columns))


def _number(database: SparkDatabase, query: exp.Select, window: exp.Window, name: str) -> None:
    """Put the column `name`, numbered once and kept, in the place of `window`."""
    order = window.args["order"].copy()
    source = query.args["from_"].this
    relation = exp.select("*").from_(source.copy())
    if isinstance(window.this, exp.DenseRank):
        key = order.expressions[0].this
        relation = exp.select(exp.alias_(key.copy(), f"{name}_key")).distinct().from_(source.copy())
        order = exp.Order(expressions=[exp.Ordered(this=exp.column(f"{name}_key"))])
    relation.set("order", order)
    _numbered(database, relation, name).createOrReplaceTempView(name)
    window.replace(exp.column(name))
    if isinstance(window.this, exp.DenseRank):
        query.join(exp.to_table(name), on=exp.EQ(this=exp.column(f"{name}_key"), expression=key.copy()), copy=False)
        return
    source.replace(exp.to_table(name))
    for star in query.expressions:
        if isinstance(star, exp.Star):
            star.set("except_", [exp.column(name)])


def _numbered(database: SparkDatabase, relation: exp.Select, name: str) -> DataFrame:
    ordered = database.session.sql(turn(relation, lambda text: database.session.sql(text).columns))
    placed = database.keep(ordered.selectExpr("*", f"monotonically_increasing_id() AS {name}"))
    ranges = placed.selectExpr(f"INT(shiftright({name}, {_RANGE})) AS nth").groupBy("nth").count().collect()
    sizes = {row["nth"]: row["count"] for row in ranges}
    before = [0, *accumulate(sizes.get(nth, 0) for nth in range(max(sizes, default=0)))]
    starts = f"ARRAY({', '.join(f'{start}L' for start in before)})[INT(shiftright({name}, {_RANGE}))]"
    others = [f"`{column}`" for column in ordered.columns]
    return placed.selectExpr(*others, f"{starts} + ({name} & {2**_RANGE - 1}L) + 1L AS {name}")
