"""The index of existing accounts that a registration is held against: one file of SQLite, written by a run.

Names and dates of birth are in it as they are compared; all else is a hash under a key that is drawn for each index.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from evenhand.errors import StoreRefused
from evenhand.evidence.linkage.record import Record
from evenhand.evidence.linkage.registration import MOST, Answer, Known, judge
from evenhand.evidence.linkage.weights import Weights, read

_SCHEMA: Final = """
create table records (
    place integer primary key, account_id text not null, closed integer not null, record text not null
);
create table keys (key integer not null, place integer not null);
create table shares (key integer primary key, share real not null);
create table model (weights text not null, seal blob not null);
"""


class LinkageIndex:
    """Reads an index; one per thread. Raises `StoreRefused` where there is none."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StoreRefused("no index is here", where=str(path), hint=_WRITE)
        self._con = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            weights, self._seal = self._con.execute("select weights, seal from model").fetchone()
        except (sqlite3.DatabaseError, TypeError):
            self._con.close()
            raise StoreRefused(
                "is no index of accounts, or one of another version", where=str(path), hint=_WRITE
            ) from None
        self.weights: Weights = read(weights)

    def judge(self, new: Record) -> Answer:
        """Hold a new account against those there are: what to ask, and why."""
        sealed = new.sealed(self._seal)
        return judge(sealed, *self._candidates(sealed), self.weights, self._share)

    def _candidates(self, record: Record) -> tuple[Sequence[Known], int]:
        """At most `MOST` accounts that share a key with a record, the rarest key first, and how many more do.

        What many share (a placeholder for a telephone number) must not crowd out the one with the same document.
        """
        keys = [_key(*key) for key in record.block_keys()]
        found_by = sorted((self._con.execute(_PLACES, (key,)).fetchall() for key in keys), key=len)
        places = list(dict.fromkeys(place for found in found_by for (place,) in found))
        found = [self._con.execute(_RECORD, (place,)).fetchone() for place in places[:MOST]]
        return [Known(name, bool(closed), _record(text)) for name, closed, text in found], max(0, len(places) - MOST)

    def _share(self, column: str, value: str) -> float | None:
        """The share of accounts that have a value, None for one that none has."""
        row = self._con.execute("select share from shares where key = ?", (_key(column, value),)).fetchone()
        return None if row is None else float(row[0])

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()


_WRITE: Final = "`evenhand links find ... --index FILE` writes one"
_PLACES: Final = f"select place from keys where key = ? order by place limit {20 * MOST}"
_RECORD: Final = "select account_id, closed, record from records where place = ?"


def write_index(path: Path, weights: Weights, known: Iterable[Known], shares: Iterable[tuple[str, str, float]]) -> None:
    """Write an index into a new file, which its owner alone can read.

    It holds the model, every account, and how common their common values are.
    """
    path.touch(mode=0o600, exist_ok=False)
    seal = secrets.token_bytes(32)
    with sqlite3.connect(path) as con:
        con.executescript("pragma journal_mode = off; pragma synchronous = off;" + _SCHEMA)
        con.execute("insert into model values (?, ?)", (weights.as_json(), seal))
        con.executemany("insert or replace into shares values (?, ?)", ((_key(c, v), s) for c, v, s in shares))
        for place, account in enumerate(known):
            record = account.record.sealed(seal)
            row = (place, account.account_id, int(account.closed), json.dumps(record, separators=(",", ":")))
            con.execute("insert into records values (?, ?, ?, ?)", row)
            con.executemany("insert into keys values (?, ?)", ((_key(*k), place) for k in record.block_keys()))
        con.execute("create index by_key on keys (key, place)")
    con.close()


def _key(*values: str) -> int:
    """Sixty-four bits of a hash; two that fall together only add a candidate."""
    digest = hashlib.blake2b("\x1f".join(values).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _record(text: str) -> Record:
    values = json.loads(text)
    return Record._make(tuple(value) if isinstance(value, list) else value for value in values)
