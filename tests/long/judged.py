"""What the product itself says of a simulated market: the highest e that every member ever had."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np

from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.policy.load import load
from evenhand.policy.types import Policy
from evenhand.sources.files import FileSource
from evenhand.workflows.propose_measures import propose_measures
from tests.long.grids import LINES, NOMINAL, Floats
from tests.long.intervals import Share
from tests.long.world import START, World

POLICY = Path(__file__).parents[2] / "policies" / "activity.yaml"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Per member: the highest log e ever, the highest at which the hires alone say 20, and the highest of shortlists.

    `units` is how many units of members counted by outcome, `beyond_warning` how many members reach a step beyond one
    in the end.
    """

    highest: Floats
    with_hires: Floats
    shortlists: Floats
    units: Mapping[str, int]
    beyond_warning: int


def judge(world: World, folder: Path, policy: Policy | None = None) -> Judged:
    """Write `world`, let the product evaluate it at its end, read what counted; `folder` is gone afterwards.

    The policy is the shipped one, unless another is given.
    """
    _evaluate(world.write(folder / "market"), folder, world.ends, policy)
    found = _read(world, folder)
    shutil.rmtree(folder)
    return found


def looks(world: World, folder: Path, days: Sequence[float]) -> list[tuple[Floats, Floats]]:
    """On each of `days`: every member's log e as a run of that day reports it, and as the run at the end has it."""
    market = world.write(folder / "market")
    reported = []
    for day in days:
        _evaluate(market, folder, day)
        reported.append(_of_members(world, f"select account_id, log_e from '{folder / 'evidence.parquet'}'"))
    _evaluate(market, folder, world.ends)
    path = f"'{folder / 'counted.parquet'}' where settled_at <= timestamp '{START}' + to_days({{}})"
    latest = "select account_id, max_by(log_e, (settled_at, job_id)) as log_e from " + path + " group by account_id"
    held = [_of_members(world, latest.format(int(day))) for day in days]
    shutil.rmtree(folder)
    return list(zip(reported, held, strict=True))


def _evaluate(market: Path, folder: Path, day: float, policy: Policy | None = None) -> None:
    """Let the product evaluate `market` as of `day`, into `folder`."""
    scratch = folder / "scratch"
    scratch.mkdir()
    with DuckDBEngine(scratch, threads=2, memory_gb=3) as engine:
        staged = FileSource(market).stage(scratch)
        propose_measures(engine, staged, policy or load(POLICY), as_of=START + timedelta(days=day))
        engine.write_counted(folder / "counted.parquet")
        engine.write_evidence(folder / "evidence.parquet")
    shutil.rmtree(scratch)


def _of_members(world: World, query: str) -> Floats:
    """The `log_e` of every member in the rows of `query`, 0 where it has none."""
    names = f"select printf('a%07d', range) as account_id from range({world.members})"
    held = f"({names}) left join ({query}) using (account_id)"
    with duckdb.connect() as con:
        found: Floats = con.execute(f"select coalesce(log_e, 0) as log_e from {held} order by account_id").fetchnumpy()[
            "log_e"
        ]
    return found


def ever(highest: Floats) -> tuple[Share, Share]:
    """How many accounts ever reached the two lines."""
    first, second = (Share(count=int((highest >= np.log(line)).sum()), total=len(highest)) for line in LINES)
    return first, second


def breaks(shares: tuple[Share, Share]) -> bool:
    """Whether a line is certainly reached more often than allowed (decision B2)."""
    return any(share.exceeds(nominal) for share, nominal in zip(shares, NOMINAL, strict=True))


def _read(world: World, folder: Path) -> Judged:
    """Outcomes that settle at one instant move together: only the last value of an instant is looked at."""
    counted, evidence = folder / "counted.parquet", folder / "evidence.parquet"
    with duckdb.connect(config={"threads": "2", "memory_limit": "3GB"}) as con:
        con.execute(
            f"create temp table units as select account_id, outcome, settled_at, job_id, log_e from '{counted}' "
            f"where account_id < 'a{world.members:07d}'"
        )
        con.execute(
            "create temp table instants as select account_id, settled_at, "
            "max_by(log_e, job_id) filter (outcome = 'hire') as hire, "
            "max_by(log_e, job_id) filter (outcome = 'shortlist') as shortlist from units group by all"
        )
        rows = con.execute(_PATHS.format(evidence=evidence, end=f"a{world.members:07d}")).fetchnumpy()
        units = dict(con.execute("select outcome, count(*) from units group by outcome").fetchall())
    if not np.allclose(rows["last"], rows["reported"], rtol=0, atol=1e-8):
        raise AssertionError("the path of what counted does not end in the evidence that the product reports")
    return Judged(
        highest=rows["highest"],
        with_hires=rows["with_hires"],
        shortlists=rows["shortlists"],
        units=units,
        beyond_warning=int(rows["beyond_warning"].sum()),
    )


_PATHS = """
with held as (
  select account_id, settled_at,
    coalesce(last_value(hire ignore nulls) over so_far, 0) as hire,
    last_value(shortlist ignore nulls) over so_far as shortlist
  from instants window so_far as (partition by account_id order by settled_at)
), path as (
  select account_id, settled_at, hire, shortlist,
    case when e.log_e_shortlist is null then hire
      else ln(exp(hire) / 2 + exp(coalesce(shortlist, 0)) / 2) end as log_e
  from held join '{evidence}' as e using (account_id)
), summed as (
  select account_id, greatest(max(log_e), 0) as highest, max_by(log_e, settled_at) as last,
    coalesce(max(log_e) filter (hire >= ln(20)), 0) as with_hires, greatest(max(shortlist), 0) as shortlists
  from path group by account_id
)
select e.account_id, e.log_e as reported, coalesce(highest, 0) as highest, coalesce(s.last, 0) as last,
  coalesce(with_hires, 0) as with_hires, coalesce(s.shortlists, 0) as shortlists,
  e.reaches in ('limit', 'pause') as beyond_warning
from '{evidence}' as e left join summed as s using (account_id)
where e.account_id < '{end}' order by e.account_id
"""
