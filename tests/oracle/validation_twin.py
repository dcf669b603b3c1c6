"""The methods of `lab/validate` once more, slow and obvious: loops over days and accounts, for a handful of them."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenhand.evidence.activity.grid import GRID, log_e, log_likelihoods, log_mean, terms
from evenhand.lab.validate import Market
from evenhand.lab.validate.monthly import EM_ROUNDS, WARM_UP

OPENED, MONTHS = date(2025, 3, 1), 10
ENDED = date(2026, 1, 1)
FLOOR = 0.5
DAYS = [OPENED + timedelta(days=n) for n in range((ENDED - OPENED).days)]

Acted = Mapping[int, date]
"""Whom a method acted on, and at the end of which day."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One outcome of one account that counted."""

    account: int
    day: date
    shortlist: bool
    won: bool
    odds: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Made:
    """A handful of accounts: `thetas`, the `units` that count in the order of days, the outcomes a platform sees."""

    thetas: Sequence[float]
    units: Sequence[Unit]
    known: Sequence[tuple[int, date, bool]]


def made(seed: int, accounts: int = 12) -> Made:
    """Accounts far below and above the floor, each with a few hundred decisions in fields of four to eight."""
    dice = random.Random(seed)  # noqa: S311 - a made-up world, no secret
    thetas = [dice.choice([0.02, 0.1, 0.3, 0.8, 1.0, 1.5]) for _ in range(accounts)]
    units, known = [], []
    for account, theta in enumerate(thetas):
        for _ in range(dice.randrange(60, 220)):
            day = dice.choice(DAYS)
            odds = 1 / dice.randrange(4, 9)
            won = dice.random() < theta * odds / (1 + theta * odds)
            called = won or dice.random() < 2 * theta * odds / (1 + theta * odds)
            known.append((account, day, won))
            units.append(Unit(account=account, day=day, shortlist=False, won=won, odds=odds))
            units.append(Unit(account=account, day=day, shortlist=True, won=called, odds=3 * odds))
    return Made(thetas=thetas, units=sorted(units, key=lambda unit: unit.day), known=sorted(known, key=lambda k: k[1]))


def write(world: Made, folder: Path) -> Market:
    """The files that `judge` reads, with e as the product reckons it."""
    tables, results = folder / "tables", folder / "results"
    tables.mkdir(parents=True)
    results.mkdir()
    names = [f"a{account:03d}" for account in range(len(world.thetas))]
    steps = ["none", "advise", "warn", "limit", "pause"]
    _write(
        tables / "truth.parquet",
        [
            {
                "account_id": name, "kind": "ordinary", "conduct": "ordinary", "theta": theta, "theta_after": None,
                "changed_at": None, "category_ghosting": 0.5, "category_applicants": 5.0 + nth % 4,
                "newcomer": nth % 2 == 0, "small_country": nth % 3 == 0, "demoted": False, "discriminated": False,
                "fair_wins": 20.0,
            }
            for nth, (name, theta) in enumerate(zip(names, world.thetas, strict=True))
        ],
        theta_after=pa.float64(),
        changed_at=pa.timestamp("us"),
    )  # fmt: skip
    jobs = [f"j{nth:06d}" for nth in range(len(world.known))]
    rows = list(zip(jobs, world.known, strict=True))
    _write(tables / "jobs.parquet", [{"job_id": j, "closed_at": noon(day)} for j, (_, day, _) in rows])
    _write(tables / "proposals.parquet", [{"job_id": j, "account_id": names[a]} for j, (a, _, _) in rows])
    hired = [{"job_id": j, "account_id": names[a], "started_at": noon(day)} for j, (a, day, won) in rows if won]
    _write(tables / "contracts.parquet", hired)
    _write(
        results / "evidence.parquet",
        [
            {"account_id": name, "fair_wins": 20.0, "reaches": steps[nth % 5], "log_e_shortlist": 0.0}
            for nth, name in enumerate(names)
        ],
    )
    _write(results / "counted.parquet", [_counted(world, nth, names) for nth in range(len(world.units))])
    opened = datetime(OPENED.year, OPENED.month, OPENED.day)
    ended = datetime(ENDED.year, ENDED.month, ENDED.day)
    return Market(tables=tables, results=results, opened=opened, ended=ended, months=MONTHS)


def noon(day: date) -> datetime:
    """The middle of a day."""
    return datetime(day.year, day.month, day.day, 12)


