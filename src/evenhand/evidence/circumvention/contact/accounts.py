"""Accounts and wallets by which somebody is paid, told from other long numbers by their check digits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

Holds = Callable[[str], bool]
"""Whether a text, as it stands in the original, is an account of its kind."""

_BASE58_DIGITS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32_DIGITS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_FIGURES: Final = re.compile("[0-9]")


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    """The sum of the digits, each times its weight; the weights are repeated."""
    return sum(digit * weights[at % len(weights)] for at, digit in enumerate(digits))


def _figures(text: str) -> list[int]:
    return [int(digit) for digit in _FIGURES.findall(text)]


def is_iban(text: str) -> bool:
    """Whether the check digits hold (ISO 13616, ISO 7064 MOD 97-10).

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = "".join(filter(str.isalnum, text)).upper()
    if not plain.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_domestic(text: str) -> bool:
    """Whether it is an account of Mexico (CLABE, 18 digits), Spain (CCC, 20) or Argentina (CBU, 22).

    >>> [is_domestic(text) for text in ("032180000118359719", "2100 0418 45 0200051332", "0170622841549909514544")]
    [True, True, True]
    >>> is_domestic("032180000118359710")
    False
    """
    digits = _figures(text)
    check = {18: _is_clabe, 20: _is_ccc, 22: _is_cbu}.get(len(digits))
    return check is not None and check(digits)


def _is_clabe(digits: list[int]) -> bool:
    weights = (3, 7, 1)
    return -sum(digit * weights[at % 3] % 10 for at, digit in enumerate(digits[:17])) % 10 == digits[17]


def _is_ccc(digits: list[int]) -> bool:
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    rest = [11 - _weighed(part, weights) % 11 for part in ([0, 0, *digits[:8]], digits[10:])]
    return [{10: 1, 11: 0}.get(one, one) for one in rest] == digits[8:10]


def _is_cbu(digits: list[int]) -> bool:
    bank, account = -_weighed(digits[:7], (7, 1, 3, 9)) % 10, -_weighed(digits[8:21], (3, 9, 7, 1)) % 10
    return [bank, account] == [digits[7], digits[21]]


def is_routing_number(text: str) -> bool:
    """Whether nine digits are a number of a bank in the United States (ABA).

    >>> is_routing_number("021000021"), is_routing_number("021000022")
    (True, False)
    """
    return _weighed(_figures(text), (3, 7, 1)) % 10 == 0


def is_card(text: str) -> bool:
    """Whether the digits of a payment card hold (ISO 7812, Luhn).

    >>> is_card("4152 3153 2926 1267"), is_card("4152 3153 2926 1268")
    (True, False)
    """
    digits = _figures(text)[::-1]
    return sum(sum(divmod(digit * (1 + at % 2), 10)) for at, digit in enumerate(digits)) % 10 == 0


def is_base58(text: str) -> bool:
    """Whether the last four bytes are the checksum of the others, as in addresses of Bitcoin, Litecoin and Tron.

    >>> is_base58("1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), is_base58("1BoatSLRHtKNngkdXEeobR76b53LETtpyU")
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


def is_bech32(text: str) -> bool:
    """Whether the checksum holds (BIP 173 and BIP 350).

    >>> [is_bech32(f"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5md{last}") for last in "qz"]
    [True, False]
    """
    people, _, data = text.lower().partition("1")
    digits = [_BECH32_DIGITS.find(char) for char in data]
    check = 1
    for digit in (*(ord(char) >> 5 for char in people), 0, *(ord(char) & 31 for char in people), *digits):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for bit, factor in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= factor if top >> bit & 1 else 0
    return min(digits) >= 0 and check in {1, 0x2BC830A3}


def anything(_text: str) -> bool:
    """For what has no check digit."""
    return True
