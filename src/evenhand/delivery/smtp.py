"""Letters as e-mail: text and HTML, under a Message-ID that never changes, so that a repeat is known as one (P1)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from evenhand.decisions.case.entry import Message
from evenhand.decisions.case.kept import Handed
from evenhand.policy.conditions.reasons import Json

TIMEOUT_SECONDS: Final = 30
"""How long a server may take for one step."""

TEMPORARY: Final = 500
"""Replies below this one are for now, from it on for good (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A mail server that takes letters; with `user` it is signed in to, with `starttls` the talk is encrypted first."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    user: str | None = None
    password: str | None = None


class SmtpPostman:
    """Sends to the addresses that `book` knows of a batch of accounts."""

    channel = "email"

    def __init__(self, server: Server, book: Callable[[Collection[str]], Mapping[str, str]]) -> None:
        self._server = server
        self._book = book

    def send(self, letters: Sequence[Message], now: datetime) -> Iterator[Handed]:
        """See `ports.Postman.send`; one connection for all, opened anew where the server hung up."""
        known = self._book({letter.recipient for letter in letters})
        connection: smtplib.SMTP | None = None
        try:
            for letter in letters:
                handed = written(letter, self._server.sender, known.get(letter.recipient), now)
                if isinstance(handed, EmailMessage):
                    try:
                        connection = connection or self._connected()
                        handed = _hand_over(connection, handed)
                    except (OSError, smtplib.SMTPException) as error:
                        connection, handed = None, Handed(fate="later", proof={"why": type(error).__name__})
                yield handed
        finally:
            if connection:
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user is not None:
                connection.login(server.user, server.password or "")
            connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            connection.close()  # smtplib leaves it open, and a refused password keeps it from being collected
            raise
        return connection


def written(letter: Message, sender: str, recipient: str | None, now: datetime) -> EmailMessage | Handed:
    """A letter as an e-mail; `failed` without a usable address, or where the letter can no longer be read.

    A domain may be of any script; a name before the `@` that is not ASCII is not usable, since few servers take it.
    """
    notice = letter.notice
    if not notice:
        return Handed(fate="failed", proof={"why": "the account was erased"})
    mail = EmailMessage()
    try:
        name, own = parseaddr(sender)
        mail["From"] = Address(display_name=name, addr_spec=own)
        local, _, domain = (recipient or "").rpartition("@")
        mail["To"] = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
        mail["Subject"] = str(notice["subject"])
    except (ValueError, IndexError, MessageError):
        return Handed(fate="failed", proof={"why": "no usable address"})
    mail["Date"] = format_datetime(now.replace(tzinfo=UTC))
    mail["Message-ID"] = message_id(letter.id, own)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    mail.set_content(str(notice["text"]))
    mail.add_alternative(str(notice["html"]), subtype="html")
    mail["Content-Language"] = str(notice["language"])
    return mail


def message_id(message: str, sender: str) -> str:
    """The Message-ID of a message.

    >>> message_id("mismatch-1/2/hearing", "people@fairlance.example")
    '<mismatch-1/2/hearing@fairlance.example>'
    """
    return f"<{message}@{sender.rpartition('@')[2]}>"


def _hand_over(connection: smtplib.SMTP, mail: EmailMessage) -> Handed:
    """One letter to one recipient; whatever the server answers is the proof.

    Where it refuses the sender, the fault is ours and the letter can be sent once that is mended.
    """
    sender, recipient = (parseaddr(str(mail[name]))[1] for name in ("From", "To"))
    code, reply = connection.mail(sender)
    ours = code // 100 != 2
    if not ours:
        code, reply = connection.rcpt(recipient)
    if code // 100 == 2:
        code, reply = _data(connection, mail)
    proof: dict[str, Json] = {"smtp": code, "reply": reply.decode("utf-8", "replace")}
    if code // 100 == 2:
        return Handed(fate="accepted", proof=proof)
    with suppress(OSError, smtplib.SMTPException):  # it may have hung up, which changes nothing in what it said
        connection.rset()
    return Handed(fate="later" if ours or code < TEMPORARY else "failed", proof=proof)


def _data(connection: smtplib.SMTP, mail: EmailMessage) -> tuple[int, bytes]:
    try:
        return connection.data(mail.as_bytes(policy=mail.policy.clone(linesep="\r\n", max_line_length=78)))
    except smtplib.SMTPDataError as refusal:
        error = refusal.smtp_error
        return refusal.smtp_code, error if isinstance(error, bytes) else error.encode()
