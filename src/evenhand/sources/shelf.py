"""Where converted text goes: one Parquet file of text columns with the line each row began on, one of broken lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.market.admission import VALUE_CHARACTERS, Reason
from evenhand.market.staging import StagedFile

LINE: Final = "_line"
_REJECTS: Final = pa.schema([("line", pa.int64()), ("value", pa.string()), ("reason", pa.string())])
_GROUP_BYTES: Final = 16 * 1024 * 1024
"""Rows are written together from this size on: an engine reads large groups faster."""
_REJECTS_AT_ONCE: Final = 50_000


class Shelf:
    """Takes rows and broken lines of one text file in any order; a context manager that closes what it wrote."""

    def __init__(self, stem: Path, known: Sequence[str]) -> None:
        self.path = stem.with_name(f"{stem.name}.parquet")
        self.schema = pa.schema([*((name, pa.string()) for name in known), (LINE, pa.int64())])
        self.rows = 0
        self.rejected = 0
        self._rejects_path = stem.with_name(f"{stem.name}.rejects.parquet")
        self._rejects: list[tuple[int, str, str]] = []
        self._rejects_writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._waiting_bytes = 0
        self._writer = pq.ParquetWriter(self.path, self.schema, compression="lz4", use_dictionary=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush_rows()
        self._writer.close()
        self._flush_rejects()
        if self._rejects_writer:
            self._rejects_writer.close()

    def add(self, columns: Sequence[pa.Array | pa.ChunkedArray], lines: pa.Array) -> None:
        """Write rows: one text array per known column, and the line each row began on."""
        self._waiting.append(pa.Table.from_arrays([*columns, lines], schema=self.schema))
        self._waiting_bytes += self._waiting[-1].nbytes
        self.rows += len(lines)
        if self._waiting_bytes > _GROUP_BYTES:
            self._flush_rows()

    def reject(self, line: int, value: bytes | str, reason: Reason) -> None:
        """Note that `line` is no row; only the beginning of `value` is kept."""
        text = value if isinstance(value, str) else value[: 4 * VALUE_CHARACTERS].decode("utf-8", "replace")
        self._rejects.append((line, text.rstrip("\r\n")[:VALUE_CHARACTERS], str(reason)))
        self.rejected += 1
        if len(self._rejects) >= _REJECTS_AT_ONCE:
            self._flush_rejects()

    def staged(self, name: str, columns: Sequence[str]) -> StagedFile:
        """What was written, as the file its owner calls `name`; to be asked for after closing."""
        return StagedFile(
            path=self.path,
            name=name,
            text=True,
            columns=tuple(columns),
            rows=self.rows,
            rejects=self._rejects_path if self.rejected else None,
            rejected=self.rejected,
        )

    def _flush_rows(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting.clear()
            self._waiting_bytes = 0

    def _flush_rejects(self) -> None:
        if not self._rejects:
            return
        if self._rejects_writer is None:
            self._rejects_writer = pq.ParquetWriter(self._rejects_path, _REJECTS)
        columns = [
            pa.array(cells, field.type) for cells, field in zip(zip(*self._rejects, strict=True), _REJECTS, strict=True)
        ]
        self._rejects_writer.write_table(pa.Table.from_arrays(columns, schema=_REJECTS))
        self._rejects.clear()
