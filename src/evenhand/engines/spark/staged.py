"""The staged files of one table as one view: every known column as meaning, whether given, and look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.engines.spark.reader import READER, kind_of
from evenhand.engines.sql.cells import SQL_TYPES, Cell, Kind, cell
from evenhand.market.schema import Table
from evenhand.market.staging import StagedFile, StagedTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from evenhand.engines.spark.database import SparkDatabase

Kinds = tuple[tuple[str, Kind], ...]


def stage(database: SparkDatabase, scratch: Path, table: Table, staged: StagedTable | None) -> frozenset[str]:
    """Create the view `staged.<table>`; the names of the known columns that some file has are returned."""
    alike: dict[tuple[bool, Kinds], list[str]] = defaultdict(list)
    for number, file in enumerate(staged.files if staged else ()):
        link = linked(file.path, scratch / "staged" / table.name, f"{number}.parquet")
        alike[file.text, _kinds(table, file)].append(link)
    selects = []
    for number, ((text, kinds), links) in enumerate(alike.items()):
        name = f"files_{table.name}_{number}"
        _rows(database, links, text=text).createOrReplaceTempView(name)
        selects.append(f'SELECT file_no, row_no, {_cells(table, dict(kinds))} FROM "{name}"')
    nothing = f"SELECT 0::INTEGER AS file_no, 0::BIGINT AS row_no, {_cells(table, {})} WHERE false"
    database.execute(f'CREATE OR REPLACE VIEW staged."{table.name}" AS ' + " UNION ALL ".join(selects or [nothing]))
    return frozenset(name for _, kinds in alike for name, _ in kinds)


def linked(path: Path, folder: Path, name: str | None = None) -> str:
    """A name for the file at `path` that holds no sign that Spark would read as a pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / (name or f"{len(list(folder.iterdir()))}.parquet")
    link.symlink_to(path.resolve())
    return link.absolute().as_uri()


def _rows(database: SparkDatabase, links: list[str], *, text: bool) -> DataFrame:
    row_no = "_line" if text else "_metadata.row_index + 1"
    frame = database.session.read.parquet(*links)
    return frame.selectExpr("*", "INT(SPLIT_PART(_metadata.file_name, '.', 1)) AS file_no", f"{row_no} AS row_no")


def _kinds(table: Table, file: StagedFile) -> Kinds:
    with pq.ParquetFile(file.path) as parquet:
        known = set(table.names) & set(file.columns)
        ancient = {column.name for column in _columns(parquet) if column.physical_type == "INT96"}
        schema: pa.Schema = parquet.schema_arrow
    return tuple((f.name, "zoned" if f.name in ancient else kind_of(f.type)) for f in schema if f.name in known)


def _columns(parquet: pq.ParquetFile) -> list[pq.ColumnSchema]:
    return [parquet.schema.column(number) for number in range(len(parquet.schema))]


def _cells(table: Table, kinds: Mapping[str, Kind]) -> str:
    columns = []
    for column in table.columns:
        read = Cell(meaning="NULL", given="false", look="NULL::VARCHAR")
        if column.name in kinds:
            read = cell(column, kinds[column.name], READER)
        columns.append(f'({read.meaning})::{SQL_TYPES[column.type]} AS "{column.name}"')
        columns.append(f'{read.given} AS "{column.name} given", {read.look} AS "{column.name} look"')
    return ", ".join(columns)
