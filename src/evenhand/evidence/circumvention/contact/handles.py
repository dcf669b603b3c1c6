"""Names at messengers and social networks: a name beside the service's, which may itself be disguised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import Expression, Match, expression
from evenhand.evidence.circumvention.contact.fold import View
from evenhand.evidence.circumvention.contact.item import Find
from evenhand.evidence.circumvention.contact.words import (
    disguised,
    either,
    listed,
    numbers,
    read,
    service,
    sounds_like_speech,
    with_plain_signs,
    words,
)

_LONG: Final = disguised(service("messengers"))
_SHORT: Final = rf"\b(?:{either(service('messengers', 'short'))}|{disguised(service('messengers', 'clipped'))})\b"
_APP: Final = rf"\b{either(service('messengers', 'apps'))}"
_SERVICE: Final = rf"(?:{_LONG}|{_SHORT}|{_APP})"
_NAME: Final = r"[a-z0-9\xe0][a-z0-9._\-\xe0]{1,30}[a-z0-9_\xe0]"
_SIGNS: Final = rf"\s{either(numbers('signs'))}\s[a-z0-9\xe0]{{1,30}}"
_OF: Final = either(words("of_handle"))
_HERE: Final = rf"\s{either(words('here'))}\b"
_LINK: Final = either(words("link"))
_IS: Final = rf"(?:\s?(?:[:=]|[\-=]?>|-)\s?|\s{_LINK}\s(?:[:\-]\s?)?)"
_MINE: Final = rf"\b{either(words('mine'))}\b"
_FOUND: Final = rf"\b{either(words('find'))}\b"
_ON: Final = rf"\s{either(words('at_service'))}\s(?:my |the |mi |el |la )?"
_SAME: Final = (
    rf"(?:(?:same|mismo|misma)\s{either(words('same'))}"
    r"|(?:my|mi)\s(?:user ?name|nombre de usuario|usuario|nick)\s(?:de\s|from\s)?(?:here|aqui|aca|this site)"
    r")"
)

_SAMES: Final = (b"same ", b"mism", b"here", b" aqui", b" aca")
_SPELT: Final = tuple(f" {sign.split()[0]} ".encode() for sign in numbers("signs"))
_END: Final = expression(r"^[\s.!)]*(?:$|\n)")
_PAUSE: Final = expression(r"^\s?(?:$|[.,;!)\n/|])")
_LETTER: Final = expression(r"[a-z\xe0]")
_MARKED: Final = expression(r"[0-9_]|[a-z][.\-][a-z0-9]")
_OF_AN_ACCOUNT: Final = expression(r"[a-z]_[a-z0-9]|[a-z]{3}[._][a-z0-9]{2}|[a-z]{4}[0-9]{2}")


@dataclass(frozen=True)
class _Form:
    """A way to tell a name: where it is looked for, in which group it stands, and when it is taken for one.

    A text without any of what it `needs`, where it needs something, is not searched.
    """

    looked_for: Expression
    name: int
    holds: Callable[[bytes, Match, int], bool]
    confidence: float = 0.92
    needs: tuple[bytes, ...] = ()


def handles(view: View, most: int) -> Iterator[Find]:
    """The names of a text, of the first `most` places that each form is found at."""
    named = False
    for form in _FORMS:
        if named and form.needs == _SAMES:
            continue
        if form.needs and not any(piece in view.text for piece in form.needs):
            continue
        for found in islice(form.looked_for.finditer(view.text), most):
            if found.start(form.name) >= 0 and form.holds(view.text, found, form.name):
                named = True
                yield _find(view, found, form)


def _find(view: View, found: Match, form: _Form) -> Find:
    start, end = view.span(*found.span(form.name))
    value = with_plain_signs(found[form.name].decode("latin-1").lstrip("@ "))
    return Find(kind="handle", start=start, end=end, value=value, confidence=form.confidence)


def _is_signed(text: bytes, found: Match, group: int) -> bool:
    """Whether `@name` names somebody: not everybody in a room, not a piece of code."""
    name = found[group].decode("latin-1").lstrip("@ ")
    return name not in _EVERYBODY and not _is_address(text, found.span(group))


def _is_assigned(text: bytes, found: Match, group: int) -> bool:
    """Whether `service: name` gives a name: it must look like one, or be all that is said, or be called mine."""
    own = found.span(1) != (-1, -1) or found.span(3) != (-1, -1)
    said = found[4].strip().isalpha()
    ends = _PAUSE if own else None if said and found[2].decode("latin-1") in _SHORT_NAMES else _END
    return _is_name(text, found.span(group), ends, as_speech=said)


def _stands_beside(text: bytes, found: Match, group: int) -> bool:
    """Whether a word after the service is a name: one must be told, or the service be in disguise for a reason."""
    sure = found.span(2) != (-1, -1) or found[1].decode("latin-1") not in _PLAIN
    return _is_name(text, found.span(group), _END if sure else None)


def _is_placed(text: bytes, found: Match, group: int) -> bool:
    return _is_name(text, found.span(group), _END)


def _is_all_that_is_said(text: bytes, found: Match, group: int) -> bool:
    return _is_name(text, found.span(group), _END, as_speech=True)


def _is_who_i_am(text: bytes, found: Match, group: int) -> bool:
    return _is_name(text, found.span(group), _PAUSE, as_speech=True)


def _is_told(text: bytes, found: Match, group: int) -> bool:
    """Whether a word before the service looks like the name of an account, and of nothing else."""
    name = found[group]
    if found[group + 1].decode("latin-1") not in _PLAIN and not _is_speech(text, found.span(group)):
        return True
    return _OF_AN_ACCOUNT.search(name) is not None and name.decode("latin-1") not in _SOFTWARE


def _is_near(text: bytes, found: Match, group: int) -> bool:
    """Whether `username x`, some words after the service, gives a name; `I am x` asks for more of a name."""
    here = found.span(2) != (-1, -1) or found.span(group + 1) != (-1, -1)
    introduced = found[1].decode("latin-1") in _NAMING
    ends = _PAUSE if introduced or here else None
    return (here or _is_name(text, found.span(group), ends, as_speech=True)) and not _is_speech(text, found.span(group))


def _is_no_word(text: bytes, found: Match, group: int) -> bool:
    return not _is_speech(text, found.span(group))


def _always(_text: bytes, _found: Match, _group: int) -> bool:
    return True


def _is_name(text: bytes, span: tuple[int, int], ends: Expression | None, *, as_speech: bool = False) -> bool:
    """Whether a word can be a name: no word of speech, and with a digit or sign, or at the end of what is said.

    `as_speech`: the words around it are speech, so that it must not sound like some either.
    """
    name = text[span[0] : span[1]]
    if _is_word(text, span):
        return False
    if _MARKED.search(name) is not None:
        return True
    at_end = ends is not None and ends.search(text[span[1] : span[1] + 8]) is not None
    return at_end and not (as_speech and sounds_like_speech(name.decode("latin-1")))


def _is_speech(text: bytes, span: tuple[int, int]) -> bool:
    name = text[span[0] : span[1]]
    return _is_word(text, span) or (not _MARKED.search(name) and sounds_like_speech(name.decode("latin-1")))


def _is_word(text: bytes, span: tuple[int, int]) -> bool:
    """Whether it is a word of speech, a number or a piece of something else."""
    name = text[span[0] : span[1]]
    return name.decode("latin-1") in _WORDS or _is_address(text, span) or not _LETTER.search(name)


def _is_address(text: bytes, span: tuple[int, int]) -> bool:
    """Whether the word is a piece of an address for mail, of a path or of code."""
    return text[span[1] : span[1] + 1] in {b"@", b"/", b"(", b":"}


_FORMS: Final = (
    # telegram: @jane
    _Form(expression(rf"{_SERVICE}\b[^@\n]{{0,28}}?[\s:(\[,;\->](@\s?{_NAME})"), 1, _is_signed, 0.95, (b"@",)),
    # @jane on telegram
    _Form(expression(rf"(?:^|[\s:(,])(@{_NAME}){_ON}{_SERVICE}\b"), 1, _is_signed, 0.95, (b"@",)),
    # jane#1234
    _Form(expression(r"(?:^|[\s:(,>])([a-z0-9_.\-\xe0]{2,32}#[0-9]{4})\b"), 1, _is_signed, 0.95, (b"#",)),
    # live:jane, live colon jane
    _Form(
        expression(r"\b(l[i1]ve(?::|\scolon\s|\sdos\spuntos\s)\.?[a-z0-9][a-z0-9_.\-]{1,40}[a-z0-9])"),
        1,
        _is_signed,
        0.95,
        (b"live", b"l1ve"),
    ),
    # @jane:matrix.org
    _Form(
        expression(r"(?:^|[\s(,])(@[a-z0-9._=\-]{2,40}:[a-z0-9\-]{1,40}(?:\.[a-z0-9\-]{2,40})+)"), 1, _is_signed, 0.95
    ),
    # dm me @jane, I'm @jane
    _Form(
        expression(
            rf"\b(?:(?:dm|find|add|follow|message|ping) me|{either(words('named'))}|sigueme|agregame)\b"
            rf"[^@\n]{{0,16}}\s(@{_NAME})"
        ),
        1,
        _is_signed,
        0.95,
        (b"@",),
    ),
    # @jane everywhere
    _Form(expression(rf"(?:^|[\s(,:])(@{_NAME})\s{either(words('all_over'))}\b"), 1, _is_signed, 0.95, (b"@",)),
    # same name on telegram: jane
    _Form(
        expression(rf"{_SAME}{_ON}{_SERVICE}\b[^.\n:,]{{0,12}}?(?:[:,=]|->|\s-)\s?@?({_NAME})"),
        1,
        _is_no_word,
        0.95,
        _SAMES,
    ),
    # telegram: jane, my telegram is jane
    _Form(expression(rf"({_MINE}[^.\n]{{0,12}}?)?({_SERVICE})(\s{_OF})?({_IS})@?({_NAME})"), 5, _is_assigned),
    # find me as jane on telegram
    _Form(expression(rf"{_FOUND}\s(?:is |es )?({_NAME}){_ON}{_SERVICE}\b"), 1, _is_placed),
    _Form(
        expression(
            r"\b(?:me (?:up )?(?:as|by|under)|me como|i go by|i'm|i am|soy|look for|user ?name|usuario)\s(?:is |es )?"
            rf"({_NAME}(?:\s[0-9]{{2,8}})?){_ON}{_SERVICE}\b"
        ),
        1,
        _is_no_word,
    ),
    # my name on telegram is jane, on telegram my name is jane
    _Form(expression(rf"{_MINE}\s{_OF}{_ON}{_SERVICE}{_IS}({_NAME})"), 1, _is_placed),
    _Form(expression(rf"{_SERVICE}\b,?\s(?:my|mi)\s{_OF}(?:{_HERE})?{_IS}@?({_NAME})"), 1, _is_placed),
    # on telegram I am jane
    _Form(
        expression(
            rf"\b{either(words('at_service'))}\s(?:my |the |mi |el |la )?{_SERVICE},?\s"
            rf"(?:i'm|i am|im|soy|estoy como|me llamo|me encuentras como|me encuentran como)\s@?({_NAME})"
        ),
        1,
        _is_who_i_am,
    ),
    # telegram id jane, t3legram jane, telegram jane_4821
    _Form(expression(rf"({_SERVICE})(\s{_OF}|\sme)?(?:\?|,)?\s({_NAME})"), 3, _stands_beside),
    # look me up on telegram as jane
    _Form(expression(rf"{_FOUND}[^.\n]{{0,16}}?{_SERVICE}\s(?:as|como|under|by)\s({_NAME})"), 1, _is_no_word),
    # telegram jane
    _Form(expression(rf"^\W*{_SERVICE}(?:\sme)?\s@?({_NAME})\W*$"), 1, _is_all_that_is_said, 0.8),
    # we could use signal, I'm jane_4821 there
    _Form(
        expression(
            rf"{_SERVICE}\b[^\n]{{0,40}}?\b({either(words('named'))})\b({_HERE})?(?:\s?[:=]|\s{_LINK}\b)?\s@?({_NAME})"
            rf"({_HERE})?"
        ),
        3,
        _is_near,
        0.85,
    ),
    # jane_4821 on telegram
    _Form(expression(rf"(?:^|[\s(,:])({_NAME}){_ON}({_SERVICE})\b"), 1, _is_told, 0.8),
    # @jane (telegram), jane_4821 - telegram
    _Form(expression(rf"(?:^|[\s:(,])(@{_NAME})\s?[(\-|/,:]\s?{_SERVICE}\b"), 1, _is_signed, 0.95, (b"@",)),
    _Form(expression(rf"(?:^|[\s(,:])({_NAME})\s?[(\-|]\s?({_SERVICE})(?:$|[\s).,])"), 1, _is_told, 0.8),
    # jane is my telegram
    _Form(
        expression(rf"(?:^|[\s(,:])@?({_NAME})\s(?:is|es)\s(?:my|mi)\s{_SERVICE}\b"),
        1,
        _is_no_word,
        0.85,
        (b" my ", b" mi "),
    ),
    # in/jane on linkedin
    _Form(expression(rf"(?:^|[\s/])(in/{_NAME})"), 1, _always, 0.9, (b"linked",)),
    # x: @jane
    _Form(expression(rf"\b(?:x|bluesky|bsky|mastodon|threads)\s?:\s?(@{_NAME})"), 1, _is_signed, 0.95, (b"@",)),
    # arroba jane en telegram
    _Form(
        expression(rf"(?:\barroba|^at)\s({_NAME}(?:{_SIGNS}){{0,2}}){_ON}{_SERVICE}\b"),
        1,
        _is_no_word,
        0.93,
        (b"arroba", b"at "),
    ),
    # ig: at jane underscore 22
    _Form(
        expression(
            rf"{_SERVICE}(?:\s?\([^()\n]{{1,24}}\))?(?:\s{_OF})?(?:\s?[:=\-]\s?(?:at|arroba)|\sarroba)\s"
            rf"({_NAME}(?:{_SIGNS}){{0,2}})"
        ),
        1,
        _is_no_word,
        0.93,
        (b"arroba", b"at "),
    ),
    # jane underscore 22 beside its service, in either order
    _Form(
        expression(rf"{_SERVICE}(?:\s{_OF})?(?:{_IS}|\s)@?(?:como\s|as\s)?({_NAME}(?:{_SIGNS}){{1,2}})"),
        1,
        _always,
        0.93,
        _SPELT,
    ),
    _Form(expression(rf"\b({_NAME}(?:{_SIGNS}){{1,2}}){_ON}{_SERVICE}\b"), 1, _always, 0.93, _SPELT),
    # telegram, same name as here
    _Form(expression(rf"{_SERVICE}\b[^.\n]{{0,24}}?\b({_SAME})\b"), 1, _always, 0.8, _SAMES),
    _Form(
        expression(rf"\b({_SAME})\b[^.\n]{{0,16}}?{_ON}{_SERVICE}(?:\s(?:as|que)\s[^:\n]*$|\W*$)"),
        1,
        _always,
        0.8,
        _SAMES,
    ),
)

_WORDS: Final = frozenset(words("not_handle"))
_EVERYBODY: Final = frozenset([*words("everybody"), *service("mail")])
_NAMING: Final = frozenset(words("naming"))
_SOFTWARE: Final = frozenset(listed(read("hosts")["software"]))
_SHORT_NAMES: Final = frozenset(service("messengers", "short"))
_PLAIN: Final = frozenset(name for key in ("proper", "clipped", "short", "apps") for name in service("messengers", key))
"""Services that are called by their name."""
