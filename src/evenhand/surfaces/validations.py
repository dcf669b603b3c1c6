"""A validation from end to end: made-up worlds, the product's own evaluation of each, the verdict over all methods."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from evenhand import wiring
from evenhand.errors import RunRefused
from evenhand.evidence.activity.grid import GRID
from evenhand.lab.simulate import ENDS, World, load_scenario
from evenhand.lab.validate import METHODS, Market, figures
from evenhand.policy.types import Policy
from evenhand.surfaces import runs
from evenhand.surfaces.aside import written_aside
from evenhand.workflows.evaluate_market import evaluate_market
from evenhand.workflows.propose_measures import Progress

VALIDATION: Final = "validation.json"


@dataclass(frozen=True, kw_only=True)
class Validation:
    """What is asked: `worlds` of each scenario, with seeds from `seed` on, judged at `floor` under `policy`."""

    scenarios: Sequence[str]
    worlds: int
    seed: int
    accounts: int
    months: int
    floor: float
    policy: Policy


def validate(asked: Validation, out: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Simulate, evaluate and judge every world, and write `validation.json` into `out` if there is one.

    The policy is taken at the asked floor, and with room in its family for every member. Returns what is written;
    raises `RunRefused`.
    """
    if out is None:
        with runs.scratch_space() as scratch:
            return _validated(asked, scratch, progress)
    with written_aside(out, {VALIDATION}, mark=VALIDATION) as aside:
        result = _validated(asked, aside.scratch, progress)
        (aside.result / VALIDATION).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return result


def _validated(asked: Validation, scratch: Path, progress: Progress) -> Mapping[str, Any]:
    policy = _policy(asked)
    worlds = [
        World(seed=asked.seed + nth, accounts=asked.accounts, months=asked.months, scenario=load_scenario(name))
        for name in asked.scenarios
        for nth in range(asked.worlds)
    ]
    elapsed = wiring.stopwatch()
    judged = []
    for world in worlds:
        where = f"{world.scenario.name}, seed {world.seed}: "
        methods = _judged(world, policy, scratch, _prefixed(progress, where))
        judged.append({"scenario": world.scenario.name, "seed": world.seed, "methods": methods})
    return {
        "versions": {name: version(name) for name in ("evenhand", "duckdb")},
        "policy": f"{policy.name} {policy.version}",
        "policy_hash": policy.hash,
        "fair_share": ", ".join(policy.controls) or "equal",
        "family": policy.guarantee.family,
        "floor": asked.floor,
        "accounts": asked.accounts,
        "months": asked.months,
        "worlds": judged,
        "scenarios": {name: _over_worlds(judged, name) for name in asked.scenarios},
        "seconds": round(elapsed(), 1),
        "peak_rss_mb": round(wiring.peak_rss_mb()),
    }


def _prefixed(progress: Progress, where: str) -> Progress:
    return lambda stage: progress(where + stage)


def _policy(asked: Validation) -> Policy:
    if asked.floor not in GRID[1:]:
        points = ", ".join(f"{point:g}" for point in GRID[1:])
        raise RunRefused(f"`{asked.floor:g}` is no point of the grid", where="--floor", hint=f"known are {points}")
    if asked.worlds < 1:
        raise RunRefused(f"`{asked.worlds}` is out of range", where="--worlds", hint="one world or more is wanted")
    guarantee = asked.policy.guarantee
    family = None if guarantee.family is None else max(guarantee.family, asked.accounts)
    return replace(asked.policy, guarantee=replace(guarantee, floor=asked.floor, family=family))


def _judged(world: World, policy: Policy, scratch: Path, progress: Progress) -> Mapping[str, Any]:
    """What every method did in one world, whose files disappear."""
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
        parts = {name: Path(folder) / name for name in ("tables", "results", "scratch")}
        for part in parts.values():
            part.mkdir()
        wiring.simulate(world, parts["tables"], parts["scratch"], progress)
        with runs.staged(parts["tables"], wiring.ENGINES[0], parts["scratch"], progress) as (engine, market):
            evaluate_market(engine, market, policy, parts["results"], as_of=ENDS, counted=True, progress=progress)
        progress("follow every method")
        opened = datetime.fromtimestamp(world.moments()[0], UTC).replace(tzinfo=None)
        made = Market(tables=parts["tables"], results=parts["results"], opened=opened, ended=ENDS, months=world.months)
        return wiring.judge(made, policy.guarantee.floor, parts["scratch"])


def _over_worlds(judged: Sequence[Mapping[str, Any]], scenario: str) -> Mapping[str, Any]:
    own = [world["methods"] for world in judged if world["scenario"] == scenario]
    return {method.name: figures([methods[method.name] for methods in own]) for method in METHODS}
