"""Accounts exactly at the boundary: what they can make of choosing their jobs, and how the usual test fares."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evenhand.evidence.activity.grid import ANCHOR, log_e, terms
from tests.long.grids import Flags, Floats, Whole, chance, loss, win
from tests.long.intervals import Share, at_most

MENU: Final = (1 / 39, 1 / 19, 1 / 11, 3 / 19, 1 / 7, 1 / 3)
"""Fair odds of the jobs to choose from at every step: 4 to 40 proposals, one hire or three."""

USUAL: Final = 1 / 19
"""Twenty proposals, one hire."""

NO_JOB: Final = -1


@dataclass
class Players:
    """Accounts in the middle of a game. `ratios` holds their eleven likelihood ratios, each divided by eleven.

    `dry` counts jobs since the last win, `played` how often each job of the menu was taken.
    """

    ratios: Floats
    dry: Whole
    wins: Whole
    played: Whole

    @property
    def e(self) -> Floats:
        """Their current e."""
        total: Floats = self.ratios.sum(axis=1)
        return total

    def settle(self, choice: Whole, won: Flags) -> None:
        """Each account's chosen job is decided; who chose none stays as it is."""
        self.ratios *= _FACTORS[choice, won.astype(np.int64)]
        self.dry = np.where(won, 0, self.dry + (choice != NO_JOB))
        self.wins += won
        self.played[np.arange(len(choice)), choice] += 1


Choice = Callable[[np.random.Generator, Players], Whole]


def play(choose: Choice, *, accounts: int, steps: int, seed: int) -> tuple[Floats, Players]:
    """The highest e of every account over `steps` jobs that it chose itself, at the boundary throughout."""
    dice = np.random.default_rng(seed)
    nothing = np.zeros(accounts, dtype=np.int64)
    players = Players(
        ratios=np.full((accounts, ANCHOR), 1 / ANCHOR),
        dry=nothing.copy(),
        wins=nothing.copy(),
        played=np.zeros((accounts, len(MENU) + 1), dtype=np.int64),
    )
    highest = np.ones(accounts)
    for _ in range(steps):
        choice = choose(dice, players)
        players.settle(choice, dice.random(accounts) < _CHANCES[choice])
        np.maximum(highest, players.e, out=highest)
    return highest, players


def reckoned(players: Players, account: int) -> float:
    """Log e of one account by the package's own integers, from how often it played what and won."""
    sums = [0] * len(terms(USUAL))
    for odds, times in zip(MENU, players.played[account], strict=False):
        sums = [total + int(times) * term for total, term in zip(sums, terms(odds), strict=True)]
    return log_e(int(players.wins[account]), sums, 0.5)


def at_random(dice: np.random.Generator, players: Players) -> Whole:
    """Any job."""
    return dice.integers(0, len(MENU), len(players.wins))


