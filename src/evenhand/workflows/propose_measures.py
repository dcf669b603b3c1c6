"""The whole engine on one page, in the order it happens: market, evidence, portfolio, decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.decisions.ledger import Entry, History, fold
from evenhand.decisions.portfolio import check_capacity, family_year, select
from evenhand.decisions.reasons import stamp
from evenhand.errors import RunRefused
from evenhand.evidence.activity.question import Measured, Opening, Question
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.vocabulary import restricts
from evenhand.workflows.find_items import Find, Found, find_items

Progress = Callable[[str], None]
"""Told the name of each stage as it begins."""


def unwatched(stage: str) -> None:
    """Let a stage begin without telling anyone."""
    del stage


TOO_MANY_UNSEEN = 0.01
"""Share of wins that nobody can see, or of late hires, above which no measure can follow (`DATA.md`, "Words")."""

CAP_HOURS = 24
"""Runs that bind within so many hours share one cap, so that no haste and no crash lets a faulty rule purge (R20)."""

SMALLEST_CAP = 10
ONE_IN = 100
"""The default cap: the larger of ten and one in a hundred of the accounts of whom something can be said (S8)."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a run found; the rows themselves stay in the engine.

    `found` is what a detector handed over, None where there is none.
    """

    as_of: datetime
    admission: Admission
    history: History
    measured: Measured
    portfolio: frozenset[str]
    cap: int
    withheld: bool
    found: Found | None = None


def propose_measures(
    engine: Engine,
    market: StagedMarket,
    policy: Policy,
    *,
    as_of: datetime | None = None,
    entries: Iterable[Entry] = (),
    now: datetime | None = None,
    find: Find | None = None,
    progress: Progress = unwatched,
) -> Proposal:
    """Run `policy` over `market` at `as_of` (the latest time in the market if None).

    `find` is how items are looked for; a policy that rests on them needs it (`ValueError`). `now` is the time of a run
    that binds: the ledger is read as it stands then, since people act after the last row of the market too. A study
    reads it at `as_of`.

    Raises `MarketRefused` and `RunRefused`; nothing outside the engine's scratch space is written.
    """
    progress("admit the tables")
    admission = engine.admit(market)
    as_of = _clock(as_of, admission, market.name)
    as_of = min(as_of, now) if now else as_of
    entries = list(entries)
    history = fold(entries, policy, now or as_of)
    found = None
    if policy.rests_on_items:
        if find is None:
            raise ValueError("a policy that rests on items needs a way to look for them")
        progress("look for items")
        found = find_items(engine, policy, find, as_of)
        measured = engine.weigh(found.path, _conduct_question(policy, history, as_of))
    else:
        progress("measure the evidence")
        measured = engine.measure(_question(policy, history, as_of))
    progress("decide")
    portfolio = _portfolio(engine, policy, history, measured, as_of)
    withheld = max(measured.hidden_wins, measured.late_hires) > TOO_MANY_UNSEEN
    cap = max(0, _cap(policy, measured) - _spent(entries, policy, now))
    engine.decide(policy, history.standings, portfolio, cap=cap, withheld=withheld)
    return Proposal(
        as_of=as_of,
        admission=admission,
        history=history,
        measured=measured,
        portfolio=portfolio,
        cap=cap,
        withheld=withheld,
        found=found,
    )


def _cap(policy: Policy, measured: Measured) -> int:
    if policy.cap_per_run is not None:
        return policy.cap_per_run
    return max(SMALLEST_CAP, measured.decidable // ONE_IN)


def _spent(entries: Iterable[Entry], policy: Policy, now: datetime | None) -> int:
    """How many restrictions other runs of these hours proposed; none in a study."""
    if now is None:
        return 0
    since = now - timedelta(hours=CAP_HOURS)
    own = (e for e in entries if e.procedure == policy.procedure and e.at > since)
    return sum(e.kind == "proposed" and restricts(e.step) for e in own)


def _clock(as_of: datetime | None, admission: Admission, market: str) -> datetime:
    """The time of the run: never now, and never before there was anything to see (M6)."""
    if admission.latest_at is None or admission.first_at is None:
        if as_of is None:
            raise _nothing_to_see(admission, market)
        return as_of
    if as_of is not None and as_of < admission.first_at:
        raise RunRefused(
            f"there is nothing to see at {stamp(as_of)}: the first row is of {stamp(admission.first_at)}",
            where=market,
            hint=f"choose a time from then on; the last row is of {stamp(admission.latest_at)}",
        )
    return as_of or admission.latest_at


def _nothing_to_see(admission: Admission, market: str) -> RunRefused:
    read = sum(count.read for count in admission.tables.values())
    if not read:
        return RunRefused(
            "the tables have no rows, so there is no latest time to look at",
            where=market,
            hint="give a time with `--as-of` for an empty result",
        )
    return RunRefused(
        f"every row was refused ({read:,} in all), so there is no time to look at",
        where=market,
        hint=f"`evenhand check {market}` says why they were refused",
    )


def _conduct_question(policy: Policy, history: History, as_of: datetime) -> ConductQuestion:
    return ConductQuestion(
        as_of=as_of,
        procedure=policy.procedure,
        evidence_from=policy.evidence_from,
        episodes=_episodes(history),
        reversed=history.reversed,
        openings=_openings(history),
    )


def _episodes(history: History) -> dict[str, datetime]:
    """When the evidence of each account begins anew (S4)."""
    standings = sorted(history.standings.items())
    return {account: s.evidence_from for account, s in standings if s.evidence_from is not None}


def _openings(history: History) -> tuple[Opening, ...]:
    """The steps that were served, which what happens since may open the next one (S4)."""
    return tuple(
        Opening(account_id=account, step=step, since=delivered)
        for account, s in sorted(history.standings.items())
        for step, delivered in sorted(s.served.items())
    )


def _question(policy: Policy, history: History, as_of: datetime) -> Question:
    return Question(
        as_of=as_of,
        floor=policy.guarantee.floor,
        floors=frozenset(policy.floors),
        settle_days=policy.settle_days,
        evidence_from=policy.evidence_from,
        episodes=_episodes(history),
        openings=_openings(history),
        first_run=history.first_run,
        guards=policy.guards,
        restart_mixture=policy.restart_mixture,
        exclude_jobs=policy.exclude_jobs,
        every_job=policy.per_client == "all",
        controls=policy.controls,
        impressions=policy.field == "impressions",
    )


def _portfolio(engine: Engine, policy: Policy, history: History, measured: Measured, as_of: datetime) -> frozenset[str]:
    if policy.guarantee.family is None or not policy.needs_portfolio:
        return frozenset()
    first_run = history.first_run or as_of
    earlier = [family_year(start, first_run) for start in history.earlier_episodes]
    check_capacity(measured.hypotheses, earlier, policy.guarantee.family)
    candidates = engine.candidates(policy, history.standings)
    return select(candidates, history, policy.guarantee, first_run)
