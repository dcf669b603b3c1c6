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


def check_recorded(*, ranks: bool, views: bool) -> None:
    """Raise `RunRefused` where a market does not record what a field of impressions rests on.

    Without views a loss counts that nobody read; where the eagerness of clients goes with the length of their lists, no
    weight of a place is then right (`docs/validity.md`, "Lists read in order").
    """
    for recorded, column in ((ranks, "shown_rank"), (views, "viewed_at")):
        if not recorded:
            raise RunRefused(
                f"`field: impressions` needs `proposals.{column}`, which says nothing anywhere",
                hint="record the list that the client is shown and what it opens, or leave `field` out of the policy",
            )
