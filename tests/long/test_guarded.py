"""Groups whom a market treats worse than fair shares assume: guarded before anybody innocent in them is acted on."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.lab.simulate import load_scenario
from tests.long.guarded import watch
from tests.long.page import must_show

pytestmark = pytest.mark.long

ACCOUNTS = 20_000

HARSH = {"choice": {"discriminated": 0.1}}
"""Clients who take members from one country at a tenth of their fair odds."""


@pytest.mark.parametrize(
    ("name", "country", "changes", "months", "every"),
    [
        ("discriminated_group, at a tenth", "PK", HARSH, 4, 1),
        ("discriminated_group", "PK", {}, 12, 3),
        ("demoted_group", "PH", {}, 12, 15),
    ],
)
def test_nobody_innocent_is_acted_on_before_the_guard_fires(
    name: str, country: str, changes: dict[str, dict[str, object]], months: int, every: int, tmp_path: Path
) -> None:
    """The group is held from the day on which its guard fires; until then no innocent member is warned or limited."""
    scenario = load_scenario(name.partition(",")[0]).varied(changes)
    days = range(every, 30 * (months - 1), every)
    fires, warned, limits = "never", 0, 0
    for look in watch(scenario, tmp_path, country, days, accounts=ACCOUNTS, months=months, seed=1):
        if f"country={country}" in look.held:
            assert look.warned == 0
            fires = str(look.day)
            break
        assert look.innocent == 0
        warned, limits = max(warned, look.warned), max(limits, look.limits)
    must_show((name, ACCOUNTS, fires, 0, warned, limits))


def test_guards_are_silent_where_nobody_is_treated_differently(tmp_path: Path) -> None:
    """The base world over several seeds: no guard fires; by chance at most one group in a thousand may."""
    fired = groups = 0
    days = range(30, 151, 30)
    for seed in (1, 2, 3, 4):
        looks = list(
            watch(load_scenario("base"), tmp_path / str(seed), "PK", days, accounts=ACCOUNTS, months=6, seed=seed)
        )
        fired += len({name for look in looks for name in look.held})
        groups += max(look.groups for look in looks)
    assert fired == 0
    must_show(("base, four seeds", groups, len(days), fired))
