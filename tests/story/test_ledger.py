"""Standing is a fold over the ledger, and time is an argument (S2 to S4, R18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evenhand.decisions.ledger import Entry, Standing, fold
from evenhand.policy.load import load

POLICY = load(Path(__file__).parents[2] / "policies" / "activity.yaml")
DAY = datetime(2026, 1, 1)


def on(day: float) -> datetime:
    """A day of the story."""
    return DAY + timedelta(days=day)


def wrote(step: str, kind: str, day: float, *, delivered: float | None = None, **more: object) -> Entry:
    """An entry about account `a`."""
    entry = Entry(account_id="a", procedure="mismatch", step=step, kind=kind, at=on(day))
    return replace(entry, delivered_at=None if delivered is None else on(delivered), **more)  # type: ignore[arg-type]


def at(day: float, *entries: Entry) -> Standing:
    """Standing of `a` on a day."""
    return fold(entries, POLICY, on(day)).standings.get("a", Standing())


WARNED = wrote("warn", "warned", 0, delivered=1)


@pytest.mark.parametrize(
    ("day", "served"),
    [(0.5, False), (90, False), (91, True), (365, True), (366, False)],
)
def test_a_warning_is_served_between_cure_and_lapse(day: float, served: bool) -> None:
    """The cure period runs from delivery, and after twelve months the warning has lapsed."""
    assert ("warn" in at(day, WARNED).served) is served


def test_an_entry_is_not_seen_before_its_time() -> None:
    """The fold reads no clock: what comes later has not happened, and a later delivery neither."""
    assert at(-1, WARNED) == Standing()
    assert at(0.5, WARNED).in_force == "warn"
    assert at(200, wrote("warn", "warned", 0)).served == {}


def test_a_limit_is_in_force_to_its_end_and_served_after_it() -> None:
    """Thirty days' notice from delivery and sixty days, as the policy says, or to the date in the entry."""
    limit = wrote("limit", "imposed", 100, delivered=100)
    assert at(189, WARNED, limit).in_force == "limit"
    assert "limit" not in at(189, WARNED, limit).served
    assert at(191, WARNED, limit).served["limit"] == on(100)
    noticed = wrote("limit", "imposed", 100, delivered=70)
    assert at(161, WARNED, noticed).served["limit"] == on(70)
    shorter = wrote("limit", "imposed", 100, delivered=100, until=on(120))
    assert "limit" in at(121, WARNED, shorter).served


@pytest.mark.parametrize("kind", ["eased", "lapsed", "restored"])
def test_what_was_taken_back_opens_nothing(kind: str) -> None:
    """A measure that was eased, lapsed or restored was not served, though what is proposed keeps its episode open."""
    waits = wrote("limit", "proposed", 60)
    assert "warn" in at(200, WARNED, waits).served
    taken_back = at(200, WARNED, wrote("warn", kind, 50), waits)
    assert (taken_back.episode, taken_back.pending, taken_back.served) == (1, "limit", {})


def test_a_step_that_the_policy_does_not_know_opens_nothing() -> None:
    """A ledger may hold steps of another policy: they are in force until they end, and serve for nothing here."""
    standing = at(200, wrote("suspend", "imposed", 0, delivered=1))
    assert (standing.in_force, standing.served) == ("suspend", {})


def test_an_episode_ends_thirty_days_after_its_last_measure() -> None:
    """Then a new one starts at e = 1: only proposals from then on count (S4)."""
    limit = wrote("limit", "imposed", 100, delivered=100, until=on(160))
    warned = replace(WARNED, until=None)
    over = at(367 + 30, warned, limit)
    assert (over.episode, over.evidence_from, over.in_force) == (2, on(1 + 365 + 30), "none")


def test_a_reversal_ends_the_episode_at_once() -> None:
    """A successful appeal starts afresh."""
    after = at(50, WARNED, wrote("warn", "reversed", 40))
    assert (after.episode, after.evidence_from) == (2, on(40))


def test_a_later_episode_knows_where_it_began() -> None:
    """Entries of the second episode count evidence from the end of the first."""
    again = wrote("warn", "warned", 60, delivered=60, episode=2)
    assert at(61, WARNED, wrote("warn", "reversed", 40), again).evidence_from == on(40)


def test_a_proposal_waits_until_it_is_answered() -> None:
    """Nothing is proposed twice, and what a person refused stays refused in this episode."""
    proposed = wrote("limit", "proposed", 100)
    assert at(101, WARNED, proposed).pending == "limit"
    refused = at(103, WARNED, proposed, wrote("limit", "refused", 102))
    assert (refused.pending, refused.refused) == ("none", frozenset({"limit"}))


def test_an_answer_long_after_keeps_the_episode_open_until_then() -> None:
    """A proposal that waits keeps its episode; a refusal does not declare it over in hindsight (S4)."""
    limit = wrote("limit", "imposed", 100, delivered=100, until=on(160))
    reversed_warning = wrote("warn", "expired", 170)
    proposed, refused = wrote("pause", "proposed", 180), wrote("pause", "refused", 400)
    entries = (WARNED, reversed_warning, limit, proposed, refused)
    assert at(399, *entries).episode == 1
    assert (at(431, *entries).episode, at(431, *entries).evidence_from) == (2, on(430))


def test_an_episode_whose_beginning_is_not_told_begins_with_its_entries() -> None:
    """A gap in the numbers does not bring back what was counted before (S4)."""
    assert at(200, WARNED, wrote("warn", "warned", 150, delivered=150, episode=3)).evidence_from == on(150)


def test_an_end_belongs_to_the_measure_before_it() -> None:
    """A second limit that lapses before it begins takes nothing from the first, which was served to its end (S4)."""
    limit = wrote("limit", "imposed", 100, delivered=100, until=on(160))
    again, lapsed = wrote("limit", "proposed", 170), wrote("limit", "lapsed", 175)
    standing = at(176, WARNED, limit, again, lapsed)
    assert standing.served.keys() == {"warn", "limit"}
    assert standing.pending == "none"


def test_of_two_entries_at_one_time_the_later_line_counts() -> None:
    """A proposal that follows the end of the same step at the same time waits; an appeal answers nothing."""
    warned = replace(WARNED, until=None)
    ended, again = wrote("warn", "expired", 366), wrote("warn", "proposed", 366)
    assert at(366, warned, ended, again, wrote("warn", "appealed", 366)).pending == "warn"


def test_advice_opens_no_episode() -> None:
    """Advice is no measure: it lapses, and the evidence goes on."""
    assert at(800, wrote("advise", "advised", 0, delivered=0)).episode == 1


def test_history_counts_portfolio_actions_once_and_forever() -> None:
    """Acted on, expired, reversed: it stays in the count; a limit is not a portfolio action."""
    entries: Sequence[Entry] = [
        WARNED,
        wrote("limit", "imposed", 100, delivered=100),
        wrote("pause", "imposed", 200, delivered=200),
        wrote("pause", "imposed", 210, delivered=210),
        wrote("pause", "reversed", 220),
    ]
    history = fold(entries, POLICY, on(300))
    assert (history.acted, history.first_run) == (1, on(0))
    assert history.earlier_episodes == (on(0),)
    assert fold(entries, POLICY, on(150)).acted == 0


def test_another_procedure_is_another_ledger() -> None:
    """One policy, one procedure (S1)."""
    assert fold([replace(WARNED, procedure="linkage")], POLICY, on(10)).standings == {}
