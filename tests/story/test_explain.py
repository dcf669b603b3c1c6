"""The page about one account and the record of a measure: every part says what it must, and nothing it must not."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.decisions.explain import Explanation, amount, explain
from evenhand.decisions.ledger import WARNING_LAPSES, Standing
from evenhand.decisions.reasons import measure_record, stamp
from evenhand.decisions.rows import Value
from evenhand.evidence.activity.forecast import Forecast
from evenhand.evidence.activity.units import REASONS, CountedUnit, Outcome, PassedOver
from evenhand.policy.load import load
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy

SHIPPED = Path(__file__).parents[2] / "policies" / "activity.yaml"
POLICY = load(SHIPPED)
AS_OF = datetime(2026, 1, 1)
FRESH = Standing()
WARNED = Standing(episode=2, in_force="warn", served={"warn": datetime(2025, 3, 1)})

ROW: dict[str, Value] = {
    "account_id": "ana",
    "as_of": AS_OF,
    "role": "freelancer",
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
    "wins": 2,
    "decided_shortlist": 290,
    "fair_shortlists": 61.0,
    "shortlists": 11,
    "odds_ratio": 0.07,
    "odds_ratio_low": 0.01,
    "odds_ratio_high": 0.2,
    "log_e": math.log(5000),
    "log_e_hire": math.log(9000),
    "log_e_shortlist": math.log(1000),
    "review_priority": 0.999,
    "log_e_at_1": math.log(1e12),
    "in_portfolio": False,
    "group_held": False,
    "exempt": (),
    "reaches": "limit",
    "measure": "warn",
    "why": "warn: 2 wins where a full fair share is 30.0, in 300 decisions that counted; e = 5000",
}
"""Somebody whose evidence reaches a limit and who is warned."""

UNTRIED: dict[str, Value] = {
    "decided": 0,
    "fair_wins": 0.0,
    "wins": 0,
    "decided_shortlist": 0,
    "fair_shortlists": 0.0,
    "shortlists": 0,
    "odds_ratio": None,
    "odds_ratio_low": None,
    "odds_ratio_high": None,
    "log_e": 0.0,
    "log_e_hire": 0.0,
    "log_e_shortlist": 0.0,
    "log_e_at_1": 0.0,
    "reaches": "none",
    "measure": "none",
    "why": "not enough evidence: 0.0 fair wins counted, and below 5 nothing can be said",
}
"""Changes that make of it somebody with whom nothing has counted."""


def counted(settled: datetime, outcome: Outcome = "hire", *, chosen: bool = False, job: str = "j") -> CountedUnit:
    """One decision in a field of ten."""
    return CountedUnit(
        outcome=outcome,
        job_id=job,
        client_id="c",
        submitted_at=settled - timedelta(days=40),
        settled_at=settled,
        chosen=chosen,
        odds=1 / 9,
        fair_share=0.1,
        factor=0.25 if chosen else 1.04,
        log_e=0.5,
    )


def told(
    changed: Mapping[str, Value] | None = None,
    *,
    policy: Policy = POLICY,
    standing: Standing = FRESH,
    units: Sequence[CountedUnit] = (),
    passed_over: Sequence[PassedOver] = (),
    forecast: Forecast | None = None,
) -> Explanation:
    """The page about that account, with some columns changed."""
    return explain({**ROW, **(changed or {})}, policy, standing, units, passed_over, forecast)


def foreseen(now: float, won: float, lost: float, jobs: int = 12) -> Forecast:
    """A forecast that moves the evidence between these e-values."""
    return Forecast(
        jobs=jobs, fair_share=1 / 12, log_e_now=math.log(now), log_e_one_win=math.log(won), log_e_no_win=math.log(lost)
    )


def test_the_page_begins_with_who_and_what_follows() -> None:
    """Account, policy and decision are the first three sentences; nothing proposed is said as such."""
    assert told().summary == (
        "Account ana (freelancer), 900 days old, as of 2026-01-01 00:00:00 UTC.",
        f"Policy activity {POLICY.version}: innocent means at least 0.5 times fair odds.",
        f"Proposed: {ROW['why']}.",
    )
    assert told(UNTRIED).summary[2] == f"Nothing is proposed: {UNTRIED['why']}."


def test_the_path_is_in_the_order_of_time() -> None:
    """What counted and what did not stand in one list, each at its own time, with share, factor and evidence."""
    day, share, moved = timedelta(days=1), "where the fair share was 10.0%.", "moved by a factor of"
    units = [counted(AS_OF - 3 * day, chosen=True, job="won"), counted(AS_OF - 9 * day, "shortlist", job="lost")]
    passed = [PassedOver(job_id="open", submitted_at=AS_OF - 5 * day, why="job_open")]
    assert told(units=units, passed_over=passed).path == (
        (
            AS_OF - 9 * day,
            f"Job lost settled: not shortlisted, {share} The evidence of being shortlisted {moved} 1.04 to e = 1.65.",
        ),
        (AS_OF - 5 * day, "Proposal on job open does not count: the job is still open."),
        (
            AS_OF - 3 * day,
            f"Job won settled: hired, {share} The evidence of being hired {moved} 0.25 to e = 1.65.",
        ),
    )


@settings(deadline=None)  # a busy machine is no fault
@given(why=st.lists(st.sampled_from([code for code, _ in REASONS])), hires=st.integers(0, 40))
def test_every_proposal_is_accounted_for(why: list[str], hires: int) -> None:
    """What counted and what did not, reason by reason, come to all proposals; each reason that occurs is said once."""
    passed = [PassedOver(job_id=f"p{n}", submitted_at=AS_OF, why=code) for n, code in enumerate(why)]
    units = [*[counted(AS_OF)] * hires, counted(AS_OF, "shortlist")]
    head, *reasons = told(units=units, passed_over=passed).left_out
    if not why and not hires:
        assert (head, reasons) == ("No proposal has been made.", [])
        return
    assert head.startswith(f"Of {hires + len(why)} proposals, {hires} counted towards being hired and {len(why)} did")
    said = {words: number for number, words in (sentence.split(" because ") for sentence in reasons)}
    words = dict(REASONS)
    assert said == {f"{words[code]}.": str(count) for code, count in Counter(why).items()}


def test_thousands_are_set_apart() -> None:
    """Long histories stay readable."""
    passed = [PassedOver(job_id=f"p{n}", submitted_at=AS_OF, why="nobody_hired") for n in range(1234)]
    assert told(passed_over=passed).left_out == (
        "Of 1,234 proposals, 0 counted towards being hired and 1,234 did not:",
        "1,234 because nobody was hired on the job.",
    )


def test_what_it_amounts_to() -> None:
    """Counts against fair shares, the estimate with its bounds, and the evidence with what it promises."""
    hires, shortlists, odds, evidence = told().amounts
    assert hires == "300 decisions counted; a full fair share of them is 30.0 wins, and 2 came."
    assert shortlists == "For the shortlist 290 counted; a full fair share is 61.0, and 11 came."
    assert odds == (
        "The odds of winning look like 0.07 times fair ones; with 95 % confidence on each side, "
        "at least 0.01 and at most 0.2."
    )
    assert evidence.startswith("Evidence against winning at 0.5 of a fair share: e = 5,000 (hires alone 9,000).")
    assert "at most 1 in 20, 100 with 1 in 100, however often one looks." in evidence


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (None, 0.2, "; with 95 % confidence, at most 0.2."),
        (0.7, None, "; with 95 % confidence, at least 0.7."),
        (None, None, "; too little has counted to bound them."),
    ],
)
def test_an_open_bound_is_not_said(low: float | None, high: float | None, ends: str) -> None:
    """A bound that does not exist yet is left out, and if neither does, that is said."""
    assert told({"odds_ratio_low": low, "odds_ratio_high": high}).amounts[2].endswith(ends)


def test_a_market_without_shortlists_says_nothing_of_them() -> None:
    """Where none are recorded the page does not speak of shortlists."""
    assert not any("shortlist" in sentence for sentence in told({"log_e_shortlist": None}).amounts)


def test_shortlists_may_count_before_any_hire_does() -> None:
    """Where only shortlists have counted there is evidence, but no estimate of the odds of winning yet."""
    first = {**UNTRIED, "decided_shortlist": 1, "fair_shortlists": 0.2, "log_e_shortlist": 0.1}
    amounts = told(first).amounts
    assert amounts[1] == "For the shortlist 1 counted; a full fair share is 0.2, and 0 came."
    assert not any("odds of winning" in sentence for sentence in amounts)


def test_too_little_evidence_is_said() -> None:
    """Below five fair wins the page says that nothing can be said."""
    few = "That is not enough evidence to say anything: at least 5 fair wins are needed."
    assert few in told({"fair_wins": 4.9}).amounts
    assert few not in told({"fair_wins": 5.0}).amounts


def test_whoever_has_not_begun_reads_no_zeros() -> None:
    """A client, or a member without a decision, gets a page of few words and no forecast."""
    page = told(UNTRIED)
    assert page.path == ()
    assert page.left_out == ("No proposal has been made.",)
    assert page.amounts == ("The evidence stands at e = 1, where everybody begins.",)
    assert page.changes == ("Nothing has counted yet: the reckoning begins with the first decision about people.",)


def test_every_line_is_shown_with_its_values() -> None:
    """Each step says whether it is reached, every condition with its value, and what has to come before it."""
    advise, warn, limit, pause = told().lines
    assert advise == "`advise` is reached: e_at(1) is 1e+12, at least 20: yes; and fair_wins is 30, at least 5: yes."
    assert warn.startswith("`warn` is reached: e is 5,000, at least 20: yes;")
    assert limit.endswith("at least 20: yes. It follows only after a served `warn`.")
    assert pause.startswith("`pause` is not reached: ")
    assert "in_portfolio: no" in pause


def test_what_spares_somebody_is_said() -> None:
    """Exemptions with their values, wins at the floor, and what is in force already."""
    exempt = told({"exempt": ("newcomer",), "account_age_days": 10}).lines[4:]
    assert exempt == (
        "Exempt as `newcomer`: account_age_days is 10, less than 90: yes. Nothing beyond advice can follow.",
    )
    (vetoed,) = told({"wins": 15}).lines[4:]
    assert vetoed == "The wins are at or above the floor, so no step can follow whatever the evidence says."
    assert told(UNTRIED).lines[4:] == ()
    assert told(standing=WARNED).lines[4:] == ("In force: `warn`, in episode 2.",)


def test_what_would_change_it() -> None:
    """Where one stands, where one win or none would lead, each beside the line it passes, and what changes nothing."""
    now, won, lost, *_ = told(forecast=foreseen(500, 15, 1200)).changes
    jobs = "in the next 12 comparable jobs"
    assert now == "Now you are at e = 500, at or above the line of `limit` (100)."
    assert won == f"One win {jobs} (fair share 8.3% each) would bring you to e = 15, below the line of `warn` (20)."
    assert lost == f"No win {jobs} would bring you to e = 1,200, at or above the line of `pause` (1,000)."
    assert "the next comparable job (" in told(forecast=foreseen(2, 1, 3, jobs=1)).changes[1]


def test_a_policy_without_a_line_on_e_names_none() -> None:
    """Where steps ask for other columns than e, the page gives the evidence without a line beside it."""
    text = SHIPPED.read_text().replace("when: e >= 20 and", "when: e_at(1.0) >= 20 and")
    policy = parse(text.replace("when: e >= 1000 and", "when:").replace("when: e >= 100 and", "when:"), file="p.yaml")
    assert told(policy=policy, forecast=foreseen(5000, 1200, 15)).changes[0] == "Now you are at e = 5,000."


@given(value=st.floats(1e-9, 1e30))
def test_an_amount_is_near_its_value(value: float) -> None:
    """What people read has the right size, and from a tenth on is within 5 % of the value."""
    within = 0.5 if value < 0.1 else 0.05
    assert float(amount(value).replace(",", "")) == pytest.approx(value, rel=within)


def record(step: str, standing: Standing = FRESH) -> Mapping[str, object]:
    """The record of a measure at this step."""
    return measure_record({**ROW, "measure": step}, POLICY, standing, AS_OF)


@pytest.mark.parametrize(
    ("step", "term"),
    [
        ("advise", {"until": stamp(AS_OF + WARNING_LAPSES)}),
        ("warn", {"until": stamp(AS_OF + timedelta(days=365))}),
        ("limit", {"until": stamp(AS_OF + timedelta(days=30 + 60))}),
        ("pause", {"review_at": stamp(AS_OF + timedelta(days=30 + 90))}),
    ],
)
def test_every_measure_has_an_end_or_a_review(step: str, term: Mapping[str, str]) -> None:
    """Advice and a warning lapse after a year, what restricts ends after notice and term (R30)."""
    found = record(step)
    assert {key: found[key] for key in ("until", "review_at") if key in found} == term


def test_a_measure_carries_its_whole_reason() -> None:
    """Who, what, under which policy; every condition with its value, the exemptions, the veto, the earlier step."""
    found = json.loads(json.dumps(record("limit", WARNED)))
    assert (found["account_id"], found["procedure"], found["step"]) == ("ana", "mismatch", "limit")
    assert (found["as_of"], found["policy_hash"], found["episode"]) == ("2026-01-01T00:00:00Z", POLICY.hash, 2)
    assert found["sentence"] == ROW["why"]
    reason = found["reason"]
    assert reason["when"]["outcome"] is True
    assert [child["outcome"] for child in reason["when"]["children"]] == [True, True]
    assert reason["in_words"] == "e is 5,000, at least 100: yes; and e_hire is 9,000, at least 20: yes"
    assert set(reason["exempt"]) == {exemption.name for exemption in POLICY.exempt}
    assert not any(part["outcome"] for part in reason["exempt"].values())
    assert reason["veto"] == {"wins": 2, "fair_wins": 30.0, "floor": 0.5, "outcome": False}
    assert reason["after"] == {"step": "warn", "delivered_at": "2025-03-01T00:00:00Z"}


def test_a_first_measure_follows_nothing() -> None:
    """A step without an earlier one names none."""
    found = json.loads(json.dumps(record("warn")))
    assert found["reason"]["after"] is None
    assert found["episode"] == 1


def test_a_measure_that_the_policy_does_not_know_is_an_error() -> None:
    """No record is made of a step that no policy has named."""
    with pytest.raises(ValueError, match="no step 'close'"):
        record("close")
