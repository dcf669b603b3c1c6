"""How an office is opened: settings and key from files, cases from the store that an address names."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evenhand.errors import RunRefused
from evenhand.notices.facts import House
from evenhand.workflows.office import TOKEN, Office

if TYPE_CHECKING:
    from evenhand.stores.audit.checkpoint import Signer

SETTINGS: Final = "evenhand.toml"
"""The settings of a house, in the folder where its people work."""

KEY: Final = "evenhand.pem"
"""The key that signs checkpoints and links, beside the settings and outside the store."""

_TEMPLATE: Final = """\
# Who writes the letters. The place of `{{token}}` takes a signed token, so that an appeal needs no account.
marketplace = {marketplace}
contact = {contact}
appeal_link = {appeal_link}

# The legal regime on record with each case, and exceptions by country: [regimes] ES = "eu-p2b"
regime = "terms"

# Signs checkpoints of the log and the links in letters. Keep it out of the database and out of backups of it.
signing_key = "{key}"
"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a house says of itself; `regimes` names the legal regime by country where it is not `regime` (R16).

    `delivery` says how letters and effects leave the house, in the words of the delivery that reads it.
    """

    house: House
    signing_key: Path
    regime: str
    regimes: Mapping[str, str]
    delivery: Mapping[str, Any]


def read_settings(file: Path) -> Settings:
    """The settings in a file; raises `RunRefused` where it lacks something, or has what nobody knows."""
    found = _toml(file)
    wanted = {"marketplace", "contact", "appeal_link", "regime", "signing_key"}
    for name in sorted(wanted):
        if not isinstance(found.get(name), str) or not str(found[name]).strip():
            raise RunRefused(f"`{name}` is missing", where=str(file), hint=f'write `{name} = "..."` into it')
    unknown = sorted(found.keys() - wanted - {"regimes", "delivery"})
    if unknown:
        known = ", ".join(sorted(wanted | {"regimes", "delivery"}))
        raise RunRefused(f"`{unknown[0]}` is no setting", where=str(file), hint=f"known are {known}")
    regimes = found.get("regimes", {})
    if not isinstance(regimes, dict) or not all(isinstance(regime, str) for regime in regimes.values()):
        raise RunRefused("`regimes` names no regimes", where=str(file), hint='write `[regimes]` and `ES = "eu-p2b"`')
    if not isinstance(found.get("delivery", {}), dict):
        raise RunRefused("`delivery` is no table", where=str(file), hint="write `[delivery]` and its settings below")
    if TOKEN not in found["appeal_link"]:
        raise RunRefused(
            "`appeal_link` has no `{token}`", where=str(file), hint="an appeal must not need the account (R31)"
        )
    return Settings(
        house=House(**{name: found[name] for name in ("marketplace", "contact", "appeal_link")}),
        signing_key=file.parent / found["signing_key"],
        regime=found["regime"],
        regimes=regimes,
        delivery=found.get("delivery", {}),
    )


def _toml(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunRefused(
            "there are no settings here", where=str(file), hint="`evenhand init` writes them, `--settings` names others"
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RunRefused(f"cannot be read: {error}", where=str(file), hint="it is a file of TOML") from error


def new_house(folder: Path, marketplace: str, contact: str, appeal_link: str) -> tuple[Path, str]:
    """Write settings and a new key into a folder; returns the settings' place and the public key in hex.

    Raises `RunRefused` where there are any, and for a link without a place for the token.
    """
    from evenhand.stores.audit.checkpoint import Signer

    file, key = folder / SETTINGS, folder / KEY
    for taken in (file, key):
        if taken.exists():
            raise RunRefused("there is one already", where=str(taken), hint="choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    quoted = {
        name: _quoted(text)
        for name, text in (("marketplace", marketplace), ("contact", contact), ("appeal_link", appeal_link))
    }
    signer = Signer.new()
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as secret:
        secret.write(signer.pem())
    file.write_text(_TEMPLATE.format(key=KEY, **quoted), encoding="utf-8")
    try:
        read_settings(file)
    except RunRefused:
        file.unlink()
        key.unlink()
        raise
    return file, signer.public


def _quoted(text: str) -> str:
    """A text as a TOML string: JSON's spelling of one is TOML's too."""
    return json.dumps(text, ensure_ascii=False)


def signer_of(settings: Settings) -> Signer:
    """Who signs for the house; raises `RunRefused` without a key, `StoreRefused` for what is none."""
    from evenhand.stores.audit.checkpoint import Signer

    try:
        return Signer.load(settings.signing_key.read_bytes())
    except FileNotFoundError:
        raise RunRefused(
            "the signing key is not there", where=str(settings.signing_key), hint="bring it back, or `evenhand init`"
        ) from None


@contextmanager
def opened(store_url: str, settings: Settings) -> Iterator[Office]:
    """The office of a house over the store at an address; raises `StoreRefused` and `RunRefused`."""
    from evenhand.stores.sql.store import open_store

    signer = signer_of(settings)
    store = open_store(store_url, signer=signer)
    try:
        yield Office(store=store, house=settings.house, secret=hashlib.sha256(b"links" + signer.pem()).digest())
    finally:
        store.close()
