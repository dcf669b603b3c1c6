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


def test_rows_of_tomorrow_are_not_seen(doors: Doors, story: Story) -> None:
    """A clock that goes ahead somewhere makes no market useless: the run sees what there is now."""
    policy = doors.publish(story, 0)
    story.member("from tomorrow", registered=175)
    doors.at(170)
    out = ("--out", doors.folder / "out", "--store", doors.store)
    said = doors.told("evaluate", doors.market(story, 176), "--policy", policy, *out)
    assert said["summary"]["as_of"] == "2024-06-19T00:00:00Z"
    assert said["summary"]["cases"]["proposed"] == 1


def test_an_old_market_binds_nobody(doors: Doors, story: Story) -> None:
    """A forgotten copy is a look back as well."""
    policy = doors.publish(story, 0)
    doors.at(200)
    assert "nobody is judged by what was so long ago" in run(doors, story, policy)


def test_what_waits_lapses_where_the_evidence_has_turned(doors: Doors, story: Story) -> None:
    """The member wins while the warning waits for a person: the next run lets it lapse."""
    policy = doors.publish(story, 0)
    doors.evaluate(story, policy, 170)
    case = doors.waiting("review")
    for n in range(60):
        story.job(100 + n, "hal", hired="hal")
    cases = doors.evaluate(story, policy, 195)["cases"]
    assert cases["outdated"] == 1
    measure = doors.case(case)["measures"][0]
    assert measure["ended_by"] == "lapsed"


def test_the_store_is_for_its_owner_alone(doors: Doors, story: Story) -> None:
    """It holds the keys under which personal fields are sealed."""
    doors.publish(story, 0)
    assert {path.stat().st_mode & 0o077 for path in doors.folder.glob("cases.db*")} == {0}


def test_the_last_administrator_stays(doors: Doors) -> None:
    """Nobody locks the house from inside; names and passphrases are such."""
    assert "the last administrator" in doors.said("people", "disable", "ada", "--as", "ada", code=8)
    assert "the last administrator" in doors.said("people", "roles", "ada", "--role", "author", "--as", "ada", code=8)
    assert "a name is letters" in doors.said("people", "add", "x: y\nz", "--role", "author", "--as", "ada", code=2)
    doors.patch.setenv("EVENHAND_NEW_PASSPHRASE", "short")
    assert "a passphrase of 5 characters" in doors.said(
        "people", "add", "eve", "--role", "author", "--as", "ada", code=8
    )


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
    assert "something is under way in it" in doors.said("audit", "erase", "hal", "--as", "ada", code=8)
    case = doors.waiting("review")
    doors.decide("refuse", case, "rex", "they were on holiday for months")
    doors.decide("close", case, "rex", "nothing is under way any more")
    doors.said("audit", "erase", "hal", "--as", "ada")
    again = doors.evaluate(story, policy, 171)["cases"]  # whom nobody may write about stops nobody else
    assert (again["proposed"], list(again["refused"])) == (0, ["hal"])
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
