"""Telephone numbers, told from prices, dates, order numbers and code.

An international number must exist by the numbering plans (libphonenumber). A national one needs a word beside it that
speaks of telephones, or, where nothing speaks against it, the shape of one and a place in the numbering plan of a
country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import phonenumbers

from evenhand.evidence.circumvention.contact.expressions import Expression, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.runs import SHORTEST, Run, runs
from evenhand.evidence.circumvention.contact.words import disguised, either, service, words

LONGEST: Final = 15
"""Digits of a number (E.164)."""

REGIONS: Final = ("US", "ES", "GB", "MX", "CO", "CL", "PE", "EC", "IN", "FR", "BR", "PK", "PH", "AU")
"""Whose national numbers are known without a word beside them."""

NATIONAL: Final = 11
"""Digits of the longest number that is dialled inside a country, its prefix counted."""

NEXT_TO: Final = 16
"""Bytes within which a word stands beside a number."""

REACH: Final = 48
"""Bytes before a number in which a word speaks for or against it."""

_APPS: Final = disguised([*service("messengers"), "signal"])
_LEET: Final = disguised(["call", "phone", "cell", "mobile", "celular", "telefono", "movil", "llama", "llamame"])
_CALLED: Final = either([*words("phone_before"), *service("messengers", "short"), *service("messengers", "apps")])
_FOR: Final = expression(rf"\b(?:{_CALLED}|{_LEET})\b|{_APPS}")
_AFTER: Final = expression(
    r"^\s?(?:,\s?)?(?:ext|extension|x)\.?\s?[0-9]{2,5}\b"
    rf"|^[\s,.;:)\-]{{0,4}}(?:(?:is|es|as|for|para|por|on|en|my|mi)\s)*(?:\b{either(words('phone_after'))}\b|{_APPS})"
)
_AGAINST: Final = expression(rf"\b{either(words('not_phone'))}\b")
_LATER: Final = expression(
    rf"^[^\n0-9]{{0,40}}?\b(?:{either(words('phone_later'))}\b|(?:call|text|ring|phone|cell|tel|cel|movil)[.!]*$)"
)
_PART: Final = expression(rf"\b{either(words('part'))}\b")
_PIECE: Final = expression(r"\b[0-9]{2,7}(?:[ .\-][0-9]{2,4}){0,2}\b")
_NO_DIGIT: Final = re.compile(rb"[^0-9]")
_DIALLED: Final = expression(rf"\b{either(words('dialled'))}\b")
_BACKWARDS: Final = expression(rf"\b{either(words('backwards'))}\b")
_MONEY: Final = expression(rf"\b{either(words('money'))}\b")
_NOTHING_ELSE: Final = expression(rf"(?:[^a-z0-9\xe0]|\b{either(words('filler'))}\b)*")
_LISTED: Final = expression(r"[0-9]\s?[;=+,]\s?[0-9]")
_COUNTED: Final = frozenset(
    up[start : start + length][::step]
    for up in ("01234567890",)
    for length in range(SHORTEST, len(up) + 1)
    for start in range(len(up) - length + 1)
    for step in (1, -1)
)
"""Counting up or down is no number of anybody."""
_MADE_UP: Final = expression(rf"\b{either(words('made_up'))}\b")
_MADE_UP_AFTER: Final = expression(rf"^[^.\n]{{0,12}}?\b{either(words('made_up'))}\b")
_QUANTITY: Final = expression(rf"\b{either(words('quantity'))}\s$")
_YEARS: Final = re.compile("(?:(?:19|20)[0-9]{2})+")
_FIGURES: Final = expression(r"[0-9]{2}")
_ROUND: Final = re.compile(rb"0\b")
_HUNDREDS: Final = re.compile(b"hundred|cient|cien|quinient")
_PAUSE: Final = expression(r"^\s?(?:$|[.,;!?)\n])")
_AGAINST_AFTER: Final = expression(
    rf"^\W{{0,3}}(?:is|was|es|era|are)\s(?:(?:the|a|an|our|your|my|el|la|un|una|mi|tu)\s)?{either(words('not_phone'))}\b"
)
_OLD_MEXICAN: Final = re.compile(r"^\+521(\d{10})$")
_JOINED: Final = expression("[a-z]{2}")
_NUMBER: Final = expression(rf"\b{either(words('phone_weak'))}\b")
_NUMBERED: Final = expression(r"\b([a-z]+)\s(?:number\b|no\.)|\bnumero de ([a-z]+)")
_WITH_A_BELL: Final = frozenset(words("numbered"))
_TOUCHING: Final = expression(r"[a-z_|=<>{\xe0]$|[#$]\s?$|[0-9][.,/:\-]?$|[x+*=]\s$")
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
    r"|[0-9]+[.,][0-9]{1,6}(?:(?:,?\s+|-)[0-9]+[.,][0-9]{1,6})*"  # fractions
    r"|97[89][\s-]?(?:[0-9][\s-]?){9}[0-9]"  # ISBN
    r"|[0-9]{1,4}(?:\s[0-9]{2,3})*\s000?(?:\s[0-9]+)*"  # millions with spaces
    r"|[01][0-9]{12}|[0-9]{3}-[0-9]{2}-[0-9]{4}"  # an article's number, a social security number
)


def phones(view: View, most: int) -> Iterator[Find]:
    """The telephone numbers of a text, of the first `most` runs of digits."""
    for _, run in zip(range(most), runs(view.text), strict=False):
        if not SHORTEST <= len(run.digits) <= LONGEST + 2:
            continue
        confidence, read_backwards = _confidence(run, view.text), _is_backwards(run, view.text)
        if (confidence or read_backwards) and not _is_made_up(run, view.text):
            start, end = view.span(run.start, run.end)
            value, confidence = (run.digits[::-1], 0.8) if read_backwards else (_value(run), confidence)
            yield Find(kind="phone", start=start, end=end, value=value, confidence=confidence)
    yield from _in_pieces(view)


def _in_pieces(view: View) -> Iterator[Find]:
    """A number that is told in pieces, with words between (`it starts with 305 and ends in 2123`)."""
    if not (_PART.search(view.text) and _FOR.search(view.text)):
        return
    pieces = list(islice(_PIECE.finditer(view.text), 6))
    digits = b"".join(_NO_DIGIT.sub(b"", piece[0]) for piece in pieces).decode()
    if 1 < len(pieces) < 5 and SHORTEST + 1 < len(digits) <= LONGEST:
        start, end = view.span(pieces[0].start(), pieces[-1].end())
        yield Find(kind="phone", start=start, end=end, value=digits, confidence=0.75)


def _confidence(run: Run, text: bytes) -> float:
    """How sure it is that a run is a telephone number; 0 where it is not taken for one."""
    before, after = text[max(0, run.start - REACH) : run.start], text[run.end : run.end + REACH]
    spoken_of = _last(_FOR, before)
    if spoken_of and _is_other_number(before):
        spoken_of = ()
    at_once = bool(spoken_of) and len(before) - spoken_of[0] < NEXT_TO
    if run.digits in _COUNTED or _is_something_else(run, before, after, at_once=at_once):
        return 0.0
    if run.international:
        return 0.99 if _exists(_value(run)) else 0.8 if spoken_of and len(run.digits) > 9 else 0.0
    if len(run.digits) > LONGEST or (len(run.digits) > NATIONAL and not _is_valid(f"+{run.digits}")):
        return 0.0
    denied = _last(_AGAINST, before)
    if denied and run.groups[-3:] == (3, 3, 4) and len(before) - denied[0] > NEXT_TO:
        denied = ()
    if (spoken_of > denied and _is_meant(run, len(before) - spoken_of[0])) or (not denied and _AFTER.search(after)):
        return 0.95 if len(run.digits) > 7 or run.groups != (7,) else 0.8
    if _is_dialled(run, after) and (not denied or _MONEY.search(before) or _DIALLED.search(after)):
        return 0.85
    if denied or _AGAINST_AFTER.search(after):
        return 0.0
    around = text[: run.start] + b" " + text[run.end :]
    if run.groups[-3:] != (3, 3, 4) and not run.spelled and _FIGURES.search(around):
        return 0.0  # one figure of several
    alone = _NOTHING_ELSE.fullmatch(around) is not None
    numbered = _NUMBER.search(before) and _PAUSE.search(after) and not _is_other_number(before)
    return _by_shape(run, alone=alone or bool(numbered))


def _is_something_else(run: Run, before: bytes, after: bytes, *, at_once: bool) -> bool:
    """Whether it is a date, an amount, a piece of code. Who cuts it up oddly, or calls it a telephone, means one."""
    if run.spelled or run.single:
        return False
    if _ELSE.fullmatch(run.text) and not (at_once and _national(run.digits)):
        return True
    if _TOUCHING.search(before) or (not run.international and _QUANTITY.search(before)):
        return True
    return _UNIT.search(after) is not None and not run.oddly_cut


def _is_meant(run: Run, away: int) -> bool:
    """Whether a word so far before the number speaks of it: the farther it is, the more the number must exist."""
    return away < NEXT_TO or run.spelled > 0 or run.single or run.oddly_cut or _is_plausible(run.digits)


def _is_plausible(digits: str) -> bool:
    return _national(digits) or _is_valid(f"+{digits}")


def _is_dialled(run: Run, after: bytes) -> bool:
    """Whether what follows speaks of calling, and the number exists: nobody's budget is one."""
    return (
        len(run.digits) >= SHORTEST + 2
        and not run.digits.endswith("000")
        and _LATER.search(after) is not None
        and _is_plausible(run.digits)
    )


