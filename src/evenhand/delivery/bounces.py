"""A letter that came back: which one, read from the report that a mail server writes (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Final

from evenhand.errors import RunRefused

_ID: Final = re.compile(r"<([^<>@\s]+/\d+/[a-z_]+)@[^<>@\s]+>")
"""A Message-ID as `smtp.message_id` writes it."""


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """The message that came back, and the status that the report gives (RFC 3463), such as `5.1.1`."""

    message: str
    status: str


def read_bounce(report: bytes) -> Bounce | None:
    """The letter that a report is about; None where it only says that delivery is late or was successful.

    Raises `RunRefused` for a mail that is no such report, or is not about a letter of ours.
    """
    mail = message_from_bytes(report, policy=policy.default)
    found = _ID.search("\n".join(_quoted(mail)))
    actions = [(str(part.get("Action", "")).lower(), str(part.get("Status", ""))) for part in _statuses(mail)]
    if found is None or not actions:
        raise RunRefused(
            "no report of a letter of ours", where="the mail", hint="pipe in a delivery status notification (RFC 3464)"
        )
    failed = next((status for action, status in actions if action == "failed"), None)
    return None if failed is None else Bounce(message=found[1], status=failed)


def _statuses(mail: Message) -> Iterator[Message]:
    """The fields per recipient of the part `message/delivery-status`."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (b for b in blocks if isinstance(b, Message) and b.get("Action"))


def _quoted(mail: Message) -> Iterator[str]:
    """The headers of the returned letter, whole or by themselves, and the references of the report."""
    yield from (str(mail.get(name, "")) for name in ("References", "In-Reply-To"))
    for part in mail.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) else payload
            yield str(inner.get("Message-ID", "")) if isinstance(inner, Message) else str(inner)
