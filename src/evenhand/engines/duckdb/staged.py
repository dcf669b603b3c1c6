"""The staged files of one table as one view: every known column as meaning, whether given, and look."""

from __future__ import annotations

import glob
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from evenhand.engines.duckdb.reader import READER, kind_of
from evenhand.engines.sql.cells import SQL_TYPES, Cell, cell
from evenhand.engines.sql.database import text as quoted
from evenhand.market.staging import StagedFile, StagedTable
from evenhand.market.table import Table


def stage(con: DuckDBPyConnection, table: Table, staged: StagedTable | None) -> frozenset[str]:
    """Create the view `staged.<table>` with `file_no`, `row_no` and three columns per known column.

    The names of the known columns that some file has are returned.
    """
    alike: dict[tuple[bool, tuple[tuple[str, str], ...]], list[tuple[int, StagedFile]]] = defaultdict(list)
    for number, file in enumerate(staged.files if staged else ()):
        alike[file.text, _types(con, table, file)].append((number, file))
    selects = [_select(table, text, dict(types), files) for (text, types), files in alike.items()]
    nothing = _select_nothing(table)
    con.execute(f'CREATE OR REPLACE VIEW staged."{table.name}" AS ' + " UNION ALL ".join(selects or [nothing]))
    return frozenset(name for _, types in alike for name, _ in types)


def file_literal(path: Path) -> str:
    """`path` as an SQL literal that names this one file, whatever signs are in its name."""
    return quoted(glob.escape(str(path)))


def _types(con: DuckDBPyConnection, table: Table, file: StagedFile) -> tuple[tuple[str, str], ...]:
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({file_literal(file.path)})").fetchall()
    known = set(table.names) & set(file.columns)
    return tuple((name, str(sql_type)) for name, sql_type, *_ in described if name in known)


def _select(table: Table, text: bool, types: dict[str, str], files: Sequence[tuple[int, StagedFile]]) -> str:
    columns = []
    for column in table.columns:
        sql_type = SQL_TYPES[column.type]
        read = (
            cell(column, kind_of(types[column.name]), READER)
            if column.name in types
            else Cell(meaning="NULL", given="false", look="NULL::VARCHAR")
        )
        columns.append(f'({read.meaning})::{sql_type} AS "{column.name}"')
        columns.append(f'{read.given} AS "{column.name} given", {read.look} AS "{column.name} look"')
    paths = ", ".join(file_literal(file.path) for _, file in files)
    numbers = ", ".join(str(number) for number, _ in files)
    file_no = str(files[0][0]) if len(files) == 1 else f"[{numbers}][file_index::BIGINT + 1]"
    row_no = '"_line"' if text else "file_row_number + 1"
    return (
        f"SELECT ({file_no})::INTEGER AS file_no, ({row_no})::BIGINT AS row_no, {', '.join(columns)} "
        f"FROM read_parquet([{paths}])"
    )


def _select_nothing(table: Table) -> str:
    columns = ", ".join(
        f'NULL::{SQL_TYPES[column.type]} AS "{column.name}", false AS "{column.name} given", '
        f'NULL::VARCHAR AS "{column.name} look"'
        for column in table.columns
    )
    return f"SELECT 0::INTEGER AS file_no, 0::BIGINT AS row_no, {columns} WHERE false"
