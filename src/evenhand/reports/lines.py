"""Where a policy draws its lines: the e-value that each step asks for, read out of its condition."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.policy.types import Policy


@dataclass(frozen=True, kw_only=True)
class Line:
    """`step` asks for evidence `e` or more, beside whatever else its condition says."""

    step: str
    e: float


def lines(policy: Policy) -> tuple[Line, ...]:
    """The lines of `policy` on the evidence at its floor, weakest first.

    A step whose condition implies no bound above 0 on `e` (advice at another floor, say) has none.
    """
    asked = ((step.step, step.when.at_least("e")) for step in policy.steps)
    found = (Line(step=step, e=e) for step, e in asked if e is not None and e > 0)
    return tuple(sorted(found, key=lambda line: line.e))
