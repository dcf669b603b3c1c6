"""Where the parts are put together: the only reader of the clock and of the machine.

Everything above this file is handed what it needs; nothing below it asks the outside.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
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
