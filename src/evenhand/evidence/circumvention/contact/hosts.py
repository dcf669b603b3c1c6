"""Pages and hosts, and what a host says of an address: a room to meet in, a way to pay, a name at a network, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Final

from publicsuffixlist import PublicSuffixList

from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find, Kind
from evenhand.evidence.circumvention.contact.words import either, listed, read, words

LONGEST: Final = 253
"""Characters of a name of a host (RFC 1035)."""

_LABEL: Final = r"[a-z0-9\xe0](?:[a-z0-9\-\xe0]{0,62}[a-z0-9\xe0])?"
_DOT_WORD: Final = either([*words("dot"), "d0t"])
_DOT: Final = rf"(?:\s?[(\[{{<]\s?(?:\.|{_DOT_WORD})\s?[)\]}}>]\s?|[\s\-]{_DOT_WORD}[\s\-])"
_DOTS_OR_SPACES: Final = re.compile(rf"{_DOT}|\s?\.\s?")
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
    rf"\b({_LABEL}){_DOT}((?:com?|net|org|io|me|es|mx|de|dev|info)(?:{_DOT}(?:uk|mx|ar|co))?)\b(\s?/{_REST})?"
)
_SPACED: Final = expression(
    rf"\b({'|'.join(host.replace('.', f'(?:{_DOT}|{chr(92)}s?{chr(92)}.{chr(92)}s?)') for host in _REACHED)})"
    rf"\s?(?:/|slash)\s?({_REST})"
)
_SITE: Final = expression(rf"\b{either(words('sites'))}\b[^.\n]{{0,24}}$")
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
        if _is_host(view.text, found.span(1), found[2] or b""):
            yield from _page(view, found.span(), found[1], found[2], 0.9)
    for found in islice(_LOOSE.finditer(view.text), most):
        if found[3] or found[1].decode("latin-1") not in _NOT_NAMES:
            yield from _page(view, found.span(), found[1] + b"." + found[2], found[3], 0.8)
    for found in islice(_SPACED.finditer(view.text), most):
        host = _DOTS_OR_SPACES.sub(".", found[1].decode("latin-1")).encode("latin-1")
        yield from _page(view, found.span(), host, b"/" + found[2], 0.95)
    for found in islice(_WRITTEN.finditer(view.text), most):
        name = found[1].decode("latin-1")
        if found[3] or (name not in _NOT_NAMES and len(name) > 3):
            ending = _DOTS.finditer(found[2])
            host = found[1] + b"." + b".".join(_parts(found[2], [dot.span() for dot in ending]))
            yield from _page(view, found.span(), host, found[3], 0.85)


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
    if len(path) > 1 or host.rsplit(".", 1)[-1] not in _DOUBTFUL:
        return True
    alone = not text[:start].strip() and not text[end:].strip()
    return alone or _SITE.search(before) is not None


def _page(view: View, span: tuple[int, int], host: bytes, path: bytes | None, confidence: float) -> Iterator[Find]:
    start, end = view.span(*span)
    name = host.decode("latin-1").removeprefix("www.")
    own = view.original[start:end].rstrip(".,;:!?)]}")
    if len(name) > LONGEST or (group_of(name) == "mail" and len(path or b"") < 2):
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


_NOT_NAMES: Final = frozenset({*words("not_handle"), *words("sites"), "este", "ese", "each", "into", "that", "every"})
_DOUBTFUL: Final = frozenset(listed(read("hosts")["doubtful"]))
_SOFTWARE: Final = frozenset(listed(read("hosts")["software"]))
