"""Who lives together is nobody's proof: cases I and J, and a household of five with one who circumvents (R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.lab.linkage.population import populate
from tests.conformance.outside import receiver
from tests.journeys.crowd import Town
from tests.journeys.doors import Doors
from tests.journeys.story import Story

FIVE = ("hana", "idris", "jun", "kali", "liam")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three thousand strangers."""
    folder = tmp_path_factory.mktemp("crowd")
    populate(folder, 3_000, seed=5)
    return folder


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crowd: Path) -> Town:
    """A house that has published nothing, in a town."""
    return Town(Doors(tmp_path, monkeypatch), Story(), crowd)


def test_a_household_of_five_with_one_who_circumvents(town: Town) -> None:
    """Same address, network, tablet and family name: the four others have no case, in no procedure."""
    for n, name in enumerate(FIVE):
        town.lives(name, "7 Harbour Street", name=f"{name.title()} Okonkwo", birth_date=f"19{60 + 7 * n}-0{n + 1}-11")
    town.story.client("carl")
    town.story.complete()
    town.publish("circumvention", "linkage")
    for name in FIVE:
        town.story.message(33, "carl", name, "Hello, would you have time for our shop?")
    town.story.message(34, "jun", "carl", "Sure! Write me on WhatsApp, +49 151 23456789, it is quicker")
    town.story.message(35, "kali", "carl", "Let us talk here, please. I do not give out my number before a contract.")
    town.story.incident(36, "jun", "paid_outside", "a transfer for work agreed here", other_id="carl")
    town.evaluate(40)
    assert {name: town.cases(name) for name in FIVE} == {
        "hana": [],
        "idris": [],
        "jun": ["circumvention"],
        "kali": [],
        "liam": [],
    }
    assert town.cases("carl") == []  # he asked for nothing and named nothing


def test_the_client_offers_and_the_freelancer_declines(town: Town) -> None:
    """The side that offered is told the rule; who received and who declined has done nothing (R14)."""
    town.lives("dana", "1 Hill Road", name="Dana Weiss", birth_date="1988-02-03")
    town.story.client("carl")
    town.story.complete()
    town.publish("circumvention")
    town.story.message(33, "carl", "dana", "Mail me at carl.shop@gmail.com, then we need no fees")
    town.story.message(34, "dana", "carl", "Sorry, I would rather stay on the platform")
    town.evaluate(40)
    assert town.cases("dana") == []
    assert town.cases("carl") == ["circumvention"]
    case = town.doors.case(town.case("carl"))
    assert [(m["step"], m["items"][0]["offered_by"]) for m in case["measures"]] == [("educate", "carl")]


def test_case_i(town: Town) -> None:
    """The brother is left alone; the twin is asked, and more than the question cannot follow, nor a hold."""
    town.lives("omar", "5 Mill Lane", -400, name="Omar Haddad", birth_date="1990-05-01", phone="+49 30 5551234")
    town.lives("karim", "5 Mill Lane", -200, name="Karim Haddad", birth_date="1993-11-17")
    town.lives("omer", "5 Mill Lane", -100, name="Omer Haddad", birth_date="1990-05-01", phone="+49 30 5551234")
    town.story.complete()
    town.publish("linkage")
    doors = town.doors
    with receiver() as market:
        doors.deliver_to(market)
        town.evaluate(40)
        assert (town.cases("omar"), town.cases("karim"), town.cases("omer")) == ([], [], ["linkage"])
        case = town.case("omer")
        assert doors.case(case)["stage"] == "hearing"
        doors.post()
        letter = doors.told("notices", "show", doors.case(case)["letters"][-1]["id"])["text"]
        assert "Do you have, or did you have, another account with us?" in letter
        assert "omar" not in letter.lower().replace("omar haddad", "")
        held = doors.said(
            *doors.deciding("hold", case, "rex", "it may be him", "--ground", "fraud_in_progress"), code=8
        )
        assert "nothing is urgent in a case of linkage" in held
        doors.said("appeal", "answer", "--token", doors.token(case, "hearing"), "--text", "Omar is my twin brother")
        more = doors.said(*doors.deciding("confirm", case, "rex", "they look alike to me"), code=8)
        assert "a resemblance lets ask and no more" in more
        doors.decide("refuse", case, "rex", "twins, each with papers of his own")
        doors.post()
        assert town.evaluate(41)["cases"]["proposed"] == 0  # nobody asks him again
        doors.carry_out()
        assert doors.case(case)["effects"] == []
    assert doors.told("audit", "verify")["findings"] == []


def test_who_won_an_appeal_is_not_asked_again(town: Town) -> None:
    """Twins are paid to one bank account; a warning on it is overturned, and the same link moves nothing more."""
    town.lives("omar", "5 Mill Lane", -400, name="Omar Haddad", birth_date="1990-05-01", phone="+49 30 5551234")
    twin = {"name": "Omer Haddad", "birth_date": "1990-05-01", "phone": "+49 30 5551234", "payout_hash": "p-omar"}
    town.lives("omer", "5 Mill Lane", -100, **twin)
    town.story.complete()
    town.publish("linkage")
    doors = town.doors
    with receiver() as market:
        doors.deliver_to(market)
        town.evaluate(40)
        case = town.case("omer")
        doors.post()
        doors.said("appeal", "answer", "--token", doors.token(case, "hearing"), "--text", "we share a bank account")
        doors.decide("confirm", case, "rex", "one bank account is one person's")
        doors.post()
        doors.said("appeal", "file", "--token", doors.token(case, "warning"), "--text", "here are both our passports")
        said = ("--reason", "they are two people", "--opened", "proof=90", "--flaw", "evidence")
        doors.said("appeal", "remeasure", case, town.market(41))
        doors.told("appeal", "decide", "reverse", case, *said, "--as", "sol")
        doors.post()
        assert town.evaluate(45)["measures"]["warn"] == 0
        town.lives("third", "5 Mill Lane", 46, **twin)
        assert town.evaluate(50)["measures"]["warn"] == 1
        assert (town.cases("omar"), town.cases("third")) == ([], ["linkage"])


def test_case_j(town: Town) -> None:
    """A relative posts from her account: guidance, then the ladder, for that account and for nobody else."""
    family = ("mara", "nils", "olga")
    for n, name in enumerate(family):
        town.lives(name, "9 Garden Row", name=f"{name.title()} Lindqvist", birth_date=f"19{70 + 6 * n}-0{n + 3}-21")
    town.story.complete()
    town.publish("linkage")
    doors = town.doors

    def used(day: float) -> None:
        town.story.incident(day, "mara", "used_by_another", "her nephew wrote the proposals of that week")

    with receiver() as market:
        doors.deliver_to(market)
        used(33)
        town.evaluate(40)
        case = town.case("mara")
        assert doors.case(case)["measures"][0]["step"] == "educate"
        doors.post()
        used(50)
        town.evaluate(60)
        assert doors.case(case)["stage"] == "hearing"  # asked before the warning as well (R15)
        doors.post()
        doors.said("appeal", "answer", "--token", doors.token(case, "hearing"), "--text", "I was in hospital")
        doors.decide("confirm", case, "rex", "it went on after the guidance; she may name a helper")
        doors.post()
        assert doors.case(case)["in_force"] == "warn"
        used(155)
        town.evaluate(160)
        assert doors.case(case)["waiting"] == "restrict"
    assert [town.cases(name) for name in family] == [["linkage"], [], []]
