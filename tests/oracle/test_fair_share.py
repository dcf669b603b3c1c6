"""Fitted fair shares: DuckDB and numpy equal the plain loops of the reference on random markets, to 1e-9 in log e."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.conformance.engine import Observation, differences, observe
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference import fair_share as plain
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.errors import RunRefused
from evenhand.evidence.activity import choice_model
from evenhand.lab.simulate import ENDS
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from evenhand.surfaces import runs
from evenhand.workflows.propose_measures import unwatched
from tests.long.grids import NOMINAL
from tests.long.judged import POLICY, ever, judge
from tests.long.rank_order import Clients, highest, odds_of, read_lists
from tests.markets import KNOBS, START, Knobs, Tables, low_lines, random_market, write_market
from tests.oracle.simulated import make

POLICIES = [
    low_lines(field="impressions"),
    low_lines(fair_share="{control: [invited, price]}"),
    low_lines(fair_share="{control: [country, tenure]}"),
    low_lines(fair_share="{control: [promptness, position, language]}"),
    low_lines(fair_share="{control: [invited]}", field="impressions"),
]


def with_circumstances(tables: Tables, seed: int) -> Tables:
    """The market with bids, invitations, languages and a list; whoever stands high in it or was invited wins more."""
    dice = random.Random(seed)  # noqa: S311  a reproducible market, no secret
    once = {
        (p["job_id"], p["account_id"], p["proposal_id"] if dice.random() < 0.01 else 0): p for p in tables["proposals"]
    }
    ranks: dict[object, list[int]] = {}
    for p in once.values():
        ranks.setdefault(p["job_id"], []).append(len(ranks.get(p["job_id"], [])) + 1)
    for listed in ranks.values():
        dice.shuffle(listed)
    return {
        **tables,
        "accounts": [{**a, "language": dice.choice(["es", "ur", None])} for a in tables["accounts"]],
        "proposals": [
            {
                **p,
                "shown_rank": ranks[p["job_id"]].pop() if dice.random() < 0.9 else None,
                "bid_usd": dice.choice([10, 40, 50, 62.5, 100, 101, None]),
                "invited": dice.choice([True, False, False, None]),
            }
            for p in once.values()
        ],
    }


@pytest.fixture(autouse=True, scope="module")
def quick_learners() -> Iterator[None]:
    """One choice per level is enough here, so that small markets use what they learn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice_model, "ENOUGH_PER_LEVEL", 1)
        patch.setattr(plain, "ENOUGH_PER_LEVEL", 1)
        yield


def run(engine: Engine, market: Path, policy: Policy, folder: Path, as_of: datetime) -> Observation:
    """What an engine says of a market."""
    folder.mkdir()
    return observe(engine, FileSource(market).stage(folder), policy, folder, as_of=as_of)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(knobs=KNOBS, policy=st.sampled_from(POLICIES), seed=st.integers(0, 1000))
def test_fitted_weights_equal_the_reference(knobs: Knobs, policy: Policy, seed: int) -> None:
    """The same units count, the same measures follow, and no log of e differs by more than 1e-9."""
    tables = with_circumstances(
        random_market(
            replace(knobs, accounts=knobs.accounts + 5, jobs=160, views=knobs.views or policy.field == "impressions")
        ),
        seed,
    )
    with tempfile.TemporaryDirectory() as name:
        market = write_market(Path(name) / "market", tables)
        as_of = START + timedelta(days=430)
        try:
            judge = run(ReferenceEngine(), market, policy, Path(name) / "slow", as_of)
        except RunRefused:
            with pytest.raises(RunRefused):
                run(DuckDBEngine(Path(name), threads=1, memory_gb=1), market, policy, Path(name) / "fast", as_of)
            return
        ours = run(DuckDBEngine(Path(name), threads=1, memory_gb=1), market, policy, Path(name) / "fast", as_of)
    assert differences(ours, judge, within=1e-9) == []


@pytest.mark.parametrize("hires", [(1,), (1, 2, 3)])
def test_lists_read_in_order_give_what_the_draws_say(hires: tuple[int, ...], tmp_path: Path) -> None:
    """Of each rank's members the product's path is the one reckoned from the draws, and the promise holds."""
    clients = Clients(lengths=(5, 12, 20), hires=hires)
    lists = read_lists(np.random.default_rng(7), clients, per_rank=4, turns=150)
    policy = parse(POLICY.read_text() + "\nfield: impressions\n")
    judged = judge(lists.world(), tmp_path / "run", policy)
    due = highest(lists, odds_of(lists), views=True)
    assert due.max() > 0.1
    assert np.allclose(judged.highest, due, rtol=0, atol=1e-6)
    assert not any(share.exceeds(nominal) for share, nominal in zip(ever(judged.highest), NOMINAL, strict=True))


def test_a_list_that_was_not_recorded_is_refused(tmp_path: Path) -> None:
    """Both engines refuse the list as the field where no proposal says its place, or none says that it was read."""
    knobs = Knobs(seed=1, accounts=6, jobs=12, views=True, shortlists=False, weights=False, agencies=False,
                  faults=False, late_arrivals=False, hidden_wins=False, extras=False, span=40)  # fmt: skip
    listed = with_circumstances(random_market(replace(knobs, views=False)), 1)
    for column, tables in (("shown_rank", random_market(knobs)), ("viewed_at", listed)):
        market = write_market(tmp_path / column, tables)
        for engine in (ReferenceEngine(), DuckDBEngine(tmp_path / column, threads=1, memory_gb=1)):
            with pytest.raises(RunRefused, match=column):
                run(engine, market, POLICIES[0], tmp_path / column / engine.name, START + timedelta(days=100))


def test_the_report_shows_weights_and_whether_they_came_true(tmp_path: Path) -> None:
    """In a made-up market with a list, summary and page hold the fitted weights and the calibration."""
    market = make(tmp_path / "market", "fixed_list", accounts=1500, months=5).folder
    policy = parse(POLICY.read_text() + "\nfield: impressions\nfair_share: {control: [price]}\n")
    runs.evaluate(runs.Evaluation(market=market, policies=[policy], out=tmp_path / "out", as_of=ENDS), unwatched)
    told = json.loads((tmp_path / "out" / "summary.json").read_text())["fair_shares"]
    used = [model for model in told["models"] if model["used"]]
    assert told["controls"] == ["position", "price"]
    assert {level["control"] for model in used for level in model["levels"]} == {"position", "price"}
    assert all(level["standard_error"] > 0 for model in used for level in model["levels"])
    for tenth in told["calibration"]:
        assert abs(tenth["chosen"] - tenth["expected"]) < 6 * tenth["expected"] ** 0.5 + 6
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Fitted fair shares" in page
    assert "Choices predicted" in page
