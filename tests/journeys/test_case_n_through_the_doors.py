"""Case N: paused, appealed, reversed: all is put back within days, and the like case is looked at again (R35, R36)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.outside import Receiver, receiver
from tests.journeys.doors import Doors
from tests.journeys.story import Story

MEMBERS = ("hal", "ida")


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """A house that has published nothing."""
    return Doors(tmp_path, monkeypatch)


def everybody(doors: Doors, stage: str, act: str, person: str) -> list[str]:
    """Decide on every case of a stage, each for itself; which cases those were."""
    cases = [str(found["case_id"]) for found in doors.told("cases", "--stage", stage)["cases"]]
    for case in cases:
        doors.decide(act, case, person, "no win in so many decisions")
    return cases


def limited(doors: Doors, market: Receiver) -> tuple[Story, Path, list[str]]:
    """Two members who win nothing, warned and then limited for sixty days."""
    story = Story()
    for member in MEMBERS:
        story.member(member)
        for n in range(200):
            story.job(n, member)
        for n in range(30):
            story.job(250 + 3 * n, member)
    story.complete()
    doors.deliver_to(market)
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 249)
    cases = everybody(doors, "review", "confirm", "rex")
    doors.post()
    doors.evaluate(story, policy, 390)
    doors.post()
    doors.at(405)  # nobody answered in fourteen days
    doors.said("tick")
    assert everybody(doors, "review", "confirm", "rex") == cases
    doors.post()
    doors.at(436)
    doors.said("tick")
    doors.carry_out()
    assert {doors.case(case)["in_force"] for case in cases} == {"limit"}
    return story, policy, cases


def test_case_n(doors: Doors) -> None:
    """An answer by somebody who had no part, on today's evidence; every effect undone; the other case flagged."""
    with receiver() as market:
        story, policy, (first, second) = limited(doors, market)
        token = doors.token(first, "in_force")
        doors.at(440)
        proof = doors.folder / "proof.pdf"
        proof.write_bytes(b"%PDF-1.7 what the clinic says")
        doors.said("appeal", "file", "--token", token, "--text", "I was ill all year", "--attach", proof)
        again = doors.said("appeal", "file", "--token", token, "--text", "once more", code=8)
        assert "an appeal against it is open" in again
        doors.post()
        doors.said("appeal", "say", "--case", first, "--as", "rita", "--text", "Since when were you ill?")
        doors.post()
        doors.said("appeal", "say", "--token", doors.token(first, "appeal_turn"), "--text", "Since January")
        doors.said("appeal", "join", "--token", token, "--name", "Advice Centre", "--role", "mediator")
        shown = doors.told("appeal", "show", "--token", token)
        assert [turn["by"] for turn in shown["dialogue"]] == ["member", "staff", "member", "member"]
        assert "rita" not in str(shown)

        answer = ("reverse", first, "--reason", "they were ill, which we could not know", "--opened", "proof=90")
        early = doors.said("appeal", "decide", *answer, "--as", "rita", code=8)
        assert "the evidence was not measured anew" in early
        doors.said("appeal", "remeasure", first, doors.market(story, 440))
        partial = doors.said("appeal", "decide", *answer, "--as", "rex", code=8)
        assert "an appeal is decided by somebody else" in partial
        told = doors.told("appeal", "decide", *answer, "--as", "sol", "--flaw", "evidence")
        assert "like cases were answered otherwise" in told["differs"]
        doors.carry_out()
        doors.post()
        restored = doors.case(first)
        assert restored["in_force"] == "none"
        assert restored["letters"][-1]["id"].endswith("/restored")
        undone = {effect["undoes"] for effect in restored["effects"] if effect["undoes"]}
        assert undone == {effect["id"] for effect in restored["effects"] if not effect["undoes"]}
        assert all(effect["acknowledged_at"] for effect in restored["effects"])

        assert doors.case(second)["stage"] == "recheck"  # the like case was flagged
        flagged = doors.told("policy", "flagged")["rules"]
        assert [(rule["step"], rule["reversals"], rule["flaws"]) for rule in flagged] == [("limit", 1, {"evidence": 1})]
        doors.at(455)  # nobody looked at it in fourteen days
        doors.said("tick")
        assert doors.case(second)["in_force"] == "warn"
        for n in range(20):  # the other one goes on proposing, and wins nothing
            story.job(405 + 2 * n, doors.case(second)["account_id"])
        doors.evaluate(story, policy, 456)
        asked = {found["case_id"] for found in doors.told("cases", "--stage", "hearing")["cases"]}
        assert asked == {second}  # for who was restored, a new episode begins with nothing (S4)
    assert doors.told("audit", "verify")["findings"] == []


def test_an_unanswered_appeal_ends_the_measure(doors: Doors) -> None:
    """Fourteen days without an answer: the measure lapses, whoever was right (R34)."""
    with receiver() as market:
        _, _, (first, _) = limited(doors, market)
        doors.at(440)
        doors.said("appeal", "file", "--token", doors.token(first, "in_force"), "--text", "I was ill all year")
        doors.at(455)
        doors.said("tick")
        assert doors.case(first)["measures"][-1]["ended_by"] == "lapsed"


def test_an_answer_in_part(doors: Doors) -> None:
    """The limit ends earlier; the member reads why."""
    with receiver() as market:
        story, _, (first, _) = limited(doors, market)
        doors.at(440)
        doors.said("appeal", "file", "--token", doors.token(first, "in_force"), "--text", "I was ill in part")
        doors.said("appeal", "remeasure", first, doors.market(story, 440))
        words = ("partly", first, "--as", "sol", "--reason", "half of it was illness", "--opened", "proof=30")
        doors.said("appeal", "decide", *words, "--until", "2025-03-20")
        measure = doors.case(first)["measures"][-1]
        assert (measure["until"], measure["ended_at"]) == ("2025-03-20T00:00:00Z", None)
