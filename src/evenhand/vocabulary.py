"""Words that three stages or more share."""

from __future__ import annotations

from typing import Final, Literal

Procedure = Literal["mismatch", "circumvention", "linkage"]
"""What a policy is about; one policy file, one procedure (`DECISIONS.md` S1)."""

ColumnType = Literal["boolean", "number", "text", "list"]
"""Types that a policy condition can meet. `number` covers integers and floats; `list` may not be named in one."""

LADDER: Final[tuple[str, ...]] = ("advise", "educate", "warn", "limit", "restrict", "pause", "suspend", "close")
"""Every step a policy may name, mildest first."""

NO_STEP: Final = "none"
"""What `reaches` and `measure` say when no step follows."""

WITHOUT_NOTICE: Final[frozenset[str]] = frozenset({"advise", "educate", "warn"})
"""Steps that take nothing away, so that no notice period precedes them (S7)."""


def rank(step: str) -> int:
    """Place of `step` on the ladder; `none` is -1, so that ranks compare.

    >>> rank("none") < rank("advise") < rank("limit")
    True
    """
    return -1 if step == NO_STEP else LADDER.index(step)


def restricts(step: str) -> bool:
    """Whether `step` is `limit` or above: what the cap and the per-account bound speak of (S6, S8)."""
    return rank(step) >= rank("limit")
