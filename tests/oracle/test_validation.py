"""The methods of the validation, set-based, against loops over days and accounts, and what is told of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evenhand.evidence.activity.naive_rules import too_few_hires
from evenhand.lab.validate import GUILTY, INNOCENTS, METHODS, figures, judge
from tests.oracle import validation_twin as twin

Followed = tuple[twin.Made, Mapping[str, twin.Acted], Mapping[str, Any]]


def follow(world: twin.Made, folder: Path) -> Followed:
    """Judge a handful of accounts: whom each method acted on when, and what is told of it."""
    scratch = folder / "scratch"
    scratch.mkdir(parents=True)
    told = judge(twin.write(world, folder), twin.FLOOR, scratch=scratch, threads=2, memory_gb=1)
    with duckdb.connect(str(scratch / "judge.duckdb")) as con:
        rows = con.execute("select method, account - 1, day from acted").fetchall()
    acted: dict[str, dict[int, date]] = {method.name: {} for method in METHODS}
    for method, account, day in rows:
        acted[method][account] = day
    return world, acted, told


@pytest.fixture(scope="module", params=[1, 2])
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """Two handfuls."""
    return follow(twin.made(request.param), tmp_path_factory.mktemp("followed"))


def test_count_rules_act_on_the_day_of_the_count(followed: Followed) -> None:
    """Rules of counts and raw rates act at the end of the first day on which the count or the rate is there."""
    world, acted, _ = followed
    for many in (50, 100, 200):
        assert acted[f"0 hires in {many} proposals"] == twin.never_hired(world, many)
    rate = twin.first_day(world, lambda a, day: 100 * twin.proposals(world, a, day)[1]
                          < twin.proposals(world, a, day)[0] >= 100)  # fmt: skip
    assert acted["hire rate under 1 % after 100 proposals"] == rate
    assert acted["0 hires in 50 proposals"]


def test_repeated_tests_act_where_p_first_falls(followed: Followed) -> None:
    """Daily p-values, raw and of the fair share, act at 5 %; with Benjamini and Hochberg at the line of the day."""
    world, acted, _ = followed
    raw = twin.first_day(world, lambda a, day: twin.raw_p(world, a, day) < 0.05)
    fair = twin.first_day(world, lambda a, day: twin.fair_p(world, a, day) < 0.05)
    assert acted["binomial p < .05, daily"] == raw
    assert acted["fair-share p < .05, daily"] == fair
    assert acted["binomial p + BH, daily"] == twin.daily_bh(
        world, twin.raw_p, lambda a, day: twin.proposals(world, a, day)[0] > 0
    )
    assert acted["fair-share p + BH, daily"] == twin.daily_bh(
        world, twin.fair_p, lambda a, day: bool(twin.until(world, a, day) + twin.until(world, a, day, shortlist=True))
    )
    assert raw
    assert fair


def test_e_values_act_where_they_first_cross(followed: Followed) -> None:
    """e of hires and of both outcomes act at their lines; a step beyond a warning waits for the hires as well."""
    world, acted, _ = followed
    for line in (20, 100):
        crossed = twin.crossed(world, line)
        assert acted[f"e, per account {100 // line} %"] == crossed
        assert crossed
    both = twin.first_day(world, lambda a, day: twin.e_of_both(world, a, day) >= math.log(100)
                          and twin.e_of_hires(world, a, day) >= math.log(20))  # fmt: skip
    assert acted["e of hires and shortlists, 1 %"] == both


def test_the_portfolio_grows_as_day_by_day(followed: Followed) -> None:
    """Sizes found from above for all days at once are those of a portfolio that is formed day by day."""
    world, acted, _ = followed
    assert acted["e, cumulative e-BH 5 %"] == twin.e_bh(world, twin.e_of_hires)
    assert acted["e of hires and shortlists, e-BH 5 %"] == twin.e_bh(world, twin.e_of_both)
    assert acted["e of hires and shortlists, e-BH 5 %"]


def test_monthly_methods_act_at_the_end_of_the_month(followed: Followed) -> None:
    """Empirical Bayes and the restart mixture, reckoned month by month and account by account."""
    world, acted, _ = followed
    assert acted["EB NPMLE on fair share, FDR 5 %"] == twin.npmle(world)
    assert acted["EB beta-binomial, 95 %"] == twin.beta_binomial(world)
    assert acted["e, restart mixture 1 %"] == twin.restart(world)
    assert twin.npmle(world)
    assert twin.beta_binomial(world)
    assert twin.restart(world)


def test_what_is_told_adds_up(followed: Followed) -> None:
    """Of every method: innocent and guilty make up all acted on, by true odds; groups are parts of them."""
    world, acted, told = followed
    assert set(told) == {method.name for method in METHODS}
    for name, row in told.items():
        assert row["acted"] == len(acted[name])
        assert row["guilty"] == sum(world.thetas[a] < twin.FLOOR for a in acted[name])
        assert set(row["groups"]) == {*INNOCENTS, *GUILTY}
        assert row["groups"]["all"] == [row["acted"] - row["guilty"], sum(theta >= 0.5 for theta in world.thetas)]
        core = sum(theta < 0.2 for theta in world.thetas)
        assert row["groups"]["core_15_30"] == [sum(world.thetas[a] < 0.2 for a in acted[name]), core]
        assert all(0 <= hit <= of for hit, of in row["groups"].values())
    ladder = ["none", "advise", "warn", "limit", "pause"]
    for step in ladder[2:]:
        beyond = {a for a in range(len(world.thetas)) if a % 5 >= ladder.index(step)}
        assert set(acted[f"`{step}`, reached at the end"]) == beyond


def test_whoever_turned_bad_is_innocent_until_then(tmp_path: Path) -> None:
    """The odds of the day decide: acted on before the change innocent, from its day on not."""
    world = twin.made(3)
    told = {}
    for name, changed in (("before", twin.OPENED), ("after", twin.ENDED)):
        folder = tmp_path / name
        market = twin.write(world, folder)
        truth = folder / "tables" / "truth.parquet"
        duckdb.execute(
            f"copy (select * replace (1.0 as theta, 0.1 as theta_after, timestamp '{changed}' as changed_at)"
            f" from read_parquet('{truth}')) to '{truth}.new' (format parquet)"
        )
        Path(f"{truth}.new").replace(truth)
        scratch = folder / "scratch"
        scratch.mkdir()
        told[name] = judge(replace(market), twin.FLOOR, scratch=scratch, threads=1, memory_gb=1)["e, per account 5 %"]
    assert told["before"]["guilty"] == told["before"]["acted"] == told["after"]["acted"] > 0
    assert told["after"]["guilty"] == 0


def test_the_tail_is_the_line_of_the_naive_rule(tmp_path: Path) -> None:
    """p is under 5 % exactly up to the number of hires that `too_few_hires` names."""
    _, _, _ = follow(twin.made(4, accounts=2), tmp_path)
    with duckdb.connect(str(tmp_path / "scratch" / "judge.duckdb")) as con:
        for trials in (1, 20, 59, 60, 300):
            query = "select count_if(binomial_tail(h, ?, 0.05) < 0.05) - 1 from range(?) as t (h)"
            assert con.execute(query, [trials, trials + 1]).fetchone() == (too_few_hires(trials, 0.05),)


def test_figures_over_worlds() -> None:
    """Means with the lowest and the highest world; shares of groups over all worlds together; nobody is no figure."""
    groups = {name: [0, 0] for name in (*INNOCENTS, *GUILTY)}
    one = {"acted": 4, "guilty": 3, "median_days": 10.0, "groups": {**groups, "core_30": [1, 1]}}
    two = {"acted": 0, "guilty": 0, "median_days": None, "groups": {**groups, "core_30": [1, 3]}}
    found = figures([one, two])
    assert found["acted"] == {"mean": 2.0, "low": 0, "high": 4}
    assert found["fdp"] == {"mean": 0.125, "low": 0.0, "high": 0.25}
    assert found["median_days"]["mean"] == 10.0
    assert found["groups"]["core_30"] == {"mean": 0.5, "low": 1 / 3, "high": 1.0}
    assert found["groups"]["all"] is None
