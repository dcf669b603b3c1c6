"""What a person opened before they decided, for how long, and why they decided so, in their own words (R22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evenhand.decisions.case.body import text
from evenhand.decisions.case.case import Case, Measure
from evenhand.decisions.case.writing import refused
from evenhand.errors import ActRefused
from evenhand.policy.conditions.reasons import Json

FEWEST_WORDS: Final = 3
"""A reason is at least so many words; it cannot be measured whether they are good ones."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One thing that was looked at, such as `evidence` or `answer`, and for how many seconds."""

    what: str
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a person opened, and the reason that follows from it. Who only clicks has decided nothing."""

    reason: str
    opened: tuple[Opened, ...]

    def as_body(self, case: Case, measure: Measure) -> dict[str, Json]:
        """The look at a measure as fields; raises `ActRefused` where the reason is too short or the engine's own."""
        sentence = text(case.entries[measure.number - 1].body, "sentence") or ""
        if len(self.reason.split()) < FEWEST_WORDS or self.reason.strip() == sentence:
            raise refused(case, "the reason is not one", "say in your own words why, in three words or more")
        return {"of": measure.number, "reason": self.reason, "opened": self.opened_as_body(case.case_id)}

    def opened_as_body(self, where: str) -> Json:
        """What was opened, as a field; raises `ActRefused` where nothing was."""
        if not any(item.seconds > 0 for item in self.opened):
            raise ActRefused("nothing was opened", where=where, hint="look at the evidence first")
        return [{"what": item.what, "seconds": item.seconds} for item in self.opened]
