"""`evenhand notices` and `evenhand effects` as a shell meets them: every channel, every refusal."""

from __future__ import annotations

import hashlib
import io
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from evenhand.conformance.store.course import with_people
from evenhand.errors import RunRefused
from evenhand.surfaces.cli.app import run
from evenhand.wiring.delivery import postman
from tests.conformance.outside import mail_server, receiver
from tests.conformance.test_bounces import NAME, postfix
from tests.conformance.test_delivery import paused, warned
from tests.journeys.doors import Doors
from tests.story.process.world import PEOPLE, START


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """A house whose clock stands at the beginning of the made-up cases."""
    return Doors(tmp_path, monkeypatch, now=START)


def configure(doors: Doors, *lines: str) -> None:
    """Write `[delivery]` into the settings."""
    with (doors.folder / "evenhand.toml").open("a") as settings:
        settings.write("\n".join(["[delivery]", *lines, ""]))


def test_a_letter_on_the_screen(doors: Doors) -> None:
    """Without settings it is printed, once, and JSON stays JSON; it can be read again with a hash that holds."""
    case = warned(doors.office, "ana")
    said = doors.said("notices", "send")
    assert f"To ana ({case}/4/warning)" in said
    assert "1 sent, 0 to be tried again, 0 cannot arrive" in said
    assert doors.told("notices", "send") == {"handed": 0, "later": 0, "failed": 0}
    assert "1 attempts, no proof that it arrived" in doors.said("notices", "list", case)
    letter = doors.told("notices", "show", f"{case}/4/warning")
    whole = f"{letter['subject']}\n{letter['text']}\n{letter['html']}"
    assert letter["hash"] == hashlib.sha256(whole.encode()).hexdigest()
    assert f"sha256 {letter['hash']}" in doors.said("notices", "show", f"{case}/4/warning")


def test_json_is_not_mixed_with_letters(
    doors: Doors, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--json` the letter goes to standard error."""
    warned(doors.office, "ana")
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    assert run(["notices", "send", "--json"]) == 0
    assert capsys.readouterr().out.startswith("{")
    assert "To ana" in err.getvalue()


def test_a_letter_by_mail_and_back(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the address in the marketplace's table, beside the settings; a report from standard input takes it back."""
    (doors.folder / "people.csv").write_text("account_id,email\nana,ana@f.example\n")
    case = warned(doors.office, "ana")
    with mail_server() as server:
        lines = ['channel = "smtp"', 'host = "127.0.0.1"', f"port = {server.port}", "starttls = false"]
        configure(doors, *lines, 'sender = "Fairlance <p@f.example>"', 'addresses = "people.csv"')
        assert doors.told("notices", "send")["handed"] == 1
    assert server.recipients == ["ana@f.example"]
    report = postfix("{action}", "5.1.1").replace(NAME, f"{case}/4/warning")
    late, failed = (report.replace("{action}", action).encode() for action in ("delayed", "failed"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(late)))
    assert doors.told("notices", "bounce") == {"bounced": None}
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(failed)))
    assert doors.told("notices", "bounce") == {"bounced": f"{case}/4/warning"}
    assert doors.office.case(case, START).last.kind == "bounced"
    (doors.folder / "other.eml").write_bytes(failed.replace(case.encode(), b"mismatch-of-another-house"))
    assert "has left" in doors.said("notices", "bounce", doors.folder / "other.eml", code=8)
    assert "no letter is called so" in doors.said("notices", "show", f"{case}/99/warning", code=8)


def test_effects_are_sent_and_acknowledged(doors: Doors) -> None:
    """One by hand, the rest by the receiver's 2xx; each is listed with what came of it."""
    with_people(doors.office.store, *(PEOPLE.keys() - {"rex", "rita", "sol", "art"}))
    case, doors.now = paused(doors.office.store)
    assert "`effects_url` is missing" in doors.said("effects", "send", code=6)
    listed = doors.told("effects", "list", case)["effects"]
    waiting = [effect["id"] for effect in listed if effect["acknowledged_at"] is None]
    assert doors.told("effects", "acknowledge", waiting[0]) == {"case_id": case, "acknowledged": waiting[0]}
    with receiver(503) as there:
        configure(doors, f'effects_url = "{there.url}"')
        assert doors.told("effects", "send") == {"acknowledged": len(waiting) - 2, "later": 1}
        doors.now += timedelta(hours=1)
        assert doors.said("effects", "send").startswith("1 acknowledged, 0 to be told again")
        assert {headers["webhook-id"] for headers, _ in there.calls} == {*waiting[1:]}
    assert "not yet" not in doors.said("effects", "list", case)
    assert "no effect is called" in doors.said("effects", "acknowledge", f"{case}/1/proposing", code=8)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"chanel": "smtp"}, "`chanel` is no setting"),
        ({"channel": "pigeon"}, "`pigeon` is no channel"),
        ({"port": "25"}, "`port` is '25'"),
        ({"port": True}, "`port` is True"),
        ({"channel": "smtp", "sender": "p@f.example", "addresses": "x"}, "`host` is missing"),
        ({"channel": "smtp", "host": "h", "addresses": "x"}, "`sender` is missing"),
        ({"channel": "smtp", "host": "h", "sender": "nobody", "addresses": "x"}, "`nobody` is no sender"),
        ({"channel": "smtp", "host": "h", "sender": "p@f.example"}, "`addresses` is missing"),
        ({"channel": "webhook"}, "`url` is missing"),
        ({"channel": "webhook", "url": "ftp://f.example"}, "`ftp://f.example` is no address of a receiver"),
        ({"channel": "webhook", "url": "https:///hooks"}, "`https:///hooks` is no address of a receiver"),
    ],
)
def test_settings_that_do_not_hold(
    settings: dict[str, object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is refused by name before anything leaves."""
    monkeypatch.setenv("EVENHAND_WEBHOOK_SECRET", "whsec_YSBzZWNyZXQ=")
    with pytest.raises(RunRefused, match=said):
        postman(settings, tmp_path, sys.stdout)


@pytest.mark.parametrize(
    ("secret", "said"),
    [("", "no secret signs"), ("hunter2", "is none"), ("whsec_", "is none"), ("whsec_%%", "is none")],
)
def test_a_webhook_needs_a_secret(secret: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment, in the form of Standard Webhooks."""
    monkeypatch.setenv("EVENHAND_WEBHOOK_SECRET", secret)
    with pytest.raises(RunRefused, match=said):
        postman({"channel": "webhook", "url": "https://f.example"}, tmp_path, sys.stdout)
