"""What further decisions would make of an account's evidence: the same sums, with imagined units added."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evenhand.evidence.activity import grid
from evenhand.evidence.activity.units import CountedUnit


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Where `jobs` further jobs with a fair share of `fair_share` would bring log e, one of them won or none."""

    jobs: int
    fair_share: float
    log_e_now: float
    log_e_one_win: float
    log_e_no_win: float


def forecast(units: Sequence[CountedUnit], floor: float, *, shortlists: bool) -> Forecast | None:
    """The forecast over as many comparable jobs as bring one win on average; None before anything counted.

    Comparable means: with the median odds of the hires counted so far. A job that hires somebody else leaves both
    outcomes lost, a win wins both.
    """
    hires = [unit.odds for unit in units if unit.outcome == "hire"]
    if not hires:
        return None
    odds = statistics.median(hires)
    share = odds / (1 + odds)
    jobs = max(1, round(1 / share))
    return Forecast(
        jobs=jobs,
        fair_share=share,
        log_e_now=_log_e(units, floor, (), shortlists),
        log_e_one_win=_log_e(units, floor, [(odds, k == 0) for k in range(jobs)], shortlists),
        log_e_no_win=_log_e(units, floor, [(odds, False)] * jobs, shortlists),
    )


def _log_e(
    units: Sequence[CountedUnit], floor: float, further: Iterable[tuple[float, bool]], shortlists: bool
) -> float:
    imagined = list(further)
    hire = _outcome([(u.odds, u.chosen) for u in units if u.outcome == "hire"] + imagined, floor)
    if not shortlists:
        return hire
    shortlist = _outcome([(u.odds, u.chosen) for u in units if u.outcome == "shortlist"] + imagined, floor)
    return grid.log_mean(hire, shortlist)


def _outcome(decisions: Sequence[tuple[float, bool]], floor: float) -> float:
    sums = [0] * (len(grid.GRID) - 1)
    for odds, times in Counter(odds for odds, _ in decisions).items():
        sums = [total + times * term for total, term in zip(sums, grid.terms(odds), strict=True)]
    return grid.log_e(sum(won for _, won in decisions), sums, floor)
