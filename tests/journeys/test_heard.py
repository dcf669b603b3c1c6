"""Members who are heard, by the commands alone: believed, asked again, let go, spoken for (R23, R32, R37)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.surfaces.opened import OpenedDoors

WHY = "no win in two hundred decisions"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenedDoors:
    """A house in which no case is open."""
    return OpenedDoors(tmp_path, monkeypatch)


def asked(house: OpenedDoors) -> str:
    """Hal was warned three months ago; a limit is proposed, and he has opened the letter that asks him. Its token."""
    house.propose("hal", "mismatch", "warn")
    house.decide("confirm", "hal", "rex", WHY)
    house.read("hal", "warning")
    house.wait(91)
    house.propose("hal", "mismatch", "limit")
    return house.read("hal", "hearing")


def test_heard_and_refused(house: OpenedDoors) -> None:
    """He says why, a person believes him: no measure, a letter that says so, and no second proposal of it (S4)."""
    token = asked(house)
    assert house.told("case", "hal")["stage"] == "hearing"
    proof = house.folder / "letter.txt"
    proof.write_text("in hospital from March to June")
    house.said("appeal", "answer", "--token", token, "--text", "I was in hospital", "--attach", proof)
    assert house.told("case", "hal")["stage"] == "review"
    house.decide("refuse", "hal", "rex", "they were in hospital all the while")
    shown = house.told("appeal", "show", "--token", token)
    assert (shown["in_force"], shown["waiting"]) == ("warn", "none")
    assert "hospital" in shown["letters"][-1]["text"]
    with pytest.raises(Exception, match="`limit` was refused in this episode"):
        house.propose("hal", "mismatch", "limit")


def test_a_question_opens_the_time_to_answer_anew(house: OpenedDoors) -> None:
    """Asked again, nobody decides before the answer or the end of its time."""
    token = asked(house)
    house.said("appeal", "answer", "--token", token, "--text", "I try as hard as I can")
    house.decide("ask", "hal", "rex", "", "--question", "Which category suits you?")
    early = house.said(*house.deciding("confirm", "hal", "rex", WHY), code=8)
    assert "the member was not heard yet" in early
    assert "a question is open" in house.said(
        *house.deciding("ask", "hal", "rita", "", "--question", "And since when?"), code=8
    )
    house.said("appeal", "answer", "--token", house.read("hal", "question"), "--text", "Illustration, not design")
    house.decide("confirm", "hal", "rex", "the category is no reason here")
    turns = house.told("case", "hal")["dialogue"]
    assert [turn["kind"] for turn in turns] == ["answered", "asked", "answered"]


def test_lightened_after_the_answer(house: OpenedDoors) -> None:
    """An account that was to be closed is limited instead, on a text that both could read; nobody asks him twice."""
    house.propose("uma", "circumvention", "close", urgent="fraud_in_progress")
    house.decide("lighten", "uma", "rex", "one message only", "--step", "warn")
    token = house.read("uma", "warning")
    shown = house.told("appeal", "show", "--token", token)
    assert (shown["in_force"], [m["step"] for m in shown["measures"]]) == ("warn", ["close", "warn"])


def test_an_urgent_hold_is_released(house: OpenedDoors) -> None:
    """Proposing rests on a listed ground, for seven business days at most, or until somebody lets go; all is undone."""
    house.propose("uma", "circumvention", "warn")
    unlisted = house.said(*house.deciding("hold", "uma", "rex", WHY, "--ground", "bad_mood"), code=8)
    assert "listed are `danger_to_a_person`" in unlisted
    house.decide("hold", "uma", "rex", "a fraud seems to run", "--ground", "fraud_in_progress")
    held = house.told("case", "uma")
    assert held["holds"][0]["until"] == "2024-01-10T00:00:00Z"
    for effect in held["effects"]:
        house.said("effects", "acknowledge", effect["id"])
    house.decide("release", "uma", "rita", "")
    done = house.told("case", "uma")
    assert done["letters"][-1]["id"].endswith("/hold_ended")
    begun = {effect["id"] for effect in done["effects"] if not effect["undoes"]}
    assert {effect["undoes"] for effect in done["effects"] if effect["undoes"]} == begun
    again = house.said(*house.deciding("hold", "uma", "rex", WHY, "--ground", "fraud_in_progress"), code=8)
    assert "there was a hold in this case" in again


def test_a_hold_ends_by_itself(house: OpenedDoors) -> None:
    """After seven business days nobody needs to do anything."""
    house.propose("uma", "circumvention", "warn")
    house.decide("hold", "uma", "rex", "a fraud seems to run", "--ground", "fraud_in_progress")
    house.wait(9)
    assert house.told("case", "uma")["holds"][0]["released_at"] == "2024-01-10T00:00:00Z"


def test_a_mediator_speaks(house: OpenedDoors) -> None:
    """A representative files, a mediator joins and speaks, the house answers by letter, all of it dated."""
    house.propose("hal", "mismatch", "warn")
    house.decide("confirm", "hal", "rex", WHY)
    token = house.read("hal", "warning")
    house.said("appeal", "file", "--token", token, "--text", "For Hal: he was ill", "--by", "representative")
    house.said("appeal", "join", "--token", token, "--name", "Advice Centre", "--role", "mediator")
    house.said("appeal", "say", "--token", token, "--text", "We propose three months", "--by", "mediator")
    assert "may not write to a member" in house.said(
        "appeal", "say", "--case", "hal", "--as", "art", "--text", "no", code=8
    )
    house.said("appeal", "say", "--case", "hal", "--as", "rita", "--text", "We shall look at it")
    shown = house.told("appeal", "show", "--token", token)
    assert [turn["by"] for turn in shown["dialogue"]] == ["representative", "member", "mediator", "staff"]
    assert shown["appeals"][0]["parties"] == ["mediator"]
    assert shown["letters"][-1]["id"].endswith("/appeal_turn")
