"""Text to policy: every key read, every default filled from the profile, every fault shown with its place.

What is judged here is form: keys, types, words, conditions. What the policy claims is judged by `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict, cast, get_args

import yaml

from evenhand.evidence.activity.circumstances import FieldOf
from evenhand.evidence.activity.guards.rule import ATTRIBUTES, Guards
from evenhand.policy import profiles
from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.names import JOB_NAMES, Names, did_you_mean, known
from evenhand.policy.document import Document, Section
from evenhand.policy.identity import content_hash
from evenhand.policy.profiles import Profile
from evenhand.policy.types import Effect, Exemption, Guarantee, Policy, Step
from evenhand.vocabulary import LADDER, NO_STEP, WITHOUT_NOTICE, Procedure, restricts

LARGEST_FAMILY: Final = 1_000_000_000
"""Accounts that a portfolio may weigh in a year."""

LONGEST_DAYS: Final = 3650
"""Days that any clock of a policy may run."""


def parse(text: str, *, file: str = "policy") -> Policy:
    """The policy in `text`; raises `PolicyRefused` that shows every fault of form. `file` is for those places."""
    document = Document(file=file, text=text)
    root = document.root()
    profile_name = root.word("profile", profiles.known())
    procedure = cast("Procedure", root.word("procedure", get_args(Procedure)))
    profile = profiles.load(profile_name)
    names = known(procedure)
    exempt = _exemptions(root, names)
    steps = tuple(s for s in (_step(each, profile, procedure, names) for each in root.sections("steps", "step")) if s)
    if "steps" not in root.values:
        root.fault("steps", "`steps` is missing", "a policy has one step or more")
    parts = Policy(
        name=root.text("name"),
        version=root.text("version"),
        published=root.day("published"),
        binds=root.day("binds"),
        profile=profile,
        procedure=procedure,
        exempt=exempt,
        steps=steps,
        cap_per_run=root.whole("cap_per_run", least=1, most=LARGEST_FAMILY),
        evidence_from=root.instant("evidence_from"),
        **(_of_wins(root) if procedure == "mismatch" else _of_items(root, procedure)),
        text=text,
        hash="",
        file=file,
        marks=document.marks,
    )
    root.close()
    document.finish()
    return content_hash(parts)


class _Reckoning(TypedDict):
    """What a policy says of how its evidence is reckoned, and of what it promises."""

    guarantee: Guarantee
    settle_days: int
    fair_share: tuple[str, ...]
    field: FieldOf
    guards: Guards
    exclude_jobs: Condition | None
    per_client: str
    restart_mixture: bool
    own_hosts: tuple[str, ...]


def _of_wins(root: Section) -> _Reckoning:
    """The keys of `mismatch`, whose evidence is what was won."""
    return _Reckoning(
        guarantee=_guarantee(root),
        settle_days=root.whole("settle_days", least=1, most=365) or 30,
        fair_share=_fair_share(root),
        field=cast("FieldOf", root.word("field", get_args(FieldOf), default=get_args(FieldOf)[0])),
        guards=Guards(attributes=root.words("guards", default=ATTRIBUTES)),
        exclude_jobs=root.condition("exclude_jobs", JOB_NAMES, required=False),
        per_client=root.word("per_client", ["first", "all"], default="first"),
        restart_mixture=root.word("restart_mixture", ["true", "false"], default="false") == "true",
        own_hosts=(),
    )


def _of_items(root: Section, procedure: Procedure) -> _Reckoning:
    """The keys of misconduct, whose evidence is items: how many may be wrong, and the marketplace's own hosts."""
    section = _guarantee_section(root, "wrong_items: 0.03")
    wrong = section.number("wrong_items", above=0, below=1) if section else None
    if section:
        section.close()
    hosts = procedure == "circumvention" and "own_hosts" in root.values
    return _Reckoning(
        guarantee=Guarantee(floor=0.0, per_account=0.0, portfolio=None, family=None, wrong_items=wrong),
        settle_days=30,
        fair_share=(),
        field=get_args(FieldOf)[0],
        guards=Guards(),
        exclude_jobs=None,
        per_client="first",
        restart_mixture=False,
        own_hosts=tuple(sorted(root.words("own_hosts"))) if hosts else (),
    )


def _guarantee_section(root: Section, example: str) -> Section | None:
    section = root.section("guarantee")
    if section is None and "guarantee" not in root.values:
        root.fault("guarantee", "`guarantee` is missing", f"such as `guarantee: {{{example}}}`")
    return section


def _guarantee(root: Section) -> Guarantee:
    section = _guarantee_section(root, "floor: 0.5, per_account: 0.01")
    if section is None:
        return Guarantee(floor=0.5, per_account=0.01, portfolio=None, family=None)
    floor = section.number("floor", above=0, below=10)
    per_account = section.number("per_account", above=0, below=1)
    guarantee = Guarantee(
        floor=floor or 0.5,
        per_account=per_account or 0.01,
        portfolio=section.number("portfolio", above=0, below=1, required=False),
        family=section.whole("family", least=1, most=LARGEST_FAMILY),
    )
    section.close()
    return guarantee


def _fair_share(root: Section) -> tuple[str, ...]:
    """What the fair share controls for: nothing where it is `equal`."""
    fitted = isinstance(root.values.get("fair_share"), yaml.MappingNode)
    section = root.section("fair_share") if fitted else None
    if section is None:
        root.word("fair_share", ["equal"], default="equal")
        return ()
    controls = section.words("control")
    section.close()
    return tuple(sorted(controls))


def _exemptions(root: Section, names: Names) -> tuple[Exemption, ...]:
    section = root.section("exempt")
    if section is None:
        return ()
    found = ((name, section.condition(name, names)) for name in section.names())
    return tuple(Exemption(name=name, when=when) for name, when in found if when is not None)


def _step(section: Section, profile: Profile, procedure: Procedure, names: Names) -> Step | None:
    when = section.condition("when", names)
    name = section.word("step", LADDER, default=NO_STEP)
    if name == NO_STEP:
        if "step" not in section.values:
            section.fault("step", "`step` is missing", did_you_mean("", LADDER))
        return None
    after = section.text("after", required=False) or None
    cure_days = None if restricts(name) or name == "advise" else _days(section, "cure_days", default=profile.cure_days)
    notice = profile.notice_days(procedure)
    takes = name not in WITHOUT_NOTICE
    days = _days(section, "days") if takes else None
    review_days = _days(section, "review_days") if takes else None
    notice_days = _days(section, "notice_days", default=notice, least=0) if takes else None
    effects = _effects(section, name)
    section.close()
    if when is None:
        return None
    return Step(
        step=name,
        when=when,
        after=after,
        cure_days=cure_days,
        days=days,
        notice_days=notice_days,
        review_days=review_days,
        effects=effects,
    )


def _effects(section: Section, step: str) -> Mapping[str, Effect]:
    """What the step does to proposing; only a limit has a number of its own."""
    budget = section.whole("proposals_per_month", least=1, most=10_000) if step == "limit" else None
    return {} if budget is None else {"proposals_per_month": budget}


def _days(section: Section, key: str, *, default: int | None = None, least: int = 1) -> int | None:
    found = section.whole(key, least=least, most=LONGEST_DAYS)
    return default if found is None else found
