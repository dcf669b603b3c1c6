"""The made-up marketplace is the same to the byte for a seed, and looks like one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from benchmarks.generate import Size, generate

SMALL = Size(accounts=3000, jobs=900, proposals=10_000, months=12)


def _hashes(folder: Path) -> dict[str, str]:
    """The digest of every table, and of the truth beside them."""
    files = [*sorted(folder.glob("*.parquet")), folder.with_name(f"{folder.name}.truth.parquet")]
    return {file.name.replace(folder.name, "M"): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _one(query: str) -> tuple[object, ...]:
    row = duckdb.execute(query).fetchone()
    return row if row is not None else ()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small market, drawn once for all tests of this file."""
    out = tmp_path_factory.mktemp("markets") / "made"
    generate(out, seed=3, size=SMALL)
    return out


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(made: Path, tmp_path: Path) -> None:
    """One thread and two write the same files."""
    generate(tmp_path / "again", seed=3, size=SMALL, threads=1)
    assert _hashes(made) == _hashes(tmp_path / "again")


def test_another_seed_gives_another_market(made: Path, tmp_path: Path) -> None:
    """No table is left over from one seed to the next."""
    generate(tmp_path / "other", seed=4, size=SMALL)
    ours, theirs = _hashes(made), _hashes(tmp_path / "other")
    assert [name for name in ours if ours[name] == theirs[name]] == []


def test_the_wanted_number_of_proposals_is_hit(made: Path) -> None:
    """Within a fifth for a small market, where many a ticket is drawn twice."""
    (rows,) = _one(f"select count(*) from '{made}/proposals.parquet'")
    assert rows == pytest.approx(SMALL.proposals, rel=0.2)


def test_every_hire_on_a_job_had_proposed_and_been_read_before(made: Path) -> None:
    """Every contract on a job follows a proposal that was read by then."""
    (strange,) = _one(
        f"select count(*) from '{made}/contracts.parquet' as c left join '{made}/proposals.parquet' as p"
        " using (job_id, account_id) where c.job_id is not null"
        " and (p.submitted_at < p.viewed_at and p.viewed_at < c.started_at) is not true"
    )
    assert strange == 0


def test_nothing_lies_after_the_last_day(made: Path) -> None:
    """What had not happened by the end of the market is null, its outcome too."""
    (later, known) = _one(
        f"select count_if(greatest(posted_at, closed_at) > date '2026-01-01'),"
        f" count_if(closed_at is null and outcome is not null) from '{made}/jobs.parquet'"
    )
    assert (later, known) == (0, 0)


def test_the_far_below_win_far_less(tmp_path: Path) -> None:
    """Members whose true odds ratio is under 0.15 are hired at less than a third of the others' rate."""
    out = tmp_path / "larger"
    generate(
        out, seed=5, size=Size(accounts=3000, jobs=6000, proposals=60_000, months=12), tables=("proposals", "contracts")
    )
    rates = duckdb.execute(
        f"select odds_ratio < 0.15, count(contract_id) / count(*) from '{out}/proposals.parquet'"
        f" join '{out}.truth.parquet' using (account_id) left join '{out}/contracts.parquet' using (job_id, account_id)"
        " group by all order by all"
    ).fetchall()
    (_, others), (_, far_below) = rates
    assert 0 < 3 * far_below < others
