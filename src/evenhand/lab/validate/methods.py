"""The methods of Table 1 (`STATISTICS.md` section 5), ours and the naive rules of platforms, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from evenhand.evidence.activity.naive_rules import NAIVE_RULES, no_hire_in

Family = Literal["line", "daily_bh", "e_bh", "beta_binomial", "npmle", "restart", "reached"]

LEVEL: Final = "0.05"


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way to act on accounts: a family, which says how it is followed over time, and what the family asks for.

    `line`, `daily_bh` and `e_bh` look at the end of every day, `beta_binomial`, `npmle` and `restart` at the end of
    every month, `reached` once, at the end of the market.
    """

    name: str
    family: Family
    values: Mapping[str, str] = field(default_factory=dict)


def _line(name: str, path: str, when: str) -> Method:
    return Method(name=name, family="line", values={"path": path, "when": when})


def _daily_bh(name: str, path: str) -> Method:
    return Method(name=name, family="daily_bh", values={"path": path, "level": LEVEL})


def _e_bh(name: str, e: str, when: str = "true") -> Method:
    return Method(name=name, family="e_bh", values={"e": e, "when": when, "level": LEVEL})


def _reached(step: str, *steps: str) -> Method:
    names = ", ".join(f"'{name}'" for name in (step, *steps))
    return Method(name=f"`{step}`, reached at the end", family="reached", values={"steps": names})


_RATE = next(rule for rule in NAIVE_RULES if rule.name.startswith("hire rate"))

METHODS: Final[tuple[Method, ...]] = (
    *(_line(rule.name, "naive_path", rule.when) for rule in map(no_hire_in, (50, 100, 200))),
    _line(_RATE.name, "naive_path", _RATE.when),
    _line("binomial p < .05, daily", "naive_path", "p < 0.05"),
    _daily_bh("binomial p + BH, daily", "naive_path"),
    Method(name="EB beta-binomial, 95 %", family="beta_binomial", values={"probability": "0.95"}),
    _line("fair-share p < .05, daily", "evidence_path", "p < 0.05"),
    _daily_bh("fair-share p + BH, daily", "evidence_path"),
    Method(name="EB NPMLE on fair share, FDR 5 %", family="npmle", values={"level": LEVEL}),
    _line("e, per account 5 %", "evidence_path", "log_e_hire >= ln(20)"),
    _line("e, per account 1 %", "evidence_path", "log_e_hire >= ln(100)"),
    _e_bh("e, cumulative e-BH 5 %", "log_e_hire"),
    Method(name="e, restart mixture 1 %", family="restart", values={"e": "100"}),
    _line("e of hires and shortlists, 1 %", "evidence_path", "log_e >= ln(100) and log_e_hire >= ln(20)"),
    _e_bh("e of hires and shortlists, e-BH 5 %", "log_e", "log_e_hire >= ln(20)"),
    _reached("warn", "limit", "pause"),
    _reached("limit", "pause"),
    _reached("pause"),
)
"""In the order of the table. A step beyond a warning asks for e of hires alone as well, so its methods do."""
