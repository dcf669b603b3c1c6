"""Telephone numbers, told from prices, dates, order numbers and code.

An international number must exist by the numbering plans (libphonenumber). A national one needs a word beside it that
speaks of telephones, or, where nothing speaks against it, the shape of one and a place in the numbering plan of a
country.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import phonenumbers

from evenhand.evidence.circumvention.contact.expressions import Expression, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.runs import Run, runs
from evenhand.evidence.circumvention.contact.words import disguised, either, service, words

SHORTEST, LONGEST = 7, 15
"""Digits of a number; E.164 allows no more than 15, and nobody dials fewer than 7 across a country."""

REGIONS: Final = ("US", "ES", "GB", "MX", "CO", "CL", "PE", "EC", "IN", "FR", "BR", "PK", "PH", "AU")
"""Whose national numbers are known without a word beside them."""

REACH: Final = 48
"""Bytes before a number in which a word speaks for or against it."""

_APPS: Final = disguised([*service("messengers"), "signal"])
_CALLED: Final = either([*words("phone_before"), *service("messengers", "short"), *service("messengers", "apps")])
_FOR: Final = expression(rf"\b{_CALLED}\b|{_APPS}")
_AFTER: Final = expression(
    rf"^[\s,.;:)\-]{{0,4}}(?:(?:is|es|as|for|para|por|on|en|my|mi)\s)*(?:\b{either(words('phone_after'))}\b|{_APPS})"
)
_AGAINST: Final = expression(rf"\b{either(words('not_phone'))}\b")
_JOINED: Final = expression("[a-z]{2}")
_NUMBER: Final = expression(rf"\b{either(words('phone_weak'))}\b")
_NUMBERED: Final = expression(r"\b([a-z]+)\s(?:number|no\.)|\bnumero de ([a-z]+)")
_WITH_A_BELL: Final = frozenset(words("numbered"))
_TOUCHING: Final = expression(r"[a-z_=<>{\xe0]$|[#$]\s?$|[0-9][.,/:\-]?$|[x+*=]\s$")
_UNIT: Final = expression(
    rf"^\s?(?:{either(words('units'))}\b|[%$\"}}])|^[a-z_=<{{\xe0@/]|^[.,:]?[0-9]|^\.[a-z]|^\s?[x+*=]\s?[0-9]"
)

_DATE: Final = (
    r"(?:(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}"
    r"|[0-3]?[0-9][./-][0-3]?[0-9][./-](?:(?:19|20)[0-9]{2}|[0-9]{2}))"
)
_TIME: Final = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_ELSE: Final = expression(
    rf"(?:{_DATE}|{_TIME})(?:[\s,.\-]+(?:{_DATE}|{_TIME}|[0-9]{{1,2}}))*"  # dates and times
    r"|[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{1,2})?"  # 12.500.000,00
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?"  # addresses of machines
    r"|(?:19|20)[0-9]{2}(?:[\s\-,/]+(?:19|20)[0-9]{2})+"  # years
    r"|[0-9]+[.,][0-9]{1,6}(?:[\s,\-]+[0-9]+[.,][0-9]{1,6})*"  # fractions
    r"|97[89][\s-]?(?:[0-9][\s-]?){9}[0-9]"  # ISBN
    r"|[0-9]{1,4}(?:\s[0-9]{2,3})*\s000?(?:\s[0-9]+)*"  # millions with spaces
    r"|[01][0-9]{12}|[0-9]{3}-[0-9]{2}-[0-9]{4}"  # an article's number, a social security number
)


def phones(view: View, most: int) -> Iterator[Find]:
    """The telephone numbers of a text, of the first `most` runs of digits."""
    for _, run in zip(range(most), runs(view.text), strict=False):
        confidence = _confidence(run, view.text) if SHORTEST <= len(run.digits) <= LONGEST + 2 else 0.0
        if confidence:
            start, end = view.span(run.start, run.end)
            yield Find(kind="phone", start=start, end=end, value=_value(run), confidence=confidence)


def _confidence(run: Run, text: bytes) -> float:
    """How sure it is that a run is a telephone number; 0 where it is not taken for one."""
    before, after = text[max(0, run.start - REACH) : run.start], text[run.end : run.end + REACH]
    plain = not run.spelled and not run.single
    if plain and (_TOUCHING.search(before) or _UNIT.search(after) or _ELSE.fullmatch(run.text)):
        return 0.0
    spoken_of = () if _is_other_number(before) else _last(_FOR, before)
    denied = _last(_AGAINST, before)
    if run.international:
        return 0.99 if _exists(_value(run)) else 0.0
    if len(run.digits) > LONGEST:
        return 0.0
    if spoken_of > denied or (not denied and _AFTER.search(after)):
        return 0.95 if len(run.digits) > 7 or run.groups != (7,) else 0.8
    if denied:
        return 0.0
    alone = not (text[: run.start] + text[run.end :]).strip(b" .!?,\n")
    return _by_shape(run, alone=alone or (_NUMBER.search(before) is not None and not _is_other_number(before)))


def _is_other_number(before: bytes) -> bool:
    """Whether the number that is spoken of last is one of students, of cases, of whatever has no bell."""
    named = list(_NUMBERED.finditer(before))
    if not named:
        return False
    word = named[-1][1] or named[-1][2]
    return word.decode("latin-1") not in _WITH_A_BELL


def is_spoken_of(text: bytes) -> bool:
    """Whether telephones are spoken of."""
    return _FOR.search(text) is not None


def may_exist(digits: str) -> bool:
    """Whether digits, with a plus before them or not, can be a whole number of some country."""
    if digits.startswith("+"):
        return _exists(digits)
    return 9 <= len(digits) <= LONGEST and digits.isdigit() and _national(digits)


def _by_shape(run: Run, *, alone: bool) -> float:
    """How sure it is where no word speaks for or against it: by how it is written, and whether such a number exists."""
    if run.spelled >= 5 or (run.spelled >= 2 and len(run.digits) >= 9):
        return 0.9
    if len(run.digits) < 9 or (not run.spelled and _JOINED.search(run.text)):
        return 0.0
    if run.single or alone or (3 <= len(run.groups) <= 5 and 3 <= max(run.groups) <= 4) or run.text.startswith(b"("):
        return 0.85 if _national(run.digits) else 0.0
    return 0.0


def _last(words_of: Expression, text: bytes) -> tuple[int, ...]:
    """Where the last of the words ends and how long it is, empty where none stands: `order number` is no `number`."""
    return max(((found.end(), found.end() - found.start()) for found in words_of.finditer(text)), default=())


def _exists(number: str) -> bool:
    """Whether an international number may exist, by length at least."""
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.is_possible_number(parsed)


def _national(digits: str) -> bool:
    """Whether the numbering plan of one of the countries has such a number."""
    parsed = ((_parsed(digits, region), region) for region in REGIONS)
    return any(number and phonenumbers.is_valid_number_for_region(number, region) for number, region in parsed)


def _parsed(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _value(run: Run) -> str:
    """The number in one form: digits, with a plus where it is international."""
    if not run.international:
        return run.digits
    return f"+{run.digits.removeprefix('00')}"
