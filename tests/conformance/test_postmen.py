"""What goes wrong on the way to a real mail server: impostors, refusals of ourselves, slowness, crowds."""

from __future__ import annotations

import io
import ssl
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from evenhand.conformance.store.course import with_people
from evenhand.decisions.case.entry import Message
from evenhand.delivery import smtp
from evenhand.delivery.console import ConsolePostman
from evenhand.delivery.smtp import Server, SmtpPostman
from evenhand.errors import ActRefused
from evenhand.stores.memory.store import MemoryStore
from evenhand.stores.sql.store import open_store
from evenhand.wiring import stopwatch
from evenhand.workflows import send_notices as sending
from evenhand.workflows.office import Office
from evenhand.workflows.send_notices import came_back, send_notices
from evenhand.workflows.tick import tick_all
from tests.conformance.duty import office
from tests.conformance.outside import PASSWORD, mail_server
from tests.conformance.stores import DATABASES, signer
from tests.conformance.test_delivery import DAY, book, postman, still, warned
from tests.story.process.world import PEOPLE, START

LETTER = Message(
    id="case-1/2/hearing",
    recipient="ana",
    notice={"subject": "Überprüfung: 参加", "text": "one\n.\ntwo\n", "html": "<p>one</p>", "language": "de"},
)


@pytest.fixture
def at() -> Office:
    """An office over a store in memory."""
    store = MemoryStore(signer())
    with_people(store, *PEOPLE)
    return office(store)


def certificate(folder: Path) -> Path:
    """A certificate of this machine, which nobody else vouches for, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), began, began + 36500 * DAY)
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("trusted", "password", "why"),
    [(True, PASSWORD, None), (True, "?", "SMTPAuthenticationError"), (False, PASSWORD, "SSLCertVerificationError")],
)
def test_signing_in_to_a_server_that_is_known(
    trusted: bool, password: str, why: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over TLS, with the right password, to a trusted server; else nothing leaves, and why is told."""
    file = certificate(tmp_path)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with mail_server(tls=own) as server:
        there = Server(host="127.0.0.1", port=server.port, sender="p@f.example", user="evenhand", password=password)
        (handed,) = SmtpPostman(there, book).send([LETTER], START)
    assert (handed.fate, handed.proof.get("why"), len(server.letters)) == ("later" if why else "accepted", why, not why)


def test_a_letter_is_read_as_it_was_written() -> None:
    """A subject in any script, a line that is a single dot, an answer that no machine gives."""
    with mail_server() as server:
        (handed,) = postman(server).send([LETTER], START)
    (letter,) = server.letters
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert (letter["Subject"], plain.get_content().splitlines()) == (LETTER.notice["subject"], ["one", ".", "two"])
    assert (letter["Auto-Submitted"], handed.proof["smtp"]) == ("auto-generated", 250)


def test_a_subject_writes_no_headers_of_its_own() -> None:
    """A line break in a subject fails the letter; nothing is sent."""
    broken = Message(id="c/1/x", recipient="ana", notice={**LETTER.notice, "subject": "Hi\r\nBcc: all@f.example"})
    with mail_server() as server:
        (handed,) = postman(server).send([broken], START)
    assert (handed.fate, server.letters) == ("failed", [])


def test_a_refused_sender_is_our_fault_and_no_bounce(at: Office) -> None:
    """A server that wants nothing from us says nothing of the member: the letter waits, and the case knows nothing."""
    case_id = warned(at, "ana")
    with mail_server() as server:
        server.sender = "530 5.7.0 sign in first"
        assert send_notices(at, postman(server), still(START)).later == 1
        server.sender = "250 OK"
        assert send_notices(at, postman(server), still(START + DAY)).handed == 1
    assert at.case(case_id, START + DAY).last.kind == "accepted"


def test_what_is_printed_is_not_delivered(at: Office) -> None:
    """On the screen a letter leaves once; no clock of its case starts by that (P1)."""
    case_id, screen = warned(at, "ana"), io.StringIO()
    sent = [send_notices(at, ConsolePostman(screen), still(START + time)) for time in (timedelta(), DAY)]
    assert [each.handed for each in sent] == [1, 0]
    assert screen.getvalue().count(f"To ana ({case_id}/4/warning)") == 1
    tick_all(at, START + 4 * DAY)
    assert not at.case(case_id, START + 4 * DAY).proofs


def test_a_letter_that_never_left_cannot_come_back(at: Office) -> None:
    """A report of a letter that still waits, or that nobody wrote, is refused and records nothing."""
    case_id = warned(at, "ana")
    for name in (f"{case_id}/4/warning", f"{case_id}/9/warning", "nothing/1/warning"):
        with pytest.raises(ActRefused, match="has left"):
            came_back(at, name, "email", "5.1.1", START)
    assert at.case(case_id, START).last.kind == "warned"


def test_a_case_that_cannot_be_moved_holds_nobody_else_up(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its letter waits, since nobody could record what became of it; the others leave."""
    stuck, moves = warned(at, "ana"), Office.tick
    warned(at, "zoe")

    def tick(self: Office, case_id: str, now: datetime) -> object:
        if case_id == stuck:
            raise ActRefused("it is stuck")
        return moves(self, case_id, now)

    monkeypatch.setattr(Office, "tick", tick)
    with mail_server() as server:
        assert send_notices(at, postman(server), still(START)).handed == 1
    assert [recipient.partition("@")[0] for recipient in server.recipients] == ["zoe"]


def test_a_server_that_says_nothing_is_left(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that a step may take, the letter is put off."""
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.2)
    warned(at, "ana")
    with mail_server() as server:
        server.seconds = 1
        assert send_notices(at, postman(server), still(START)).later == 1


@pytest.mark.parametrize("database", DATABASES)
def test_slow_workers_send_nothing_twice(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three at a time, for whom a batch would last longer than its lease: every letter leaves once."""
    monkeypatch.setattr(sending, "BATCH", 12)
    seconds = stopwatch()
    with DATABASES[database](tmp_path) as url, mail_server() as server:
        store = open_store(url, signer=signer())
        with_people(store, *PEOPLE)
        at = office(store)
        wanted = [f"<{warned(at, f'm{n}')}/4/warning@f.example>" for n in range(12)]
        server.seconds = 0.4

        def clock() -> datetime:
            return START + seconds() * timedelta(minutes=5)  # so that a lease lasts for four seconds

        def work(_: int) -> int:
            sent = 0
            while any(store.messages(name.strip("<").rsplit("/", 2)[0])[0].settled_at is None for name in wanted):
                sent += send_notices(at, postman(server), clock).handed
                time.sleep(0.2)
            return sent

        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(work, range(3))) == len(wanted)
        store.close()
    assert Counter(letter["Message-ID"] for letter in server.letters) == Counter(wanted)
