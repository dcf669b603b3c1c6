"""Every scenario runs, is admitted, and shows what its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.lab.simulate import load_scenario, scenario_names
from evenhand.surfaces import runs
from evenhand.workflows.check_market import check_market
from evenhand.workflows.propose_measures import unwatched
from tests.oracle.simulated import Made, make

IN_THE_MARKET = "submitted_at >= timestamp '2025-09-01'"
"""What was sent before the first month belongs to nobody's field."""

STARTED = "contracts join jobs using (job_id) where started_at >= timestamp '2025-09-01'"

SHOWS = {
    "base": f"select count(viewed_at) / count(*) between 0.4 and 0.65 from proposals where {IN_THE_MARKET}",
    "client_taste": f"select count(*) > 1.5 * count(distinct (jobs.client_id, account_id)) from {STARTED}",
    "corrections": "select count(*) - count(distinct contract_id) between 1 and count(*) / 10 from contracts",
    "demoted_group": "select avg(proposals_viewed / proposals) filter (demoted)"
    " < 0.6 * avg(proposals_viewed / proposals) filter (not demoted) from truth where proposals > 20",
    "discriminated_group": "select sum(wins) filter (discriminated) / sum(proposals_viewed) filter (discriminated)"
    " < 0.5 * sum(wins) filter (not discriminated) / sum(proposals_viewed) filter (not discriminated) from truth",
    "fixed_list": "select count_if((viewed_at is null) <> (shown_rank is null)) = 0 and count(shown_rank) > 0"
    " from proposals join jobs using (job_id) where posted_at < timestamp '2025-11-01'",
    "late_hires": f"select avg((started_at > closed_at + interval 30 day)::int) between 0.01 and 0.1 from {STARTED}",
    "losers_withdraw": "select avg((withdrawn_at is not null)::int) filter (conduct <> 'borderline') > 0.2"
    " and avg((withdrawn_at is not null)::int) filter (conduct = 'borderline') < 0.1"
    " from proposals join truth using (account_id)",
    "reads_until_hired": "select avg((last_hired = last_read)::int) > 0.8 from (select max(shown_rank) filter"
    " (contract_id is not null) as last_hired, max(shown_rank) filter (viewed_at is not null) as last_read"
    f" from proposals left join contracts using (job_id, account_id) where {IN_THE_MARKET} group by job_id)"
    " where last_hired > 0",
    "same_winner": f"select count(*) > 1.5 * count(distinct (jobs.client_id, account_id)) from {STARTED}",
    "several_hires": "select count(*) / count(distinct job_id) > 1.6 from contracts join jobs using (job_id)"
    " where posted_at >= timestamp '2025-09-01'",
    "slow_hires": f"select bool_and(started_at - closed_at between interval 27 day and interval 30 day) from {STARTED}",
    "flooded": "select avg((kind = 'spammer')::int) between 0.3 and 0.6 from proposals join truth using (account_id)"
    f" where {IN_THE_MARKET}",
    "wash_trading": "select sum(wins) filter (kind = 'spammer') > 3 * sum(theta * fair_wins) filter (kind = 'spammer')"
    " from truth",
    "winners_withdraw": "select avg(coalesce(withdrawn_at < started_at, false)::int) between 0.5 and 0.9"
    " from contracts join proposals as p using (job_id, account_id) where not p.invited",
}
"""For each scenario a query that is true where its mark is there."""


@pytest.fixture(scope="module", params=scenario_names())
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Made]:
    """Each scenario in a small world."""
    folder = tmp_path_factory.mktemp(request.param) / "market"
    return request.param, make(folder, request.param, accounts=1500, months=4)


def test_every_scenario_shows_its_mark(made: tuple[str, Made]) -> None:
    """What the scenario is called after can be seen in the tables."""
    name, market = made
    assert market.one(SHOWS[name]) == (True,)


def test_only_corrections_are_refused(made: tuple[str, Made], tmp_path: Path) -> None:
    """Every row of every scenario is admitted, but for contracts that stand there twice with different content."""
    name, market = made
    with runs.staged(market.folder, "duckdb", tmp_path, unwatched) as parts:
        admission = check_market(*parts).admission
    refused = {table: dict(count.reasons) for table, count in admission.tables.items() if count.quarantined}
    if name == "corrections":
        assert list(refused) == ["contracts"]
        assert list(refused["contracts"]) == ["conflicting"]
    else:
        assert refused == {}


def test_a_mark_is_not_there_by_itself(tmp_path: Path) -> None:
    """The base world shows no mark but its own."""
    base = make(tmp_path / "base", accounts=1500, months=4)
    assert [name for name, query in SHOWS.items() if base.one(query) == (True,)] == ["base"]


def test_every_scenario_says_what_is_special() -> None:
    """Each has its sentence, and each but the base changes something."""
    base = load_scenario("base")
    for name in scenario_names():
        scenario = load_scenario(name)
        assert scenario.doc
        assert name == "base" or (scenario.settings, scenario.kinds) != (base.settings, base.kinds)
