"""A run from end to end, as every surface starts it: parts from `wiring`, deeds from `workflows`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from evenhand import wiring
from evenhand.decisions.ledger import Entry
from evenhand.decisions.rows import Json
from evenhand.errors import RunRefused
from evenhand.market.staging import StagedMarket
from evenhand.policy import checks
from evenhand.policy.load import load
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.reports import ReportInputs, render_report
from evenhand.reports.examples import choose_examples
from evenhand.surfaces.aside import MARK, written_aside
from evenhand.surfaces.pages import brief
from evenhand.vocabulary import Procedure
from evenhand.wiring.offices import SETTINGS as HOUSE
from evenhand.wiring.offices import opened, read_settings
from evenhand.workflows.binding import check_binding, check_run
from evenhand.workflows.evaluate_market import evaluate_market
from evenhand.workflows.explain_account import explanations
from evenhand.workflows.office import Office
from evenhand.workflows.open_cases import Regimes, open_cases
from evenhand.workflows.propose_measures import Progress, Proposal
from evenhand.workflows.tick import tick_all

MEASURED: Final[tuple[Procedure, ...]] = ("mismatch",)
"""Procedures for which there is evidence."""

REPORT: Final = "report.html"

RESULTS: Final = frozenset({REPORT, "evidence.parquet", "counted.parquet", "measures.jsonl", "quarantine.parquet"})
"""All that an evaluation writes besides the summary: a folder that holds anything else is somebody's own."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What is asked of one evaluation; `as_of` None means the latest time in the market.

    With a `store` it binds: proposed measures become cases there, in the name of the house of `settings`.
    """

    market: Path
    policy: Policy
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


def agreed(paths: Sequence[Path]) -> Policy:
    """The policy to evaluate; raises `PolicyRefused`, and `RunRefused` where the files cannot go into one run (S1)."""
    policies = [judged(path) for path in paths]
    unmeasured = [policy for policy in policies if policy.procedure not in MEASURED]
    if unmeasured:
        raise RunRefused(
            f"nothing measures evidence for the procedure `{unmeasured[0].procedure}`",
            where=unmeasured[0].file,
            hint="known are " + ", ".join(f"`{procedure}`" for procedure in MEASURED),
        )
    if len(policies) > 1:
        raise RunRefused(
            f"a second policy for the procedure `{policies[1].procedure}`",
            where=policies[1].file,
            hint="evaluate each version in a run of its own",
        )
    return policies[0]


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


def evaluate(asked: Evaluation, progress: Progress) -> Mapping[str, object]:
    """Evaluate a market and put all results into `asked.out`, whole or not at all; returns the content of the summary.

    The market's title and origin, where a file beside it tells them, go into the report. Raises `MarketRefused`,
    `PolicyRefused`, `LedgerRefused`, `RunRefused`, and `OSError` where the disk refuses.
    """
    if asked.store is None:
        return _evaluate(asked, wiring.ledger(asked.ledger), None, progress)
    settings = read_settings(asked.settings)
    now = wiring.clock()
    with opened(asked.store, settings) as office:
        progress("see what is due")
        check_binding(office.store, asked.policy, now)
        tick_all(office, now)
        regimes = Regimes(usual=settings.regime, by_country=settings.regimes)
        entries = list(office.store.ledger(asked.policy.procedure))
        return _evaluate(asked, entries, Binding(office=office, regimes=regimes, now=now), progress)


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
    asked: Evaluation, entries: Sequence[Entry], binding: Binding | None, progress: Progress
) -> Mapping[str, object]:
    elapsed = wiring.stopwatch()
    about = wiring.about(asked.market)
    with written_aside(asked.out, RESULTS) as aside:
        with staged(asked.market, asked.engine, aside.scratch, progress) as (engine, market):
            proposal, figures = evaluate_market(
                engine,
                market,
                asked.policy,
                aside.result,
                as_of=asked.as_of,
                entries=entries,
                now=binding.now if binding else None,
                counted=asked.counted,
                progress=progress,
            )
            if binding:
                progress("open the cases")
                figures = {**figures, **binding.open(engine, asked.policy, proposal)}
            progress("write the report")
            chosen = choose_examples(aside.result)
            told = explanations(engine, asked.policy, proposal, chosen)
            examples = [(account, brief(each)) for account, each in zip(chosen, told, strict=True)]
        report = render_report(
            ReportInputs(
                folder=aside.result,
                summary=figures,
                policy=asked.policy,
                market=about.title,
                about=about.provenance,
                examples=examples,
                fair_shares=proposal.measured.fair_shares,
            )
        )
        (aside.result / REPORT).write_text(report.page, encoding="utf-8")
        summary = {
            "market": about.title,
            **figures,
            "usual_rules": [asdict(rule) for rule in report.usual_rules],
            "seconds": round(elapsed(), 2),
            "peak_rss_mb": round(wiring.peak_rss_mb()),
        }
        (aside.result / MARK).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return summary
