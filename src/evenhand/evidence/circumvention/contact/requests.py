"""What a member says about details without naming one: asks the other side for them, or declines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import Match, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Kind
from evenhand.evidence.circumvention.contact.words import disguised, either, service, words

_NAMES: Final = (
    rf"(?:{either([*service('messengers'), *service('mail'), 'zoom'])}"
    rf"|{disguised(['whatsapp', 'telegram', 'instagram', 'discord', 'skype', 'gmail'])})"
)
_CALLED: Final = either([*words("channels"), *service("messengers", "short")])
_CHANNEL: Final = rf"(?:{_CALLED}|{_NAMES})(?:\s(?:number|no|id|handle|user(?:name)?|account))?\b"


def _until_channel(form: str) -> str:
    """The part of a form before it says what is asked for, cut where no bracket is open.

    >>> _until_channel("send me (?:your )?CHANNEL"), _until_channel("call (?:me|on CHANNEL)")
    ('send me (?:your )?', 'call ')
    """
    before, channel, _ = form.partition("CHANNEL")
    opened: list[int] = []
    for bracket in _BRACKETS.finditer(before):
        if bracket[0] == "(":
            opened.append(bracket.start())
        elif bracket[0] == ")":
            opened.pop()
    return before[: opened[0]] if channel and opened else before


_BRACKETS: Final = re.compile(r"\\.|[()]")
ASKED: Final = f"(?:{'|'.join(map(_until_channel, words('asked')))})"
DECLINED: Final = f"(?:{'|'.join(map(_until_channel, words('declined')))})"
"""What a text must hold to ask or decline, whatever it is that is asked for."""


def _spoken_of(forms: str) -> str:
    return f"(?:{'|'.join(words(forms)).replace('CHANNEL', _CHANNEL)})"


_ASKED: Final = expression(_spoken_of("asked"))
_DECLINED: Final = expression(_spoken_of("declined"))
_ENDED: Final = expression(rf"^\s*(?:$|[?.!,;:)\n]|{either(words('asked_on'))}\b|(?:/|(?:or|and|o|y)\s)\s?{_CHANNEL})")
_NAME: Final = expression(r"^,?\s([a-z\xe0]{2,16})\s?\?")
_NUMBER: Final = expression(r"(?:your|ur|tu|su) (?:number|numero)$")
_PRICED: Final = expression(
    r"^\W{0,3}[^\n]{0,48}?(?:[$]|\b(?:usd|eur|dollars|pesos|euros|thinking|budget|price|"
    r"for (?:everything|all|it)|cobr[a-z]+)\b)"
)
_MAIL: Final = expression(rf"e-?mail|correo|\bmail\b|{disguised(service('mail'))}")
_NAMED: Final = expression(disguised(service("messengers")))


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request for a detail of some kind, at `start` to `end` of the text."""

    kind: Kind
    start: int
    end: int


def asks(view: View, most: int) -> Iterator[Ask]:
    """The requests for a detail in a text."""
    for found in islice(_ASKED.finditer(view.text), most):
        quoted = view.text[: found.start()].count(b'"') % 2
        if (
            not quoted
            and _is_ended(view, found)
            and not (_NUMBER.search(found[0]) and _PRICED.search(view.text[found.end() : found.end() + 64]))
        ):
            start, end = view.span(*found.span())
            yield Ask(kind=_kind(found[0]), start=start, end=end)


def _is_ended(view: View, found: Match) -> bool:
    """Whether the request ends there: `your email?` and `your email, Ana?` do, `your email strategy` does not."""
    after = view.text[found.end() : found.end() + 24]
    if found[0][-1:] in b".!,\n" or b"?" in found[0] or _ENDED.search(after):
        return True
    name = _NAME.search(after)
    if name is None:
        return False
    start, end = view.span(found.end() + name.start(1), found.end() + name.end(1))
    return view.original[start:end].istitle()


def declines(view: View) -> bool:
    """Whether the writer keeps the conversation where it is, or will not give a detail away."""
    return _DECLINED.search(view.text) is not None


def _kind(request: bytes) -> Kind:
    if _MAIL.search(request):
        return "email"
    return "handle" if _NAMED.search(request) else "phone"
