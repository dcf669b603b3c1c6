"""CSV read in blocks, by two readers, against a reader that goes character by character over the whole file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evenhand.sources import csv, lines
from evenhand.sources.shelf import Shelf

HEADER = ("a", "b", "c")
TOKENS = (b"x", b"yy", b",", b",", b",", b'"', b'"', b'""', b"\n", b"\r\n", b"x,y,z\n", b'"p","q","r"\n', b"\xc3\xa9")
ODD_TOKENS = (*TOKENS, b"\xff", b"\x00", b" ", b"'", b"\\")

Read = tuple[list[tuple[int, str, str, str]], list[tuple[int, str]]]
"""Rows with the line each began on, and refused lines with the reason."""


def staged(content: bytes, block_bytes: int, max_line_bytes: int = 1000) -> Read:
    """What the source makes of `content`, read in blocks of `block_bytes`."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", block_bytes)
        patch.setattr(lines, "MAX_LINE_BYTES", max_line_bytes)
        with Shelf(Path(folder) / "t", HEADER) as shelf:
            csv.convert(BytesIO(content), HEADER, shelf)
        file = shelf.staged("t.csv", HEADER)
        rows = [(row["_line"], row["a"], row["b"], row["c"]) for row in pq.read_table(file.path).to_pylist()]
        broken = pq.read_table(file.rejects).to_pylist() if file.rejects else []
        assert (file.rows, file.rejected) == (len(rows), len(broken))
    return rows, sorted((line["line"], line["reason"]) for line in broken)


def character_by_character(content: bytes) -> Read:
    """RFC 4180, read as it is written; a record that comes to nothing is given up at its first line."""
    physical = BytesIO(content).readlines()
    rows: list[tuple[int, str, str, str]] = []
    broken: list[tuple[int, str]] = []
    at = 0
    while at < len(physical):
        fields, used, fault = record(physical[at:])
        if fault is None and len(fields) not in {0, len(HEADER)}:
            fault = "wrong number of fields"
        if fault is not None:
            broken.append((at + 2, fault))
            used = 1
        elif fields:
            rows.append((at + 2, fields[0], fields[1], fields[2]))
        at += used
    return rows, broken


def record(physical: list[bytes]) -> tuple[list[str], int, str | None]:
    """The first record: its fields, how many lines it takes, and what is wrong with it."""
    text = b""
    for used, line in enumerate(physical, start=1):
        text += line
        try:
            characters = text.decode()
        except UnicodeDecodeError:
            return [], used, "not UTF-8" if used == 1 else "not a line of CSV"
        fields, state = split(characters.rstrip("\r\n") if used == 1 and '"' not in characters else characters)
        if state != "open":
            return fields, used, None if state == "whole" else "not a line of CSV"
    return [], len(physical), "not a line of CSV"


def split(text: str) -> tuple[list[str], str]:
    """Fields of one record and whether it is `whole`, `open` (a quote is) or `broken`."""
    if not text.strip("\r\n"):
        return [], "whole"
    fields, field, state = [], "", "start"
    for character in text:
        if state == "quoted":
            field, state = (field, "closing") if character == '"' else (field + character, state)
        elif state == "closing" and character == '"':
            field, state = field + character, "quoted"
        elif character == ",":
            fields.append(field)
            field, state = "", "start"
        elif character in "\r\n":
            continue
        elif state == "closing":
            return [], "broken"
        elif state == "start" and character == '"':
            state = "quoted"
        else:
            field, state = field + character, "plain"
    return [*fields, field], "open" if state == "quoted" else "whole"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(content=st.lists(st.sampled_from(ODD_TOKENS), max_size=40).map(b"".join), block_bytes=st.integers(1, 50))
@example(content=b'a,"b\n', block_bytes=50)
@example(content=b'a,b,"c\n\nd"\ne,f,g', block_bytes=3)
@example(content=b'a,b,"c"d\ne,f,"g"', block_bytes=4)
def test_blocks_and_readers_do_not_matter(content: bytes, block_bytes: int) -> None:
    """Rows, their lines and the refused lines are those of the slow reader, wherever the blocks are cut."""
    judged = character_by_character(content)
    assert staged(content, 1000) == judged
    assert staged(content, block_bytes) == judged


@settings(max_examples=100, deadline=None, derandomize=True)
@given(content=st.lists(st.sampled_from(TOKENS), max_size=60).map(b"".join), block_bytes=st.integers(1, 20))
def test_no_line_is_lost_when_lines_are_too_long(content: bytes, block_bytes: int) -> None:
    """With a limit of 20 bytes, each physical line is blank, refused, or part of exactly one record."""
    rows, broken = staged(content, block_bytes, max_line_bytes=20)
    begun = [line for line, *_ in rows] + [line for line, _ in broken]
    assert len(begun) == len(set(begun))
    too_long = {n for n, line in enumerate(BytesIO(content).readlines(), start=2) if len(line.rstrip(b"\n")) > 20}
    assert {line for line, reason in broken if reason == "line too long"} <= too_long
    assert too_long <= {line for line, _ in broken}
