"""Where the parts are put together: the only reader of the clock and of the machine.

Everything above this file is handed what it needs; nothing below it asks the outside.
"""

from __future__ import annotations

import resource
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


def stopwatch() -> Callable[[], float]:
    """Start a watch and return its reading: seconds since this call, on a clock that never goes back."""
    began = time.perf_counter()
    return lambda: time.perf_counter() - began


def peak_rss_mb() -> float:
    """Largest resident memory of this process so far, in units of 1e6 bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def shipped(folder: str) -> Path:
    """Where a folder that travels with Evenhand lies: `policies` or `markets`.

    At the root of a checkout, inside the package of an installed wheel.
    """
    package = Path(__file__).parent
    installed = package / "shipped" / folder
    return installed if installed.is_dir() else package.parents[1] / folder


@dataclass(frozen=True, kw_only=True)
class ShippedMarket:
    """A market that travels with Evenhand; `as_of` is the fixed time at which the demo looks at it, in UTC."""

    name: str
    title: str
    as_of: datetime
    folder: Path


def shipped_markets() -> Sequence[ShippedMarket]:
    """The markets of `markets/`, by name; each has its facts in a `.toml` beside its folder."""
    facts = {
        path: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(shipped("markets").glob("*.toml"))
    }
    return [
        ShippedMarket(
            name=path.stem,
            title=known["title"],
            as_of=known["as_of"].astimezone(UTC).replace(tzinfo=None),
            folder=path.with_suffix(""),
        )
        for path, known in facts.items()
    ]
