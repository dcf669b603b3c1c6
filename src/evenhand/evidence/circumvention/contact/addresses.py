"""Addresses for mail: plain, with words or brackets for the signs, with the provider alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import Match, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.hosts import group_of, has_known_ending
from evenhand.evidence.circumvention.contact.item import Find, Kind
from evenhand.evidence.circumvention.contact.words import (
    disguised,
    either,
    numbers,
    service,
    sounds_like_speech,
    with_plain_signs,
    words,
)

_MAIL: Final = rf"(?:{either(service('mail'))}|{disguised(['gmail', 'hotmail', 'outlook', 'yahoo'])})"
_AT_WORD, _DOT_WORD = either(words("at")), either(words("dot"))
_EDGE: Final = r"[^a-z0-9\xe0@.,;!?\n]{1,3}"
_SIGN_EDGE: Final = r"[^a-z0-9\xe0\s@.,;!?]"
_THEN: Final = r"(?:then|and then|luego|y luego|followed by|seguido de|despues)"
_AT: Final = (
    rf"(?:\s?@\s?|\s?{_SIGN_EDGE}\s?(?:@|a|{_AT_WORD})\s?{_SIGN_EDGE}\s?|{_EDGE}{_AT_WORD}{_EDGE}"
    rf"|,\s(?:the\s|el\s|la\s)?{_AT_WORD}(?:\s(?:thing|sign|symbol))?,\s"
    rf"|,?\s{_THEN}\s(?:an? |un )?(?:{_AT_WORD}|@),?\s?(?:{_THEN}\s)?)"
)
_DOT: Final = (
    r"(?:\s?\.\s?|,\s?(?:dot|punto),\s?|,|"
    rf"\s?{_SIGN_EDGE}\s?(?:\.|d|{_DOT_WORD}|d0t)\s?{_SIGN_EDGE}\s?|{_EDGE}(?:{_DOT_WORD}|d0t){_EDGE})"
)
_LOCAL: Final = r"[a-z0-9\xe0][a-z0-9._%+\-\xe0]{0,63}"
_SIGNS: Final = numbers("signs")
_NAME: Final = rf"{_LOCAL}?(?:{_EDGE}{either(_SIGNS)}{_EDGE}{_LOCAL}?){{0,2}}"
_LABEL: Final = r"[a-z0-9\xe0](?:[a-z0-9\-\xe0]{0,62}[a-z0-9\xe0])?"
_ENDING: Final = r"(?:c0m|[a-z]{2,24}|xn--[a-z0-9\-]{2,59})"

_FREQUENT: Final = frozenset(
    {"com", "net", "org", "io", "co", "es", "mx", "de", "ru", "me", "in", "uk", "fr", "ar", "cl", "eu", "example"}
    | {"dev", "app", "design", "studio", "agency", "info", "biz", "tech", "pe", "us", "ca", "br", "it", "pt", "online"}
)

_PLAIN: Final = expression(
    rf"({_LOCAL})(?:@|%40|&#64;)((?:{_LABEL}\.)+[a-z\xe0]{{2,24}}|(?:{_LABEL}\.)+xn--[a-z0-9\-]{{2,59}})"
)
_WRITTEN: Final = expression(rf"\b({_NAME})({_AT})((?:{_LABEL}{_DOT}){{1,3}}?)({_ENDING})\b")
_TAIL: Final = expression(
    rf"(?:^|\s)({_AT}|@|{_AT_WORD}{_EDGE})((?:{_LABEL}{_DOT}){{1,3}}?)({_ENDING})(?:$|[\s.,;!?)])"
)
_GLUED: Final = expression(rf"\b({_LOCAL}?)(?:at|arroba)({_MAIL})(?:dot|punto|\.)(com|net|org|es|de|me|ru)\b")
_PROVIDER: Final = expression(
    rf"\b({_NAME})({_AT}|\s(?:(?:en|on|in|at|{_THEN})\s)?(?:my |mi |el )?)({_MAIL})"
    rf"(?:(\s?(?:d0t|dot|punto|pto)\s?com\b|[\s,]{{1,2}}com\b)|\b)"
)
_MASKED: Final = expression(
    rf"\b({_LOCAL}?)\s?[^a-z0-9\xe0\s@.,]\s?(?:at\s?[^a-z0-9\xe0\s@.,]\s?)?({_MAIL})"
    r"\s?[^a-z0-9\xe0\s@]\s?(?:dot\s?[^a-z0-9\xe0\s@]\s?)?(com|net|org|es|de|me|ru)\b"
)
_BARE: Final = expression(rf"\b({_LOCAL})\s({_MAIL})\s(?:com|es|net)\b")
_BESIDE: Final = expression(rf"\b({_LOCAL}),?\s?[(\[]\s?({_MAIL})\s?[)\]]")
_TOLD: Final = expression(
    rf"\b(?:e?mail|e-mail|correo|user ?name|user|usuario|name)(?:\s?[:=]|\s(?:is|es))?\s({_LOCAL}),?"
    rf"\s(?:at|de|en|on|(?:the |el )?(?:domain|dominio|host|provider|proveedor)(?:\s?:|\s(?:is|es))?)\s({_MAIL})\b"
)
_OWN_NAME_AT: Final = expression(
    r"\b(?:user ?name|user|usuario|nombre|name)\b[^.\n@]{0,24}?(?:\s|^)"
    rf"(@\s?({_MAIL})(?:\s?(?:\.|dot|punto)\s?(?:com|es|net))?)\W*$"
)
_ALONE: Final = expression(rf"^\W*({_MAIL})\s?[:=]\s?({_LOCAL})\W*$")
_PROVIDER_ALONE: Final = expression(
    rf"^\W*(?:(?:then|and|y|luego|at|arroba|en|on|my|mi|de|it's|es)\s)*({_MAIL})(?:\s?(?:\.|dot|punto|pto|d0t)?\s?(?:com|es|net))?\W*$"
)
_NAMED: Final = expression(
    rf"\b({_MAIL})(?:\s(?:account|address|name|user|username|id|cuenta|usuario|mail))?"
    rf"(?:\s?[:=>,\-]+\s?|\s(?:is|es|soy|id)\s)"
    rf"(?:(?:my |mi )?(?:name|user|nombre|usuario)?\s?(?:is|es|:)?\s)?({_LOCAL})"
)
_DOTS: Final = expression(_DOT)
_PROVIDERS: Final = expression(rf"^{_MAIL}\.")
_SPELLED_DOT: Final = expression(rf"{_DOT_WORD}|d0t|{_SIGN_EDGE}")
_OWN: Final = expression(r"\b(?:my|mi)\s")
_BRACKETED: Final = expression(rf"^\s?{_SIGN_EDGE}.*{_SIGN_EDGE}\s?$")
_A_LETTER: Final = expression("[a-z]")
_A_MARK: Final = expression(r"[0-9]|[a-z][._][a-z0-9]")
_BARE_AT: Final = expression(
    rf"\s+{either(w for w in words('at') if 'ro' not in w)}\s+|\s(?:(?:en|on|in|at|{_THEN})\s)?(?:my |mi |el )?"
)
_TALK_OF_MAIL: Final = expression(rf"\b{either([*words('mail'), *words('mine')])}\b")
_PAUSE: Final = expression(r"^\s*(?:$|[.,;!?)\n])")


def addresses(view: View, most: int) -> Iterator[Find]:
    """The addresses of a text that could be somebody's, of the first `most` places that each form is found at."""
    for find in _addresses(view, most):
        name, _, host = find.value.rpartition("@")
        if name not in _OF_NOBODY and group_of(host) != "nobody":
            yield find


