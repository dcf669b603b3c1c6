"""The tables of one run: written as Parquet and read again, so that no plan grows over more than one statement."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import sqlglot
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from evenhand.engines.spark.dialect import turn
from evenhand.engines.spark.files import Folder


class Tables:
    """A session, and the folder in which what it reckons is kept."""

    def __init__(self, session: SparkSession, folder: Folder) -> None:
        self.session = session
        self.folder = folder

    def select(self, query: exp.Expr) -> DataFrame:
        """The rows of a query in DuckDB's dialect, not yet reckoned."""
        return self.session.sql(turn(query, self._columns))

    def keep(self, frame: DataFrame) -> DataFrame:
        """The same rows, written and read again."""
        return self.session.read.schema(frame.schema).parquet(self.write(frame))

    def write(self, frame: DataFrame) -> str:
        """Where the rows are written to, as Parquet; it goes away with the run."""
        place = self.folder.new()
        frame.write.parquet(place)
        return place

    def empty(self, columns: Sequence[exp.Expr]) -> DataFrame:
        """No rows, under columns defined in DuckDB's dialect."""
        return self.session.createDataFrame([], ", ".join(turn(column, self._columns) for column in columns))

    def _columns(self, query: str) -> Sequence[str]:
        columns: Sequence[str] = self.session.sql(query).columns
        return columns


@functools.lru_cache(maxsize=256)
def parsed(query: str) -> tuple[exp.Expr, ...]:
    """The statements of a text in DuckDB's dialect; kept, for a run asks many things many times."""
    return tuple(tree for tree in sqlglot.parse(query, read="duckdb") if tree is not None)
