"""`evenhand decide`: by whom, on what they looked at, and once."""

from __future__ import annotations

import io
import sys
from datetime import timedelta

import pytest
import typer

from tests.surfaces.opened import OpenedDoors

WHY = "no win in two hundred decisions"


class Terminal(io.StringIO):
    """Standard input as a terminal, at which somebody types."""

    def isatty(self) -> bool:
        """Whether somebody can be asked."""
        return True


def test_a_warning_is_confirmed_once(house: OpenedDoors) -> None:
    """The second click finds nothing to decide, and adds nothing."""
    case = house.propose("hal", "mismatch", "warn")
    assert house.decide("confirm", case, "rex", WHY)["stage"] == "in_force"
    before = house.stands(case).last.number
    assert "no proposal waits for a person" in house.said(*house.deciding("confirm", case, "rita", WHY), code=8)
    assert house.stands(case).last.number == before


def test_the_wrong_person(house: OpenedDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the role, without the passphrase, without a name on record: refused, each for its reason."""
    case = house.propose("hal", "mismatch", "warn")
    assert "`art` may not confirm `warn`" in house.said(*house.deciding("confirm", case, "art", WHY), code=8)
    assert house.said(*house.deciding("confirm", case, "zoe", WHY), code=7)
    monkeypatch.setenv("EVENHAND_PASSPHRASE", "another one")
    assert house.said(*house.deciding("confirm", case, "rex", WHY), code=7)


def test_who_looked_at_nothing_decides_nothing(house: OpenedDoors) -> None:
    """A script states what was opened, for longer than no time, and a reason of three words (R22)."""
    case = house.propose("hal", "mismatch", "warn")
    words = ("decide", "confirm", case, "--as", "rex", "--reason", WHY)
    assert "nothing says what was looked at" in house.said(*words, code=8)
    assert "nothing was opened" in house.said(*words, "--opened", "evidence=0", code=8)
    assert "write `evidence=40`" in house.said(*words, "--opened", "evidence", code=2)
    assert "the reason is not one" in house.said(*house.deciding("confirm", case, "rex", "no"), code=8)
    assert house.stands(case).waiting


def test_an_unknown_act(house: OpenedDoors) -> None:
    """What can be done is told."""
    said = house.said(*house.deciding("punish", "hal", "rex", WHY), code=2)
    assert "`punish` is no act; acts are ask, confirm" in said


def test_warnings_are_confirmed_together(house: OpenedDoors) -> None:
    """Several at a time, each with its own entry; any other step is decided alone (S6)."""
    names = [house.propose(f"m{n}", "mismatch", "warn") for n in range(3)]
    words = ("--as", "rex", "--reason", WHY, "--opened", "evidence=60")
    house.said("decide", "confirm", *names, *words)
    assert [house.stands(name).last.kind for name in names] == ["warned"] * 3
    urgent = house.propose("uma", "circumvention", "limit", urgent="fraud_in_progress")
    more = [house.propose("m4", "mismatch", "warn"), urgent]
    assert "only warnings are confirmed several at a time" in house.said("decide", "confirm", *more, *words, code=8)
    assert house.stands("m4").waiting


def test_two_people_close_an_account(house: OpenedDoors) -> None:
    """The second signature is another person's, and a senior's (S6)."""
    case = house.propose("uma", "circumvention", "close", urgent="fraud_in_progress")
    assert house.decide("confirm", case, "rex", WHY)["stage"] == "second"
    assert "may not confirm" in house.said(*house.deciding("confirm", case, "rita", WHY), code=8)
    house.decide("confirm", case, "sol", WHY)
    assert house.told("case", case)["in_force"] == "close"


def test_lightened_to_a_step_of_the_policy(house: OpenedDoors) -> None:
    """The milder step has the terms of the published text; one that the policy lacks is refused with those it has."""
    case = house.propose("uma", "circumvention", "close", urgent="fraud_in_progress")
    said = house.said(*house.deciding("lighten", case, "rex", WHY, "--step", "ban"), code=8)
    assert "its steps are `educate`, `warn`" in said
    house.decide("lighten", case, "rex", WHY, "--step", "warn")
    assert [(m.step, m.ended_by) for m in house.stands(case).measures] == [("close", "refused"), ("warn", None)]


def test_a_measure_is_eased(house: OpenedDoors) -> None:
    """Without naming it, the measure in force is meant; the earlier end lies between now and its end."""
    case = house.limited("hal")
    until = (house.now + timedelta(days=10)).date()
    late = (house.now + timedelta(days=300)).date()
    assert "not an earlier end" in house.said(*house.deciding("ease", case, "rex", WHY, "--until", late), code=8)
    house.decide("ease", case, "rex", "a course was taken", "--until", until)
    assert str(house.stands(case).measures[-1].until) == f"{until} 00:00:00"
    assert "is not up for a review" in house.said(*house.deciding("keep", case, "rex", WHY), code=8)
    assert "something waits or is in force" in house.said(*house.deciding("close", case, "rex", WHY), code=8)


def test_like_cases_decided_otherwise_are_told(house: OpenedDoors) -> None:
    """Two of a kind were refused; who confirms the third is told so, and may (R33)."""
    for name in ("m1", "m2"):
        house.propose(name, "mismatch", "warn")
        house.decide("refuse", name, "rex", "the category has no clients")
    case = house.propose("m3", "mismatch", "warn")
    assert [p["answer"] for p in house.told("case", case)["precedents"]] == ["refused", "refused"]
    told = house.decide("confirm", case, "rita", WHY)
    assert "2 of 2 like cases were answered otherwise" in told["differs"]


def test_a_question_that_is_no_text(house: OpenedDoors) -> None:
    """What a shell passes on of a broken encoding becomes no letter."""
    case = house.propose("hal", "mismatch", "warn")
    said = house.said(*house.deciding("ask", case, "rex", "", "--question", "Ill \udcff?"), code=8)
    assert "a text that is none" in said
    assert not house.stands(case).measures[0].questioned


def typing(house: OpenedDoors, monkeypatch: pytest.MonkeyPatch, meanwhile: str | None = None) -> list[str]:
    """Somebody sits at a terminal, ten minutes over each section; `meanwhile` is a link that its member uses then."""
    asked: list[str] = []

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        house.now += timedelta(minutes=10)
        if meanwhile and len(asked) == 1:
            house.said("appeal", "answer", "--token", meanwhile, "--text", "I was ill")
        return WHY if text.startswith("Why") else ""

    monkeypatch.setattr(typer, "prompt", prompt)
    monkeypatch.setattr(sys, "stdin", Terminal())
    return asked


def test_a_terminal_shows_the_case_and_takes_the_time(house: OpenedDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Section by section, and the decision is dated when it was made, not when the reading began."""
    ticks = iter(range(0, 10_000, 7))
    monkeypatch.setattr("evenhand.wiring.stopwatch", lambda: lambda: float(next(ticks) % 7 + 7))
    case = house.propose("hal", "mismatch", "warn")
    asked, began = typing(house, monkeypatch), house.now
    house.said("decide", "confirm", case, "--as", "rex")
    confirmed = next(entry for entry in house.stands(case).entries if entry.kind == "confirmed")
    opened = {item["what"]: item["seconds"] for item in confirmed.body["opened"]}  # type: ignore[union-attr, index, call-overload]  # JSON
    assert (opened.keys() >= {"case", "measures", "evidence"}, set(opened.values())) == (True, {7})
    assert confirmed.body["reason"] == WHY
    assert confirmed.at == began + timedelta(minutes=10 * len(asked))


def test_nobody_decides_on_an_answer_unread(house: OpenedDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody read, the member answered: the decision is refused until that is read too."""
    monkeypatch.setattr("evenhand.wiring.stopwatch", lambda: lambda: 5.0)
    case = house.propose("hal", "mismatch", "warn")
    house.decide("ask", case, "rex", "", "--question", "Is the category the right one?")
    token = house.read(case, "question")
    typing(house, monkeypatch, meanwhile=token)
    assert "somebody wrote since you looked" in house.said("decide", "refuse", case, "--as", "rex", code=8)
    assert house.stands(case).waiting
    house.decide("refuse", case, "rex", "they were ill, they say")