def after_losses(dice: np.random.Generator, players: Players) -> Whole:
    """The longer without a win, the better the odds it looks for: chasing."""
    return np.minimum(players.dry // 8, len(MENU) - 1)


def largest_growth(dice: np.random.Generator, players: Players) -> Whole:
    """The job on which its e grows most, in logs, for whoever has a tenth of the fair odds."""
    grown = np.log(players.ratios @ _BY_OUTCOME.T).reshape(-1, len(MENU), 2)
    best: Whole = (grown * _BAD_LUCK).sum(axis=2).argmax(axis=1)
    return best


def to_the_line(dice: np.random.Generator, players: Players) -> Whole:
    """The job with the smallest step that takes its e to 20 if lost, else the job with the largest step."""
    lost = players.ratios @ _BY_OUTCOME[::2].T
    enough = lost >= 20
    return np.where(enough.any(axis=1), enough.argmax(axis=1), len(MENU) - 1)


def until_behind(dice: np.random.Generator, players: Players) -> Whole:
    """Any job while its e is above a tenth; then it stops for good."""
    return np.where(players.e > 0.1, at_random(dice, players), NO_JOB)


STRATEGIES: Final[Mapping[str, Choice]] = {
    "at random": at_random,
    "chasing after losses": after_losses,
    "largest growth of its own e": largest_growth,
    "straight to the line": to_the_line,
    "stops when behind": until_behind,
}

_CHANCES: Final = np.array([*(chance(odds) for odds in MENU), 0.0])
_FACTORS: Final = np.array([*([loss(odds), win(odds)] for odds in MENU), [np.ones(ANCHOR), np.ones(ANCHOR)]])
_BY_OUTCOME: Final = _FACTORS[:-1].reshape(-1, ANCHOR)
_BAD_LUCK: Final = np.array([[1 - chance(odds, 0.1), chance(odds, 0.1)] for odds in MENU])


def e_lines(wins: int, line: float = 20.0) -> Whole:
    """For every number of wins below `wins`: after how many jobs at the usual odds e reaches the line."""
    usual = terms(USUAL)
    return _first(wins, lambda w, n: log_e(w, [n * term for term in usual], 0.5) >= math.log(line))


def p_lines(wins: int, level: float = 0.05) -> Whole:
    """The same for the binomial test of the boundary: after how many jobs so few wins have a p-value below `level`."""
    return _first(wins, lambda w, n: at_most(w, n, chance(USUAL)) < level)


def _first(wins: int, reached: Callable[[int, int], bool]) -> Whole:
    """By bisection, each from the one before: more wins need more jobs."""
    found: list[int] = []
    for w in range(wins):
        low = found[-1] if found else 0
        high = max(2 * low, 256)
        while not reached(w, high):
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(w, middle) else (middle, high)
        found.append(high)
    return np.array(found)


def exactly(lines: Whole, horizons: Sequence[int]) -> list[float]:
    """P(ever at a line) by each horizon, computed: jobs and wins step by step, what reached a line put aside."""
    p, states = chance(USUAL), np.zeros(len(lines))
    states[0] = 1.0
    found = []
    for job in range(1, max(horizons) + 1):
        states[1:] = states[1:] * (1 - p) + states[:-1] * p
        states[0] *= 1 - p
        states[lines <= job] = 0.0
        if job in horizons:
            found.append(1 - float(states.sum()))
    return found


def ever_at(lines: Whole, horizons: Sequence[int], *, accounts: int, seed: int, block: int = 1000) -> list[Share]:
    """How many of `accounts` were at a line at any time up to each horizon, looked at after every job."""
    return _count(lines, horizons, accounts, seed, block, _crossed)


def at_one_look(lines: Whole, horizons: Sequence[int], *, accounts: int, seed: int, block: int = 1000) -> list[Share]:
    """How many are at a line at the horizon itself, the one look there is."""
    return _count(lines, horizons, accounts, seed, block, _at_end)


def _count(
    lines: Whole,
    horizons: Sequence[int],
    accounts: int,
    seed: int,
    block: int,
    flagged: Callable[[Whole, Whole, int], Flags],
) -> list[Share]:
    """Wins are drawn as gaps between them; a line can only be met between two wins."""
    dice = np.random.default_rng(seed)
    counts = np.zeros(len(horizons), dtype=np.int64)
    for _ in range(accounts // block):
        won_at = np.cumsum(dice.geometric(chance(USUAL), (block, len(lines))), axis=1)
        if won_at[:, -1].min() <= max(horizons):
            raise ValueError("too few lines for the horizon")
        counts += [int(flagged(won_at, lines, horizon).sum()) for horizon in horizons]
    return [Share(count=int(count), total=accounts) for count in counts]


def _crossed(won_at: Whole, lines: Whole, horizon: int) -> Flags:
    since = np.hstack([np.zeros((len(won_at), 1), dtype=np.int64), won_at[:, :-1]])
    crossed: Flags = np.any(np.maximum(since, lines) <= np.minimum(won_at - 1, horizon), axis=1)
    return crossed


def _at_end(won_at: Whole, lines: Whole, horizon: int) -> Flags:
    wins = (won_at <= horizon).sum(axis=1)
    at_line: Flags = lines[wins] <= horizon
    return at_line
