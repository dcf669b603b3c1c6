"""What a link may be called, by what the two accounts share, and what each grade suffices for (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.evidence.linkage.comparisons import COMPARISONS

GRADES: Final = ("document", "payout", "person", "device", "household", "network")
"""From the strongest on. Only the first two suffice for more than a question; the last two for nothing alone."""

CLAIMS: Final = GRADES[:3]
"""Grades that say two accounts are one person's. A device says that they meet; a household, a network say nothing."""

ASKED: Final = GRADES[:4]
"""Grades on which somebody is asked; pairs of the others are no links (R15)."""

SUFFICES: Final = frozenset({"document", "payout"})
"""Grades on which, after the person was asked, more than a question may rest."""

_WHEN: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "document": {"document": ("same",)},
    "payout": {"payout": ("same",)},
    "person": {"birth_date": ("same",), "name": ("same", "near")},
    "device": {"place": ("device",)},
    "household": {"place": ("household",)},
    "network": {"place": ("network",)},
}
"""The outcomes that a grade asks for, all of them."""


def grade_sql() -> str:
    """SQL for the grade over the outcomes of the comparisons; null where nothing of it is shared."""
    arms = " ".join(f"when {_asked(_WHEN[grade])} then '{grade}'" for grade in GRADES)
    return f"case {arms} end"


def _asked(outcomes: Mapping[str, tuple[str, ...]]) -> str:
    return " and ".join(f"{name} in ({', '.join(map(repr, levels))})" for name, levels in outcomes.items())


def grade_of(outcomes: Mapping[str, str | None]) -> str | None:
    """The same for one pair.

    >>> grade_of({"birth_date": "same", "name": "near", "address": "same"})
    'person'
    """
    return next((g for g in GRADES if all(outcomes.get(name) in levels for name, levels in _WHEN[g].items())), None)


def reasons(outcomes: Mapping[str, str | None], bits: Mapping[str, float]) -> tuple[str, ...]:
    """A link's reasons in words, the heaviest first; what is not known is left out.

    >>> reasons({"name": "same", "document": "differs", "email": None}, {"name": 9.5, "document": -1.25})
    ('the same name (+9.5)', 'another identity document (-1.2)')
    """
    words = {(c.name, level.name): level.words for c in COMPARISONS for level in c.levels}
    words |= {(c.name, "differs"): c.differs for c in COMPARISONS}
    known = [(bits[name], words[name, outcome]) for name, outcome in outcomes.items() if outcome is not None]
    return tuple(f"{word} ({weight:+.1f})" for weight, word in sorted(known, key=lambda pair: -abs(pair[0])))


def question(grade: str | None) -> str | None:
    """What the person is asked on a link of this grade; None where there is nothing to ask (R15).

    >>> question("network") is None
    True
    """
    if grade not in ASKED:
        return None
    return f"Do you have, or did you have, another account with us? It shares {_SHARES[grade or '']} with yours."


_SHARES: Final = {
    "document": "an identity document",
    "payout": "a payout account",
    "person": "a name and a date of birth",
    "device": "a device",
}
