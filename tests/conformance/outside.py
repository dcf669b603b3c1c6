"""The outside world, for real: a mail server and a marketplace that listens, each on a port of this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "let me in"  # noqa: S105  # of a server that lives as long as a test


@dataclass
class MailServer:
    """What it answers, the first answers first, each after `seconds`; then 250. `letters` are those that it took.

    `sender` is what it says to whoever wants to send.
    """

    answers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0
    seconds: float = 0
    sender: str = "250 OK"

    async def handle_MAIL(  # noqa: N802  # its name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Let somebody send, or not."""
        envelope.mail_from = address
        return self.sender

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        """Take a letter, or say what was to be said."""
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 taken"
        await asyncio.sleep(self.seconds)
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            self.letters.append(letter)
            self.recipients += envelope.rcpt_tos
        return answer


def signing_in(tls: ssl.SSLContext | None) -> dict[str, Any]:
    """Over an encrypted talk, whoever knows `PASSWORD` may send, and nobody else."""

    def known(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: LoginPassword
    ) -> AuthResult:
        success = told == LoginPassword(b"evenhand", PASSWORD.encode())
        return AuthResult(success=success, handled=False)  # the server has yet to say so

    return {"authenticator": known, "auth_required": True} if tls else {}


@contextmanager
def mail_server(*answers: str, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A mail server on a free port; with `tls` it talks to nobody who has not encrypted the talk."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = MailServer(answers=list(answers), port=port)
    controller = Controller(
        server, hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=tls is not None, **signing_in(tls)
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class Receiver:
    """What it answers, the first answers first; then 204. `calls` are the requests as they came."""

    answers: list[int] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def told(self) -> list[Any]:
        """The bodies."""
        return [json.loads(body) for _, body in self.calls]


@contextmanager
def receiver(*answers: int) -> Iterator[Receiver]:
    """A receiver of webhooks on a free port."""
    found = Receiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            code = found.answers.pop(0) if found.answers else 204
            self.send_response(code)
            if 300 <= code < 400:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/hooks"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
