"""Fitted fair shares: what each circumstance weighs, and whether the predicted shares came true."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt
from typing import Final

from evenhand.evidence.activity.fitted import FairShares, Level, Tenth
from evenhand.reports.intervals import Z_95
from evenhand.reports.tables import Table

MOST_LEVELS: Final = 80
"""Rows of the table of weights: the levels chosen most often; all are in the summary."""


def weights(fitted: FairShares | None, window: str) -> Table:
    """Weight of each level against the average choice, with its 95 % interval and standard error of the log."""
    levels = [(model, level) for model in (fitted.models if fitted else ()) if model.used for level in model.levels]
    kept = sorted(levels, key=lambda pair: -pair[1].chosen)[:MOST_LEVELS]
    return Table(
        caption=f"Fitted weights of the last models in use, 1 being the average choice; {window}.",
        heads=(
            "Circumstance",
            "Level",
            "Outcome",
            "Chosen on a job",
            "Times chosen",
            "Weight",
            "Standard error of its log",
        ),
        rows=tuple(
            (
                level.control,
                level.level,
                model.outcome,
                f"{model.fewest_chosen} or more" if model.fewest_chosen > 1 else "1",
                level.chosen,
                _weight(level),
                f"{level.standard_error:.3f}",
            )
            for model, level in levels
            if (model, level) in kept
        ),
    )


def calibration(fitted: FairShares | None, window: str) -> Table:
    """Predicted against observed choices, a tenth of the predicted ones in each row."""
    tenths: Sequence[Tenth] = fitted.calibration if fitted else ()
    return Table(
        caption="Predicted before the month of settling was learned from, and observed; a row holds about a tenth of "
        f"the predicted choices, brackets the 95 % interval if the prediction is right; {window}.",
        heads=("Outcome", "Proposals", "Predicted share", "Choices predicted", "Choices observed"),
        rows=tuple(
            (
                tenth.outcome,
                tenth.proposals,
                f"{tenth.expected / tenth.proposals:.2%}",
                f"{tenth.expected:,.0f} ({_reach(tenth, -1):,.0f} to {_reach(tenth, 1):,.0f})",
                tenth.chosen,
            )
            for tenth in tenths
        ),
    )


def _weight(level: Level) -> str:
    low, high = (exp(level.log_weight + side * Z_95 * level.standard_error) for side in (-1, 1))
    return f"{exp(level.log_weight):.3f} ({low:.3f} to {high:.3f})"


def _reach(tenth: Tenth, side: int) -> float:
    """Bound of the choices to expect, from their variance if each proposal is chosen by itself."""
    spread = sqrt(tenth.expected * max(0.0, 1 - tenth.expected / tenth.proposals))
    return max(0.0, tenth.expected + side * Z_95 * spread)
