"""Profiles: the clocks that a body of law or custom asks for, as data (R section 2). One YAML file each."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib import resources

import yaml

from evenhand.vocabulary import Procedure


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Clocks in days, and how strict a run with a store is.

    `public_days` lie between publication and binding; `cure_days` follow a warning; notice precedes a restriction,
    shorter where there is fault. `needs_evidence_after_publication`: with a store, `evidence_from` may not lie
    before `published` (S9). `refuses_blind`: with a store, an exemption whose table is absent stops the run (E5).
    """

    name: str
    public_days: int
    cure_days: int
    notice_days_without_fault: int
    notice_days_with_fault: int
    needs_evidence_after_publication: bool
    refuses_blind: bool

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
    data: dict[str, int | bool] = yaml.safe_load(text)
    days = {field.name: int(data[field.name]) for field in fields(Profile) if field.type == "int"}
    flags = {field.name: bool(data[field.name]) for field in fields(Profile) if field.type == "bool"}
    return Profile(
        name=name,
        public_days=days["public_days"],
        cure_days=days["cure_days"],
        notice_days_without_fault=days["notice_days_without_fault"],
        notice_days_with_fault=days["notice_days_with_fault"],
        needs_evidence_after_publication=flags["needs_evidence_after_publication"],
        refuses_blind=flags["refuses_blind"],
    )
