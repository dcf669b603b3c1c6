"""The words of the detectors, read from `words/`: a file per language, one of services, one of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

LANGUAGES: Final = ("en", "es")
"""All are looked for at once: people mix them, and a message does not say its language."""

Tree = Mapping[str, "Leaf"]
Leaf = Sequence[str] | Mapping[str, str | int] | Mapping[str, Sequence[str]]

LEET: Final = {
    "a": "a4@*",
    "b": "b8",
    "e": "e3*",
    "g": "g96q",
    "i": "i1l!|*",
    "l": "l1|",
    "o": "o0*",
    "s": "s5$z",
    "t": "t7+",
    "k": "kq",
}


@cache
def read(name: str) -> Mapping[str, object]:
    """One file of words."""
    text = (
        files("evenhand.evidence.circumvention.contact").joinpath("words", f"{name}.yaml").read_text(encoding="utf-8")
    )
    tree: Mapping[str, object] = yaml.safe_load(text)
    return tree


def words(key: str) -> tuple[str, ...]:
    """The list of that name in every language."""
    return tuple(word for language in LANGUAGES for word in listed(read(language)[key]))


def numbers(key: str) -> dict[str, str]:
    """The numbers of that name in every language, by word."""
    return {word: str(value) for language in LANGUAGES for word, value in mapped(read(language)[key]).items()}


def service(group: str, key: str = "names") -> tuple[str, ...]:
    """Names of services."""
    return listed(mapped(read("services")[group])[key])


def listed(leaf: object) -> tuple[str, ...]:
    """A list of the file."""
    return tuple(map(str, leaf)) if isinstance(leaf, list) else ()


def mapped(leaf: object) -> Mapping[str, object]:
    """A table of the file."""
    return leaf if isinstance(leaf, dict) else {}


def with_plain_signs(name: str) -> str:
    """A name in which the words for signs are signs.

    >>> with_plain_signs("john underscore 22"), with_plain_signs("live colon john")
    ('john_22', 'live:john')
    """
    return _SIGN.sub(lambda found: _SIGNS[" ".join(found[1].split())], name)


def sounds_like_speech(word: str) -> bool:
    """Whether a word has an ending that names do not have.

    >>> sounds_like_speech("marketing"), sounds_like_speech("johnd")
    (True, False)
    """
    return word.endswith(_ENDINGS)


def drawn(key: str) -> dict[str, str]:
    """Characters that are drawn like another one, together, by that one."""
    return {sign: str(chars) for sign, chars in mapped(read("characters")[key]).items()}


def either(alternatives: Iterable[str]) -> str:
    r"""An expression for any of the words, the longest first; a space may be any white space.

    >>> either(["call", "call me"])
    '(?:call\\s+me|call)'
    """
    longest = sorted(set(alternatives), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in longest)})"


def lengthened(alternatives: Iterable[str]) -> str:
    """An expression for any of the words, figures for letters that look like them, its last letter once or more often.

    >>> lengthened(["one", "three"])
    '(?:thr[e3][e3]+?|[o0]n[e3]+?)'
    """
    longest = sorted(alternatives, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(''.join(_FIGURES.get(letter, letter) for letter in word) + '+?' for word in longest)})"


def in_letters(word: str) -> str:
    """A word with the letters that its figures stand for.

    >>> in_letters("f0ur")
    'four'
    """
    return word.translate(_LETTERS)


def disguised(alternatives: Iterable[str]) -> str:
    r"""An expression for any of the names, in leetspeak too, letters repeated, a space left out or another sign.

    >>> disguised(["tg"])
    '(?:[t7\\+]+[g96q]+)'
    """
    longest = sorted(set(alternatives), key=lambda name: (-len(name), name))
    return f"(?:{'|'.join(''.join(map(_letter, name)) for name in longest)})"


_FIGURES: Final = {"o": "[o0]", "e": "[e3]", "i": "[i1]"}
_LETTERS: Final = str.maketrans("031", "oei")
_ENDINGS: Final = words("endings")
_SIGNS: Final = {**numbers("signs"), "colon": ":", "dos puntos": ":"}
_SIGN: Final = re.compile(rf"[^a-z0-9\xe0@.,;!?\n]{{1,3}}({either(_SIGNS)})[^a-z0-9\xe0@.,;!?\n]{{1,3}}")


def _letter(letter: str) -> str:
    if letter == " ":
        return r"[\s._-]?"
    return f"[{re.escape(LEET.get(letter, letter))}]+" if letter.isalpha() else re.escape(letter)
