"""The signals of an account in plain words, for whoever reviews it; each with what would explain it innocently."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

SHOWN_FROM = math.log(20)
"""Log e below which talks without a hire are not worth a sentence."""


def signals(row: Mapping[str, float]) -> Iterator[str]:
    """Sentences about one row of the stream's columns, the strongest signal first; none where nothing stands out.

    >>> row = {"log_e_bypass": -0.1, "offered_then_ended": 0, "tiny_then_silent": 0, "contact_then_cancelled": 2}
    >>> list(signals(row))
    ['2 jobs were cancelled after talks that this account was part of. Jobs are cancelled for many reasons.']
    """
    if row["log_e_bypass"] >= SHOWN_FROM:
        yield (
            f"Of {row['chats']:.0f} jobs whose last talk this account was part of, "
            f"{row['ended_without_hire']:.0f} ended without a hire; {row['expected']:.1f} would be usual in their "
            f"categories. Chance alone rarely does this (e = {math.exp(min(row['log_e_bypass'], 700)):.3g}), "
            "clients who change their plans may."
        )
    if row["offered_then_ended"] >= 2:
        yield (
            f"This account offered a contact detail to {row['offered_then_ended']:.0f} others before a contract, and "
            "their jobs then ended without a hire. Many who name one mean nothing by it."
        )
    if row["tiny_then_silent"] >= 2:
        yield (
            f"With {row['tiny_then_silent']:.0f} others there were contracts of a tenth of the budget or less, and "
            "then silence for 90 days. A small trial that did not lead on looks the same."
        )
    if row["contact_then_cancelled"] >= 2:
        yield (
            f"{row['contact_then_cancelled']:.0f} jobs were cancelled after talks that this account was part of. "
            "Jobs are cancelled for many reasons."
        )
