"""Letters and effects on their way out, to a real mail server and a real receiver, out of every store."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evenhand.conformance.store.course import with_people
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.entry import EffectEvent, Message, Moves
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.head import head
from evenhand.decisions.case.proposing import open_case, propose
from evenhand.decisions.case.writing import moves_of
from evenhand.delivery.smtp import Server, SmtpPostman
from evenhand.delivery.webhook import Webhook
from evenhand.ports import Store
from evenhand.stores.memory.store import MemoryStore
from evenhand.stores.sql.store import open_store
from evenhand.workflows.deliver_effects import deliver_effects
from evenhand.workflows.office import Office
from evenhand.workflows.send_notices import came_back, send_notices
from evenhand.workflows.tick import tick_all
from tests.conformance.duty import office
from tests.conformance.outside import MailServer, mail_server, receiver
from tests.conformance.stores import DATABASES, signer
from tests.conformance.test_crashes import ROOT
from tests.story.process.world import LOOKED, PEOPLE, POLICIES, START, proposal
from tests.story.process.world import House as Story
from tests.story.test_due_process import go_on

SECRET = "whsec_" + base64.b64encode(b"a secret of a test").decode()
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", *DATABASES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store, with the people of the house."""
    if request.param == "memory":
        found: Store = MemoryStore(signer())
        with_people(found, *PEOPLE)
        yield found
        return
    with DATABASES[request.param](tmp_path) as url:
        opened = open_store(url, signer=signer())
        with_people(opened, *PEOPLE)
        yield opened
        opened.close()


def warned(at: Office, account: str, language: str = "en") -> str:
    """A case in which a warning was confirmed, so that a letter waits."""
    case_id = f"case of {account}".replace(" ", "-")
    moves = open_case(case_id, account, "mismatch", POLICIES["mismatch"].profile, START, regime="terms")
    at.store.append(moves, head=head(fold(moves.entries, START)))
    made = proposal("mismatch", "warn")
    made = replace(made, evidence={**made.evidence, "language": language})
    at.act(case_id, lambda case, now: propose(case, made, now), START)
    at.act(case_id, lambda case, now: confirm(case, PEOPLE["rex"], LOOKED, now), START)
    return case_id


def paused(store: Store) -> tuple[str, datetime]:
    """A case whose pause has just begun, and the time at which it did."""
    story = Story()
    story.open("case", "hal", "mismatch")
    while head(story.case("case")).step != "pause" or head(story.case("case")).stage != "in_force":
        go_on(story, "case")
    began = max(entry.number for entry in story.cases["case"] if entry.kind == "imposed")
    entries = story.cases["case"][:began]
    moves = sum((moves_of("hal", entry) for entry in entries), Moves())
    store.append(moves, head=head(fold(entries, story.now)))
    return "case", story.now


def book(accounts: Collection[str]) -> Mapping[str, str]:
    """Everybody has an address, but for `nowhere`."""
    return {account: f"{account}@mitglieder-märz.example" for account in accounts if account != "nowhere"}


def postman(server: MailServer) -> SmtpPostman:
    """A postman who goes to that server."""
    own = Server(host="127.0.0.1", port=server.port, sender="Fairlance <people@f.example>", starttls=False)
    return SmtpPostman(own, book)


