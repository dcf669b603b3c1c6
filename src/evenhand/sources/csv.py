"""CSV to text columns: RFC 4180 with a header, UTF-8, commas; what is no record is refused by line.

A block in which every line is a record goes through Arrow's reader; any other through the standard library's, which
knows on which physical line each record begins. A record that spans lines and comes to nothing is given up at its first
line, and the lines after it are read anew.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.csv

from evenhand.errors import MarketRefused
from evenhand.market.admission import Reason
from evenhand.market.staging import check_columns
from evenhand.market.table import Table
from evenhand.sources.lines import MAX_LINE_BYTES, Block, LongLine, blocks
from evenhand.sources.shelf import Shelf

_BOM: Final = b"\xef\xbb\xbf"
_FIELD: Final = rb'(?:"[^"\r\n]*+(?:""[^"\r\n]*+)*+"|[^",\r\n]*+)'
_PLAIN: Final = re.compile(rb"(?:(?!\r?\n|\Z)" + _FIELD + rb"(?:," + _FIELD + rb")*+(?:\r?\n|\Z))*+")
"""Lines that are a record each, whoever reads them: no blank line, no line break or stray quote in a field."""
_HINT: Final = "save it as UTF-8 text with commas, and a first line that names the columns"


def read_header(stream: BinaryIO, table: Table, name: str) -> tuple[str, ...]:
    """The columns that the first line names; none if the stream is empty.

    Raises `MarketRefused` where the line is no header of `table`.
    """
    line = stream.readline(MAX_LINE_BYTES).removeprefix(_BOM)
    if not line.strip():
        if stream.read(1):
            raise MarketRefused("the first line is empty", where=name, hint=_HINT)
        return ()
    try:
        columns = tuple(next(csv.reader([line.decode()], strict=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MarketRefused(f"the first line is no header: {error}", where=name, hint=_HINT) from error
    check_columns(table, columns, name)
    return columns


def convert(stream: BinaryIO, header: Sequence[str], shelf: Shelf) -> None:
    """Bring all that follows the header in `stream` to `shelf`."""
    csv.field_size_limit(MAX_LINE_BYTES)
    reading = _Reading(header, shelf)
    unfinished = b""
    for block in blocks(stream, first_line=2):
        if isinstance(block, LongLine):
            reading.read_any(Block(first_line=block.line - unfinished.count(b"\n"), data=unfinished, last=True))
            unfinished = b""
            shelf.reject(block.line, block.start, Reason.TOO_LONG_LINE)
            continue
        joined = Block(
            first_line=block.first_line - unfinished.count(b"\n"), data=unfinished + block.data, last=block.last
        )
        unfinished = b"" if not joined.data or reading.read_plain(joined) else reading.read_any(joined)


class _Reading:
    """One file on its way from blocks to `shelf`."""

    def __init__(self, header: Sequence[str], shelf: Shelf) -> None:
        self.shelf = shelf
        self.fields = len(header)
        self.known = [name for name in shelf.schema.names if name in header]
        self.positions = [header.index(name) for name in self.known]
        self.names = [f"{place}" for place in range(self.fields)]

    def read_plain(self, block: Block) -> bool:
        """Read a block in which every line is a record; False if it is none."""
        if not _PLAIN.fullmatch(block.data) or not _is_utf8(block.data):
            return False
        skipped: list[pyarrow.csv.InvalidRow] = []

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            skipped.append(row)
            return "skip"

        read = pyarrow.csv.read_csv(
            pa.BufferReader(block.data),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, column_names=self.names, block_size=len(block.data) + 1
            ),
            parse_options=pyarrow.csv.ParseOptions(ignore_empty_lines=False, invalid_row_handler=skip),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()),
                include_columns=[self.names[place] for place in self.positions],
                null_values=[],
                check_utf8=False,
            ),
        )
        numbers: Sequence[int] = range(block.first_line, block.first_line + read.num_rows + len(skipped))
        if skipped:
            broken = {block.first_line + row.number - 1 for row in skipped}
            numbers = [number for number in numbers if number not in broken]
            for row in skipped:
                self.shelf.reject(block.first_line + row.number - 1, row.text, Reason.WRONG_FIELDS)
        self.shelf.add(read.columns, pa.array(numbers, pa.int64()))
        return True

    def read_any(self, block: Block) -> bytes:
        """Read any block; the record that its end cuts through is returned, to be put before the next block."""
        lines = BytesIO(block.data).readlines()
        records: list[list[str]] = []
        numbers: list[int] = []
        at = 0
        while at < len(lines):
            at, reason, cut = self._read_until_broken(lines, at, records, numbers)
            if reason is None or (cut and not block.last and sum(map(len, lines[at:])) <= MAX_LINE_BYTES):
                break
            self.shelf.reject(block.first_line + at, lines[at], reason)
            at += 1
        if records:
            cells = list(zip(*records, strict=True))
            columns = [pa.array(cells[place], pa.string()) for place in self.positions]
            self.shelf.add(columns, pa.array([block.first_line + number for number in numbers], pa.int64()))
        return b"".join(lines[at:])

    def _read_until_broken(
        self, lines: Sequence[bytes], at: int, records: list[list[str]], numbers: list[int]
    ) -> tuple[int, Reason | None, bool]:
        """Read on from line `at`; where the first broken record begins, why it is broken, and if the end cuts it."""
        source = _Decoded(lines, at)
        reader = csv.reader(source, strict=True)
        begun = at
        try:
            for record in reader:
                if len(record) == self.fields:
                    records.append(record)
                    numbers.append(begun)
                elif record:
                    return begun, Reason.WRONG_FIELDS, False
                begun = at + reader.line_num
        except UnicodeDecodeError:
            first = begun == at + reader.line_num
            return begun, Reason.NOT_UTF8 if first else Reason.NOT_CSV, False
        except csv.Error:
            return begun, Reason.NOT_CSV, source.exhausted
        return len(lines), None, False


class _Decoded:
    """Lines from `at` on as text; knows whether more were asked for than there are."""

    def __init__(self, lines: Sequence[bytes], at: int) -> None:
        self.exhausted = False
        self._lines = islice(lines, at, None)

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            yield line.decode()
        self.exhausted = True


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
