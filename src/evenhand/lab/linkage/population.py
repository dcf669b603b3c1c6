"""A made-up market of accounts whose persons are known; its shares are those of `population.yaml`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import yaml

from evenhand.errors import RunRefused
from evenhand.lab.simulate import ENDS
from evenhand.lab.simulate.world import LARGEST_SEED, MOST_ACCOUNTS
from evenhand.market.schema import TABLES
from evenhand.market.table import Table

FOLDER: Final = Path(__file__).parent
CHANCE: Final = FOLDER.with_name("simulate") / "world" / "chance.sql"
STAGES: Final = ("names", "people", "holders")
WRITTEN: Final = ("accounts", "identities", "devices", "truth")
EMPTY: Final = ("jobs", "proposals", "contracts")
"""Tables that a market must have; that nobody works in this one is all that they say."""

BEGINS: Final = datetime(2020, 1, 1)
TOWER_HOLDS: Final = 30
CAFE_HOLDS: Final = 40

SQL_TYPES: Final = {"identifier": "varchar", "time": "timestamp"}
"""Of the columns that the empty tables must have."""


def populate(folder: Path, accounts: int, seed: int, *, threads: int = 2, memory_gb: float = 4) -> None:
    """Write a market of so many accounts into a folder, made if need be, and `truth.parquet` beside its tables.

    The truth has `account_id`, `person_id`, `household_id`, whether the account is its person's `second` (or third),
    whether it is `careful`, and what it has `changed`. The same numbers give the same bytes, whatever the threads.
    Beyond `memory_gb` the engine spills into a folder beside, which is gone at the end. Raises `RunRefused` where a
    number is out of range.
    """
    for option, value, low, high in (("--accounts", accounts, 1, MOST_ACCOUNTS), ("--seed", seed, 0, LARGEST_SEED)):
        if not low <= value <= high:
            raise RunRefused(
                f"`{value}` is out of range", where=option, hint=f"a whole number from {low:,} to {high:,} is wanted"
            )
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": f"{memory_gb:g}GB",
            "temp_directory": spill,
        }
        with duckdb.connect(config=config) as con:
            _set(con, accounts, seed)
            con.execute(CHANCE.read_text(encoding="utf-8"))
            for stage in STAGES:
                con.execute(_text(stage))
            for name in WRITTEN:
                _copy(con, _text(f"tables/{name}"), folder / f"{name}.parquet")
            for name in EMPTY:
                _copy(con, _nothing(TABLES[name]), folder / f"{name}.parquet")


def shares() -> dict[str, float]:
    """The shares by name, as `population.yaml` has them.

    >>> shares()["second"]
    0.04
    """
    named: dict[str, float] = yaml.safe_load((FOLDER / "population.yaml").read_text(encoding="utf-8"))
    return named


def _set(con: duckdb.DuckDBPyConnection, accounts: int, seed: int) -> None:
    """Everything that the statements ask for by name."""
    for name, share in shares().items():
        con.execute(f"set variable {name} = ?::double", [share])
    people = accounts - round(accounts * shares()["second"])
    opened, ended = (int(moment.replace(tzinfo=UTC).timestamp()) for moment in (BEGINS, ENDS))
    numbers = {
        "seed": seed,
        "accounts": accounts,
        "people": people,
        "towers": max(1, round(people * shares()["tower"] / TOWER_HOLDS)),
        "cafes": max(1, round(people * shares()["cafe"] / CAFE_HOLDS)),
        "opened": opened,
        "span": ended - opened,
    }
    for name, number in numbers.items():
        con.execute(f"set variable {name} = ?::bigint", [number])


def _text(stage: str) -> str:
    return (FOLDER / f"{stage}.sql").read_text(encoding="utf-8")


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    con.execute(f"copy (\n{query}\n) to '{quoted}' (format parquet, parquet_version v2, compression zstd)")


def _nothing(table: Table) -> str:
    """A query with the table's required columns and no row."""
    columns = ", ".join(
        f"null::{SQL_TYPES[column.type]} as {column.name}" for column in table.columns if column.required
    )
    return f"select {columns} limit 0"
