"""Who carries letters and effects, from the `[delivery]` of the settings and secrets of the environment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO
from urllib.parse import urlsplit

from evenhand import wiring
from evenhand.errors import RunRefused

if TYPE_CHECKING:
    from evenhand.delivery.webhook import Webhook
    from evenhand.ports import Marketplace, Postman

SMTP_PASSWORD: Final = "EVENHAND_SMTP_PASSWORD"  # noqa: S105  # the name of a variable, not a secret
WEBHOOK_SECRET: Final = "EVENHAND_WEBHOOK_SECRET"  # noqa: S105  # as above

KEYS: Final[Mapping[str, type]] = {
    "channel": str,
    "host": str,
    "port": int,
    "sender": str,
    "addresses": str,
    "starttls": bool,
    "user": str,
    "url": str,
    "effects_url": str,
}
"""Every key of `[delivery]`, with its type."""

NEEDED: Final = {"smtp": ("host", "sender", "addresses"), "webhook": ("url",), "console": ()}
"""The channels, and what each needs."""


def postman(settings: Mapping[str, Any], folder: Path, screen: TextIO) -> Postman:
    """Who carries letters, to `screen` where nobody else does; paths start at `folder`.

    Raises `RunRefused` where the settings lack something.
    """
    _check(settings)
    channel = settings.get("channel", "console")
    if channel not in NEEDED:
        known = ", ".join(f"`{name}`" for name in NEEDED)
        raise RunRefused(f"`{channel}` is no channel", where="[delivery]", hint=f"known are {known}")
    for name in NEEDED[channel]:
        if name not in settings:
            raise RunRefused(f"`{name}` is missing", where="[delivery]", hint=f"the channel `{channel}` needs it")
    if channel == "smtp":
        return _smtp(settings, folder / settings["addresses"])
    if channel == "webhook":
        return _webhook(settings["url"])
    from evenhand.delivery.console import ConsolePostman

    return ConsolePostman(screen)


def marketplace(settings: Mapping[str, Any]) -> Marketplace:
    """Who carries effects out; raises `RunRefused` where the settings name nobody."""
    _check(settings)
    if "effects_url" not in settings:
        raise RunRefused(
            "`effects_url` is missing",
            where="[delivery]",
            hint="name it, or acknowledge effects by hand as they are done",
        )
    return _webhook(settings["effects_url"])


def _check(settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        if name not in KEYS:
            raise RunRefused(f"`{name}` is no setting", where="[delivery]", hint=f"known are {', '.join(KEYS)}")
        if type(value) is not KEYS[name]:
            raise RunRefused(f"`{name}` is {value!r}", where="[delivery]", hint=f"write a {KEYS[name].__name__}")


def _smtp(settings: Mapping[str, Any], table: Path) -> Postman:
    from evenhand.delivery.addresses import addresses
    from evenhand.delivery.smtp import Server, SmtpPostman

    def book(accounts: Collection[str]) -> Mapping[str, str]:
        return addresses(table, accounts)

    if "@" not in parseaddr(settings["sender"])[1]:
        raise RunRefused(
            f"`{settings['sender']}` is no sender",
            where="[delivery]",
            hint="write `Name <name@domain>`, or the address",
        )
    server = Server(
        host=settings["host"],
        port=settings.get("port", 587),
        sender=settings["sender"],
        starttls=settings.get("starttls", True),
        user=settings.get("user"),
        password=wiring.environment(SMTP_PASSWORD),
    )
    return SmtpPostman(server, book)


def _webhook(url: str) -> Webhook:
    from evenhand.delivery.webhook import Webhook

    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise RunRefused(f"`{url}` is no address of a receiver", where="[delivery]", hint="it begins with `https://`")
    secret = wiring.environment(WEBHOOK_SECRET)
    if secret is None:
        raise RunRefused("no secret signs the webhooks", where=WEBHOOK_SECRET, hint="put it into this variable")
    return Webhook(url, secret)
