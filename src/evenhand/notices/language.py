"""Which language a letter is in, and how that language writes dates, numbers and plurals (Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import yaml
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from evenhand.evidence.conduct.item import SOURCES, UNNAMED

FALLBACK: Final = "en"
"""The language of a letter where the member's is not known or not written yet."""


@cache
def known() -> tuple[str, ...]:
    """Languages with a file of words, sorted.

    >>> known()
    ('en', 'es')
    """
    files = resources.files("evenhand.notices").joinpath("words").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files))


def nearest(wanted: str | None) -> str:
    """The known language of a tag such as `es-MX`, else the fallback.

    >>> nearest("es-MX"), nearest("pt_BR"), nearest(None)
    ('es', 'en', 'en')
    """
    main = (wanted or "").replace("_", "-").split("-")[0].lower()
    return main if main in known() else FALLBACK


@dataclass(frozen=True, kw_only=True)
class Language:
    """How one language says what several letters share."""

    tag: str
    locale: Locale
    words: Mapping[str, Mapping[str, str]]

    def word(self, kind: str, name: object) -> str:
        """The words for a step, an effect, a clock, a ground, a loss; raises `KeyError` where there are none."""
        return self.words[kind][str(name)]

    def item(self, item: Mapping[str, object]) -> object:
        """What was seen: in this language where a program found it, else as the one who reported it wrote it."""
        return self.word("items", item["words"]) if item["words"] else item["what"]

    def source(self, item: Mapping[str, object]) -> str:
        """Where it is on record: in this language where a program says it, else as the one who reported it wrote it."""
        source = str(item["source"])
        named = next((named for named in SOURCES if source.startswith(named)), "")
        if item["words"] and named:
            return self.word("sources", named) + source.removeprefix(named)
        return self.word("sources", source) if source == UNNAMED else source

    def seen_by(self, item: Mapping[str, object]) -> object:
        """Who saw it."""
        return self.word("items", "program") if item["words"] else item["seen_by"]

    def date(self, at: datetime) -> str:
        """A day in UTC, written out."""
        return format_date(at, format="long", locale=self.locale)

    def number(self, value: float) -> str:
        """A number with at most one decimal."""
        return format_decimal(round(value, 1), locale=self.locale)

    def days(self, count: int) -> str:
        """A number of days, in the right plural."""
        return _days(count, self.tag)


@lru_cache(maxsize=1024)
def _days(count: int, tag: str) -> str:
    """Kept, since a letter says several lengths, all letters say much the same ones, and Babel takes long over each."""
    return format_unit(count, "day", length="long", locale=tag)


@cache
def language(tag: str) -> Language:
    """The language `tag`, one of `known()`."""
    file = resources.files("evenhand.notices").joinpath("words", f"{tag}.yaml")
    return Language(tag=tag, locale=Locale.parse(tag), words=yaml.safe_load(file.read_text(encoding="utf-8")))
