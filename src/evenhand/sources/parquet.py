"""Parquet as it lies: nothing is copied, only the footer is read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.errors import MarketRefused
from evenhand.market.staging import StagedFile, check_columns
from evenhand.market.table import Table


def stage_parquet(table: Table, path: Path, name: str) -> StagedFile:
    """The file at `path` as part of `table`; raises `MarketRefused` if it is damaged or lacks a required column."""
    try:
        with pq.ParquetFile(path) as file:
            columns, rows = tuple(file.schema_arrow.names), int(file.metadata.num_rows)
    except (pa.ArrowException, OSError) as error:
        raise MarketRefused(
            f"cannot be read as Parquet: {str(error).splitlines()[0]}",
            where=name,
            hint="it is damaged, cut short or something else under this name; export or copy it again",
        ) from error
    check_columns(table, columns, name)
    return StagedFile(path=path, name=name, text=False, columns=columns, rows=rows)
