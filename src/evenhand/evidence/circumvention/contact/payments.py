"""Ways to pay past the platform: accounts with check digits, wallets, names at payment services; rooms to meet in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.accounts import (
    Holds,
    anything,
    is_base58,
    is_bech32,
    is_card,
    is_domestic,
    is_iban,
    is_routing_number,
)
from evenhand.evidence.circumvention.contact.expressions import Expression, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.words import disguised, either, service, sounds_like_speech, words

REACH: Final = 64
"""Bytes before a number in which a word must speak of banks, and none of tests."""

_PAYING: Final = disguised(service("payment"))
_NAME: Final = r"[a-z][a-z0-9_.\-]{1,28}[a-z0-9_]"

_CHECKED: Final[tuple[tuple[Expression, Holds], ...]] = (
    (
        expression(
            r"\b([a-z]{2}[0-9]{2}[ \-]?[a-z0-9]{4}(?:[ \-]?(?:[0-9][a-z0-9]|[a-z][0-9])[a-z0-9]{2}){2,6}"
            r"(?:[ \-]?[0-9][a-z0-9]{0,2})?)\b"
        ),
        is_iban,
    ),
    (expression(r"\b([13tlmd][a-z0-9]{25,34})\b"), is_base58),
    (expression(r"\b((?:bc|ltc)1[a-z0-9]{11,71})\b"), is_bech32),
    (expression(r"\b(0x[0-9a-f]{40})\b"), anything),
)
"""What needs no word beside it."""

_SPOKEN: Final[tuple[tuple[Expression, Holds], ...]] = (
    (expression(r"\b([0-9](?:[ \-.]?[0-9]){17}(?:(?:[ \-.]?[0-9]){2}){0,2})\b"), is_domestic),
    (expression(r"\b([0-9](?:[ \-]?[0-9]){14,15})\b"), is_card),
    (expression(r"\b(?:routing|aba|rtn)\b[^0-9\n]{0,20}([0-9]{9})\b"), is_routing_number),
    (
        expression(
            r"\b(?:routing|aba|rtn)\b[^0-9\n]{0,20}[0-9]{9}[^0-9\n]{1,12}\bacc[a-z]*\b[^0-9\n]{0,12}([0-9]{6,17})\b"
        ),
        anything,
    ),
    (expression(r"\bsort\s?code\b[^0-9\n]{0,8}([0-9]{2}[ \-][0-9]{2}[ \-][0-9]{2})\b"), anything),
    (expression(r"\bcci\b[^0-9\n]{0,12}([0-9](?:[ \-]?[0-9]){19})\b"), anything),
    (
        expression(r"\bbinance(?:[\s,]{1,2}(?:pay|id|uid|mi|my|el|the))*(?:[\s:=#]|\bis|\bes){1,6}([0-9]{8,10})\b"),
        anything,
    ),
    (
        expression(
            r"\balias\b(?:\s(?:de|del|para|es|is|cbu|cvu|mp|mercado|pago|banco|bancario|transferir|transferencia|mi|la|el|cuenta))*"
            r"\s?[:=]?\s?([a-z0-9]{2,20}(?:[.\-][a-z0-9]{2,20}){1,3})"
        ),
        anything,
    ),
)
"""What needs a word of banks before it."""

_NAMED: Final = (
    expression(rf"{_PAYING}\b[^$\n]{{0,24}}?(?:\$|dollar sign )({_NAME})"),
    expression(rf"(?:^|\s)\$({_NAME})\s(?:(?:on|in|at|en)\s)?{_PAYING}"),
    expression(rf"{_PAYING}\b[^@\n]{{0,24}}?[\s:](@[a-z0-9][a-z0-9_.\-]{{1,28}}[a-z0-9_])"),
    expression(r"\b([a-z0-9][a-z0-9.\-]{1,40}@(?:ok[a-z]{3,12}|upi|paytm|ybl|ibl|axl|apl))\b"),
)
_CALLED: Final = expression(
    rf"(\b(?:my|mi)\s)?{_PAYING}(?:\s(?:me|user|username|id|tag|usuario|name))?"
    rf"(?:\s?[:=]\s?|\s-\s|\s(is|es)\s|\s)({_NAME})"
)
_ZOOM: Final = rf"\b(?:{disguised(['zoom'])}|zum|(?:por|mi|via|en)\ssum)\b"
_ROOM: Final = expression(
    rf"(?:{_ZOOM}[^.\n0-9]{{0,24}}?\b(?:id|number|numero)\b[^0-9\n]{{0,16}}?|{_ZOOM}(?:\smeeting|\sroom)?[\s:=]{{1,3}}"
    r"|\b(?:(?:webex|teams|meeting|reunion|mitin|llamada|room)[\s,]{1,2}id"
    r"|id de (?:la |mi )?(?:reunion|llamada|sala|zoom))"
    r"\b[^0-9\n]{0,16}?)([0-9](?:[ \-.]{0,3}[0-9]){8,12})\b"
)
_CODE: Final = expression(r"\bmeet\b[^.\n]{0,24}?\b([a-z]{3}-[a-z]{4}-[a-z]{3})\b")

_BANKS: Final = expression(rf"\b{either(words('banks'))}\b")
_TESTS: Final = expression(rf"\b{either(words('tests'))}\b")
_MARKED: Final = expression(r"[0-9_]|[a-z][.\-][a-z0-9]")
_END: Final = expression(r"^\s?(?:$|[.,;!)\n])")
_WORDS: Final = frozenset(words("not_handle"))


def payments(view: View, most: int) -> Iterator[Find]:
    """The ways to pay that a text names, of the first `most` places that each form is found at."""
    for form, holds in _CHECKED:
        for found in islice(form.finditer(view.text), most):
            yield from _account(view, found.span(1), holds, 0.99)
    for form, holds in _SPOKEN:
        for found in islice(form.finditer(view.text), most):
            start, end = found.span(1)
            before = view.text[max(0, start - REACH) : start]
            if _BANKS.search(before) and not _TESTS.search(before):
                yield from _account(view, (start, end), holds, 0.97)
    yield from _named(view, most)


def _account(view: View, span: tuple[int, int], holds: Holds, confidence: float) -> Iterator[Find]:
    start, end = view.span(*span)
    if holds(view.original[start:end]):
        value = view.text[span[0] : span[1]].decode("latin-1")
        yield Find(kind="payment", start=start, end=end, value=value, confidence=confidence)


def _named(view: View, most: int) -> Iterator[Find]:
    for form in _NAMED:
        for found in islice(form.finditer(view.text), most):
            yield from _account(view, found.span(1), anything, 0.96)
    for found in islice(_CALLED.finditer(view.text), most):
        name, own = found[3].decode("latin-1"), found.span(1) != (-1, -1)
        after = view.text[found.end() : found.end() + 2]
        at_end = own and _END.search(after) and not sounds_like_speech(name)
        if name not in _WORDS and after[:1] not in {b"@", b"/"} and (_MARKED.search(found[3]) or at_end):
            yield from _account(view, found.span(3), anything, 0.9)


def rooms(view: View, most: int) -> Iterator[Find]:
    """Rooms to meet in that are named by their number or code; those with an address are pages."""
    for service_name, form in (("zoom", _ROOM), ("meet", _CODE)):
        for found in islice(form.finditer(view.text), most):
            start, end = view.span(*found.span(1))
            value = f"{service_name}/" + "".join(filter(str.isalnum, found[1].decode("latin-1")))
            yield Find(kind="meeting", start=start, end=end, value=value, confidence=0.96)
