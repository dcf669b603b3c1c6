"""Letters and effects as webhooks, signed as Standard Webhooks asks (standardwebhooks.com, version 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from evenhand.decisions.case.entry import EffectEvent, Message
from evenhand.decisions.case.kept import Handed
from evenhand.errors import RunRefused
from evenhand.policy.conditions.reasons import Json

TIMEOUT_SECONDS: Final = 15
"""How long a receiver may take; Standard Webhooks recommends 15 to 30."""

PREFIX: Final = "whsec_"
"""What a secret begins with; the rest is base64."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A receiver elsewhere than agreed is none."""

    def redirect_request(self, *_: object) -> None:
        return None


_opener: Final = urllib.request.build_opener(_NoRedirect)


class Webhook:
    """One receiver: of letters as a postman, of effects as the marketplace."""

    channel = "webhook"

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._key = _key(secret)

    def send(self, letters: Sequence[Message], now: datetime) -> Iterator[Handed]:
        """See `ports.Postman.send`."""
        for letter in letters:
            if not letter.notice:
                yield Handed(fate="failed", proof={"why": "the account was erased"})
                continue
            data = {"account_id": letter.recipient, **letter.notice}
            yield self._post(letter.id, "letter", data, now)

    def carry_out(self, effect: EffectEvent, now: datetime) -> Handed:
        """See `ports.Marketplace.carry_out`."""
        data: dict[str, Json] = {
            "account_id": effect.account_id,
            "effect": effect.name,
            "value": effect.value,
            "undoes": effect.undoes,
        }
        return self._post(effect.id, "effect", data, now)

    def _post(self, name: str, kind: str, data: Mapping[str, Json], now: datetime) -> Handed:
        body = json.dumps({"type": kind, "timestamp": now.isoformat() + "Z", "data": data}, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310  # the scheme was checked with the settings
            self._url, data=body, headers=headers(self._key, name, body, now), method="POST"
        )
        try:
            with _opener.open(request, timeout=TIMEOUT_SECONDS) as reply:
                return Handed(fate="delivered", proof={"http": reply.status})
        except urllib.error.HTTPError as error:
            with error:
                gone = error.code == HTTPStatus.GONE
                return Handed(fate="failed" if gone else "later", proof={"http": error.code})
        except (OSError, ValueError) as error:
            return Handed(fate="later", proof={"why": type(error).__name__})


def headers(key: bytes, name: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a signed webhook; `name` is its id, the same at every attempt."""
    stamp = int(now.replace(tzinfo=UTC).timestamp())
    signed = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or not key:
        raise RunRefused(
            "the secret of the webhook is none", where="EVENHAND_WEBHOOK_SECRET", hint=f"`{PREFIX}` and then base64"
        )
    return key
