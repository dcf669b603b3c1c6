"""A run from end to end, as every surface starts it: parts from `wiring`, deeds from `workflows`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

from evenhand import wiring
from evenhand.decisions.ledger import Entry
from evenhand.decisions.rows import Json
from evenhand.errors import RunRefused
from evenhand.market.staging import StagedMarket
from evenhand.policy import checks
from evenhand.policy.load import load
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.reports import ReportInputs, render_items_report, render_report
from evenhand.reports.examples import choose_examples
from evenhand.surfaces.aside import MARK, Aside, written_aside
from evenhand.surfaces.pages import brief
from evenhand.vocabulary import Procedure
from evenhand.wiring import About
from evenhand.wiring.offices import SETTINGS as HOUSE
from evenhand.wiring.offices import opened, read_settings
from evenhand.workflows.binding import check_binding, check_run
from evenhand.workflows.evaluate_market import REVIEW, evaluate_market, evidence_file
from evenhand.workflows.explain_account import explanations
from evenhand.workflows.find_items import Find
from evenhand.workflows.office import Office
from evenhand.workflows.open_cases import Regimes, open_cases
from evenhand.workflows.propose_measures import Progress, Proposal
from evenhand.workflows.tick import tick_all

REPORT: Final = "report.html"

_PROCEDURES: Final[tuple[Procedure, ...]] = get_args(Procedure)

RESULTS: Final = frozenset(
    {
        REPORT,
        "counted.parquet",
        "measures.jsonl",
        "quarantine.parquet",
        REVIEW,
        *(evidence_file(procedure) for procedure in _PROCEDURES),
        *(f"items_{procedure}.parquet" for procedure in _PROCEDURES),
        *(f"report_{procedure}.html" for procedure in _PROCEDURES),
    }
)
"""All that an evaluation writes besides the summary: a folder that holds anything else is somebody's own."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What is asked of one evaluation; `as_of` None means the latest time in the market.

    Each of the `policies` is of another procedure (S1); the first one's figures are the summary's own. With a
    `store` it binds: proposed measures become cases there, in the name of the house of `settings`.
    """

    market: Path
    policies: Sequence[Policy]
    out: Path
    as_of: datetime | None = None
    ledger: Path | None = None
    counted: bool = False
    engine: str = wiring.ENGINES[0]
    store: str | None = None
    settings: Path = Path(HOUSE)


def judged(path: Path) -> Policy:
    """The policy in a file, held to all its claims; raises `PolicyRefused`."""
    policy = load(path)
    checks.run(policy).refuse()
    return policy


def agreed(paths: Sequence[Path]) -> Sequence[Policy]:
    """The policies to evaluate; raises `PolicyRefused`, and `RunRefused` where two are of one procedure (S1)."""
    policies = [judged(path) for path in paths]
    for place, policy in enumerate(policies):
        if policy.procedure in {earlier.procedure for earlier in policies[:place]}:
            raise RunRefused(
                f"a second policy for the procedure `{policy.procedure}`",
                where=policy.file,
                hint="evaluate each version in a run of its own",
            )
    return policies


def alone(paths: Sequence[Path], procedure: Procedure | None = None) -> Policy:
    """The one policy in `paths`, of a `procedure` if that is asked for; raises `PolicyRefused` and `RunRefused`."""
    found = agreed(paths)
    if len(found) > 1 or procedure not in {None, found[0].procedure}:
        wanted = f"one policy for `{procedure}`" if procedure else "one policy at a time"
        raise RunRefused(f"this takes {wanted}", where=found[-1].file, hint="name one `--policy`")
    return found[0]


@contextmanager
def staged(market: Path, engine: str, scratch: Path, progress: Progress) -> Iterator[tuple[Engine, StagedMarket]]:
    """An engine and the tables of a market, both of which use `scratch`; raises `MarketRefused` and `RunRefused`."""
    with wiring.engine(engine, scratch) as opened:
        progress("read the tables")
        yield opened, wiring.source(market, opened).stage(scratch)


@contextmanager
def scratch_space() -> Iterator[Path]:
    """A folder for a run that writes nothing; it disappears with the run."""
    with tempfile.TemporaryDirectory(prefix="evenhand.", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def evaluate(asked: Evaluation, progress: Progress) -> Mapping[str, Any]:
    """Evaluate a market and put all results into `asked.out`, whole or not at all; returns the content of the summary.

    The market's title and origin, where a file beside it tells them, go into the report. Raises `MarketRefused`,
    `PolicyRefused`, `LedgerRefused`, `RunRefused`, and `OSError` where the disk refuses.
    """
    if asked.store is None:
        entries = wiring.ledger(asked.ledger)
        return _evaluate(asked, lambda _policy: entries, None, progress)
    settings = read_settings(asked.settings)
    now = wiring.clock()
    with opened(asked.store, settings) as office:
        progress("see what is due")
        for policy in asked.policies:
            check_binding(office.store, policy, now)
        tick_all(office, now)
        regimes = Regimes(usual=settings.regime, by_country=settings.regimes)
        binding = Binding(office=office, regimes=regimes, now=now)
        return _evaluate(asked, lambda policy: list(office.store.ledger(policy.procedure)), binding, progress)


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Where an evaluation that binds opens its cases, and when."""

    office: Office
    regimes: Regimes
    now: datetime

    def open(self, engine: Engine, policy: Policy, proposal: Proposal) -> Mapping[str, Json]:
        """Keep what is proposed as cases; what came of it, as the summary tells it."""
        now = wiring.clock()  # a long run must not act in the past
        check_run(policy, proposal, now)
        found = open_cases(self.office, engine, policy, proposal, self.regimes, now)
        return {
            "cases": {
                "proposed": found.proposed,
                "waiting": found.waiting,
                "refused": dict(found.refused),
                "flagged": found.flagged,
                "outdated": found.outdated,
            }
        }