def _is_backwards(run: Run, text: bytes) -> bool:
    """Whether the number exists from its end, and the text says that it is to be read from there."""
    around = text[max(0, run.start - REACH) : run.end + REACH]
    return len(run.digits) > SHORTEST + 1 and _BACKWARDS.search(around) is not None and _national(run.digits[::-1])


def _is_made_up(run: Run, text: bytes) -> bool:
    """Whether figures are spoken of as a placeholder."""
    before, after = text[max(0, run.start - NEXT_TO) : run.start], text[run.end : run.end + REACH]
    return not run.spelled and bool(_MADE_UP.search(before) or _MADE_UP_AFTER.search(after))


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
    if (
        set(run.digits) <= {"0", "1"}
        or _YEARS.fullmatch(run.digits)
        or (_HUNDREDS.search(run.text) and not _national(run.digits))
    ):
        return 0.0
    if run.spelled >= 2:
        return 0.9 if (alone and run.spelled >= 5) or (len(run.digits) >= 9 and _is_plausible(run.digits)) else 0.0
    if len(run.digits) < 9 or (not run.spelled and (_JOINED.search(run.text) or _LISTED.search(run.text))):
        return 0.0
    if len(_ROUND.findall(run.text)) > 2:
        return 0.0
    if run.single or alone or (3 <= len(run.groups) <= 5 and 3 <= max(run.groups) <= 4) or run.text.startswith(b"("):
        return 0.85 if _national(run.digits) or (alone and _is_valid(f"+{run.digits}")) else 0.0
    return 0.0


def _last(words_of: Expression, text: bytes) -> tuple[int, ...]:
    """Where the last of the words ends and how long it is, empty where none stands: `order number` is no `number`."""
    return max(((found.end(), found.end() - found.start()) for found in words_of.finditer(text)), default=())


def _lengths(region: str) -> frozenset[int]:
    """How many digits a national number of a country may have, the prefix that some dial before it counted."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    described = metadata and metadata.general_desc
    lengths = described.possible_length if described else ()
    return frozenset(length + extra for length in lengths for extra in (0, 1))


_LENGTHS: Final = {region: _lengths(region) for region in REGIONS}


def _exists(number: str) -> bool:
    """Whether an international number may exist, by length at least."""
    parsed = _parsed(_OLD_MEXICAN.sub(r"+52\1", number), None)
    return parsed is not None and phonenumbers.is_possible_number(parsed)


def _is_valid(number: str) -> bool:
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _national(digits: str) -> bool:
    """Whether the numbering plan of one of the countries has such a number."""
    fitting = (region for region in REGIONS if len(digits) in _LENGTHS[region])
    parsed = ((_parsed(digits, region), region) for region in fitting)
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