def _addresses(view: View, most: int) -> Iterator[Find]:
    for found in islice(_PLAIN.finditer(view.text), most):
        before = view.text[max(0, found.start() - 80) : found.start()]
        if not _IN_A_COMMAND.search(before):
            yield _find(view, found.span(), found[1], found[2], 0.99)
    yield from _written(view, most)
    for found in islice(_GLUED.finditer(view.text), most):
        yield _find(view, found.span(), found[1], found[2] + b"." + found[3], 0.95)
    for found in islice(_MASKED.finditer(view.text), most):
        if not _is_word(found[1]):
            yield _find(view, found.span(), found[1], found[2] + b"." + found[3], 0.9)
    yield from _with_provider_alone(view, most)


def _written(view: View, most: int) -> Iterator[Find]:
    """Addresses with words or brackets for the signs; what is none may hide the beginning of one."""
    start = 0
    for _ in range(most):
        found = _WRITTEN.search(view.text, start)
        if found is None:
            return
        host = _host(found)
        holds = _is_written(found, host, view.text[max(0, found.start() - 8) : found.start()])
        if holds:
            yield _find(view, found.span(), found[1], host, 0.95)
        start = found.end() if holds else found.end(2)


def tail(view: View) -> tuple[int, int, bytes] | None:
    """Where a text gives the second half of an address and not the first (`at gmail dot com`), and its host."""
    if alone := _PROVIDER_ALONE.search(view.text):
        return (*view.span(*alone.span(1)), alone[1])
    found = _TAIL.search(view.text)
    if found is None:
        return None
    host = _dotted(found[2]) + found[3]
    return (*view.span(found.start(1), found.end(3)), host) if _PROVIDERS.search(host) else None


