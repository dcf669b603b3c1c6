"""Case H without a database: warned, heard, limited, heard, paused, and back; each step in the words of its acts."""

from __future__ import annotations

import pytest

from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.delivering import acknowledge, answer, deliver
from evenhand.decisions.case.head import head
from evenhand.decisions.case.lines import lines
from evenhand.decisions.case.portfolio import admit
from evenhand.decisions.case.proposing import propose
from evenhand.decisions.case.reviewing import keep
from evenhand.decisions.ledger import standing
from evenhand.errors import ActRefused
from tests.story.process.world import LOOKED, PEOPLE, POLICIES, House, proposal

HAL = "hal-1"


@pytest.fixture
def house() -> House:
    """A house with Hal's case, opened and nothing else."""
    house = House()
    house.open(HAL, "hal", "mismatch")
    return house


def proposed(house: House, step: str) -> None:
    """The engine proposes a step."""
    house.act(HAL, lambda case, now: propose(case, proposal("mismatch", step), now))


def arrived(house: House) -> None:
    """The latest message arrives."""
    name = house.messages[-1].id
    house.act(HAL, lambda case, now: deliver(case, name, "email", {"smtp": 250}, now))


def confirmed(house: House) -> None:
    """Rex looks, and confirms."""
    house.act(HAL, lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now))


def acknowledged(house: House) -> None:
    """The marketplace does all that it was told."""
    for issued in house.case(HAL).effects:
        house.act(HAL, lambda case, now, name=issued.event.id: acknowledge(case, name, now))  # type: ignore[misc]  # a default in a lambda


def warned(house: House) -> None:
    """A warning, delivered, with its ninety days gone."""
    proposed(house, "warn")
    confirmed(house)
    arrived(house)
    house.wait(90)


def limited(house: House) -> None:
    """A limit, heard, noticed for thirty days, in force."""
    warned(house)
    proposed(house, "limit")
    arrived(house)
    house.act(HAL, lambda case, now: answer(case, "I was ill in spring", now))
    confirmed(house)
    arrived(house)
    house.wait(30)
    acknowledged(house)


def kinds(house: House) -> list[str]:
    """The kinds of all entries but delivery and acknowledgement."""
    return [e.kind for e in house.cases[HAL] if e.kind not in {"delivered", "acknowledged", "opened"}]


def test_a_warning_needs_one_person_and_takes_nothing(house: House) -> None:
    """Proposed by the engine, confirmed by a person, sent; the marketplace is told nothing."""
    warned(house)
    assert kinds(house) == ["proposed", "confirmed", "warned"]
    assert house.effects == []
    assert house.case(HAL).standing(house.now).served.keys() == {"warn"}


def test_nothing_follows_before_the_cure_period_is_over(house: House) -> None:
    """A day short of ninety, the next step is too early (R18)."""
    proposed(house, "warn")
    confirmed(house)
    arrived(house)
    house.wait(89)
    with pytest.raises(ActRefused, match="too early"):
        proposed(house, "limit")


def test_a_warning_that_never_arrived_lapses(house: House) -> None:
    """No proof of delivery, no warning: nothing can be built on it (R18)."""
    proposed(house, "warn")
    confirmed(house)
    house.wait(14)
    assert kinds(house)[-1] == "lapsed"
    assert house.case(HAL).standing(house.now).in_force == "none"


def test_a_limit_runs_its_sixty_days_and_is_undone(house: House) -> None:
    """Heard, confirmed, thirty days' notice, sixty days, over: the budget is what it was."""
    limited(house)
    assert (head(house.case(HAL)).stage, head(house.case(HAL)).step) == ("in_force", "limit")
    (limit,) = house.effects
    assert (limit.name, limit.value, limit.undoes) == ("proposals_per_month", 10, None)
    house.wait(60)
    assert kinds(house)[3:] == ["proposed", "answered", "confirmed", "imposed", "expired"]
    assert house.effects[-1].undoes == limit.id
    assert house.messages[-1].notice["notice"] == "ended"


def test_who_says_nothing_is_heard_when_the_time_for_it_has_run(house: House) -> None:
    """Fourteen days from delivery; not a day earlier may anybody confirm (R23)."""
    warned(house)
    proposed(house, "limit")
    arrived(house)
    house.wait(13)
    with pytest.raises(ActRefused, match="not heard yet"):
        confirmed(house)
    house.wait(1)
    confirmed(house)
    assert kinds(house)[-2:] == ["unanswered", "confirmed"]


def test_the_pause_waits_for_the_set_and_ends_unless_somebody_looks_again(house: House) -> None:
    """Confirmed, admitted to the set, noticed, in force; kept once at its review, forgotten at the next, so it ends."""
    limited(house)
    house.wait(60)
    acknowledged(house)
    proposed(house, "pause")
    arrived(house)
    house.wait(14)
    confirmed(house)
    assert head(house.case(HAL)).stage == "portfolio"
    house.act(HAL, lambda case, now: admit(case, {"hal"}, now))
    arrived(house)
    house.wait(30)
    arrived(house)
    acknowledged(house)
    pause = house.case(HAL).measures[-1].number
    house.wait(80)
    house.act(HAL, lambda case, now: keep(case, PEOPLE["rita"], pause, LOOKED, now))
    assert house.case(HAL).standing(house.now).in_force == "pause"
    house.wait(90)
    assert [kind for kind in kinds(house) if kind != "expired"][-3:] == ["imposed", "reviewed", "lapsed"]
    undone = {effect.name for effect in house.effects if effect.undoes}
    assert undone == {"proposals_per_month", "proposing", "pending_proposals"}


def test_the_ledger_says_the_same(house: House) -> None:
    """The lines that `evaluate` reads give the standing that the case has: a limit in force, a warning served (S3)."""
    limited(house)
    case = house.case(HAL)
    told = standing(list(lines(case)), POLICIES["mismatch"], house.now)
    assert (told.in_force, told.pending, set(told.served), told.episode) == ("limit", "none", {"warn"}, 1)
    assert (case.standing(house.now).in_force, dict(case.standing(house.now).served)) == ("limit", dict(told.served))


def test_the_episode_closes_thirty_days_after_its_last_measure(house: House) -> None:
    """Then a new case may be opened, and it starts afresh (S4)."""
    limited(house)
    arrived(house)
    house.wait(60)
    acknowledged(house)
    house.wait(305)
    house.wait(30)
    assert kinds(house)[-1] == "closed"
    assert house.case(HAL).standing(house.now).episode == 2
    assert head(house.case(HAL)).stage == "closed"
