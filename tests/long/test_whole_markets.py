"""Whole made-up markets: how many of those acted on are innocent, and how many of the guilty are found."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from evenhand import wiring
from evenhand.lab.simulate import scenario_names
from evenhand.lab.simulate.world import LARGEST_SEED
from evenhand.surfaces import runs, validations
from evenhand.surfaces.cli.validation import tables
from evenhand.workflows.propose_measures import unwatched
from tests.long.intervals import Share
from tests.long.page import VALIDATION, must_hold

pytestmark = pytest.mark.long

LIMIT, LIMIT_DAILY = "`limit`, reached at the end", "e of hires and shortlists, 1 %"
E_1, E_5, FAIR_P = "e, per account 1 %", "e, per account 5 %", "fair-share p < .05, daily"
COUNTS = ("0 hires in 50 proposals", "0 hires in 100 proposals", "hire rate under 1 % after 100 proposals")

POWER = {"core_5_15": 0.10, "core_15_30": 0.45, "core_30": 0.85}
"""What `limit` must find of those with odds below a fifth of a fair share, by the fair wins that the product counts."""


def validated(
    scenarios: Sequence[str] = ("fixed_list",),
    *,
    worlds: int = 6,
    seed: int = 1,
    accounts: int = 20_000,
    floor: float = 0.5,
) -> Mapping[str, Any]:
    """What `evenhand lab validate` says."""
    policy = runs.alone([wiring.shipped("policies") / "activity.yaml"])
    asked = validations.Validation(
        scenarios=scenarios, worlds=worlds, seed=seed, accounts=accounts, months=24, floor=floor, policy=policy
    )
    return validations.validate(asked, None, unwatched)


@pytest.fixture(scope="module")
def table_1() -> Mapping[str, Any]:
    """Six worlds of 20,000 accounts at floor 0.5."""
    return validated()


def together(result: Mapping[str, Any], method: str, group: str) -> Share:
    """The share of a group that a method acted on, over all worlds."""
    counts = [world["methods"][method]["groups"][group] for world in result["worlds"]]
    return Share(count=sum(hit for hit, _ in counts), total=sum(of for _, of in counts))


def false_share(result: Mapping[str, Any], method: str) -> Share:
    """The share of innocents among all on whom a method acted, over all worlds."""
    told = [world["methods"][method] for world in result["worlds"]]
    acted = sum(row["acted"] for row in told)
    return Share(count=acted - sum(row["guilty"] for row in told), total=acted)


def test_the_page_shows_what_comes_out(table_1: Mapping[str, Any]) -> None:
    """Every line of the tables at floor 0.5 stands in `docs/validation.md`."""
    must_hold(VALIDATION, tables(table_1))


def test_nearly_nobody_restricted_is_innocent(table_1: Mapping[str, Any]) -> None:
    """Of those at `limit` at most 0.5 % are innocent, at `pause` 0.1 %; no newcomer and no low volume at `pause`."""
    for method in (LIMIT, LIMIT_DAILY):
        assert not false_share(table_1, method).exceeds(0.005)
    pause = "`pause`, reached at the end"
    assert not false_share(table_1, pause).exceeds(0.001)
    assert together(table_1, pause, "newcomers").count == 0
    assert together(table_1, pause, "low_volume").count == 0


@pytest.mark.parametrize("group", POWER)
def test_the_far_below_are_found(table_1: Mapping[str, Any], group: str) -> None:
    """`limit` finds as many of the core as it must, at the end and followed daily."""
    for method in (LIMIT, LIMIT_DAILY):
        assert together(table_1, method, group).value >= POWER[group]


def ordered(result: Mapping[str, Any]) -> None:
    """Hold the orderings: e not above fair-share p up to chance (B2), and that below every count rule, for certain."""
    e_1, e_5, p = (false_share(result, method) for method in (E_1, E_5, FAIR_P))
    seed = f"the first seed is {result['worlds'][0]['seed']}"
    assert not e_1.exceeds(p.value), seed
    assert not e_5.exceeds(p.value), seed
    assert all(p.value < false_share(result, rule).lower() for rule in COUNTS), seed


def test_orderings_at_floor_one_half(table_1: Mapping[str, Any]) -> None:
    """In the worlds of the page."""
    ordered(table_1)


def test_orderings_in_worlds_that_nobody_has_seen_before() -> None:
    """In other worlds at every run, of two kinds; a failure prints the seed."""
    seed = secrets.randbelow(LARGEST_SEED - 10)
    result = validated(["base", "discriminated_group"], worlds=2, seed=seed, accounts=8_000)
    ordered(result)
    assert not false_share({"worlds": result["worlds"][:2]}, LIMIT).exceeds(0.005)


def test_floor_one_fifth() -> None:
    """Six worlds at floor 0.2 are on the page as well, in the same order."""
    result = validated(floor=0.2)
    must_hold(VALIDATION, tables(result))
    ordered(result)


def test_every_scenario() -> None:
    """One world of each scenario is on the page; nowhere does a line of e hit a larger share than the p-value."""
    names = [name for name in scenario_names() if name != "fixed_list"]
    result = validated(names, worlds=1, accounts=10_000)
    lines = list(tables(result))
    must_hold(VALIDATION, lines[lines.index("by scenario\n") + 1 :])
    for world in result["worlds"]:
        alone = {"worlds": [world]}
        assert false_share(alone, E_1).value <= false_share(alone, FAIR_P).value
