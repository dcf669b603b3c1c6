"""How often a step of a policy that rests on items may fall on somebody who did nothing (R2).

A detector errs in a share of the items it finds; the policy publishes an upper bound of it. A step follows a wrong item
by itself only where nobody reads the items first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.policy.types import Policy
from evenhand.vocabulary import rank


@dataclass(frozen=True, kw_only=True)
class WrongItems:
    """Of all accounts a step reaches, at most `share` by a wrong item alone; `read` first by a person or not."""

    step: str
    share: float
    read: bool

    def sentence(self) -> str:
        """The figure in words.

        >>> WrongItems(step="educate", share=0.05, read=False).sentence()
        '`educate`: of 1,000 accounts that a program alone finds, at most 50 get it by mistake'
        """
        wrong = f"of 1,000 accounts that a program alone finds, at most {1000 * self.share:.3g}"
        if self.read:
            return f"`{self.step}`: {wrong} are proposed by mistake; a person reads every item first"
        return f"`{self.step}`: {wrong} get it by mistake"


def wrong_items(policy: Policy) -> Iterator[WrongItems]:
    """The figures of every step of a policy that rests on items, in the order of the ladder."""
    share = policy.guarantee.wrong_items or 0.0
    for step in policy.steps:
        yield WrongItems(step=step.step, share=share, read=rank(step.step) >= rank("warn"))
