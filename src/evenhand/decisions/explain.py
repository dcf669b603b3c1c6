"""One account's path in sentences, in the order things happened (R17): what counted, what not, what it amounts to,
where the lines are, and what would change it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import EvidenceRow
from evenhand.evidence.activity.forecast import Forecast
from evenhand.evidence.activity.grid import ENOUGH
from evenhand.evidence.activity.units import REASONS, CountedUnit, PassedOver
from evenhand.policy.types import Policy
from evenhand.vocabulary import NO_STEP

Moment = tuple[datetime, str]
"""When something happened, and the sentence about it."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A page about one account; every part is a tuple of whole sentences, `path` with the time of each."""

    account_id: str
    summary: tuple[str, ...]
    path: tuple[Moment, ...]
    left_out: tuple[str, ...]
    amounts: tuple[str, ...]
    lines: tuple[str, ...]
    changes: tuple[str, ...]


def explain(
    row: EvidenceRow,
    policy: Policy,
    standing: Standing,
    units: Sequence[CountedUnit],
    passed_over: Sequence[PassedOver],
    forecast: Forecast | None,
) -> Explanation:
    """Explain the decision in `row` from what counted and what did not."""
    return Explanation(
        account_id=str(row["account_id"]),
        summary=_summary(row, policy),
        path=_path(units, passed_over),
        left_out=_left_out(units, passed_over),
        amounts=_amounts(row, policy),
        lines=tuple(lines(row, policy, standing)),
        changes=_changes(policy, forecast),
    )


def amount(value: float) -> str:
    """An e-value as people read it.

    >>> amount(1.0), amount(26.66), amount(1024.06), amount(3.2e8), amount(0.00012)
    ('1.00', '26.7', '1,024', '3.2e+08', '0.0001')
    """
    if value >= 1e6 or value < 0.01:
        return f"{value:.1g}" if value < 0.01 else f"{value:.2g}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value >= 10 else f"{value:.2f}"


def _e(log_e: float) -> str:
    return amount(math.exp(min(log_e, 700.0)))


def _summary(row: EvidenceRow, policy: Policy) -> tuple[str, ...]:
    proposed = "Nothing is proposed" if row["measure"] == NO_STEP else "Proposed"
    return (
        f"Account {row['account_id']} ({row['role']}), {row['account_age_days']} days old, as of {row['as_of']} UTC.",
        f"Policy {policy.name} {policy.version}: innocent means at least {policy.guarantee.floor:g} times fair odds.",
        f"{proposed}: {row['why']}.",
    )


def _path(units: Sequence[CountedUnit], passed_over: Sequence[PassedOver]) -> tuple[Moment, ...]:
    why = dict(REASONS)
    moments = [(unit.settled_at, _counted(unit)) for unit in units]
    moments += [
        (passed.submitted_at, f"Proposal on job {passed.job_id} does not count: {why[passed.why]}.")
        for passed in passed_over
    ]
    return tuple(sorted(moments))


def _counted(unit: CountedUnit) -> str:
    what = "hired" if unit.outcome == "hire" else "shortlisted"
    chosen = what if unit.chosen else f"not {what}"
    return (
        f"Job {unit.job_id} settled: {chosen}, where the fair share was {unit.fair_share:.1%}. "
        f"The evidence of being {what} moved by a factor of {unit.factor:.3g} to e = {_e(unit.log_e)}."
    )


def _left_out(units: Sequence[CountedUnit], passed_over: Sequence[PassedOver]) -> tuple[str, ...]:
    hires = len([unit for unit in units if unit.outcome == "hire"])
    count = Counter(passed.why for passed in passed_over)
    both = hires + len(passed_over)
    if both == 0:
        return ("No proposal has been made.",)
    head = f"Of {both:,} proposals, {hires:,} counted towards being hired and {len(passed_over):,} did not:"
    reasons = tuple(f"{count[code]:,} because {words}." for code, words in REASONS if count[code])
    return (head, *reasons) if reasons else (head.removesuffix(":") + ".",)


