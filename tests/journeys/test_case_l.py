"""Case L: pay taken off the platform, proven, repeated: guidance, then the ladder, with items, notice and appeal."""

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
    """Lena works here, earns well, and has a client whom she met here."""
    story = Story()
    story.member("lena")
    story.client("carl")
    story.direct(1, "lena", paid=9_000)  # good history is no shield (R8)
    story.message(35, "carl", "lena", "Hello, could you look at our shop?")
    return story.complete()


def paid_outside(story: Story, day: float) -> None:
    """Carl paid her elsewhere, and a transfer shows it."""
    story.incident(day, "lena", "paid_outside", "a transfer for work that was agreed here", other_id="carl")


def imposed(doors: Doors, story: Story, policy: Path, case: str, step: str, day: float, *people: str) -> None:
    """A step from the evaluation to its effect: proposed, heard, signed, noticed, fourteen days later in force."""
    doors.evaluate(story, policy, day)
    assert (doors.case(case)["waiting"], doors.case(case)["stage"]) == (step, "hearing")
    doors.post()
    early = doors.said(*doors.deciding("confirm", case, people[0], "the transfer is on record"), code=8)
    assert "the member was not heard yet" in early
    doors.said("appeal", "answer", "--token", doors.token(case, "hearing"), "--text", "he asked me to")
    for person in people:
        doors.decide("confirm", case, person, "the transfer is on record, and she does not deny it")
    doors.post()
    doors.at(day + 13.9)
    doors.said("tick")
    assert doors.case(case)["in_force"] != step
    doors.at(day + 14.1)
    doors.said("tick")
    doors.carry_out()
    assert doors.case(case)["in_force"] == step


def test_case_l(doors: Doors) -> None:
    """Guided; warned; restricted; suspended; closed by two people, the money paid out; then an appeal restores her."""
    story = told()
    with receiver() as market:
        doors.deliver_to(market)
        policy = doors.publish(story, 0, "circumvention")
        paid_outside(story, 40)
        doors.evaluate(story, policy, 41)
        case = doors.waiting("in_force")
        doors.post()  # guidance goes out by itself
        letter = doors.told("notices", "show", doors.case(case)["letters"][-1]["id"])["text"]
        assert "a transfer for work that was agreed here (complaint 0, February 10, 2024, seen by a client" in letter
        assert "carl" not in letter

        assert doors.evaluate(story, policy, 60)["cases"]["proposed"] == 0  # she has stopped, and nothing follows
        paid_outside(story, 61)
        doors.evaluate(story, policy, 62)
        doors.decide("confirm", case, "rex", "a second transfer after she was told the rule")
        doors.post()
        assert doors.case(case)["in_force"] == "warn"

        paid_outside(story, 155)
        imposed(doors, story, policy, case, "restrict", 160, "rex")
        told_of = {each["data"]["effect"]: each["data"]["value"] for each in market.told if each["type"] == "effect"}
        assert told_of == {"visibility": False}  # she can propose, work and be paid
        paid_outside(story, 200)
        imposed(doors, story, policy, case, "suspend", 240, "rex", "sol")
        paid_outside(story, 300)
        imposed(doors, story, policy, case, "close", 350, "rita", "sol")
        told_of = {each["data"]["effect"]: each["data"]["value"] for each in market.told if each["type"] == "effect"}
        assert told_of["account"] == "closed"
        assert told_of["earnings"] == "paid_out"  # R27
        assert "withdrawal" not in told_of

        doors.said("appeal", "file", "--token", doors.token(case, "in_force"), "--text", "the transfers were a gift")
        doors.told("people", "add", "zoe", "--role", "senior", "--as", "ada")
        doors.said("appeal", "remeasure", case, doors.market(story, 365))
        said = ("--reason", "the client has confirmed that it was a gift", "--opened", "proof=90", "--flaw", "evidence")
        doors.told("appeal", "decide", "reverse", case, *said, "--as", "zoe")
        doors.carry_out()
        done = doors.case(case)
        assert done["in_force"] == "none"
        undone = {effect["undoes"] for effect in done["effects"] if effect["undoes"]}
        lasting = {effect["id"] for effect in done["effects"] if effect["name"] in {"credits", "earnings"}}
        assert undone == {effect["id"] for effect in done["effects"] if not effect["undoes"]} - lasting
    found = doors.told("audit", "verify")
    assert (found["findings"], found["decisions"]) == ([], 5)


def test_who_stops_is_left_alone(doors: Doors) -> None:
    """After a warning nothing new was seen: no further step, and the warning ends after a year (R24)."""
    story = told()
    policy = doors.publish(story, 0, "circumvention")
    paid_outside(story, 40)
    with receiver() as market:
        doors.deliver_to(market)
        doors.evaluate(story, policy, 41)
        case = doors.waiting("in_force")
        doors.post()
        for day in (60, 160, 250):
            assert doors.evaluate(story, policy, day)["cases"]["proposed"] == 0
        doors.at(41 + 366)
        doors.said("tick")
    assert doors.case(case)["in_force"] == "none"


def test_who_is_forgotten_leaves_no_item_behind(doors: Doors) -> None:
    """Once the key is destroyed nobody reads what was seen, the case can still be looked at, and the log verifies."""
    story = told()
    policy = doors.publish(story, 0, "circumvention")
    paid_outside(story, 40)
    with receiver() as market:
        doors.deliver_to(market)
        doors.evaluate(story, policy, 41)
        case = doors.waiting("in_force")
        doors.post()
    assert "a transfer for work" in str(doors.case(case))
    busy = doors.said("audit", "erase", "lena", "--as", "ada", code=8)
    assert "something is under way" in busy
    doors.at(41 + 366)  # the guidance has ended
    doors.said("tick")
    doors.decide("close", case, "rex", "nothing was seen since the guidance")
    doors.said("audit", "erase", "lena", "--as", "ada")
    forgotten = str(doors.case(case))
    assert not [word for word in ("a transfer", "complaint", "carl") if word in forgotten]
    assert "lena" in doors.said("case", case)  # the account's name is the marketplace's, and says nothing by itself
    assert doors.told("audit", "verify")["findings"] == []
