"""Case H from the market to the restored account, by the commands alone: nobody is touched but as the policy says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.doors import Doors
from tests.journeys.story import Story, on


def told() -> Story:
    """Two hundred proposals from the day of publication on, none won; then thirty more, and twenty under the limit."""
    story = Story()
    story.member("hal")
    story.tables["payments"].append(
        {"payment_id": "old", "contract_id": "contract-0", "paid_at": on(2), "amount_usd": 5.0, "hours": 1.0}
    )
    story.tables["breaks"] = [{"account_id": "rival-0", "from": on(-30), "until": on(-20), "kind": "break"}]
    for n in range(200):
        story.job(n, "hal")
    return story


def test_case_h(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advised, warned, ninety days, limited for sixty days, and only then paused, after thirty days' notice."""
    story = told()
    doors = Doors(tmp_path, monkeypatch)
    policy = doors.publish(story, 0)
    summary = doors.evaluate(story, policy, 249)
    print(summary["cases"], summary["measures"])
    print(doors.said("tick"))
    print(doors.said("audit", "verify"))
    doors.said("audit", "export", "--out", tmp_path / "log.jsonl")
    print(doors.said("audit", "verify", "--log", tmp_path / "log.jsonl"))
    assert 0
