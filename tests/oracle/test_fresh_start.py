"""The guarantee is about the past: whoever has served a measure to its end starts anew, at E = 1."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.conformance.engine import Observation, observe
from evenhand.decisions.ledger import Entry
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.sources.files import FileSource
from tests.markets import START, Tables, day, low_lines, write_market


def market() -> Tables:
    """Forty jobs of forty clients, one every ten days, which `a` loses to one of two others."""
    names = ["a", "b", "c"]
    return {
        "accounts": [{"account_id": name, "role": "freelancer", "registered_at": day(-900)} for name in names]
        + [{"account_id": f"k{n}", "role": "client", "registered_at": day(-900)} for n in range(40)],
        "jobs": [
            {
                "job_id": f"j{n}",
                "client_id": f"k{n}",
                "posted_at": day(10 * n),
                "closed_at": day(10 * n + 4),
                "outcome": "hired",
            }
            for n in range(40)
        ],
        "proposals": [
            {"proposal_id": f"j{n}{name}", "job_id": f"j{n}", "account_id": name, "submitted_at": day(10 * n + 1)}
            for n in range(40)
            for name in names
        ],
        "contracts": [
            {
                "contract_id": f"c{n}",
                "job_id": f"j{n}",
                "client_id": f"k{n}",
                "account_id": names[1 + n % 2],
                "started_at": day(10 * n + 3),
            }
            for n in range(40)
        ],
    }


@pytest.mark.parametrize("restart", ["false", "true"])
def test_an_expired_measure_starts_a_new_hypothesis(restart: str, tmp_path: Path) -> None:
    """A limit that ended on day 120 closes its episode on day 150: what was submitted before counts no more.

    On day 180 nothing submitted since has settled, so E = 1 and nothing is reached, whatever e was before; later losses
    count again from there.
    """
    limit = Entry(
        account_id="a",
        procedure="mismatch",
        step="limit",
        kind="imposed",
        at=START + timedelta(days=100),
        delivered_at=START + timedelta(days=100),
        until=START + timedelta(days=120),
    )
    staged = FileSource(write_market(tmp_path / "market", market())).stage(tmp_path)

    def told(on: int, *entries: Entry) -> Observation:
        folder = tmp_path / f"{on}-{len(entries)}"
        folder.mkdir()
        engine = DuckDBEngine(folder, threads=1, memory_gb=1)
        policy = low_lines(restart_mixture=restart)
        return observe(engine, staged, policy, folder, as_of=START + timedelta(days=on), entries=entries)

    without, fresh, later = told(180), told(180, limit), told(300, limit)
    first, second, third = (
        [(r["log_e"], r["decided"], r["reaches"]) for r in seen.evidence if r["account_id"] == "a"]
        for seen in (without, fresh, later)
    )
    assert first[0][2] in ("limit", "pause")
    assert second == [(0.0, 0, "none")]
    assert third[0][0] != 0.0
    assert third[0][1] in range(1, 16)
