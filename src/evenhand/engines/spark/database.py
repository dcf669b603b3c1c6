"""A Spark session as the database of the shared SQL: statements turned, and every table kept where DuckDB makes one."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from sqlglot import exp
from sqlglot.errors import UnsupportedError

from evenhand.engines.spark import staged
from evenhand.engines.spark.dialect import view
from evenhand.engines.spark.files import to_one_file
from evenhand.engines.spark.ranks import ranked
from evenhand.engines.spark.tables import Tables, parsed
from evenhand.engines.sql.database import UnreadableError
from evenhand.errors import RunRefused
from evenhand.market.staging import StagedTable
from evenhand.market.table import Table


class Rows:
    """`Answer` over a data frame; `fetchmany` brings one partition after the other."""

    def __init__(self, frame: DataFrame) -> None:
        self.description = [(name,) for name in frame.columns]
        self._frame = frame
        self._left: Iterator[Any] | None = None

    def fetchall(self) -> list[Any]:
        """See `Answer.fetchall`."""
        return [tuple(row) for row in (self._frame.collect() if self._left is None else self._left)]

    def fetchmany(self, size: int = 1000) -> list[Any]:
        """See `Answer.fetchmany`."""
        self._left = self._frame.toLocalIterator() if self._left is None else self._left
        return [tuple(row) for row in islice(self._left, size)]


class SparkDatabase:
    """`Database` over a session of its own."""

    def __init__(self, tables: Tables, scratch: Path) -> None:
        self.tables = tables
        self._session = tables.session
        self._scratch = scratch
        self._parts: dict[str, list[DataFrame]] = {}

    def execute(self, query: str) -> Rows:
        """See `Connection.execute`; raises `RunRefused` where a statement cannot be turned."""
        answer = self._session.range(0)
        for tree in parsed(query):
            try:
                answer = self._run(tree) or answer
            except UnsupportedError as error:
                raise RunRefused(
                    f"Spark has no word for a part of this run: {error}",
                    where="--engine spark",
                    hint="evaluate with `--engine duckdb`, which has",
                ) from error
        return Rows(answer)

    def batches(self, query: str) -> Iterable[pa.RecordBatch]:
        """See `Connection.batches`."""
        del query
        raise RunRefused(
            "Spark hands out no rows in order, which a fitted fair share and reading what people wrote take",
            hint="evaluate with `--engine duckdb`; a policy may also say `fair_share: equal`",
        )

    def register(self, view_name: str, python_object: pa.Table) -> object:
        """See `Connection.register`."""
        self._session.createDataFrame(python_object).createOrReplaceTempView(view_name)
        return self

    def unregister(self, view_name: str) -> object:
        """See `Connection.unregister`."""
        self._session.catalog.dropTempView(view_name)
        return self

    def as_written(self) -> AbstractContextManager[None]:
        """See `Connection.as_written`: Spark orders joins by the sizes it finds."""
        return nullcontext()

    def stage(self, table: Table, given: StagedTable | None) -> frozenset[str]:
        """See `Database.stage`."""
        return staged.stage(self.tables, self._scratch, table, given)

    def lines(self, path: Path) -> str:
        """See `Database.lines`."""
        link = staged.linked(path, self._scratch / "lines")
        name = f"lines_{Path(link).stem}"
        self._session.read.parquet(link).createOrReplaceTempView(name)
        return name

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See `Database.reading`."""
        try:
            yield
        except PySparkException as error:
            if "FAILED_READ_FILE" not in (error.getCondition() or ""):
                raise
            raise UnreadableError(str(error).splitlines()[0]) from error

    def copy(self, query: str, path: Path) -> None:
        """See `Database.copy`."""
        place = self.tables.write(self.tables.select(parsed(query)[0]))
        to_one_file(self.tables.folder.at_hand(place, self._scratch), path)

    def _run(self, tree: exp.Expr) -> DataFrame | None:
        match tree:
            case exp.Create(kind="SCHEMA"):
                return None
            case exp.Create(kind="VIEW", expression=query):
                self.tables.select(query).createOrReplaceTempView(view(tree.this))
            case exp.Create(kind="TABLE", this=exp.Schema() as schema):
                self._define(view(schema.this), [self.tables.empty(schema.expressions)])
            case exp.Create(kind="TABLE", expression=query):
                self._define(view(tree.this), [self.tables.keep(self.tables.select(ranked(self.tables, query)))])
            case exp.Insert(expression=query):
                self._insert(view(tree.this), query)
            case exp.Drop():
                for table in tree.find_all(exp.Table):
                    self._session.catalog.dropTempView(view(table))
            case exp.Query():
                return self.tables.select(tree)
            case _:
                raise UnsupportedError(f"`{tree.key}` is no statement that is turned")
        return None

    def _define(self, name: str, parts: list[DataFrame]) -> None:
        self._parts[name] = parts
        functools.reduce(DataFrame.unionAll, parts).createOrReplaceTempView(name)

    def _insert(self, name: str, query: exp.Expr) -> None:
        first, *_ = parts = self._parts[name]
        added = self.tables.select(query).toDF(*first.columns).to(first.schema)
        self._define(name, [*parts, self.tables.keep(added) if query.find(exp.Table) else added])
