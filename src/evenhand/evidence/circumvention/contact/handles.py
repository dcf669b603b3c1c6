"""Names at messengers and social networks: a name beside the service's, which may itself be disguised."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import Match, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.words import disguised, either, service, words

_LONG: Final = disguised(service("messengers"))
_SHORT: Final = rf"\b(?:{either(service('messengers', 'short'))}|{disguised(service('messengers', 'clipped'))})\b"
_APP: Final = either(service("messengers", "apps"))
_SERVICE: Final = rf"(?:{_LONG}|{_SHORT}|{_APP})"
_NAME: Final = r"[a-z0-9\xe0][a-z0-9._\-\xe0]{1,30}[a-z0-9_\xe0]"
_OF: Final = either(words("of_handle"))
_IS: Final = rf"(?:\s?(?:[:=]|[\-=]?>|-)\s?|\s{either(words('link'))}\s(?:[:\-]\s?)?)"
_MINE: Final = rf"\b{either(words('mine'))}\b"
_FOUND: Final = rf"\b{either(words('find'))}\b"
_ON: Final = rf"\s{either(words('at_service'))}\s(?:my |the |mi |el |la )?"

_SIGNED: Final = expression(rf"{_SERVICE}\b[^@\n]{{0,28}}?[\s:(\[,;\->](@\s?{_NAME})")
_SIGNED_BEFORE: Final = expression(rf"(?:^|[\s:(,])(@{_NAME}){_ON}{_SERVICE}\b")
_ASSIGNED: Final = expression(rf"({_MINE}[^.\n]{{0,12}}?)?({_SERVICE})(\s{_OF})?({_IS})@?({_NAME})")
_BESIDE: Final = expression(rf"({_SERVICE})(\s{_OF})?(?:\?|,)?\s({_NAME})")
_PLACED: Final = expression(rf"{_FOUND}\s(?:is |es )?({_NAME}){_ON}{_SERVICE}\b")
_PLACED_AS: Final = expression(
    r"\b(?:me (?:up )?(?:as|by|under)|me como|i go by|i'm|i am|soy|look for|user ?name|usuario)\s(?:is |es )?"
    rf"({_NAME}(?:\s[0-9]{{2,8}})?){_ON}{_SERVICE}\b"
)
_UNDER: Final = expression(rf"{_FOUND}[^.\n]{{0,16}}?{_SERVICE}\s(?:as|como|under|by)\s({_NAME})")
_SAME: Final = expression(rf"(?:same name|mismo nombre){_ON}{_SERVICE}\b\W{{1,3}}({_NAME})")
_CALLED: Final = expression(rf"{_MINE}\s(?:{_OF}){_ON}{_SERVICE}{_IS}({_NAME})")
_TAGGED: Final = expression(r"(?:^|[\s:(,>])([a-z0-9_.\-\xe0]{2,32}#[0-9]{4})\b")
_LIVE: Final = expression(r"\b(live:\.?[a-z0-9][a-z0-9_.\-]{2,40}[a-z0-9])")
_DIRECT: Final = expression(
    rf"\b(?:(?:dm|find|add|follow|message|ping) me|sigueme|agregame|buscame)\b[^@\n]{{0,16}}\s(@{_NAME})"
)
_END: Final = expression(r"^[\s.!)]*(?:$|\n)")
_LETTER: Final = expression(r"[a-z\xe0]")
_MARKED: Final = expression(r"[0-9_]|[a-z][.\-][a-z0-9]")


def handles(view: View, most: int) -> Iterator[Find]:
    """The names of a text, of the first `most` places that each form is found at."""
    text = view.text
    for sure in (_SIGNED, _SIGNED_BEFORE, _TAGGED, _LIVE, _DIRECT, _SAME):
        for found in islice(sure.finditer(text), most):
            if not _is_address(text, found.span(1)):
                yield _find(view, found, 1, 0.95)
    for found in islice(_ASSIGNED.finditer(text), most):
        if _is_assigned(text, found):
            yield _find(view, found, 5, 0.92)
    for likely, group in ((_PLACED, 1), (_CALLED, 1), (_BESIDE, 3)):
        for found in islice(likely.finditer(text), most):
            if _is_name(text, found.span(group), sure=likely is not _BESIDE or _is_sure(found)):
                yield _find(view, found, group, 0.92)
    for named in (_PLACED_AS, _UNDER):
        for found in islice(named.finditer(text), most):
            if not _is_word(text, found.span(1)):
                yield _find(view, found, 1, 0.92)


def _find(view: View, found: Match, group: int, confidence: float) -> Find:
    start, end = view.span(*found.span(group))
    value = found[group].decode("latin-1").lstrip("@ ")
    return Find(kind="handle", start=start, end=end, value=value, confidence=confidence)


def _is_assigned(text: bytes, found: Match) -> bool:
    """Whether `service: name` gives a name: it must look like one, or be all that is said, or be called mine."""
    link = found[4].strip()
    own = found.span(1) != (-1, -1) or found.span(3) != (-1, -1)
    if link.isalpha() and not own and found[2].decode("latin-1") in _PLAIN:
        return _is_name(text, found.span(5), sure=False)
    return _is_name(text, found.span(5), sure=True)


def _is_sure(found: Match) -> bool:
    """Whether a service stands beside `name` or `id`, or in disguise: who disguises it means to be found there."""
    return found.span(2) != (-1, -1) or found[1].decode("latin-1") not in _PLAIN


def _is_name(text: bytes, span: tuple[int, int], *, sure: bool) -> bool:
    """Whether a word can be a name: no word of speech, and, where nothing else speaks for it, with a digit or sign."""
    if _is_word(text, span):
        return False
    marked = _MARKED.search(text[span[0] : span[1]]) is not None
    return marked or (sure and _END.search(text[span[1] : span[1] + 8]) is not None)


def _is_word(text: bytes, span: tuple[int, int]) -> bool:
    """Whether it is a word of speech, a number or a piece of something else."""
    name = text[span[0] : span[1]]
    return name.decode("latin-1") in _WORDS or _is_address(text, span) or not _LETTER.search(name)


def _is_address(text: bytes, span: tuple[int, int]) -> bool:
    """Whether the word is a piece of an address for mail, of a path or of code."""
    return text[span[1] : span[1] + 1] in {b"@", b"/", b"(", b":"}


_WORDS: Final = frozenset(words("not_handle"))
_PLAIN: Final = frozenset(name for key in ("names", "clipped", "short", "apps") for name in service("messengers", key))
