"""`evaluate --store`, `tick` and `audit` as a shell meets them: a run binds only where it may (S9, E5)."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.journeys.doors import Doors
from tests.journeys.story import Story, on


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """A house that has published nothing."""
    return Doors(tmp_path, monkeypatch)


@pytest.fixture
def story() -> Story:
    """Somebody who wins nothing in a hundred days, in a market that has every table."""
    story = Story()
    story.member("hal")
    for n in range(100):
        story.job(n, "hal")
    return story.complete()


def run(doors: Doors, story: Story, policy: Path, *more: object) -> str:
    """What a refused run says."""
    market = doors.market(story, 170)
    words = ("evaluate", market, "--policy", policy, "--out", doors.folder / "out", "--store", doors.store, *more)
    said = doors.said(*words, code=6)
    assert not (doors.folder / "out").exists()
    return said


def test_an_unpublished_policy_binds_nobody(doors: Doors, story: Story) -> None:
    """Nothing is opened under a text that nobody could read."""
    doors.at(170)
    assert "is not published in this store" in run(doors, story, doors.policy(0))


def test_a_policy_binds_from_its_day(doors: Doors, story: Story) -> None:
    """Published is not binding."""
    policy = doors.publish(story, 0)
    doors.at(29)
    assert "the policy binds from 2024-01-31" in run(doors, story, policy)


def test_a_look_back_authorises_nothing(doors: Doors, story: Story) -> None:
    """With an earlier `--as-of`, the run would rest on what was then, and the rest is known."""
    policy = doors.publish(story, 0)
    doors.at(170)
    assert "a look back authorises nothing" in run(doors, story, policy, "--as-of", on(60))


def test_no_time_that_has_not_come(doors: Doors, story: Story) -> None:
    """A market with rows of tomorrow is refused, unless a time is named."""
    policy = doors.publish(story, 0)
    doors.at(90)
    assert "has not come" in run(doors, story, policy)


def test_a_blind_exemption_stops_the_run(doors: Doors, story: Story) -> None:
    """Profile strict touches nobody while the table of breaks is away."""
    policy = doors.publish(story, 0)
    doors.at(170)
    del story.tables["breaks"]
    assert "`on_break` would exempt nobody: the market lacks breaks" in run(doors, story, policy)


def test_a_later_version_takes_over(doors: Doors, story: Story) -> None:
    """Once the next version binds, the one before it does not."""
    first = doors.publish(story, 0)
    second = doors.publish(story, 40, version="2")
    doors.at(170)
    assert "`activity` 2 binds since" in run(doors, story, first)
    assert doors.evaluate(story, second, 170)["study"] is False


def test_evidence_from_before_publication_is_refused(doors: Doors, story: Story) -> None:
    """Nobody is judged by what they did before they could know (R1)."""
    policy = doors.publish(story, 0, evidence_from="2023-12-01")
    doors.at(170)
    assert "evidence from before publication counts" in run(doors, story, policy)


def test_a_second_run_proposes_nothing_twice(doors: Doors, story: Story) -> None:
    """The same day, the next day: the case waits for a person, and is the only one."""
    policy = doors.publish(story, 0)
    first = doors.evaluate(story, policy, 170)
    again = doors.evaluate(story, policy, 170)
    later = doors.evaluate(story, policy, 171)
    assert [each["cases"]["proposed"] for each in (first, again, later)] == [1, 0, 0]
    assert (first["study"], first["measures"]["warn"], later["measures"]["warn"]) == (False, 1, 0)
    assert doors.told("audit", "verify")["cases"] == 1


def test_tick_says_what_it_did(doors: Doors, story: Story) -> None:
    """Nothing is due at first; thirty days without a decision let the proposal lapse; each tick signs."""
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 170)
    assert doors.told("tick")["moved"] == 0
    doors.at(201)
    done = doors.told("tick")
    assert (done["moved"], done["admitted"], done["stuck"]) == (1, 0, {})
    assert "0 cases moved" in doors.said("tick")


def test_a_changed_byte_is_named(doors: Doors, story: Story) -> None:
    """`audit verify` ends with 10 and names the entry; so does an export of the changed log."""
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 170)
    doors.said("tick")
    log = doors.folder / "log.jsonl"
    doors.said("audit", "export", "--out", log)
    assert doors.told("audit", "verify", "--log", log)["findings"] == []
    with sqlite3.connect(doors.folder / "cases.db") as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        connection.execute('update entries set body = replace(body, \'"step":"warn"\', \'"step":"limit"\')')
    said = doors.said("audit", "verify", code=10)
    assert "/2" in said
    forged = doors.folder / "forged.jsonl"
    forged.write_text(log.read_text().replace('"wins":0', '"wins":40'))
    findings = json.loads(doors.said("audit", "verify", "--log", forged, "--json", code=10).splitlines()[0])["findings"]
    assert {finding["number"] for finding in findings} >= {2}
    assert any("the policy comes to `none`" in finding["what"] for finding in findings)


def test_who_is_forgotten_stays_verifiable(doors: Doors, story: Story) -> None:
    """Only an administrator forgets somebody; afterwards every hash and every decision still holds."""
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 170)
    assert "may not erase" in doors.said("audit", "erase", "hal", "--as", "rex", code=8)
    doors.said("audit", "erase", "hal", "--as", "ada")
    found = doors.told("audit", "verify")
    assert (found["findings"], found["decisions"]) == ([], 1)


def test_without_settings_or_key_nothing_begins(doors: Doors) -> None:
    """Each refusal names the file and what to do."""
    nowhere = doors.folder / "nowhere.toml"
    assert "there are no settings here" in doors.said("tick", "--settings", nowhere, code=6)
    (doors.folder / "evenhand.pem").unlink()
    assert "the signing key is not there" in doors.said("tick", code=6)
    settings = doors.folder / "evenhand.toml"
    settings.write_text(settings.read_text().replace("{token}", ""))
    assert "an appeal must not need the account" in doors.said("tick", code=6)
    settings.write_text("colour = 'red'\n")
    assert "`appeal_link` is missing" in doors.said("tick", code=6)
    settings.write_text("= 1")
    assert "cannot be read" in doors.said("tick", code=6)
