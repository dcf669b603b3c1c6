"""Small markets counted by hand from the definitions: what both engines must find, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evenhand.conformance.engine import Observation, observe
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from tests.markets import START, Tables, day, low_lines, write_market

Row = dict[str, object]


@pytest.fixture(params=["duckdb", "reference"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Each engine in turn."""
    return DuckDBEngine(tmp_path, threads=1, memory_gb=1) if request.param == "duckdb" else ReferenceEngine()


def people(*names: str, **agencies: str) -> list[Row]:
    """Freelancers, and one client with the job's name for every job called `j...`."""
    return [
        {
            "account_id": name,
            "role": "client" if name.startswith("client") else "freelancer",
            "registered_at": day(-900),
            "agency_id": agencies.get(name),
        }
        for name in names
    ]


def job(name: str, client: str, posted: float = 0) -> Row:
    """A job that is open for ten days."""
    return {
        "job_id": name,
        "client_id": client,
        "posted_at": day(posted),
        "closed_at": day(posted + 10),
        "outcome": "hired",
    }


def bids(job_id: str, **days: float | Mapping[str, object]) -> list[Row]:
    """Proposals by name: the day of submission, or a row with more."""
    return [
        {
            "proposal_id": f"{job_id}/{name}",
            "job_id": job_id,
            "account_id": name,
            **({"submitted_at": day(told)} if isinstance(told, float | int) else told),
        }
        for name, told in days.items()
    ]


def hire(job_id: str, client: str, name: str, on: float, **more: object) -> Row:
    """A contract."""
    start = {"contract_id": f"{job_id}>{name}", "job_id": job_id, "client_id": client, "account_id": name}
    return {**start, "started_at": day(on), **more}


def told(engine: Engine, tables: Tables, folder: Path) -> Observation:
    """What an engine says of the market on day 400."""
    market = FileSource(write_market(folder / "market", tables)).stage(folder)
    return observe(engine, market, low_lines(), folder, as_of=START.replace(year=2026, month=2))


def odds(counted: Sequence[Mapping[str, object]]) -> dict[str, tuple[bool, float]]:
    """Account to (chosen, fair odds rounded) of the hires, one job's worth."""
    return {
        str(row["account_id"]): (bool(row["chosen"]), round(float(str(row["odds"])), 6))
        for row in counted
        if row["outcome"] == "hire"
    }


def test_late_winners_raise_nobodys_odds(engine: Engine, tmp_path: Path) -> None:
    """Four early ones and a stray, one of them hired; a late winner, and a late loser who is in no field.

    The early ones are measured among themselves: 1 hire, 5 units. The late winner against all: 2 hires, 6 units.
    """
    tables: Tables = {
        "accounts": people("a", "b", "c", "d", "e", "f", "client"),
        "jobs": [job("j", "client")],
        "proposals": [
            *bids("j", a=1, b=1, c=1, d=1, e=4, f=4),
            {"proposal_id": "stray", "job_id": "j", "account_id": "nobody", "submitted_at": day(1)},
        ],
        "contracts": [hire("j", "client", "a", 3), hire("j", "client", "e", 6)],
    }
    lost, won = (False, 0.25), (True, 0.25)
    found = odds(told(engine, tables, tmp_path).counted)
    assert found == {"a": won, "b": lost, "c": lost, "d": lost, "e": (True, 0.4)}


def test_weights_and_the_units_of_an_agency(engine: Engine, tmp_path: Path) -> None:
    """An agency's two proposals are one unit of weight 3 against 1 and .5; its outcome is that of both members."""
    tables: Tables = {
        "accounts": people("a", "b", "g1", "g2", "client", g1="G", g2="G"),
        "jobs": [job("j", "client")],
        "proposals": bids(
            "j",
            a=1,
            b={"submitted_at": day(1), "weight": 0.5},
            g1={"submitted_at": day(1), "weight": 2},
            g2=2,
        ),
        "contracts": [hire("j", "client", "g2", 3), hire("j", "client", "g1", 4)],
    }
    found = odds(told(engine, tables, tmp_path).counted)
    assert found == {"a": (False, 0.285714), "b": (False, 0.125), "g1": (True, 2.0), "g2": (True, 2.0)}


