"""Runs of digits, whatever they are written in: figures, words, both mixed, `double five`, `O` for 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evenhand.evidence.circumvention.contact.expressions import expression
from evenhand.evidence.circumvention.contact.words import either, in_letters, lengthened, numbers, words

_WORDS: Final = numbers("digits")
_TIMES: Final = numbers("double")
_LIKE: Final = {"o": "0", "i": "1", "l": "1", "s": "5"}
_PLUSES: Final = frozenset(words("plus"))
_WORD: Final = lengthened(_WORDS)
_DIGIT: Final = rf"(?:[0-9]|\b(?:{either(_TIMES)}[\s-])?(?:{_WORD}\b|[0-9]))"
_BETWEEN: Final = r"(?:,?\s?\b(?:y|and|then|luego)\s|[\s.\-()/,*_'\[\]|:;~\xb7{}<>#]{0,5}|[+=])"
_PLUS: Final = rf"(?:[(\[{{<]?\+[)\]}}>]?\s?\(?|\b{either(words('plus'))}[\s\-])"

SHORTEST: Final = 7
"""Digits of a number; nobody dials fewer across a country."""

_FIRST: Final = rf"(?:{_DIGIT}|\b[oil]{{1,3}}[0-9])"
_NEXT: Final = rf"(?:{_BETWEEN}(?:{_DIGIT}|{_WORD}[0-9]|[oils]{{1,3}}[0-9])|[oil]{{1,3}}\b|\s?\([oil]\))"

_RUN: Final = expression(
    rf"{_PLUS}?[(\[{{<]?{_FIRST}{_NEXT}{{3,40}}[)\]]?|\b{either(words('plus'))}?{_WORD}{{5,20}}\b"  # plusfourfour...
)
_TOKEN: Final = expression(rf"{either(words('plus'))}|{either(_TIMES)}|{_WORD}|[0-9]|[oils]")
_SPELLED: Final = expression(_WORD)
_LETTERED: Final = re.compile(rb"[a-z]")
_NO_DIGITS: Final = re.compile(rb"[^0-9]+")
_CUT: Final = re.compile(rb"(,\s+|(\s[-/]\s)|\n|\s\s+|:\s)[0-9+(]")
_ODD: Final = re.compile(rb"[0-9oils][)\]}>]?\s?[;=+*_~'|#\xb7<>{}\[\]/,][(\[{<]?\s?[0-9oils]")
_GROUP: Final = re.compile(rb"[0-9oils]+")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Digits as they stand in `text`; `spelled` of them are words, `groups` are the lengths of figures in one piece."""

    start: int
    end: int
    text: bytes
    digits: str
    spelled: int
    groups: tuple[int, ...]

    @property
    def single(self) -> bool:
        """Whether every figure stands alone."""
        return len(self.groups) > 7 and max(self.groups) == 1

    @property
    def oddly_cut(self) -> bool:
        """Whether there are signs between its figures, more than once, that no number is written with by custom."""
        return len(self.groups) > 2 and sum(1 for _ in _ODD.finditer(self.text)) > 1

    @property
    def international(self) -> bool:
        """Whether it begins with a plus, or with 00 and is long."""
        return self.text.lstrip(b"([{<").startswith((b"+", b"plus", b"mas ")) or (
            self.digits[:2] == "00" and len(self.digits) > 10
        )


def runs(text: bytes) -> Iterator[Run]:
    """The runs from left to right; one of figures alone ends where a list or a sentence would go on."""
    for found in _RUN.finditer(text):
        start, end = found.span()
        if not (_LETTERED.search(text, start, end) and _SPELLED.search(text, start, end)):
            for cut in _CUT.finditer(text, start, end):
                if cut[2] and len(_NO_DIGITS.sub(b"", text[start : cut.start()])) < SHORTEST:
                    continue  # 305 - 374 - 2123
                yield _read(text, start, cut.start())
                start = cut.end(1)
        yield _read(text, start, end)


def _read(text: bytes, start: int, end: int) -> Run:
    own = text[start:end]
    left = own.lstrip(b" \n\t,.-/:_*|~)]}><#'\xb7")
    kept = left.rstrip(b" \n\t,.-/:_*|~([{<>#'\xb7")
    start += len(own) - len(left)
    digits, spelled = _digits(kept) if _LETTERED.search(kept) else (_NO_DIGITS.sub(b"", kept).decode(), 0)
    return Run(
        start=start,
        end=start + len(kept),
        text=kept,
        digits=digits,
        spelled=spelled,
        groups=tuple(map(len, _GROUP.findall(kept))),
    )


def _digits(text: bytes) -> tuple[str, int]:
    """The digits of a run, and how many words they came from; `sesenta y uno` and `twenty-two` are two digits each.

    A word that is smaller takes the place of the noughts of the one before: `seiscientos doce` is 612.
    """
    digits, times, spelled, noughts, word_end = "", 1, 0, 0, -1
    for token in _TOKEN.finditer(text):
        word = token[0].decode("latin-1")
        if word in _PLUSES or (word in _LIKE and token.start() == word_end):
            continue
        if word in _TIMES:
            times = int(_TIMES[word])
            continue
        value = _LIKE.get(word) or _WORDS.get(in_letters(word), word)
        if len(word) > 1 and len(value) <= noughts and value[0] != "0":
            digits = digits[: -len(value)]
        digits += value * times
        times, spelled = 1, spelled + (len(word) > 1)
        word_end = token.end() if len(word) > 1 else -1
        noughts = 0 if value in {"10", "0"} or len(word) == 1 else len(value) - len(value.rstrip("0"))
    return digits, spelled
