"""What a member says about details without naming one: asks the other side for them, or declines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Kind
from evenhand.evidence.circumvention.contact.words import disguised, either, service, words

_NAMES: Final = disguised([*service("messengers"), *service("mail"), "zoom"])
_CALLED: Final = either([*words("channels"), *service("messengers", "short")])
_CHANNEL: Final = rf"(?:{_CALLED}|{_NAMES})(?:\s(?:number|id|handle|user(?:name)?|account))?\b"
ASKED: Final = f"(?:{'|'.join(words('asked')).replace('CHANNEL', _CHANNEL)})"
DECLINED: Final = f"(?:{'|'.join(words('declined')).replace('CHANNEL', _CHANNEL)})"

_ASKED: Final = expression(ASKED)
_DECLINED: Final = expression(DECLINED)
_ENDED: Final = expression(rf"^\s*(?:$|[?.!,;:)\n]|{either(words('asked_on'))}\b)")
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
        after = view.text[found.end() : found.end() + 24]
        if found[0][-1:] in b"?.!,\n" or _ENDED.search(after):
            start, end = view.span(*found.span())
            yield Ask(kind=_kind(found[0]), start=start, end=end)


def declines(view: View) -> bool:
    """Whether the writer keeps the conversation where it is, or will not give a detail away."""
    return _DECLINED.search(view.text) is not None


def _kind(request: bytes) -> Kind:
    if _MAIL.search(request):
        return "email"
    return "handle" if _NAMED.search(request) else "phone"
