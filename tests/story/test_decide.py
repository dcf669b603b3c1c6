"""One account's decision: what comes before what, and the sentence that says so (S2, S8, E5)."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from evenhand.decisions.decide import Decision, decide
from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import Value
from evenhand.errors import RunRefused
from evenhand.policy.load import load

POLICY = load(Path(__file__).parents[2] / "policies" / "activity.yaml")

BEYOND_DOUBT: dict[str, Value] = {
    "account_id": "a",
    "closed_at": None,
    "account_age_days": 900,
    "earned_usd_365d": 0.0,
    "hours_365d": 0.0,
    "repeat_clients": 0,
    "running_contract_days": 0,
    "days_since_pause": None,
    "on_break": False,
    "decided": 300,
    "fair_wins": 30.0,
    "wins": 0,
    "odds_ratio_high": 0.2,
    "log_e": math.log(1e6),
    "log_e_hire": math.log(2e6),
    "log_e_shortlist": 0.0,
    "log_e_at_1": math.log(1e12),
    "in_portfolio": True,
    "group_held": False,
}
"""Evidence that reaches every step of the shipped policy."""

EVERYTHING = frozenset({"warn", "limit"})
NOTHING_BEFORE = Standing()


def decided(
    changed: Mapping[str, Value] = BEYOND_DOUBT,
    *,
    met: Collection[str] = EVERYTHING,
    standing: Standing = NOTHING_BEFORE,
    withheld: bool = False,
) -> Decision:
    """The decision on the account beyond doubt, with some columns changed."""
    return decide({**BEYOND_DOUBT, **changed}, POLICY, standing, met, withheld=withheld)


def test_the_highest_step_whose_conditions_hold() -> None:
    """With every earlier step served, the evidence's own step is proposed."""
    decision = decided()
    assert (decision.reaches, decision.measure, decision.blocked_by) == ("pause", "pause", None)
    assert decision.why == "pause: 0 wins where a full fair share is 30.0, in 300 decisions that counted; e = 1e+06"


@pytest.mark.parametrize(("met", "measure"), [(set(), "warn"), ({"warn"}, "limit"), ({"limit"}, "pause")])
def test_no_step_before_its_earlier_one(met: set[str], measure: str) -> None:
    """A step with `after` waits for the one before it; what is lower may follow meanwhile."""
    decision = decided(met=met)
    assert (decision.reaches, decision.measure) == ("pause", measure)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"closed_at": datetime(2026, 1, 1)}, "closed"),
        ({"wins": 15}, "vetoed"),
        ({"group_held": True}, "held"),
    ],
)
def test_what_bars_every_step(changed: dict[str, Value], code: str) -> None:
    """A closed account, wins at the floor, a held group: not even advice follows."""
    decision = decided(changed)
    assert (decision.reaches, decision.measure, decision.blocked_by) == ("pause", "none", code)
    assert decision.why.startswith("reaches pause, but ")


def test_hidden_wins_bar_everyone() -> None:
    """Where wins cannot be seen no measure can follow, for anybody."""
    assert decided(withheld=True).blocked_by == "withheld"


def test_an_exemption_leaves_advice() -> None:
    """Exempt accounts get advice and nothing else, whatever the evidence (E5)."""
    decision = decided({"account_age_days": 10, "on_break": True})
    assert decision.exempt == ("newcomer", "on_break")
    assert (decision.reaches, decision.measure) == ("pause", "advise")


def test_an_exempt_account_that_was_advised() -> None:
    """Advice is not given twice; the sentence names what is in force."""
    decision = decided({"account_age_days": 10}, standing=Standing(in_force="advise"))
    assert (decision.measure, decision.why) == ("none", "reaches pause, and advise is in force already")


def test_an_exempt_account_whose_advice_was_refused() -> None:
    """Where a person refused even advice, the exemption is what holds the rest back."""
    decision = decided({"account_age_days": 10}, standing=Standing(refused=frozenset({"advise"})))
    assert (decision.measure, decision.why) == ("none", "reaches pause, but the account is exempt: newcomer")


def test_unknown_facts_exempt_nobody() -> None:
    """A null exemption is false (E5)."""
    assert decided({"earned_usd_365d": None, "hours_365d": None, "on_break": None}).exempt == ()


@pytest.mark.parametrize("step", ["pause", "close"])
def test_a_step_in_force_gives_none(step: str) -> None:
    """Neither the same step nor a milder one than what is in force (S2)."""
    decision = decided(standing=Standing(in_force=step))
    assert (decision.measure, decision.blocked_by) == ("none", "in_force")
    assert step in decision.why


def test_a_proposal_that_waits_is_not_repeated() -> None:
    """One open case per account and procedure (S1)."""
    decision = decided(standing=Standing(pending="pause"))
    assert (decision.measure, decision.why) == ("none", "reaches pause, and pause waits for a person")
    assert decided(standing=Standing(pending="warn")).blocked_by == "pending"
    assert decided(standing=Standing(pending="advise")).measure == "pause"


def test_what_a_person_refused_is_not_proposed_again() -> None:
    """Refused in this episode: a lower step may follow, the refused one not."""
    assert decided(standing=Standing(refused=frozenset({"pause"}))).measure == "limit"
    every = frozenset({"advise", "warn", "limit", "pause"})
    assert decided(standing=Standing(refused=every)).blocked_by == "refused"


def test_nothing_reached_says_why() -> None:
    """Too little evidence and enough evidence for nothing are two different sentences."""
    quiet: dict[str, Value] = {"log_e": 0.0, "log_e_hire": 0.0, "log_e_at_1": 0.0}
    assert decided({**quiet, "fair_wins": 2.04}).why.startswith("not enough evidence: 2.0 fair wins counted")
    assert decided({**quiet, "wins": 20}).why == (
        "no line is reached: 20 wins where a full fair share is 30.0, in 300 decisions that counted"
    )


def test_the_reasons_of_a_decision_are_those_of_its_conditions() -> None:
    """What the trace holds, read against the tree, is what each condition says of the row by itself."""
    decision = decided({"hours_365d": None, "account_age_days": 10})
    for condition in (*(e.when for e in POLICY.exempt), *(s.when for s in POLICY.steps), POLICY.veto):
        assert decision.reason(condition) == condition.reason(
            {**BEYOND_DOUBT, "hours_365d": None, "account_age_days": 10}
        )
    reasons = decision.reasons()
    assert reasons == {
        "exempt": {e.name: decision.reason(e.when).as_dict() for e in POLICY.exempt},
        "steps": {s.step: decision.reason(s.when).as_dict() for s in POLICY.steps},
        "veto": decision.reason(POLICY.veto).as_dict(),
    }


@pytest.mark.parametrize("column", ["fair_wins", "closed_at", "hours_365d"])
def test_a_row_without_a_column_is_refused(column: str) -> None:
    """A live check that forgets a column is told which, rather than decided without it."""
    row = {name: value for name, value in BEYOND_DOUBT.items() if name != column}
    with pytest.raises(RunRefused, match=f"no column `{column}`"):
        decide(row, POLICY)


def test_without_a_ledger_no_later_step() -> None:
    """By default nothing was done before, so only steps without `after` can follow."""
    assert decide(BEYOND_DOUBT, POLICY).measure == "warn"


def test_a_decision_does_not_change_with_its_row() -> None:
    """Sentences are rendered late, from the values at the time of the decision."""
    row = dict(BEYOND_DOUBT)
    decision = decide(row, POLICY)
    said = decision.why
    row |= {"wins": 20, "log_e": 0.0}
    assert decision.why == said