def still(now: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: now


def test_a_letter_arrives_and_counts_after_three_days(store: Store) -> None:
    """Text and HTML under a Message-ID of its own; taken at once, delivered after 72 hours without a bounce (P1)."""
    at = office(store)
    case_id = warned(at, "zoe", "es")
    with mail_server() as server:
        sent = send_notices(at, postman(server), still(START))
        assert (sent.handed, send_notices(at, postman(server), still(START + DAY)).handed) == (1, 0)
    (letter,) = server.letters
    assert letter["Message-ID"] == f"<{case_id}/4/warning@f.example>"
    assert letter["Content-Language"] == "es"
    assert server.recipients == ["zoe@xn--mitglieder-mrz-hib.example"]
    plain = letter.get_body(("plain",))
    assert plain is not None
    wanted = str(store.messages(case_id)[0].message.notice["text"])
    assert plain.get_content().strip().splitlines() == wanted.strip().splitlines()
    assert letter.get_body(("html",)) is not None
    tick_all(at, START + 2 * DAY)
    assert not at.case(case_id, START + 2 * DAY).proofs
    tick_all(at, START + 3 * DAY)
    (arrived,) = at.case(case_id, START + 3 * DAY).proofs.values()
    assert arrived == START + 3 * DAY


def test_a_busy_server_is_tried_again(store: Store) -> None:
    """451, then 451, then 250: three attempts with growing pauses, one letter."""
    at = office(store)
    warned(at, "ana")
    with mail_server("451 4.3.0 later", "451 4.3.0 later") as server:
        times = [timedelta(), timedelta(minutes=4), timedelta(minutes=5), timedelta(minutes=14), timedelta(minutes=16)]
        sent = [send_notices(at, postman(server), still(START + time)) for time in times]
    assert [(each.handed, each.later) for each in sent] == [(0, 1), (0, 0), (0, 1), (0, 0), (1, 0)]
    assert len(server.letters) == 1


def test_a_refused_letter_is_given_up_and_its_measure_lapses(store: Store) -> None:
    """550 is for good: the case says that it bounced, and without proof of delivery the warning lapses (R18)."""
    at = office(store)
    case_id = warned(at, "ana")
    with mail_server("550 5.1.1 nobody here") as server:
        assert send_notices(at, postman(server), still(START)).failed == 1
        assert send_notices(at, postman(server), still(START + DAY)).failed == 0
    assert at.case(case_id, START).last.kind == "bounced"
    tick_all(at, START + 30 * DAY)
    assert at.case(case_id, START + 30 * DAY).measures[0].ended_by == "lapsed"


@pytest.mark.parametrize("account", ["nowhere", "no body", "a\r\nBcc: all"])
def test_without_a_usable_address_nothing_leaves(account: str) -> None:
    """Unknown, or no address at all, or one that would write headers of its own: failed, and nothing was sent."""
    store = MemoryStore(signer())
    with_people(store, *PEOPLE)
    at = office(store)
    warned(at, account)
    with mail_server() as server:
        assert send_notices(at, postman(server), still(START)).failed == 1
    assert server.letters == []


def test_a_letter_that_comes_back_does_not_count(store: Store) -> None:
    """A bounce within 72 hours takes the acceptance back."""
    at = office(store)
    case_id = warned(at, "ana")
    with mail_server() as server:
        send_notices(at, postman(server), still(START))
    came_back(at, f"{case_id}/4/warning", "email", "5.1.1", START + DAY)
    tick_all(at, START + 4 * DAY)
    assert not at.case(case_id, START + 4 * DAY).proofs


def test_an_unreachable_server_is_tried_again(store: Store) -> None:
    """Nobody listens: later, and nothing is lost."""
    at = office(store)
    case_id = warned(at, "ana")
    with mail_server() as server:
        pass
    assert send_notices(at, postman(server), still(START)).later == 1
    assert store.messages(case_id)[0].settled_at is None


def test_a_letter_by_webhook_is_signed_and_counts_at_once(store: Store) -> None:
    """2xx is delivery (P1); the signature is that of Standard Webhooks; 500 and a redirect are tried again."""
    at = office(store)
    case_id = warned(at, "ana")
    with receiver(500, 302) as there:
        hook = Webhook(there.url, SECRET)
        sent = [
            send_notices(at, hook, still(START + time))
            for time in (timedelta(), timedelta(hours=1), timedelta(hours=2))
        ]
    assert [(each.handed, each.later) for each in sent] == [(0, 1), (0, 1), (1, 0)]
    assert {headers["webhook-id"] for headers, _ in there.calls} == {f"{case_id}/4/warning"}
    headers, body = there.calls[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert there.told[-1]["data"]["account_id"] == "ana"
    assert list(at.case(case_id, START + DAY).proofs) == [f"{case_id}/4/warning"]


def test_a_receiver_that_is_gone_gets_nothing_more(store: Store) -> None:
    """410 ends it."""
    at = office(store)
    warned(at, "ana")
    with receiver(410) as there:
        assert send_notices(at, Webhook(there.url, SECRET), still(START)).failed == 1


def test_effects_are_told_until_acknowledged() -> None:
    """Each by its own id, again after a failure, and never after it was acknowledged."""
    with receiver(503) as there:
        hook = Webhook(there.url, SECRET)
        effect = EffectEvent(id="c/7/proposing", account_id="ana", name="proposing", value=False)
        assert [hook.carry_out(effect, START).fate for _ in range(2)] == ["later", "delivered"]
    assert there.told[0] == there.told[1]
    assert there.told[0]["data"] == {"account_id": "ana", "effect": "proposing", "value": False, "undoes": None}


def test_the_marketplace_carries_a_measure_out_and_undoes_it(store: Store) -> None:
    """A pause and its end, by webhook: what is undone is exactly what was acknowledged (R35)."""
    at = office(store)
    case_id, now = paused(store)
    waiting = {i.event.id for i in at.case(case_id, now).effects if i.acknowledged_at is None}
    with receiver(503) as there:
        hook = Webhook(there.url, SECRET)
        told = [deliver_effects(at, hook, still(now)), deliver_effects(at, hook, still(now + DAY))]
        assert [(each.acknowledged, each.later) for each in told] == [(len(waiting) - 1, 1), (1, 0)]
        assert {headers["webhook-id"] for headers, _ in there.calls} == waiting
        later = now + 91 * DAY  # nobody looked at it again, so that it lapsed
        tick_all(at, later)
        deliver_effects(at, hook, still(later))
    undone = {body["data"]["undoes"] for body in there.told} - {None}
    assert undone == {name for name in waiting if not name.endswith("/credits")}
    assert all(issued.acknowledged_at for issued in at.case(case_id, later).effects)


def test_an_effect_withdrawn_on_its_way_is_taken_back(store: Store) -> None:
    """The marketplace may have done what it never acknowledged: once the measure is over, it is told to undo it."""
    at = office(store)
    case_id, now = paused(store)
    with receiver(*[503] * 9) as there:
        hook = Webhook(there.url, SECRET)
        gone = deliver_effects(at, hook, still(now)).later
        there.answers.clear()
        later = now + 91 * DAY
        tick_all(at, later)
        issued = at.case(case_id, later).effects
        withdrawn = {one.event.id for one in issued if one.withdrawn}
        assert deliver_effects(at, hook, still(later)).acknowledged == gone
        assert deliver_effects(at, hook, still(later + DAY)).acknowledged == 0
    back = {
        body["data"]["undoes"]: headers["webhook-id"]
        for (headers, _), body in zip(there.calls, there.told, strict=True)
    }
    assert withdrawn
    assert {name: back.get(name) for name in withdrawn} == {name: f"{name}/withdrawn" for name in withdrawn}
    assert not any(one.acknowledged_at for one in issued if one.withdrawn)


def test_the_receiver_of_the_page_knows_who_speaks() -> None:
    """The code in `docs/delivery.md` takes what was signed, and nothing changed, late or signed by another."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/delivery.md").read_text(), re.DOTALL)
    page: dict[str, Any] = {}
    exec(code, page)  # noqa: S102  # what a reader of the page would do
    verified = page["verified"]
    with receiver() as there:
        effect = EffectEvent(id="c/7/proposing", account_id="ana", name="proposing", value=False)
        Webhook(there.url, SECRET).carry_out(effect, START)
    headers, body = there.calls[0]
    sent = START.replace(tzinfo=UTC).timestamp()
    assert verified(headers, body, SECRET, sent + 299)
    assert not verified(headers, body, SECRET, sent + 301)
    assert not verified(headers, body.replace(b"false", b"true"), SECRET, sent)
    assert not verified(headers, body, "whsec_" + base64.b64encode(b"another").decode(), sent)


def test_a_postman_writes_what_it_is_given() -> None:
    """A letter of an erased account can be read by nobody and is not sent."""
    with receiver() as there:
        (handed,) = Webhook(there.url, SECRET).send([Message(id="c/1/x", recipient="ana", notice={})], START)
    assert (handed.fate, there.calls) == ("failed", [])
