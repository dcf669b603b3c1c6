"""One account's decision: a pure function of its evidence, its standing and the policy (decisions S2, S4, E5).

`statement.py` says the same in SQL for a whole market.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import EvidenceRow
from evenhand.decisions.sentences import BLOCKED, MEASURE, NO_LINE, TOO_LITTLE
from evenhand.evidence.activity.grid import ENOUGH
from evenhand.policy.types import Policy, Step
from evenhand.vocabulary import NO_STEP, rank


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the evidence alone would allow (`reaches`), what is proposed (`measure`), and why.

    `blocked_by` is the code of what stands between the two, None if nothing does.
    """

    exempt: tuple[str, ...]
    reaches: str
    measure: str
    blocked_by: str | None
    why: str


def decide(
    row: EvidenceRow, policy: Policy, standing: Standing, met: Collection[str], *, withheld: bool = False
) -> Decision:
    """Decide on one account, the cap aside.

    `met` names the served steps since whose delivery the evidence went on against the account (S4); `withheld` is
    true where the market hides too many wins for any measure.
    """
    exempt = tuple(e.name for e in policy.exempt if e.when.truth(row) is True)
    reached = [step for step in policy.steps if step.when.truth(row) is True]
    reaches = reached[-1].step if reached else NO_STEP
    fixed = {
        "closed": row["closed_at"] is not None,
        "withheld": withheld,
        "vetoed": vetoed(row, policy),
        "held": row["group_held"] is True,
    }
    barred = next((code for code, holds in fixed.items() if holds), None)
    allowed = [] if barred else [step for step in reached if _allowed(step, exempt, standing, met)]
    proposed = allowed[-1].step if allowed else NO_STEP
    if rank(standing.in_force) >= rank(proposed) > -1:
        barred = "in_force"
    elif rank(proposed) > -1 and _waits(standing.pending, proposed):
        barred = "pending"
    elif not allowed and reached and barred is None:
        barred = _nothing_allowed(reached[-1], exempt, standing)
    measure = NO_STEP if barred else proposed
    why = sentence(row, measure, reaches, barred, exempt, standing)
    return Decision(exempt=exempt, reaches=reaches, measure=measure, blocked_by=barred if reached else None, why=why)


def sentence(
    row: EvidenceRow, measure: str, reaches: str, blocked_by: str | None, exempt: tuple[str, ...], standing: Standing
) -> str:
    """The one sentence of the column `why`."""
    wins, fair_wins, decided = int(_number(row, "wins")), _number(row, "fair_wins"), int(_number(row, "decided"))
    if reaches == NO_STEP:
        return TOO_LITTLE.format(fair_wins) if fair_wins < ENOUGH else NO_LINE.format(wins, fair_wins, decided)
    if blocked_by is None:
        return MEASURE.format(measure, wins, fair_wins, decided, math.exp(min(_number(row, "log_e"), 700.0)))
    named = {"exempt": ", ".join(exempt), "in_force": standing.in_force, "pending": standing.pending}
    return BLOCKED[blocked_by].format(reaches, named.get(blocked_by, ""))


def vetoed(row: EvidenceRow, policy: Policy) -> bool:
    """Whether the wins are at or above the floor, so that no step follows whatever the evidence says."""
    return _number(row, "wins") >= policy.guarantee.floor * _number(row, "fair_wins")


def _waits(pending: str, proposed: str) -> bool:
    """Whether an open proposal bars another: at most one case is open (S1); advice that waits bars only advice."""
    return rank(pending) >= min(rank(proposed), rank("warn"))


def _allowed(step: Step, exempt: Collection[str], standing: Standing, met: Collection[str]) -> bool:
    return (
        (step.step == "advise" or not exempt)
        and step.step not in standing.refused
        and (step.after is None or step.after in met)
    )


def _nothing_allowed(step: Step, exempt: Collection[str], standing: Standing) -> str:
    """Which of the per-step bars keeps even the highest step back."""
    if exempt and step.step != "advise":
        return "exempt"
    return "refused" if step.step in standing.refused else "too_early"


def _number(row: EvidenceRow, name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, int | float) else 0.0