def _counted(world: Made, nth: int, names: Sequence[str]) -> Mapping[str, object]:
    unit = world.units[nth]
    own = _own(world, unit.account, unit.shortlist)
    so_far = next(n for n, other in enumerate(own, 1) if other is unit)
    return {
        "account_id": names[unit.account],
        "outcome": "shortlist" if unit.shortlist else "hire",
        "settled_at": noon(unit.day) + timedelta(microseconds=nth),
        "job_id": f"j{nth:06d}",
        "chosen": unit.won,
        "odds": unit.odds,
        "log_e": _log_e(own[:so_far]),
    }


def _write(path: Path, rows: Sequence[Mapping[str, object]], **types: pa.DataType) -> None:
    table = pa.Table.from_pylist(rows)
    for name, kind in types.items():
        table = table.set_column(table.column_names.index(name), name, pa.nulls(len(rows), kind))
    pq.write_table(table, path)


@functools.cache
def _own(world: Made, account: int, shortlist: bool) -> list[Unit]:
    return [u for u in world.units if (u.account, u.shortlist) == (account, shortlist)]


@functools.cache
def _e_after(world: Made, account: int, shortlist: bool, many: int) -> float:
    return _log_e(_own(world, account, shortlist)[:many])


def _log_e(units: Sequence[Unit]) -> float:
    return log_e(sum(unit.won for unit in units), _sums(units), FLOOR) if units else 0.0


def _sums(units: Sequence[Unit]) -> list[int]:
    each = [terms(unit.odds) for unit in units]
    return [sum(column) for column in zip(*each, strict=True)] if each else [0] * (len(GRID) - 1)


def tail(hires: int, trials: int, chance: float) -> float:
    """P(X <= hires), X binomial."""
    return sum(math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hires + 1))


def first_day(world: Made, beyond: Callable[[int, date], bool]) -> Acted:
    """The first day at the end of which an account is beyond a line."""
    found = {account: [day for day in DAYS if beyond(account, day)] for account in range(len(world.thetas))}
    return {account: days[0] for account, days in found.items() if days}


def never_hired(world: Made, many: int) -> Acted:
    """Whoever has so many proposals and no hire."""
    return first_day(world, lambda a, day: proposals(world, a, day)[0] >= many and not proposals(world, a, day)[1])


def crossed(world: Made, line: float) -> Acted:
    """Whoever has so large an e of hires."""
    return first_day(world, lambda a, day: e_of_hires(world, a, day) >= math.log(line))


def until(world: Made, account: int, day: date, *, shortlist: bool = False) -> list[Unit]:
    """What had counted for an account by the end of a day."""
    return [u for u in _own(world, account, shortlist) if u.day <= day]


def e_of_hires(world: Made, account: int, day: date) -> float:
    """Log e of hires alone."""
    return _e_after(world, account, False, len(until(world, account, day)))


def e_of_both(world: Made, account: int, day: date) -> float:
    """Log of the mean of both e-values."""
    shortlists = _e_after(world, account, True, len(until(world, account, day, shortlist=True)))
    return log_mean(e_of_hires(world, account, day), shortlists)


@functools.cache
def proposals(world: Made, account: int, day: date) -> tuple[int, int]:
    """How many proposals had their outcome by the end of a day, and how many of them were hires."""
    outcomes = [won for who, when, won in world.known if who == account and when <= day]
    return len(outcomes), sum(outcomes)


@functools.cache
def fair_p(world: Made, account: int, day: date) -> float:
    """The p-value of the fair share: binomial with the mean chance at the floor."""
    units = until(world, account, day)
    chance = sum(FLOOR * unit.odds / (1 + FLOOR * unit.odds) for unit in units) / max(1, len(units))
    return tail(sum(unit.won for unit in units), len(units), chance) if units else 1.0


@functools.cache
def raw_p(world: Made, account: int, day: date) -> float:
    """The p-value of a raw rate: binomial with the floor's share of the site's rate when it was last heard of."""
    heard = max((when for who, when, _ in world.known if who == account and when <= day), default=day)
    everybody = [proposals(world, who, heard) for who in range(len(world.thetas))]
    sent, hired = sum(n for n, _ in everybody), sum(h for _, h in everybody)
    trials, hires = everybody[account]
    return tail(hires, trials, FLOOR * hired / sent) if trials else 1.0


