"""The staged files of one table as one view: every known column as meaning, whether given, and look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql.pandas.types import to_arrow_schema

from evenhand.engines.spark.catalog import ROW
from evenhand.engines.spark.files import on_disk
from evenhand.engines.spark.reader import READER, kind_of
from evenhand.engines.spark.tables import Tables, parsed
from evenhand.engines.sql.cells import SQL_TYPES, Cell, Kind, cell
from evenhand.market.staging import StagedFile, StagedTable
from evenhand.market.table import Table

Kinds = tuple[tuple[str, Kind, str], ...]
"""Known columns of a file: name, kind, and type, for Spark reads only files of the same types together."""


def stage(tables: Tables, scratch: Path, table: Table, staged: StagedTable | None) -> frozenset[str]:
    """Create the view `staged.<table>`; the names of the known columns that some file has are returned."""
    alike: dict[tuple[str, Kinds], list[str]] = defaultdict(list)
    for number, file in enumerate(staged.files if staged else ()):
        if file.uri:
            alike[ROW, _kinds_copied(tables, file)].append(file.uri)
        else:
            link = linked(file.path, scratch / "staged" / table.name, f"{number}.parquet")
            alike["_line" if file.text else "_metadata.row_index + 1", _kinds(table, file)].append(link)
    selects = []
    for number, ((row_no, kinds), places) in enumerate(alike.items()):
        view = f"files_{table.name}_{number}"
        file_no = "0" if row_no == ROW else "INT(SPLIT_PART(_metadata.file_name, '.', 1))"
        rows = tables.session.read.parquet(*places)
        rows.selectExpr("*", f"{file_no} AS file_no", f"{row_no} AS row_no").createOrReplaceTempView(view)
        selects.append(f"SELECT file_no, row_no, {_cells(table, {name: kind for name, kind, _ in kinds})} FROM {view}")
    nothing = f"SELECT 0::INTEGER AS file_no, 0::BIGINT AS row_no, {_cells(table, {})} WHERE false"
    (query,) = parsed(" UNION ALL ".join(selects or [nothing]))
    tables.select(query).createOrReplaceTempView(f"staged_{table.name}")
    return frozenset(name for _, kinds in alike for name, *_ in kinds)


def linked(path: Path, folder: Path, name: str | None = None) -> str:
    """A name for the file at `path` that holds no sign that Spark would read as a pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / (name or f"{len(list(folder.iterdir()))}.parquet")
    link.symlink_to(path.resolve())
    return on_disk(link)


def _kinds(table: Table, file: StagedFile) -> Kinds:
    with pq.ParquetFile(file.path) as parquet:
        known = set(table.names) & set(file.columns)
        ancient = {column.name for column in _columns(parquet) if column.physical_type == "INT96"}
        schema: pa.Schema = parquet.schema_arrow
    kinds = {field.name: "zoned" if field.name in ancient else kind_of(field.type) for field in schema}
    return tuple((field.name, kinds[field.name], str(field.type)) for field in schema if field.name in known)


def _kinds_copied(tables: Tables, file: StagedFile) -> Kinds:
    schema = to_arrow_schema(tables.session.read.parquet(file.uri).schema)
    return tuple((field.name, kind_of(field.type), str(field.type)) for field in schema if field.name != ROW)


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
