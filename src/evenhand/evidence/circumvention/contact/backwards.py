"""Text written from its end, or turned upside down: `moc.liamg@nhoj`. It is read the other way round as well."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.words import drawn, either, service

_ENDINGS: Final = ("com", "org")
_WHOLE: Final = [
    *(name for name in service("mail") if len(name) > 4),
    *(name for name in service("messengers") if len(name) > 5),
    "https",
]

BACKWARDS: Final = (
    rf"\b{either(ending[::-1] for ending in _ENDINGS)}(?:\s?\.\s?|\s(?:tod|otnup)\s)[a-z0-9\xe0]"
    rf"|\b{either(name[::-1] for name in _WHOLE)}\b"
)
"""What a text must hold to be read from its end: the ending of a host before its dot, the name of a service."""

_TURNED: Final = frozenset("".join(drawn("turned").values()))
_OTHER_WAY_UP: Final = bytes.maketrans(b"bdnpqu", b"qpudbn")


def backwards(view: View) -> View:
    """The same from its end, with the way back.

    >>> from evenhand.evidence.circumvention.contact.fold import view_of
    >>> backwards(view_of("moc.liamg@nhoj")).text
    b'john@gmail.com'
    """
    text = view.text[::-1]
    places = range(len(text)) if view.places is None else view.places
    if not _TURNED.isdisjoint(view.original):
        text = text.translate(_OTHER_WAY_UP)
    return View(view.original, text, places[::-1])
