"""What a process costs from its start to its end: wall time, CPU time, peak memory, all its threads together."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one process cost: wall and CPU in seconds, peak resident memory in units of 1e6 bytes."""

    wall: float
    cpu: float
    rss_mb: float


def timed(command: Sequence[str]) -> tuple[Run, str]:
    """Run `command` to its end; its cost and what it printed. Raises `RuntimeError` if it fails.

    On Linux a child's peak memory is never below its parent's, so the one that asks must stay small itself.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        text = out.read()
    if process.returncode != 0:
        raise RuntimeError(f"`{Path(command[0]).name}` ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall=wall, cpu=used.ru_utime + used.ru_stime, rss_mb=used.ru_maxrss * unit / 1e6), text


def typical(runs: Sequence[Run]) -> Run:
    """The median times, and the highest peak."""
    return Run(
        wall=statistics.median(run.wall for run in runs),
        cpu=statistics.median(run.cpu for run in runs),
        rss_mb=max(run.rss_mb for run in runs),
    )
