"""A market in a folder: one file per table, or one folder of files per table."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from evenhand.errors import MarketRefused
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedFile, StagedMarket, StagedTable, check_tables
from evenhand.market.table import Table
from evenhand.sources import csv, jsonl
from evenhand.sources.parquet import stage_parquet
from evenhand.sources.shelf import Shelf

ENDINGS: Final = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
"""What a file of a table may be."""


@dataclass(frozen=True)
class FileSource:
    """The market in `folder`. Parquet is read where it lies; text is converted into the scratch folder."""

    folder: Path

    def stage(self, scratch: Path) -> StagedMarket:
        """Every table of the folder as Parquet.

        Raises `MarketRefused` where the folder is none, a required table or column is absent, a table is there
        twice, or a file cannot be read.
        """
        if not self.folder.is_dir():
            raise MarketRefused(
                "is not a folder",
                where=str(self.folder),
                hint="name the folder that holds `accounts.parquet` and others",
            )
        tables = {
            table.name: StagedTable(
                name=table.name, files=tuple(self._stage_file(table, path, scratch) for path in paths)
            )
            for table in TABLES.values()
            if (paths := self._files_of(table))
        }
        market = StagedMarket(name=str(self.folder), tables=tables)
        check_tables(market)
        return market

    def _files_of(self, table: Table) -> tuple[Path, ...]:
        beside = self.folder / table.name
        candidates = [path for ending in ENDINGS if (path := self.folder / f"{table.name}{ending}").is_file()]
        inside = tuple(_table_files(beside)) if beside.is_dir() else ()
        if inside:
            candidates.append(beside)
        if len(candidates) > 1:
            names = " and ".join(f"`{path.name}`" for path in candidates)
            raise MarketRefused(
                f"`{table.name}` is there {len(candidates)} times: {names}",
                where=str(self.folder),
                hint="keep one of them; several files of one table go into one folder of its name",
            )
        return inside or tuple(candidates)

    def _stage_file(self, table: Table, path: Path, scratch: Path) -> StagedFile:
        name = path.relative_to(self.folder).as_posix()
        if path.suffix == ".parquet":
            return stage_parquet(table, path, name)
        stem = scratch / name.replace("/", "-")
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
                return _stage_text(table, cast(BinaryIO, stream), stem, name)
        except (EOFError, PermissionError, gzip.BadGzipFile, zlib.error) as error:
            raise MarketRefused(
                f"cannot be read: {error}",
                where=name,
                hint="it is damaged, cut short or something else under this name; export or copy it again",
            ) from error


def _stage_text(table: Table, stream: BinaryIO, stem: Path, name: str) -> StagedFile:
    if name.removesuffix(".gz").endswith(".csv"):
        header = csv.read_header(stream, table, name)
        with Shelf(stem, [column for column in table.names if column in header]) as shelf:
            csv.convert(stream, header, shelf)
        return shelf.staged(name, header)
    with Shelf(stem, table.names) as shelf:
        columns = jsonl.convert(stream, table, shelf, name)
    return shelf.staged(name, columns)


def _table_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name.encode()):
        if path.is_file() and path.name.endswith(ENDINGS) and not path.name.startswith((".", "_")):
            yield path
