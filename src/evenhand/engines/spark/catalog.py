"""A market whose tables are at home in Spark: those of one schema, called as the market's tables are called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyspark.errors import AnalysisException

from evenhand.engines.spark.tables import Tables
from evenhand.errors import MarketRefused
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedFile, StagedMarket, StagedTable, check_columns
from evenhand.market.table import Table

ROW: Final = "_row"
"""Column of a copied table that numbers its rows."""


class CatalogSource:
    """The tables of `schema`, copied once: a run sees one state of them, however long it takes."""

    def __init__(self, tables: Tables, schema: str) -> None:
        self._tables = tables
        self._schema = schema

    def stage(self, scratch: Path) -> StagedMarket:
        """See `ports.Source.stage`; of a table only the columns that Evenhand knows are copied."""
        del scratch
        catalog = self._tables.session.catalog
        try:
            present = [table for table in TABLES.values() if catalog.tableExists(f"{self._schema}.{table.name}")]
        except AnalysisException as error:
            raise MarketRefused(
                f"no such schema: {str(error).splitlines()[0]}",
                where=f"tables:{self._schema}",
                hint="name it as Spark does, with its catalog if it is not the default one: tables:catalog.schema",
            ) from error
        return StagedMarket(
            name=f"tables:{self._schema}", tables={table.name: self._copied(table) for table in present}
        )

    def _copied(self, table: Table) -> StagedTable:
        name = f"{self._schema}.{table.name}"
        frame = self._tables.session.table(name)
        check_columns(table, frame.columns, name)
        known = [f"`{column}`" for column in frame.columns if column in table.names]
        place = self._tables.write(frame.selectExpr(*known, f"monotonically_increasing_id() + 1 AS {ROW}"))
        rows = self._tables.session.read.parquet(place).count()
        file = StagedFile(path=Path(name), name=name, text=False, columns=tuple(frame.columns), rows=rows, uri=place)
        return StagedTable(name=table.name, files=(file,))
