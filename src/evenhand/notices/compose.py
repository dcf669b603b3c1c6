"""From facts to a letter: a template per notice and language, plain text first, the same words as simple HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.fold import advance
from evenhand.errors import NoticeRefused
from evenhand.notices.facts import Facts, House, facts
from evenhand.notices.language import language, nearest

_LINK: Final = re.compile(r"https?://\S+[^\s.,]")
_ITEM: Final = "- "


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A letter as it is kept: subject, text, HTML, and the sha256 of all of them in hex (R26)."""

    notice: str
    language: str
    subject: str
    text: str
    html: str
    hash: str


def compose(told: Facts, wanted: str | None) -> Notice:
    """The letter in the language wanted, or in the fallback; raises `NoticeRefused` if a required part is missing."""
    missing = told.missing()
    if missing:
        parts = ", ".join(f"`{part}`" for part in missing)
        raise NoticeRefused(f"{parts} missing", where=told.message, hint="no statement of reasons leaves out any (R25)")
    tongue = language(nearest(wanted))
    template = _templates().get_template(f"{told.notice}/{tongue.tag}/letter.txt")
    rendered = template.render(vars(told) | {"say": tongue})
    plain = "\n".join(line.strip() for line in rendered.splitlines())
    subject, _, text = re.sub(r"\n{3,}", "\n\n", plain).strip().partition("\n")
    html = str(Markup("\n").join(_paragraphs(text.strip())))
    digest = hashlib.sha256(f"{subject}\n{text}\n{html}".encode()).hexdigest()
    return Notice(
        notice=told.notice, language=tongue.tag, subject=subject, text=text.strip() + "\n", html=html, hash=digest
    )


@cache
def _templates() -> Environment:
    return Environment(  # noqa: S701  # letters are text; what becomes HTML is escaped in `_paragraphs`
        loader=PackageLoader("evenhand.notices", "templates"),
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )


def _paragraphs(text: str) -> Iterator[Markup]:
    """Paragraphs and lists, escaped, with links that can be followed."""
    for block in text.split("\n\n"):
        for is_list, lines in groupby(block.splitlines(), key=lambda line: line.startswith(_ITEM)):
            if is_list:
                items = (Markup("<li>{}</li>").format(_linked(line.removeprefix(_ITEM))) for line in lines)
                yield Markup("<ul>{}</ul>").format(Markup().join(items))
            else:
                yield Markup("<p>{}</p>").format(Markup("<br>").join(_linked(line) for line in lines))


def _linked(line: str) -> Markup:
    """A line in which every address is a link."""
    parts, end = Markup(), 0
    for link in _LINK.finditer(line):
        parts += escape(line[end : link.start()]) + Markup('<a href="{0}">{0}</a>').format(link[0])
        end = link.end()
    return parts + escape(line[end:])


def write(case: Case, moves: Moves, house: House, wanted: str | None) -> Moves:
    """The moves with a letter in every message, in the member's language; one that cannot be written stops them all."""
    after = advance(case, moves)
    number = {message.id: int(str(message.notice["entry"])) for message in moves.messages}
    letters = tuple(
        replace(message, notice=asdict(compose(facts(after, number[message.id], house), wanted)))
        for message in moves.messages
    )
    return replace(moves, messages=letters)
