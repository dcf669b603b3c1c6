"""Ctrl-C ends a run at any moment, and leaves either a whole result or none."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import EVENHAND

SECONDS_UNTIL_STARTED = 30


def started(out: Path) -> subprocess.Popen[str]:
    """A run over a shipped market that has begun to write beside `out`."""
    market, policy = wiring.shipped("markets") / "freelance", wiring.shipped("policies") / "activity.yaml"
    command = [str(EVENHAND), "evaluate", str(market), "--policy", str(policy), "--out", str(out), "--json"]
    listening = ["env", "--default-signal=INT"]  # a shell in the background starts its children deaf to Ctrl-C
    process = subprocess.Popen([*listening, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(SECONDS_UNTIL_STARTED * 100):
        if any(out.parent.iterdir()):
            return process
        time.sleep(0.01)
    process.kill()
    raise TimeoutError(process.communicate())


@pytest.mark.parametrize(
    ("after_seconds", "sent"),
    [(0.0, signal.SIGINT), (0.4, signal.SIGTERM), (0.8, signal.SIGINT), (1.4, signal.SIGINT)],
)
def test_an_interrupted_run_leaves_nothing(after_seconds: float, sent: signal.Signals, tmp_path: Path) -> None:
    """Whenever the signal comes, the output is whole or absent, nothing lies beside it, and the exit code says so."""
    out = tmp_path / "out"
    process = started(out)
    time.sleep(after_seconds)
    process.send_signal(sent)
    told, _ = process.communicate(timeout=60)
    if process.returncode == EXIT_CODES["done"]:
        assert (out / "summary.json").is_file()
        assert after_seconds > 0
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
    else:
        assert process.returncode == EXIT_CODES["interrupted"]
        assert json.loads(told)["error"]["code"] == "interrupted"
        assert list(tmp_path.iterdir()) == []
