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

    Where nothing of its `columns` is known of both, it says nothing either way.
    """

    name: str
    columns: tuple[str, ...]
    levels: tuple[Level, ...]
    differs: str

    @property
    def unknown(self) -> str:
        """SQL for: nothing of it is known of both."""
        return " and ".join(f"({column}_l is null or {column}_r is null)" for column in self.columns)


def _same(name: str, words: str, m: float, differs: str) -> Comparison:
    """A comparison with one level: the same, or not."""
    level = Level(name="same", sql=f"{name}_l = {name}_r", words=words, m=m)
    return Comparison(name=name, columns=(name,), levels=(level,), differs=differs)


COMPARISONS: Final = (
    Comparison(
        name="name",
        columns=("name", "letters"),
        levels=(
            Level(name="same", sql="name_l = name_r", words="the same name", m=0.7, by_frequency=True),
            Level(
                name="near",
                sql="jaro_winkler_similarity(letters_l, letters_r) >= 0.9",
                words="nearly the same name",
                m=0.2,
            ),
        ),
        differs="another name",
    ),
    Comparison(
        name="birth_date",
        columns=("birth_date",),
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
    _same("document", "the same identity document", 0.7, "another identity document"),
    _same("payout", "the same payout account", 0.6, "another payout account"),
    Comparison(
        name="place",
        columns=("devices", "address", "networks"),
        levels=(
            Level(name="device", sql="list_has_any(devices_l, devices_r)", words="a device in common", m=0.5),
            Level(name="household", sql="address_l = address_r", words="the same address", m=0.2),
            Level(name="network", sql="list_has_any(networks_l, networks_r)", words="a network in common", m=0.1),
        ),
        differs="no device, address or network in common",
    ),
)
"""In the order in which a reason tells them. Who lives together shares address, network and often a device: that is one
thing and weighs once."""

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