def daily_bh(world: Made, p: Callable[[Made, int, date], float], known: Callable[[int, date], bool]) -> Acted:
    """Benjamini and Hochberg at the end of every day, among those of whom something is known."""
    acted: dict[int, date] = {}
    for day in DAYS:
        ranked = sorted((p(world, a, day), a) for a in range(len(world.thetas)) if known(a, day))
        last = max((k for k, (value, _) in enumerate(ranked, 1) if value <= 0.05 * k / len(ranked)), default=0)
        for _, account in ranked[:last]:
            acted.setdefault(account, day)
    return acted


def e_bh(world: Made, e: Callable[[Made, int, date], float]) -> Acted:
    """Day by day the largest set that its own size admits, given everybody acted on before."""
    acted: dict[int, date] = {}
    for day in DAYS:
        others = [a for a in range(len(world.thetas)) if a not in acted]
        supported = [a for a in others if e is e_of_hires or e_of_hires(world, a, day) >= math.log(20)]
        may = sorted((-e(world, a, day), a) for a in supported)
        wanted = len(world.thetas) / 0.05
        sizes = [k for k, (minus, _) in enumerate(may, 1) if math.exp(-minus) * (len(acted) + k) >= wanted]
        for _, account in may[: max(sizes, default=0)]:
            acted[account] = day
    return acted


def month_ends() -> list[date]:
    """The last day of every month of the market."""
    return [day for day in DAYS if (day + timedelta(days=1)).day == 1]


def restart(world: Made) -> Acted:
    """Half on everything, half spread over restarts with each later month, whose evidence begins there."""
    ends = month_ends()
    begins = [OPENED, *(end + timedelta(days=1) for end in ends[:-1])]
    acted: dict[int, date] = {}
    for account in range(len(world.thetas)):
        for end in ends:
            units = until(world, account, end)
            since = [math.exp(_log_e([u for u in units if u.day >= begin])) for begin in begins]
            if account not in acted and since[0] / 2 + sum(since[1:]) / 2 / (MONTHS - 1) >= 100:
                acted[account] = end
    return acted


def npmle(world: Made) -> Acted:
    """A prior over the grid from everybody; then the largest set with a mean chance of innocence of 5 %."""
    weights = [1 / len(GRID)] * len(GRID)
    acted: dict[int, date] = {}
    for end in month_ends()[WARM_UP:]:
        units = {a: until(world, a, end) for a in range(len(world.thetas))}
        rows = {a: log_likelihoods(sum(u.won for u in own), _sums(own)) for a, own in units.items() if own}
        chances = {a: [math.exp(value) for value in row] for a, row in rows.items()}
        for _ in range(EM_ROUNDS):
            shares = [[w * c for w, c in zip(weights, row, strict=True)] for row in chances.values()]
            weights = [sum(row[k] / sum(row) for row in shares) / len(shares) for k in range(len(GRID))]
        mixed = {a: [w * c for w, c in zip(weights, row, strict=True)] for a, row in chances.items()}
        innocent = sorted((sum(row[GRID.index(FLOOR) :]) / sum(row), a) for a, row in mixed.items())
        for k, (_, account) in enumerate(innocent, 1):
            if sum(chance for chance, _ in innocent[:k]) <= 0.05 * k:
                acted.setdefault(account, end)
    return acted


def beta_binomial(world: Made) -> Acted:
    """A beta prior by moments; the chance of a rate under the floor's share, by summing the density finely."""
    acted: dict[int, date] = {}
    for end in month_ends():
        seen = {a: proposals(world, a, end) for a in range(len(world.thetas))}
        seen = {a: counts for a, counts in seen.items() if counts[0]}
        sent, mean = (
            sum(n for n, _ in seen.values()),
            sum(h for _, h in seen.values()) / sum(n for n, _ in seen.values()),
        )
        spread = sum(n * (h / n - mean) ** 2 for n, h in seen.values())
        room = sent - sum(n * n for n, _ in seen.values()) / sent - len(seen) + 1
        rho = (spread - mean * (1 - mean) * (len(seen) - 1)) / (mean * (1 - mean) * room)
        scale = (1 - min(0.9, max(1e-4, rho))) / min(0.9, max(1e-4, rho))
        for account, (trials, hires) in seen.items():
            a, b = mean * scale + hires, (1 - mean) * scale + trials - hires
            if _beta_below(FLOOR * mean, a, b) >= 0.95:
                acted.setdefault(account, end)
    return acted


def _beta_below(line: float, a: float, b: float, steps: int = 4000) -> float:
    total = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    points = (math.exp(math.log(line) - 40 * (n + 0.5) / steps) for n in range(steps))
    density = (math.exp(total + a * math.log(x) + (b - 1) * math.log1p(-x)) for x in points)
    return sum(density) * 40 / steps