def _evaluate(
    asked: Evaluation, entries: Callable[[Policy], Sequence[Entry]], binding: Binding | None, progress: Progress
) -> Mapping[str, Any]:
    elapsed = wiring.stopwatch()
    about = wiring.about(asked.market)
    with written_aside(asked.out, RESULTS) as aside:
        with staged(asked.market, asked.engine, aside.scratch, progress) as parts:
            run = _Run(asked=asked, aside=aside, about=about, binding=binding, progress=progress)
            first, *others = [run.evaluate(*parts, policy, entries(policy)) for policy in asked.policies]
        summary = {
            "market": about.title,
            **first,
            **({"procedures": {str(other["procedure"]): other for other in others}} if others else {}),
            "seconds": round(elapsed(), 2),
            "peak_rss_mb": round(wiring.peak_rss_mb()),
        }
        (aside.result / MARK).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return summary


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One run on its way, whose market all policies share."""

    asked: Evaluation
    aside: Aside
    about: About
    binding: Binding | None
    progress: Progress

    def evaluate(
        self, engine: Engine, market: StagedMarket, policy: Policy, entries: Sequence[Entry]
    ) -> Mapping[str, object]:
        """The figures under one policy; its files are in the result."""
        proposal, figures = evaluate_market(
            engine,
            market,
            policy,
            self.aside.result,
            as_of=self.asked.as_of,
            entries=entries,
            now=self.binding.now if self.binding else None,
            counted=self.asked.counted,
            find=Find(links=wiring.links, scratch=self.aside.scratch),
            progress=self.progress,
        )
        if self.binding:
            self.progress("open the cases")
            figures = {**figures, **self.binding.open(engine, policy, proposal)}
        self.progress("write the report")
        chosen = choose_examples(self.aside.result, policy.procedure)
        told = explanations(engine, policy, proposal, chosen)
        report = ReportInputs(
            folder=self.aside.result,
            summary=figures,
            policy=policy,
            market=self.about.title,
            about=self.about.provenance,
            examples=[(account, brief(each)) for account, each in zip(chosen, told, strict=True)],
            fair_shares=proposal.measured.fair_shares,
        )
        return {**figures, **_reported(report, report_file(self.asked.policies, policy))}


def by_policy(summary: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The summary of a run once for each of its policies, with what all of them share."""
    others = summary.get("procedures", {})
    return [summary, *({**summary, **figures} for figures in others.values())]


def report_file(policies: Sequence[Policy], policy: Policy) -> str:
    """Where the report of one of the policies of a run stands."""
    return REPORT if policy is policies[0] else f"report_{policy.procedure}.html"


def _reported(run: ReportInputs, name: str) -> Mapping[str, object]:
    """Write the report of a run; what it found out about the rules in use today, where winning is the question."""
    if run.policy.rests_on_items:
        (run.folder / name).write_text(render_items_report(run), encoding="utf-8")
        return {}
    report = render_report(run)
    (run.folder / name).write_text(report.page, encoding="utf-8")
    return {"usual_rules": [asdict(rule) for rule in report.usual_rules]}