def _amounts(row: EvidenceRow, policy: Policy) -> tuple[str, ...]:
    fair_wins, wins = _number(row, "fair_wins"), row["wins"]
    if not row["decided"] and not row["decided_shortlist"]:
        return ("The evidence stands at e = 1, where everybody begins.",)
    sentences = [
        f"{row['decided']} decisions counted; a full fair share of them is {fair_wins:.1f} wins, and {wins} came."
    ]
    if row["log_e_shortlist"] is not None:
        sentences.append(
            f"For the shortlist {row['decided_shortlist']} counted; a full fair share is "
            f"{_number(row, 'fair_shortlists'):.1f}, and {row['shortlists']} came."
        )
    if row["odds_ratio"] is not None:
        sentences.append(
            f"The odds of winning look like {_number(row, 'odds_ratio'):g} times fair ones; {_bounds(row)}."
        )
    if fair_wins < ENOUGH:
        sentences.append(f"That is not enough evidence to say anything: at least {ENOUGH:g} fair wins are needed.")
    sentences.append(
        f"Evidence against winning at {policy.guarantee.floor:g} of a fair share: e = {_e(_number(row, 'log_e'))} "
        f"(hires alone {_e(_number(row, 'log_e_hire'))}). For somebody innocent it reaches 20 with a probability of "
        f"at most 1 in 20, 100 with 1 in 100, however often one looks."
    )
    return tuple(sentences)


def _bounds(row: EvidenceRow) -> str:
    low, high = row["odds_ratio_low"], row["odds_ratio_high"]
    ends = [f"at least {low:g}"] if isinstance(low, float) else []
    ends += [f"at most {high:g}"] if isinstance(high, float) else []
    each = " on each side" if len(ends) == 2 else ""
    return f"with 95 % confidence{each}, {' and '.join(ends)}" if ends else "too little has counted to bound them"


def lines(row: EvidenceRow, policy: Policy, standing: Standing) -> Iterator[str]:
    """Where the lines of the policy are for this account, and what is in force."""
    for step in policy.steps:
        after = f" It follows only after a served `{step.after}`." if step.after else ""
        reached = "reached" if step.when.truth(row) is True else "not reached"
        yield f"`{step.step}` is {reached}: {step.when.reason(row).sentence()}.{after}"
    exempt = row["exempt"]
    for exemption in policy.exempt:
        if isinstance(exempt, tuple) and exemption.name in exempt:
            met = exemption.when.reason(row).sentence()
            yield f"Exempt as `{exemption.name}`: {met}. Nothing beyond advice can follow."
    if policy.veto.truth(row) and row["decided"]:
        yield "The wins are at or above the floor, so no step can follow whatever the evidence says."
    if standing.in_force != NO_STEP:
        yield f"In force: `{standing.in_force}`, in episode {standing.episode}."


def _changes(policy: Policy, forecast: Forecast | None) -> tuple[str, ...]:
    if forecast is None:
        return ("Nothing has counted yet: the reckoning begins with the first decision about people.",)
    now, won, lost = forecast.log_e_now, forecast.log_e_one_win, forecast.log_e_no_win
    jobs = "the next comparable job" if forecast.jobs == 1 else f"the next {forecast.jobs} comparable jobs"
    return (
        f"Now you are at {_place(policy, now)}.",
        f"One win in {jobs} (fair share {forecast.fair_share:.1%} each) would bring you to {_place(policy, won)}.",
        f"No win in {jobs} would bring you to {_place(policy, lost)}.",
        "With each client the first job that counts is the only one. Jobs that hire nobody change nothing.",
        "Where openings are recorded, a loss on a proposal that nobody opened changes nothing either.",
    )


def _place(policy: Policy, log_e: float) -> str:
    return f"e = {_e(log_e)}{_beside(policy, log_e)}"


def _beside(policy: Policy, log_e: float) -> str:
    """Which lines on `e` the value would lie below or above."""
    thresholds = [(step.step, line) for step in policy.steps if (line := step.when.at_least("e")) is not None]
    passed = [step for step, line in thresholds if math.exp(min(log_e, 700.0)) >= line]
    if not thresholds:
        return ""
    if passed:
        return f", at or above the line of `{passed[-1]}` ({dict(thresholds)[passed[-1]]:,g})"
    return f", below the line of `{thresholds[0][0]}` ({thresholds[0][1]:,g})"


def _number(row: EvidenceRow, name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, int | float) else 0.0
