"""What is compared between two accounts, and in which degrees two values may agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Level:
    """A degree of agreement: `sql` over `{column}_l` and `{column}_r`, and how a reason words it.

    `m` is how often it is taken to hold between accounts of one person until training says better. With `by_frequency`,
    a value that many accounts share weighs less (term frequency).
    """

    name: str
    sql: str
    words: str
    m: float
    by_frequency: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One thing that is compared: levels from the strongest on; where none holds, the two differ.

    Where one of the two is not known, it says nothing either way.
    """

    name: str
    column: str
    levels: tuple[Level, ...]
    differs: str

    @property
    def unknown(self) -> str:
        """SQL for: one of the two is not known."""
        return f"{self.column}_l is null or {self.column}_r is null"


def _same(name: str, words: str, m: float, differs: str, *, by_frequency: bool = False) -> Comparison:
    """A comparison with one level: the same, or not."""
    level = Level(name="same", sql=f"{name}_l = {name}_r", words=words, m=m, by_frequency=by_frequency)
    return Comparison(name=name, column=name, levels=(level,), differs=differs)


def _shared(name: str, column: str, words: str, m: float, differs: str) -> Comparison:
    level = Level(name="same", sql=f"list_has_any({column}_l, {column}_r)", words=words, m=m)
    return Comparison(name=name, column=column, levels=(level,), differs=differs)


COMPARISONS: Final = (
    Comparison(
        name="name",
        column="name",
        levels=(
            Level(name="same", sql="name_l = name_r", words="the same name", m=0.7, by_frequency=True),
            Level(
                name="near", sql="jaro_winkler_similarity(name_l, name_r) >= 0.9", words="nearly the same name", m=0.2
            ),
        ),
        differs="another name",
    ),
    Comparison(
        name="birth_date",
        column="birth_date",
        levels=(
            Level(name="same", sql="birth_date_l = birth_date_r", words="the same date of birth", m=0.9),
            Level(
                name="near",
                sql="damerau_levenshtein(birth_date_l, birth_date_r) <= 1",
                words="a date of birth with one digit apart",
                m=0.05,
            ),
        ),
        differs="another date of birth",
    ),
    _same("email", "the same e-mail address", 0.4, "another e-mail address"),
    _same("phone", "the same telephone number", 0.4, "another telephone number"),
    _same("address", "the same address", 0.5, "another address", by_frequency=True),
    _same("document", "the same identity document", 0.7, "another identity document"),
    _same("payout", "the same payout account", 0.6, "another payout account"),
    _shared("device", "devices", "a device in common", 0.5, "no device in common"),
    _shared("network", "networks", "a network in common", 0.4, "no network in common"),
)
"""In the order in which a reason tells them."""

BLOCKS: Final = (
    ("document",),
    ("payout",),
    ("email",),
    ("phone",),
    ("name", "birth_date"),
    ("birth_date", "address"),
    ("birth_date", "given"),
)
"""Which pairs are looked at: those that agree in all columns of one of these. A device alone finds no pairs, since a
cafe's would bring all its guests together."""
