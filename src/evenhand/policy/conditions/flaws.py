"""What is wrong in the text of a condition, and where in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One fault; `start` is the offset of the offending character in the condition's text."""

    start: int
    message: str
    hint: str


class Flawed(Exception):
    """The condition does not hold; the reader of the policy makes it a `PolicyRefused` with line and column."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("; ".join(flaw.message for flaw in flaws))
        self.flaws = flaws
