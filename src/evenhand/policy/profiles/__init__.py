"""Profiles: the clocks that a body of law or custom asks for, as data (R section 2). One YAML file each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import yaml

from evenhand.vocabulary import Procedure


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """The clocks of a case and of the house, in days; `hold_business_days` counts Monday to Friday.

    A member has `hearing_days` from delivery to answer before a decision, people have `decision_days` from then on.
    What is sent must be shown to have arrived within `delivery_days`. A confirmed step waits at most `portfolio_days`
    for the market-wide set, and one that did not begin within `effect_days` of its day no longer begins. An appeal may
    be filed for `appeal_days` and is answered within `appeal_answer_days`; what was wrong is put right within
    `rectification_days`; a like case is looked at again within `recheck_days`.
    """

    hearing_days: int
    decision_days: int
    delivery_days: int
    portfolio_days: int
    effect_days: int
    hold_business_days: int
    appeal_days: int
    appeal_answer_days: int
    rectification_days: int
    recheck_days: int
    access_days: int
    records_days: int
    figures_days: int
    audit_days: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a policy may not undercut, and how strict a run with a store is.

    `public_days` lie between publication and binding; `cure_days` follow a warning; notice precedes a restriction,
    shorter where there is fault. `urgent_grounds` are the listed reasons for which nobody is heard first (R23).
    `needs_evidence_after_publication`: with a store, `evidence_from` may not lie before `published` (S9).
    `refuses_blind`: with a store, an exemption whose table is absent stops the run (E5). `most_disparity`: a group
    hit so many times as often as the others in a dry run must be reviewed by a second person (R19).
    """

    name: str
    public_days: int
    cure_days: int
    notice_days_without_fault: int
    notice_days_with_fault: int
    needs_evidence_after_publication: bool
    refuses_blind: bool
    most_disparity: float
    urgent_grounds: tuple[str, ...]
    clocks: Clocks

    def notice_days(self, procedure: Procedure) -> int:
        """Days between notice and measure; `mismatch` is nobody's fault (R13)."""
        return self.notice_days_without_fault if procedure == "mismatch" else self.notice_days_with_fault


def known() -> tuple[str, ...]:
    """Names of the shipped profiles, sorted.

    >>> known()
    ('minimal', 'strict')
    """
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def load(name: str) -> Profile:
    """The shipped profile `name`, one of `known()`.

    >>> load("strict").notice_days("mismatch")
    30
    """
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    return Profile(
        name=name,
        public_days=data["public_days"],
        cure_days=data["cure_days"],
        notice_days_without_fault=data["notice_days_without_fault"],
        notice_days_with_fault=data["notice_days_with_fault"],
        needs_evidence_after_publication=data["needs_evidence_after_publication"],
        refuses_blind=data["refuses_blind"],
        most_disparity=data["most_disparity"],
        urgent_grounds=tuple(data["urgent_grounds"]),
        clocks=Clocks(**data["clocks"]),
    )
