"""Ways to pay past the platform: accounts with check digits, wallets, names at payment services."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.words import disguised, service

_PAYING: Final = disguised(service("payment"))
_IBAN: Final = expression(r"\b([a-z]{2}[0-9]{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,3})?)\b")
_BASE58: Final = expression(r"\b([13t][a-z0-9]{25,34})\b")
_BECH32: Final = expression(r"\b(bc1[a-z0-9]{11,71})\b")
_HEX: Final = expression(r"\b(0x[0-9a-f]{40})\b")
_CASH: Final = expression(rf"{_PAYING}\b[^$\n]{{0,24}}?(?:\$|dollar sign )([a-z][a-z0-9_.\-]{{1,24}}[a-z0-9_])")
_CASH_BEFORE: Final = expression(rf"(?:^|\s)\$([a-z][a-z0-9_.\-]{{1,24}}[a-z0-9_])\s(?:on|in|at|en)\s{_PAYING}")
_SIGNED: Final = expression(rf"{_PAYING}\b[^@\n]{{0,24}}?[\s:](@[a-z0-9][a-z0-9_.\-]{{1,28}}[a-z0-9_])")
_UPI: Final = expression(r"\b([a-z0-9][a-z0-9.\-]{1,40}@(?:ok[a-z]{3,12}|upi|paytm|ybl|ibl|axl|apl))\b")
_ROOM: Final = expression(
    r"\bzoom\b(?:\s[a-z]+){0,2}?\s(?:id|number)[\s:#=]*(?:is\s|es\s)?([0-9]{3}[ \-]?[0-9]{3,4}[ \-]?[0-9]{3,5})\b"
)

_BASE58_DIGITS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32_DIGITS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def payments(view: View, most: int) -> Iterator[Find]:
    """The ways to pay that a text names, of the first `most` places that each form is found at."""
    for form, holds in ((_IBAN, _is_iban), (_BASE58, _is_base58), (_BECH32, _is_bech32), (_HEX, bool)):
        for found in islice(form.finditer(view.text), most):
            start, end = view.span(*found.span(1))
            if holds(view.original[start:end]):
                yield Find(kind="payment", start=start, end=end, value=found[1].decode("latin-1"), confidence=0.99)
    yield from _named(view, most)


def _named(view: View, most: int) -> Iterator[Find]:
    for form in (_CASH, _CASH_BEFORE, _SIGNED, _UPI):
        for found in islice(form.finditer(view.text), most):
            start, end = view.span(*found.span(1))
            yield Find(kind="payment", start=start, end=end, value=found[1].decode("latin-1"), confidence=0.9)


def rooms(view: View, most: int) -> Iterator[Find]:
    """Rooms to meet in that are named by their number; those with an address are pages."""
    for found in islice(_ROOM.finditer(view.text), most):
        start, end = view.span(*found.span(1))
        value = "zoom/" + "".join(filter(str.isdigit, found[1].decode("latin-1")))
        yield Find(kind="meeting", start=start, end=end, value=value, confidence=0.95)


def _is_iban(text: str) -> bool:
    """Whether the check digits hold (ISO 13616, ISO 7064 MOD 97-10).

    >>> _is_iban("DE89 3704 0044 0532 0130 00"), _is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = "".join(filter(str.isalnum, text)).upper()
    if not plain.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _is_base58(text: str) -> bool:
    """Whether the last four bytes are the checksum of the others, as in addresses of Bitcoin and Tron.

    >>> _is_base58("1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), _is_base58("1BoatSLRHtKNngkdXEeobR76b53LETtpyU")
    (True, False)
    """
    number = 0
    for char in text:
        digit = _BASE58_DIGITS.find(char)
        if digit < 0:
            return False
        number = number * 58 + digit
    raw = number.to_bytes(26, "big")[-25:]
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _is_bech32(text: str) -> bool:
    """Whether the checksum holds (BIP 173 and BIP 350).

    >>> [_is_bech32(f"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5md{last}") for last in "qz"]
    [True, False]
    """
    digits = [_BECH32_DIGITS.find(char) for char in text.lower()[3:]]
    check = 1
    for digit in (3, 3, 0, 2, 3, *digits):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for bit, factor in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= factor if top >> bit & 1 else 0
    return min(digits) >= 0 and check in {1, 0x2BC830A3}
