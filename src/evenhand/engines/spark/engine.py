"""The engine for tables that are too large for one machine, or at home in Spark: the same statements, turned."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from evenhand.engines.spark.catalog import CatalogSource
from evenhand.engines.spark.database import SparkDatabase
from evenhand.engines.spark.files import Folder, on_disk
from evenhand.engines.spark.session import open_session
from evenhand.engines.spark.tables import Tables
from evenhand.engines.sql.engine import SqlEngine
from evenhand.errors import RunRefused
from evenhand.ports import Source


class SparkEngine(SqlEngine):
    """One run; its tables lie below `spark.checkpoint.dir` where that is set, else below `scratch`.

    On a cluster it must be set to a folder that every executor can write. What is written there goes away with the run.
    """

    name = "spark"

    def __init__(self, scratch: Path, *, threads: int, memory_gb: float, submitted: bool = False) -> None:
        if pattern := set("[]{}*?") & set(str(scratch.absolute())):
            raise RunRefused(
                f"Spark would read `{'`, `'.join(sorted(pattern))}` as a pattern",
                where=str(scratch.parent),
                hint="choose a folder for the results whose path has no such sign",
            )
        self._scratch = scratch
        self._session = open_session(threads=threads, memory_gb=memory_gb, submitted=submitted)

    def __enter__(self) -> Self:
        shared = self._session.conf.get("spark.checkpoint.dir", None)
        root = f"{shared or on_disk(self._scratch)}/evenhand-{uuid4().hex}"
        self._tables = Tables(self._session, Folder(self._session, root))
        self._con = SparkDatabase(self._tables, self._scratch)
        return self

    def tables(self, schema: str) -> Source:
        """The market whose tables are those of a schema of Spark's catalog."""
        return CatalogSource(self._tables, schema)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tables.folder.remove()