def test_what_counts_and_what_does_not(engine: Engine, tmp_path: Path) -> None:
    """Seen or not, withdrawn before or after, at the instant of the hire; a win counts however it looks."""
    seen = {"submitted_at": day(1), "viewed_at": day(2)}
    tables: Tables = {
        "accounts": people("winner", "seen", "unseen", "late", "before", "after", "instant", "client"),
        "jobs": [job("j", "client")],
        "proposals": bids(
            "j",
            winner={"submitted_at": day(1), "withdrawn_at": day(2)},
            seen=seen,
            unseen={"submitted_at": day(1)},
            late={"submitted_at": day(1), "viewed_at": day(3)},
            before={**seen, "withdrawn_at": day(2.5)},
            after={**seen, "withdrawn_at": day(3)},
            instant={"submitted_at": day(3), "viewed_at": day(3)},
        ),
        "contracts": [hire("j", "client", "winner", 3)],
    }
    observed = told(engine, tables, tmp_path)
    assert odds(observed.counted) == {"winner": (True, 0.2), "seen": (False, 0.2), "after": (False, 0.2)}
    why = {name: [passed.why for passed in left] for name, left in observed.passed_over.items() if left}
    assert why == {
        "unseen": ["not_viewed"],
        "late": ["not_viewed"],
        "before": ["withdrawn"],
        "instant": ["after_first_hire"],
    }


def test_one_client_is_one_decision(engine: Engine, tmp_path: Path) -> None:
    """Of two jobs of one client the one that settles first counts, also where the later one was won."""
    tables: Tables = {
        "accounts": people("a", "b", "c", "client"),
        "jobs": [job("second", "client", 20), job("first", "client", 0)],
        "proposals": [*bids("first", a=1, b=1, c=1), *bids("second", a=21, b=21)],
        "contracts": [hire("first", "client", "b", 3), hire("second", "client", "a", 23)],
    }
    observed = told(engine, tables, tmp_path)
    assert odds(observed.counted) == {"a": (False, 0.5), "b": (True, 0.5), "c": (False, 0.5)}
    assert [passed.why for passed in observed.passed_over["a"]] == ["same_client"]


@pytest.mark.parametrize(
    "lost",
    [
        {"job_id": "unknown"},
        {"started_at": "one fine day", "job_id": "unknown"},
        {"account_id": "b", "job_id": None},
    ],
)
def test_wins_that_nobody_can_see_stop_everything(engine: Engine, lost: Row, tmp_path: Path) -> None:
    """A contract that names no job, or none that is known, is counted; above one in a hundred nothing is proposed."""
    tables: Tables = {
        "accounts": people("a", "b", "client"),
        "jobs": [job("j", "client")],
        "proposals": bids("j", a=1, b=1),
        "contracts": [hire("j", "client", "b", 3), {**hire("j", "client", "a", 3), "contract_id": "lost", **lost}],
    }
    observed = told(engine, tables, tmp_path)
    assert observed.measured.hidden_wins == 0.5
    assert observed.measures == ""


def test_a_winner_whose_proposal_cannot_be_read_is_a_win_that_nobody_can_see(engine: Engine, tmp_path: Path) -> None:
    """Two different rows of one proposal: both compete as strays, and the hire is known to be hidden (M2)."""
    tables: Tables = {
        "accounts": people("a", "b", "client"),
        "jobs": [job("j", "client")],
        "proposals": [*bids("j", a=1, b=1), *bids("j", a=2)],
        "contracts": [hire("j", "client", "a", 3)],
    }
    observed = told(engine, tables, tmp_path)
    assert (observed.counted, observed.measured.hidden_wins) == ([], 1.0)
