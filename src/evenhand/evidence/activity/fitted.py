"""How fitted fair shares came out, for people to look at."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.errors import RunRefused


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level as fitted: log weight against the average choice, its standard error, and how often it was `chosen`."""

    control: str
    level: str
    chosen: int
    log_weight: float
    standard_error: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """The last full model of one kind of choice: on jobs with `fewest_chosen` or more, up to the next model's.

    `choices` is what it has learned from, `used` whether that was enough. Levels that were never there are left out.
    """

    outcome: str
    fewest_chosen: int
    choices: int
    used: bool
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True)
class Tenth:
    """A tenth of the predicted choices: `proposals` with predicted shares alike, choices expected and observed.

    Predicted before the month in which they settled was learned from.
    """

    outcome: str
    proposals: int
    expected: float
    chosen: int


@dataclass(frozen=True, kw_only=True)
class FairShares:
    """How fitted fair shares came out, for people to look at."""

    controls: tuple[str, ...]
    models: tuple[Model, ...]
    calibration: tuple[Tenth, ...]


def nothing_shown() -> RunRefused:
    """The refusal of a run whose field is a list that the market did not record."""
    return RunRefused(
        "`field: impressions` needs `proposals.shown_rank`, which says nothing anywhere",
        hint="record the list that the client is shown, or leave `field` out of the policy",
    )
