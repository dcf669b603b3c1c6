"""Groups whom a market treats worse than fair shares assume: guarded before anybody in them is acted on."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from evenhand.lab.simulate import load_scenario
from tests.long.guarded import watch
from tests.long.page import must_show

pytestmark = pytest.mark.long

ACCOUNTS = 20_000


@pytest.mark.parametrize(("name", "country"), [("discriminated_group", "PK"), ("demoted_group", "PH")])
def test_nobody_is_acted_on_before_the_guard_fires(name: str, country: str, tmp_path: Path) -> None:
    """Daily looks, on three seeds: until the day on which the guard fires no member of the group is reached by a limit,
    and until a month after it none of them has a warning or more proposed."""
    rows: list[tuple[object, ...]] = []
    for seed in (1, 2, 3):
        fires = None
        folder = tmp_path / str(seed)
        for look in watch(load_scenario(name), folder, country, range(1, 75), accounts=ACCOUNTS, months=4, seed=seed):
            assert look.warned == 0
            fires = look.day if fires is None and f"country={country}" in look.held else fires
            assert look.limits == 0 or fires is not None
            if fires is not None and look.day >= fires + 30:
                break
        rows.append((name, seed, ACCOUNTS, fires, 0, 0))
    must_show(*rows)


def test_guards_are_silent_where_nobody_is_treated_differently(tmp_path: Path) -> None:
    """The base world on four seeds: only groups whom clients do choose less are held, newcomers and small countries."""
    days = range(30, 151, 30)
    rows: list[tuple[object, ...]] = []
    for seed in (1, 2, 3, 4):
        folder = tmp_path / str(seed)
        looks = list(watch(load_scenario("base"), folder, "PK", days, accounts=ACCOUNTS, months=6, seed=seed))
        chosen_less = {"tenure=under_90_days", *_small(folder)}
        held = {name for look in looks for name in look.held}
        assert held <= chosen_less
        others = max(look.groups for look in looks) - len(chosen_less)
        rows.append(("base", seed, ACCOUNTS, len(days), others, 0, ", ".join(sorted(held)) or "none"))
    must_show(*rows)


def _small(folder: Path) -> set[str]:
    """Groups by country and language of whom all are from small countries, whose members clients take at 0.6."""
    accounts, truth = folder / "market" / "accounts.parquet", folder / "truth.parquet"
    found: set[str] = set()
    for attribute in ("country", "language"):
        names = duckdb.execute(
            f"select '{attribute}=' || {attribute} from '{accounts}' join '{truth}' using (account_id) "
            f"where {attribute} is not null group by {attribute} having bool_and(small_country)"
        ).fetchall()
        found |= {name for (name,) in names}
    return found
