"""One account's decision: a pure function of its evidence, its standing and the policy (decisions S2, S4, E5).

`decide` is what a live check calls in the process; `statement.py` says the same in SQL for a whole market.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress
from typing import Final, NamedTuple

from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import EvidenceRow, Json
from evenhand.decisions.sentences import (
    BLOCKED,
    ITEMS_MEASURE,
    MEASURE,
    NO_ITEM_LINE,
    NO_LINE,
    NOTHING_SEEN,
    TOO_LITTLE,
)
from evenhand.errors import RunRefused
from evenhand.evidence.activity.grid import ENOUGH
from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.nodes import Node
from evenhand.policy.conditions.program import Trace
from evenhand.policy.conditions.reasons import Reason, explain
from evenhand.policy.types import DECIDED, FAIR_WINS, ITEMS, WINS, E, Policy, Step
from evenhand.vocabulary import NO_STEP, rank

FIRST: Final = Standing()
"""The standing of an account with which nothing was done before."""


class Decision(NamedTuple):
    """What the evidence alone would allow (`reaches`), what is proposed (`measure`), and what it rests on.

    `blocked_by` is the code of what stands between the two, None if nothing does. `trace` holds what every part of the
    policy's conditions amounted to; sentences and reasons are rendered from it when they are asked for (S10).
    """

    policy: Policy
    standing: Standing
    trace: Trace
    exempt: tuple[str, ...]
    reaches: str
    measure: str
    blocked_by: str | None

    @property
    def why(self) -> str:
        """The one sentence of the column `why`."""
        if self.reaches == NO_STEP or self.blocked_by is None:
            return self._why_of_items() if self.policy.rests_on_items else self._why_of_wins()
        named = {
            "exempt": ", ".join(self.exempt),
            "in_force": self.standing.in_force,
            "pending": self.standing.pending,
        }
        return BLOCKED[self.blocked_by].format(self.reaches, named.get(self.blocked_by, ""))

    def _why_of_wins(self) -> str:
        wins, fair_wins, decided, e = (self._number(part) for part in (WINS, FAIR_WINS, DECIDED, E))
        if self.reaches != NO_STEP:
            return MEASURE.format(self.measure, int(wins), fair_wins, int(decided), e)
        return (
            TOO_LITTLE.format(fair_wins) if fair_wins < ENOUGH else NO_LINE.format(int(wins), fair_wins, int(decided))
        )

    def _why_of_items(self) -> str:
        items = int(self._number(ITEMS))
        if self.reaches != NO_STEP:
            return ITEMS_MEASURE.format(self.measure, items)
        return NO_ITEM_LINE.format(items) if items else NOTHING_SEEN

    def _number(self, part: Node) -> float:
        value = self.policy.program.value(part, self.trace)
        return value if isinstance(value, float) else 0.0

    def reason(self, condition: Condition) -> Reason:
        """The tree of one condition of the policy, with the values it had for this account."""
        return explain(condition.root, lambda part: self.policy.program.value(part, self.trace))

    def reasons(self) -> dict[str, Json]:
        """The nested form of every condition: exemptions and steps by name, and the veto."""
        policy = self.policy
        return {
            "exempt": {exemption.name: self.reason(exemption.when).as_dict() for exemption in policy.exempt},
            "steps": {step.step: self.reason(step.when).as_dict() for step in policy.steps},
            "veto": self.reason(policy.veto).as_dict(),
        }


def decide(
    row: EvidenceRow, policy: Policy, standing: Standing = FIRST, met: Collection[str] = (), *, withheld: bool = False
) -> Decision:
    """Decide on one account, the cap aside.

    `row` holds `closed_at` and every column that the policy reads; raises `RunRefused` where one is absent, `TypeError`
    where it holds what it was not declared to hold. `met` names the served steps since whose delivery the evidence went
    on against the account (S4); `withheld` is true where the market hides too many wins for any measure.
    """
    try:
        trace = policy.program.trace(row)
        closed = row["closed_at"] is not None
    except KeyError as absent:
        raise RunRefused(
            f"the row of evidence has no column `{absent.args[0]}`",
            hint="give every column that the policy reads; what is not known is None",
        ) from None
    exempt = tuple(exemption.name for exemption in compress(policy.exempt, trace))
    reached = list(compress(policy.steps, trace[len(policy.exempt) :]))
    if not reached:
        return Decision(policy, standing, trace, exempt, NO_STEP, NO_STEP, None)
    barred = _barred(policy, trace, closed=closed, withheld=withheld)
    allowed = [] if barred else [step for step in reached if _allowed(step, exempt, standing, met)]
    proposed = allowed[-1].step if allowed else NO_STEP
    if rank(standing.in_force) >= rank(proposed) > -1:
        barred = "in_force"
    elif rank(proposed) > -1 and _waits(standing.pending, proposed):
        barred = "pending"
    elif not allowed and barred is None:
        barred = _nothing_allowed(reached[-1], exempt, standing)
    return Decision(policy, standing, trace, exempt, reached[-1].step, NO_STEP if barred else proposed, barred)


def _barred(policy: Policy, trace: Trace, *, closed: bool, withheld: bool) -> str | None:
    """What keeps every step back, whatever the evidence says."""
    vetoed, held = (policy.program.value(part, trace) for part in (policy.veto.root, policy.held))
    fixed = {"closed": closed, "withheld": withheld, "vetoed": vetoed, "held": held}
    return next((code for code, holds in fixed.items() if holds), None)


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
