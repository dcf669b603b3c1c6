"""One account as it is compared: the row of `records.sql`, written alike in plain Python for one account at a time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from evenhand.evidence.linkage.comparisons import BLOCKS

MOST_DEVICES: Final = 50
"""Whoever has used more devices or networks than this is known by none of them."""

_OTHER: Final = re.compile(r"[^a-z0-9\xc0-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+")
_UNACCENTED: Final = re.compile(r"[\0-\u06ff\u1e00-\u206f]*")
"""What may lose its marks: accents and vowel points. In an Indian or Japanese name they are letters."""

_ALIKE: Final = str.maketrans("ςı", "σi")  # noqa: RUF001  # the Greek one
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９", "0123456789" * 4)
_DAY: Final = re.compile(r" *([0-9]{4})-([0-9]{1,2})-([0-9]{1,2}) *")
_TAG: Final = re.compile(r"\+[^@]*@")


class Record(NamedTuple):
    """What is known of an account, each None where it is not."""

    name: str | None = None
    given: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_date: str | None = None
    address: str | None = None
    document: str | None = None
    payout: str | None = None
    devices: tuple[str, ...] | None = None
    networks: tuple[str, ...] | None = None

    def block_keys(self) -> Iterator[tuple[str, ...]]:
        """One key per block whose columns are all known; accounts that share one are compared."""
        for block in BLOCKS:
            values = [getattr(self, column) for column in block]
            if None not in values:
                yield (",".join(block), *values)

    def sealed(self, key: bytes) -> Record:
        """It with a keyed hash in the place of all that is only ever the same or not; name and date of birth stay."""
        return self._replace(
            email=self.email and _seal(self.email, key),
            phone=self.phone and _seal(self.phone, key),
            address=self.address and _seal(self.address, key),
            document=self.document and _seal(self.document, key),
            payout=self.payout and _seal(self.payout, key),
            devices=self.devices and tuple(_seal(device, key) for device in self.devices),
            networks=self.networks and tuple(_seal(network, key) for network in self.networks),
        )


class Registration(NamedTuple):
    """What somebody gives: the columns of the table `identities`, and the devices and networks they use."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_date: str | None = None
    address: str | None = None
    document_hash: str | None = None
    payout_hash: str | None = None
    devices: Sequence[str] = ()
    networks: Sequence[str] = ()

    def record(self) -> Record:
        """It as it is compared.

        >>> Registration(name=" José  PÉREZ-Gil ", email="A+shop@B.example", phone="+49 (30) 123 45 67").record()[:4]
        ('jose perez gil', 'jos', 'a@b.example', '301234567')
        """
        name = _words(self.name)
        digits = re.sub(r"[^0-9]", "", (self.phone or "").translate(_DIGITS))[-9:]
        return Record(
            name=name,
            given=name[:3] if name else None,
            email=_TAG.sub("@", _lower((self.email or "").strip(" ")), count=1) or None,
            phone=digits or None,
            birth_date=_day(self.birth_date),
            address=_words(self.address),
            document=(self.document_hash or "").strip(" ") or None,
            payout=(self.payout_hash or "").strip(" ") or None,
            devices=_few(self.devices),
            networks=_few(self.networks),
        )


def _seal(value: str, key: bytes) -> str:
    return hashlib.blake2b(value.encode(), key=key, digest_size=12).hexdigest()


def _words(text: str | None) -> str | None:
    """Lower case without accents, everything that is neither letter nor digit as one space."""
    plain = text or ""
    if _UNACCENTED.fullmatch(plain):
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c)[0] != "M")
    return _OTHER.sub(" ", _lower(unicodedata.normalize("NFC", plain)).translate(_ALIKE)).strip(" ") or None


def _lower(text: str) -> str:
    """Letter by letter, as SQL does: the end of a Greek word is no other letter."""
    return text.lower() if text.isascii() else "".join(c.lower()[0] for c in text)


def letters(name: str) -> str:
    """A name with one byte a character, so that a likeness of bytes is one of characters.

    >>> letters("иван"), letters("ana")
    ('OIGT', 'ana')
    """
    return name if name.isascii() else "".join(c if c.isascii() else chr(33 + ord(c) % 94) for c in name)


def _day(text: str | None) -> str | None:
    found = _DAY.fullmatch(text or "")
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _few(values: Sequence[str]) -> tuple[str, ...] | None:
    found = tuple(sorted(set(values)))
    return found if 0 < len(found) <= MOST_DEVICES else None