def _with_provider_alone(view: View, most: int) -> Iterator[Find]:
    """`omar@gmail`, `my gmail is omar22`: the rest of the host goes without saying."""
    for found in islice(_PROVIDER.finditer(view.text), most):
        before, after = view.text[max(0, found.start() - 32) : found.start()], view.text[found.end() : found.end() + 8]
        strong = not _BARE_AT.fullmatch(found[2]) or found[4] is not None
        paused, apart = _PAUSE.search(after) is not None, found[2].strip() == b""
        named = (_like_a_name(found[1]) and (paused or not apart)) or (
            _TALK_OF_MAIL.search(before) and paused and not apart
        )
        if (strong or named) and not (_is_loose(found[2]) and _is_word(found[1])):
            yield _find(view, found.span(), found[1], found[3], 0.9 if strong else 0.8)
    for form in (_BARE, _BESIDE, _TOLD):
        for found in islice(form.finditer(view.text), most):
            if _belongs(view.text, found, sure=form is _TOLD):
                yield _find(view, found.span(), found[1], found[2], 0.8)
    for found in islice(_OWN_NAME_AT.finditer(view.text), most):
        yield _find(view, found.span(1), b"name", found[2], 0.7)
    if (found_alone := _ALONE.search(view.text)) and not _is_speech(found_alone[2]):
        yield _find(view, found_alone.span(2), found_alone[2], found_alone[1], 0.8)
    for found in islice(_NAMED.finditer(view.text), most):
        before = view.text[max(0, found.start() - 12) : found.start()]
        own = _OWN.search(before) and not _is_speech(found[2])
        if _like_a_name(found[2]) or own:
            yield _find(view, found.span(2), found[2], found[1], 0.8)


def _belongs(text: bytes, found: Match, *, sure: bool) -> bool:
    """Whether a word beside a provider is the name of an account there: it looks like one, or is all that is said."""
    alone = not (text[: found.start()] + text[found.end() :]).strip(b" .!,")
    return _like_a_name(found[1]) or ((sure or alone) and not _is_speech(found[1]))


def _find(view: View, span: tuple[int, int], local: bytes, host: bytes, confidence: float) -> Find:
    start, end = view.span(*span)
    plain = re.sub("[^a-z0-9.à-]", "", host.decode("latin-1"))
    value = f"{with_plain_signs(local.decode('latin-1'))}@{plain}"
    return Find(kind=_kind(plain), start=start, end=end, value=value, confidence=confidence)


def _kind(host: str) -> Kind:
    """What is reached under a name at a host: nobody has a letter box at `instagram.com`."""
    if group_of(host) == "handle" or host.partition(".")[0] in _NETWORKS:
        return "handle"
    return "payment" if group_of(host) == "payment" else "email"


def _host(found: Match) -> bytes:
    return _dotted(found[3]) + found[4].replace(b"c0m", b"com")


def _dotted(labels: bytes) -> bytes:
    """Labels with plain dots between and after them."""
    end, host = 0, b""
    for dot in _DOTS.finditer(labels):
        host += labels[end : dot.start()] + b"."
        end = dot.end()
    return host + labels[end:]


def _is_written(found: Match, host: bytes, before: bytes) -> bool:
    """Whether words that could mean an address do: the weaker the signs, the better known the host must be."""
    at, dots = found[2], found[3]
    ending = host.rsplit(b".", 1)[-1].decode("latin-1")
    provider = _PROVIDERS.search(host) is not None
    if not has_known_ending(host.decode("latin-1")) or (_is_loose(at) and _is_word(found[1])):
        return False
    if found[1] in _ROLES and _ARTICLE.search(before):
        return False  # the page at some host
    if not provider and (at == b" @" or b"," in dots):
        return False  # a name at a network, a list
    if _BARE_AT.fullmatch(at):
        plain = not _SPELLED_DOT.search(dots)
        return provider if plain else provider or (ending in _FREQUENT and not _is_word(found[1]))
    return ending in _FREQUENT or b". " not in dots


def _is_loose(at: bytes) -> bool:
    """Whether the sign could belong to a sentence: a word that nothing encloses, or with a space beside it."""
    return at != b"@" and _BRACKETED.search(at) is None


def _like_a_name(local: bytes) -> bool:
    """Whether a word looks like the name of an account: a digit, a dot or an underscore in it."""
    return _A_LETTER.search(local) is not None and _A_MARK.search(local) is not None


def _is_speech(local: bytes) -> bool:
    return _is_word(local) or sounds_like_speech(local.decode("latin-1"))


def _is_word(local: bytes) -> bool:
    return local.decode("latin-1") in _WORDS or len(local) < 3


_NETWORKS: Final = frozenset(service("messengers"))
_OF_NOBODY: Final = frozenset(words("of_nobody"))
_IN_A_COMMAND: Final = expression(r"://[^\s/]*$|\b(?:ssh|scp|rsync|sftp)\s[^\n]{0,32}$")
_ROLES: Final = frozenset(name.encode() for name in words("mail_names"))
_ARTICLE: Final = expression(rf"\b{either(words('articles'))}\s$")
_WORDS: Final = frozenset(
    {
        *words("not_handle"),
        *words("sites"),
        *words("not_mail"),
        *words("at"),
        *words("dot"),
        "luego",
        *service("messengers"),
        *service("messengers", "short"),
    }
) - {*words("mail_names")}
