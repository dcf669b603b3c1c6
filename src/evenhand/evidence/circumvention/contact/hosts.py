"""Pages and hosts, and what a host says of an address: a room to meet in, a way to pay, a name at a network, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Final

from publicsuffixlist import PublicSuffixList

from evenhand.evidence.circumvention.contact.expressions import Match, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find, Kind
from evenhand.evidence.circumvention.contact.words import either, listed, read, words

LONGEST: Final = 253
"""Characters of a name of a host (RFC 1035)."""

_LABEL: Final = r"[a-z0-9\xe0](?:[a-z0-9\-\xe0]{0,62}[a-z0-9\xe0])?"
_SURE: Final = "net|org|io|dev"
_LIKELY: Final = (
    "me|es|mx|de|in|us|uk|cl|ar|pe|ca|eu|info|design|studio|agency|app|online|site|store|shop|xyz|tech|tv|pro"
)
_DOT_WORD: Final = either([*words("dot"), "d0t"])
_DOT: Final = rf"(?:\s?[(\[{{<]\s?(?:\.|{_DOT_WORD})\s?[)\]}}>]\s?|[\s\-]{_DOT_WORD}[\s\-])"
_DOTS_OR_SPACES: Final = re.compile(rf"{_DOT}|\s?[.,]\s?")
_REACHED: Final = [host for group in ("handle", "payment", "meeting") for host in listed(read("hosts")[group])]
_LOOSE: Final = expression(rf"\b({_LABEL})(?:\s\.\s?|\.\s)(com|net|org|io)\b((?:\s?/\s?[^\s/<>]+)*)")
_DOTS: Final = expression(_DOT)
_REST: Final = r"[^\s<>\"'`]*"

_SCHEME: Final = expression(rf"\bh(?:tt|xx|\*\*)ps?\s?:\s?/\s?/\s?((?:{_LABEL}\.)+{_LABEL})(?::[0-9]+)?([/?#]{_REST})?")
_BARE: Final = expression(
    rf"((?:{_LABEL}\.)+(?:[a-z\xe0]{{2,24}}|xn--[a-z0-9\-]{{2,59}}))(\s?/\s?{_REST}|[?#]{_REST})?"
)
_WWW: Final = expression(rf"\bwww\s?\.\s?({_LABEL}(?:\s?\.\s?{_LABEL})+)(/{_REST})?")
_WRITTEN: Final = expression(
    rf"\b({_LABEL})({_DOT})((?:com?|{_SURE}|{_LIKELY})(?:{_DOT}(?:uk|mx|ar|co|pe|br))?)\b(\s?/{_REST})?"
)
_MASKED: Final = expression(
    rf"\b(?:www([,_ ])\s?({_LABEL})[,_ ]\s?|({_LABEL})(?:,|\s(?:dot|punto)))(com|net|org|es|io)\b"
)
_SLASH: Final = r"\s?[(\[{<]?(?:/|slash|barra)[)\]}>]?\s?"
_SPACED: Final = expression(
    rf"\b({'|'.join(host.replace('.', f'(?:{_DOT}|{chr(92)}s?[.,]{chr(92)}s?)') for host in _REACHED)})"
    rf"{_SLASH}((?:(?:in|u|add|c|channel|user|company|j){_SLASH})?{_REST})"
)
_SITE: Final = expression(rf"\b{either(words('sites'))}\b[^.\n]{{0,24}}$")
_SLASHES: Final = re.compile(_SLASH)
_SURE_ENDING: Final = expression(rf"^(?:com?|{_SURE})\b")
_SITE_AFTER: Final = expression(rf"^\s(?:is|es|are)\s(?:(?:my|mi|our|the|el|la)\s)?{either(words('sites'))}\b")
_PAUSE: Final = expression(r"^(?:$|\s?[.,;!?)\n])")
_ON: Final = expression(r"(?:^|\s)(?:on|at|en)\s$")
_AT_AFTER: Final = expression(rf"^\s?(?:@|[^a-z0-9\xe0\s.,;!?)/:]?{either(words('at'))}\b)")
_CODE_BEFORE: Final = expression(r"[a-z0-9_@$./=(\-\\`'\"]$|\bimport\s$|\bfrom\s$")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)


@cache
def kinds_of_hosts() -> Mapping[str, str]:
    """The list of `hosts.yaml` in which a host stands, by host."""
    return {host: group for group, hosts in read("hosts").items() for host in listed(hosts)}


def has_known_ending(host: str) -> bool:
    """Whether a name may be registered there, by the public suffix list that comes with the package; or `.example`.

    The latter is nobody's (RFC 2606), so that addresses can be made up without being anybody's: where one is written
    in earnest it is meant as one.

    >>> has_known_ending("gmail.com"), has_known_ending("main.cpp"), has_known_ending("co.uk")
    (True, False, False)
    """
    return host.endswith(".example") or bool(_suffixes().privatesuffix(host))


def group_of(host: str) -> str:
    """The list of `hosts.yaml` in which the host or one above it stands, the longest name first; none is empty.

    >>> group_of("us02web.zoom.us"), group_of("janedoe.com")
    ('meeting', '')
    """
    labels = host.removeprefix("www.").split(".")
    names = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((kinds_of_hosts()[name] for name in names if name in kinds_of_hosts()), "")


def pages(view: View, most: int) -> Iterator[Find]:
    """The addresses of pages in a text, of the first `most` places that each form is found at."""
    for found in islice(_SCHEME.finditer(view.text), most):
        yield from _page(view, found.span(), found[1], found[2], 0.98)
    for found in islice(_WWW.finditer(view.text), most):
        yield from _page(view, found.span(), found[1].replace(b" ", b""), found[2], 0.95)
    for found in islice(_BARE.finditer(view.text), most):
        path = b"" if b"@" in (found[2] or b"") and found[2][:1] == b" " else found[2] or b""
        if _is_host(view.text, found.span(1), path):
            yield from _page(view, found.span() if path else found.span(1), found[1], path, 0.9)
    for found in islice(_LOOSE.finditer(view.text), most):
        if found[3] or _is_own_name(found[1]):
            yield from _page(view, found.span(), found[1] + b"." + found[2], found[3], 0.8)
    for found in islice(_SPACED.finditer(view.text), most):
        host = _DOTS_OR_SPACES.sub(".", found[1].decode("latin-1")).encode("latin-1")
        path = _SLASHES.sub("/", found[2].decode("latin-1")).encode("latin-1")
        yield from _page(view, found.span(), host, b"/" + path, 0.95)
    yield from _written(view, most)


def _written(view: View, most: int) -> Iterator[Find]:
    """Hosts with a word, brackets or another sign for the dot."""
    for found in islice(_WRITTEN.finditer(view.text), most):
        if _is_written(view.text, found):
            ending = _DOTS.finditer(found[3])
            host = found[1] + b"." + b".".join(_parts(found[3], [dot.span() for dot in ending]))
            yield from _page(view, found.span(), host, found[4], 0.85)
    for found in islice(_MASKED.finditer(view.text), most):
        name = found[2] or found[3]
        before = view.text[max(0, found.start() - 1) : found.start()]
        if before != b"@" and (
            found[2] or (_is_own_name(name) and _PAUSE.search(view.text[found.end() : found.end() + 2]))
        ):
            yield from _page(view, found.span(), name + b"." + found[4], None, 0.85)


def _is_written(text: bytes, found: Match) -> bool:
    """Whether `jane dot me` is meant as a host: the likelier its ending is a word, the more must speak for it."""
    if found[4]:
        return True
    if not _is_own_name(found[1]):
        return False
    before, after = text[max(0, found.start() - 40) : found.start()], text[found.end() : found.end() + 2]
    sure = _SURE_ENDING.search(found[3]) is not None or b"(" in found[2] or b"[" in found[2]
    told = _SITE.search(before) or _SITE_AFTER.search(text[found.end() : found.end() + 24])
    return sure or told is not None or _PAUSE.search(after) is not None


def _is_own_name(label: bytes) -> bool:
    return label.decode("latin-1") not in _NOT_NAMES and len(label) > 3


def _parts(text: bytes, dots: list[tuple[int, int]]) -> Iterator[bytes]:
    end = 0
    for start, stop in dots:
        yield text[end:start]
        end = stop
    yield text[end:]


def _is_host(text: bytes, span: tuple[int, int], path: bytes) -> bool:
    """Whether `a.b` is meant as a host: not a file, not a piece of code, not a full stop without its space."""
    start, end = span
    host = text[start:end].decode("latin-1")
    before, after = text[max(0, start - 40) : start], text[end : end + 1]
    if _CODE_BEFORE.search(before) or after in {b"(", b"@", b"=", b"_", b"`", b"'"} or host in _SOFTWARE:
        return False
    first, ending = host.split(".", 1)[0], host.rsplit(".", 1)[-1]
    is_speech = len(first) == 1 or (ending in _DOUBTFUL and first in _NOT_NAMES)
    if is_speech and not group_of(host) and len(path) < 2:
        return False
    if _AT_AFTER.search(text[end : end + 16]):
        return False
    if len(path) > 1 or _is_expected(ending) or _SITE.search(before) is not None:
        return True
    alone = not text[:start].strip() and not text[end:].strip()
    return (alone and ending in _DOUBTFUL - _FILES) or (ending in _AFTER_ON and _ON.search(before) is not None)


def _is_expected(ending: str) -> bool:
    """Whether a host may be named bare under this ending: one of a country, or of those that everybody knows."""
    return ending not in _DOUBTFUL and (len(ending) == 2 or ending in _EXPECTED or not ending.isascii())


def _page(view: View, span: tuple[int, int], host: bytes, path: bytes | None, confidence: float) -> Iterator[Find]:
    start, end = view.span(*span)
    name = host.decode("latin-1").removeprefix("www.")
    own = view.original[start:end].rstrip(".,;:!?)]}")
    if len(name) > LONGEST or group_of(name) == "nobody" or (group_of(name) == "mail" and len(path or b"") < 2):
        return
    if not has_known_ending(name) and not has_known_ending(_unfolded(own)):
        return
    rest = (path or b"").decode("latin-1").replace(" ", "").rstrip(".,;:!?)]}")
    kind = _kind(name, rest)
    yield Find(
        kind=kind,
        start=start,
        end=start + len(own),
        value=plain(name) + rest.rstrip("/"),
        confidence=confidence if kind == "url" else 0.98,
    )


def _unfolded(own: str) -> str:
    return own.lower().partition("://")[2].partition("/")[0] or own.lower().partition("/")[0]


def plain(host: str) -> str:
    """A host with its letters, where it was written in the code for machines.

    >>> plain("xn--mnchen-3ya.de"), plain("xn--99999999999.de")
    ('münchen.de', 'xn--99999999999.de')
    """
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _kind(host: str, path: str) -> Kind:
    group = group_of(host)
    named = len(path) > 1
    if group == "meeting" and (named or host.count(".") > 1):
        return "meeting"
    if named and group == "handle":
        return "handle"
    return "payment" if named and group == "payment" else "url"


_NOT_NAMES: Final = frozenset(
    {
        *words("not_handle"),
        *words("sites"),
        "este",
        "ese",
        "each",
        "into",
        "that",
        "every",
        "good",
        "main",
        "decimal",
        "power",
        "price",
        "starting",
    }
)
_EXPECTED: Final = frozenset(listed(read("hosts")["expected"]))
_FILES: Final = frozenset(listed(read("hosts")["files"]))
_AFTER_ON: Final = frozenset(listed(read("hosts")["after_on"]))
_DOUBTFUL: Final = frozenset(listed(read("hosts")["doubtful"]))
_SOFTWARE: Final = frozenset(listed(read("hosts")["software"]))
