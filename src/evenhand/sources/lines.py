"""A stream of bytes as blocks of whole lines, in bounded memory whatever the length of a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

MAX_LINE_BYTES: Final = 16 * 1024 * 1024
"""A longer line is refused (decision B5)."""
BLOCK_BYTES: Final = 8 * 1024 * 1024
KEPT_BYTES: Final = 1024
"""How much of a refused line is kept, enough for what the quarantine shows of it."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Whole lines, the first of which is physical line `first_line` of the stream; `last` if none follow."""

    first_line: int
    data: bytes
    last: bool


@dataclass(frozen=True, kw_only=True)
class LongLine:
    """Physical line `line` is longer than `MAX_LINE_BYTES`; it begins with `start`."""

    line: int
    start: bytes


def blocks(stream: BinaryIO, first_line: int = 1) -> Iterator[Block | LongLine]:
    """The lines of `stream` in order, cut into blocks of about `BLOCK_BYTES`; the last block may be empty."""
    line, rest = first_line, b""
    while chunk := stream.read(BLOCK_BYTES):
        data = rest + chunk
        first_end = data.find(b"\n")
        if (first_end if first_end >= 0 else len(data)) > MAX_LINE_BYTES:
            yield LongLine(line=line, start=data[:KEPT_BYTES])
            data = _after_line(stream, data)
            line += 1
        end = data.rfind(b"\n") + 1
        if end:
            yield Block(first_line=line, data=data[:end], last=False)
            line += data.count(b"\n")
        rest = data[end:]
    yield Block(first_line=line, data=rest, last=True)


def _after_line(stream: BinaryIO, data: bytes) -> bytes:
    while (end := data.find(b"\n")) < 0:
        data = stream.read(BLOCK_BYTES)
        if not data:
            return b""
    return data[end + 1 :]
