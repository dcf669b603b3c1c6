"""From facts to a letter: a template per notice and language, plain text first, the same words as simple HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import Moves
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
    subject, _, body = re.sub(r"\n{3,}", "\n\n", plain).strip().partition("\n")
    text = body.strip() + "\n"
    html = _html(text)
    digest = hashlib.sha256(f"{subject}\n{text}\n{html}".encode()).hexdigest()
    return Notice(notice=told.notice, language=tongue.tag, subject=subject, text=text, html=html, hash=digest)


@cache
def _templates() -> Environment:
    return Environment(  # noqa: S701  # letters are text; what becomes HTML is escaped in `_html`
        loader=PackageLoader("evenhand.notices", "templates"),
        undefined=StrictUndefined,
        auto_reload=False,
        lstrip_blocks=True,
    )


def _html(text: str) -> str:
    """The text as paragraphs and lists, escaped, with addresses that can be followed."""
    safe = _LINK.sub(r'<a href="\g<0>">\g<0></a>', str(escape(text.strip())))
    return "\n".join(part for block in safe.split("\n\n") for part in _block(block.splitlines()))


def _block(lines: list[str]) -> Iterator[str]:
    for is_list, group in groupby(lines, key=lambda line: line.startswith(_ITEM)):
        if is_list:
            yield "<ul>" + "".join(f"<li>{line.removeprefix(_ITEM)}</li>" for line in group) + "</ul>"
        else:
            yield "<p>" + "<br>".join(group) + "</p>"


def write(after: Case, moves: Moves, house: Callable[[str], House], wanted: str | None) -> Moves:
    """The moves with a letter in every message, in the member's language; one that cannot be written stops them all.

    `after` is the case with the moves. `house` says who writes, for a message by its id: each letter has a link of its
    own.
    """
    number = {message.id: int(str(message.notice["entry"])) for message in moves.messages}
    letters = tuple(
        replace(message, notice=asdict(compose(facts(after, number[message.id], house(message.id)), wanted)))
        for message in moves.messages
    )
    return replace(moves, messages=letters)
