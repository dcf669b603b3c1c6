"""Case H from the market to the way back, by the commands alone: each step warned of, heard, signed, delivered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.outside import receiver
from tests.journeys.doors import Doors
from tests.journeys.story import Story


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """A house that has published nothing."""
    return Doors(tmp_path, monkeypatch)


def told() -> Story:
    """A proposal a day, from the day on which the rule was published, and none ever won."""
    story = Story()
    story.member("hal")
    for n in range(200):
        story.job(n, "hal")
    return story.complete()


def test_case_h(doors: Doors) -> None:
    """Warned; ninety days; limited for sixty; then paused, after thirty days' notice; looked at again and freed."""
    story = told()
    with receiver() as market:
        doors.deliver_to(market)
        policy = doors.publish(story, 0)
        doors.evaluate(story, policy, 249)
        case = doors.waiting("review")
        assert doors.case(case)["measures"][0]["step"] == "warn"
        doors.decide("confirm", case, "rex", "no win in two hundred decisions")
        doors.post()
        assert doors.case(case)["in_force"] == "warn"

        for n in range(30):  # they go on as before
            story.job(250 + 3 * n, "hal")
        assert doors.evaluate(story, policy, 330)["cases"]["proposed"] == 0  # the time to change has not run
        doors.evaluate(story, policy, 390)
        assert doors.case(case)["stage"] == "hearing"
        doors.post()
        refused = doors.said(*doors.deciding("confirm", case, "rex", "nothing has changed since"), code=8)
        assert "the member was not heard yet" in refused
        doors.said("appeal", "answer", "--token", doors.token(case, "hearing"), "--text", "I try as hard as I can")
        doors.decide("confirm", case, "rex", "their answer changes nothing in the figures")
        doors.post()
        assert doors.case(case)["in_force"] == "warn"  # the limit begins thirty days after its notice
        doors.at(421)
        doors.said("tick")
        doors.carry_out()
        assert doors.case(case)["in_force"] == "limit"
        assert [
            (each["data"]["effect"], each["data"]["value"]) for each in market.told if each["type"] == "effect"
        ] == [("proposals_per_month", 10)]

        for n in range(25):
            story.job(422 + 2 * n, "hal")
        doors.at(482)
        doors.said("tick")  # the limit has ended by itself
        doors.carry_out()
        doors.evaluate(story, policy, 510)
        assert doors.case(case)["waiting"] == "pause"
        doors.post()
        doors.at(525)  # nobody answers
        doors.said("tick")
        doors.decide("confirm", case, "rita", "warned and limited, and still no win")
        assert "admitted" in doors.said("tick")
        doors.post()
        assert doors.case(case)["in_force"] == "warn"  # until its day
        doors.at(556)
        doors.said("tick")
        doors.carry_out()
        paused = doors.case(case)
        assert paused["in_force"] == "pause"
        told_of = {each["data"]["effect"] for each in market.told if each["type"] == "effect"}
        assert told_of == {"proposals_per_month", "proposing", "pending_proposals", "credits"}  # and nothing else

        doors.at(630)  # somebody looks again before the ninety days are over
        doors.decide("ease", case, "rita", "they took a course and changed their category")
        doors.carry_out()
        done = doors.case(case)
        assert done["in_force"] == "none"
        assert all(effect["acknowledged_at"] for effect in done["effects"])
        undone = {effect["undoes"] for effect in done["effects"] if effect["undoes"]}
        lasting = {effect["id"] for effect in done["effects"] if effect["name"] == "credits"}
        assert undone == {effect["id"] for effect in done["effects"] if not effect["undoes"]} - lasting
    found = doors.told("audit", "verify")
    assert (found["findings"], found["decisions"]) == ([], 3)


def test_a_warning_that_never_arrives_leads_nowhere(doors: Doors) -> None:
    """Nobody carries the letter: the warning lapses, and no limit is ever proposed (R18)."""
    story = told()
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 249)
    case = doors.waiting("review")
    doors.decide("confirm", case, "rex", "no win in two hundred decisions")
    for n in range(30):
        story.job(250 + 3 * n, "hal")
    doors.at(264)
    doors.said("tick")
    assert doors.case(case)["measures"][0]["ended_by"] == "lapsed"
    assert doors.evaluate(story, policy, 390)["measures"]["limit"] == 0
