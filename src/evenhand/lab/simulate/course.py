"""The course of a made-up market: drawn once, then lived month by month, each month written before the next begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from evenhand.lab.simulate.scenario import TRAITS, Value
from evenhand.lab.simulate.world import World
from evenhand.workflows.propose_measures import Progress, unwatched

FOLDER: Final = Path(__file__).parent
WORLD: Final = ("chance", "places", "members", "before")
MONTHLY: Final = ("jobs", "proposals", "contracts", "payments", "feedback", "messages")
"""Tables written month by month, each into a folder of its own."""
AT_THE_END: Final = ("accounts", "identities", "devices", "breaks")
TRUTH: Final = "truth"
"""Written beside the market's tables, which do not know it: `truth.parquet`, a row per account."""

JOBS_AT_ONCE: Final = 40_000
"""Jobs lived through together: some hundred thousand proposals."""

SQL_TYPES: Final[Mapping[type, str]] = {bool: "boolean", int: "bigint", float: "double", str: "varchar"}

LEAST_PER_CATEGORY: Final = 250
"""Members that a category needs, so that a field is not everybody who is there."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """All members of one kind: what they won where there was a choice, and what typical ones would have won there."""

    kind: str
    accounts: int
    wins: int
    fair_wins: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What came out: rows per table, members by kind (most first), the median of fair wins, the share viewed."""

    rows: Mapping[str, int]
    kinds: Sequence[Kind]
    median_fair_wins: float
    viewed_share: float


def simulate(
    world: World,
    out: Path,
    scratch: Path,
    *,
    threads: int,
    memory_gb: float,
    jobs_at_once: int = JOBS_AT_ONCE,
    progress: Progress = unwatched,
) -> Shape:
    """Write the market's ten tables and the truth into the folder `out`, which is there and empty.

    The same world gives the same bytes, whatever the number of threads. Memory grows with the number of members and of
    `jobs_at_once`, the jobs lived through together, not with months or proposals; beyond `memory_gb` the engine spills
    into `scratch`.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": f"{memory_gb:g}GB",
        "temp_directory": str(scratch / "spill"),
    }
    scratch.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config=config) as con:
        course = _Course(con, out, jobs_at_once)
        progress("draw the members")
        course.open(world)
        for month in range(1, world.months + 1):
            progress(f"month {month} of {world.months}")
            course.live(month)
        progress("write the accounts and the truth")
        course.close()
        return course.shape()


class _Course:
    """One market on its way; `rows` counts what was written so far."""

    def __init__(self, con: duckdb.DuckDBPyConnection, out: Path, jobs_at_once: int) -> None:
        self._con = con
        self._out = out
        self._jobs_at_once = jobs_at_once
        self.rows: dict[str, int] = {}

    def open(self, world: World) -> None:
        """Draw places and members, and what had happened before the first day."""
        self._moments = world.moments()
        self._reads = world.scenario.variables()["reading_mode"]
        opened, ended = self._moments[0], self._moments[-1]
        count = min(int(world.scenario.variables()["categories"]), max(1, world.accounts // LEAST_PER_CATEGORY))
        numbers = {"seed": world.seed, "accounts": world.accounts, "opened": opened, "span": ended - opened}
        for name, value in {**world.scenario.variables(), **numbers, "categories": count}.items():
            self._set(name, value)
        self._fill_kinds(world.scenario.kinds)
        self._run(*(f"world/{stage}" for stage in WORLD))
        for table in MONTHLY:
            (self._out / table).mkdir()
        self._write_part("000-000")
        self._first_job = 1 + self._count("jobs")

    def live(self, month: int) -> None:
        """Let one month happen, write it, and keep what the next one needs."""
        opened = self._moments[0]
        self._set("month", month)
        self._set("month_from", self._moments[month - 1] - opened)
        self._set("month_to", self._moments[month] - opened)
        self._set("first_job", self._first_job)
        self._run("month/drum", "month/jobs")
        posted = self._count("posted")
        for part, begun in enumerate(range(0, posted, self._jobs_at_once)):
            self._set("part_from", self._first_job + begun)
            self._set("part_to", self._first_job + begun + self._jobs_at_once - 1)
            self._run("month/part", "month/field", f"month/reads_{self._reads}", "month/outcome", "month/tally")
            self._write_part(f"{month:03d}-{part:03d}")
        self._run("month/standing")
        self._first_job += posted

    def close(self) -> None:
        """Write what is known only at the end."""
        for table in (*AT_THE_END, TRUTH):
            self._write(table, self._out / f"{table}.parquet")

    def shape(self) -> Shape:
        """What came out, from the truth as it was written."""
        truth = f"(select * from read_parquet('{_quoted(self._out / f'{TRUTH}.parquet')}') where proposals is not null)"
        kinds = self._con.execute(
            "select kind, count(*), sum(wins)::bigint, round(sum((1e6 * fair_wins)::bigint) / 1e6, 1)"
            f" from {truth} group by kind order by count(*) desc, kind"
        ).fetchall()
        median, viewed = self._con.execute(
            f"select coalesce(median(fair_wins), 0), coalesce(sum(proposals_viewed) / sum(proposals), 0) from {truth}"
        ).fetchone() or (0.0, 0.0)
        return Shape(
            rows=dict(self.rows),
            kinds=[Kind(kind=kind, accounts=many, wins=wins, fair_wins=fair) for kind, many, wins, fair in kinds],
            median_fair_wins=round(median, 3),
            viewed_share=round(viewed, 4),
        )

    def _write_part(self, name: str) -> None:
        for table in MONTHLY:
            self._write(table, self._out / table / f"{name}.parquet")

    def _write(self, table: str, path: Path) -> None:
        query = (FOLDER / "tables" / f"{table}.sql").read_text(encoding="utf-8")
        how = "format parquet, parquet_version v2, compression zstd"
        written = self._number(f"copy (\n{query}\n) to '{_quoted(path)}' ({how})")
        self.rows[table] = self.rows.get(table, 0) + written

    def _count(self, relation: str) -> int:
        return self._number(f"select count(*) from {relation}")

    def _number(self, statement: str) -> int:
        (number,) = self._con.execute(statement).fetchone() or (0,)
        return int(number)

    def _run(self, *stages: str) -> None:
        for stage in stages:
            self._con.execute((FOLDER / f"{stage}.sql").read_text(encoding="utf-8"))

    def _set(self, name: str, value: Value) -> None:
        self._con.execute(f"set variable {name} = ?::{SQL_TYPES[type(value)]}", [value])

    def _fill_kinds(self, kinds: Mapping[str, Mapping[str, float]]) -> None:
        """The table `kinds`, each with the stretch of the lot that it takes; the first one gets what is left."""
        traits = ", ".join(f"{trait} double" for trait in TRAITS)
        self._con.execute(f"create table kinds (kind varchar, share_from double, share_to double, {traits})")
        filled = {kind: {**TRAITS, **given} for kind, given in kinds.items()}
        below = 0.0
        for kind, values in reversed(filled.items()):
            above = 1.0 if kind == next(iter(filled)) else below + values["share"]
            marks = ", ".join("?" * (3 + len(TRAITS)))
            self._con.execute(f"insert into kinds values ({marks})", [kind, below, above, *values.values()])
            below = above


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
