"""Ways to write a detail so that a person reads it and a pattern does not; each a function of the plain text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

EN: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ES: Final = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
UNTIL_THIRTY: Final = (
    *("diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve"),
    *("veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete"),
    *("veintiocho", "veintinueve"),
)
TENS: Final = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")

LOOKALIKES: Final = str.maketrans("aeocpi", "\u0430\u0435\u043e\u0441\u0440\u0456")
CYRILLIC: Final = str.maketrans("aecopxyikmt", "\u0430\u0435\u0441\u043e\u0440\u0445\u0443\u0456\u043a\u043c\u0442")
SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BOLD: Final = {
    ord(char): first + at
    for alphabet, first in (("abcdefghijklmnopqrstuvwxyz", 0x1D41A), ("0123456789", 0x1D7CE))
    for at, char in enumerate(alphabet)
}
SCRIPT: Final = {ord(char): 0x1D4EA + at for at, char in enumerate("abcdefghijklmnopqrstuvwxyz")}
UPSIDE_DOWN: Final = str.maketrans(
    "abcdefghijklmnopqrtuvwy.",
    "\u0250q\u0254p\u01dd\u025f\u0183\u0265\u1d09\u027e\u029el\u026fuodb\u0279\u0287n\u028c\u028d\u028e\u02d9",
)


def digits_of(text: str) -> str:
    """The digits and the leading plus.

    >>> digits_of("+1 (212) 7")
    '+12127'
    """
    return "".join(char for char in text if char.isdigit() or char == "+")


def spoken(words: tuple[str, ...], plus: str, between: str = " ") -> Callable[[str], str]:
    """Every digit as a word.

    >>> spoken(EN, "plus")("+1 20")
    'plus one two zero'
    """

    def disguise(text: str) -> str:
        return between.join(plus if char == "+" else words[int(char)] for char in digits_of(text))

    return disguise


def separated(between: str) -> Callable[[str], str]:
    """Something between every two characters that are not spaces.

    >>> separated("*")("a 1")
    'a*1'
    """

    def disguise(text: str) -> str:
        return between.join(char for char in text if not char.isspace())

    return disguise


def digits_between(between: str, width: int = 3) -> Callable[[str], str]:
    """Digits in groups.

    >>> digits_between("/")("1234567")
    '123/456/7'
    """

    def disguise(text: str) -> str:
        digits = digits_of(text)
        return between.join(digits[at : at + width] for at in range(0, len(digits), width))

    return disguise


def named(pattern: str) -> Callable[[str], str]:
    """The Unicode character of that name for every letter and digit that has one.

    >>> named("CIRCLED {}")("a1")
    'ⓐ①'
    """

    def one(char: str) -> str:
        try:
            return unicodedata.lookup(pattern.format(unicodedata.name(char)))
        except (KeyError, ValueError):
            return char

    return lambda text: "".join(map(one, text))


def drawn(characters: Mapping[int, int]) -> Callable[[str], str]:
    """Other characters in the place of some.

    >>> drawn(SUPERSCRIPT)("a2")
    'a²'
    """
    return lambda text: text.translate(characters)


def alternating(words: tuple[str, ...]) -> Callable[[str], str]:
    """Every second digit as a word.

    >>> alternating(EN)("123")
    '1 two 3'
    """

    def disguise(text: str) -> str:
        return " ".join(words[int(char)] if at % 2 and char != "+" else char for at, char in enumerate(digits_of(text)))

    return disguise


def misspelled(text: str) -> str:
    """Digits as English words, every third of them with its last letter twice.

    >>> misspelled("123")
    'onee two three'
    """
    return " ".join(word + word[-1] * (not at % 3) for at, word in enumerate(spoken(EN, "plus")(text).split()))


def doubled(text: str) -> str:
    """Digits as English words, a pair of equal ones as `double`.

    >>> doubled("1554")
    'one double five four'
    """
    words, digits = [], digits_of(text)
    while digits:
        pair = digits[0].isdigit() and digits[:1] * 2 == digits[:2]
        words.append(("double " if pair else "") + ("plus" if digits[0] == "+" else EN[int(digits[0])]))
        digits = digits[2 if pair else 1 :]
    return " ".join(words)


def in_pairs(text: str) -> str:
    """Digits as Spanish numbers of two digits.

    >>> in_pairs("612345")
    'sesenta y uno, veintitrés, cuarenta y cinco'
    """
    digits = digits_of(text).replace("+", "")
    return ", ".join(_number(digits[at : at + 2]) for at in range(0, len(digits), 2))


def _number(pair: str) -> str:
    if len(pair) == 1 or pair[0] == "0":
        return " ".join(ES[int(digit)] for digit in pair)
    if pair[0] in "12":
        return UNTIL_THIRTY[int(pair) - 10]
    return TENS[int(pair[0]) - 3] + (f" y {ES[int(pair[1])]}" if pair[1] != "0" else "")


def letters(text: str) -> str:
    """Letter by letter, signs as words.

    >>> letters("jo@x.de")
    'j o at x dot d e'
    """
    return " ".join({"@": "at", ".": "dot", "_": "underscore"}.get(char, char) for char in text)


DISGUISES: Final[Mapping[str, Callable[[str], str]]] = {
    "spoken_en": spoken(EN, "plus"),
    "spoken_es": spoken(ES, "más"),
    "spoken_oh": spoken(("oh", *EN[1:]), "plus"),
    "spoken_double": doubled,
    "spoken_es_pairs": in_pairs,
    "hyphen_words": spoken(EN, "plus", "-"),
    "hyphen_words_es": spoken(ES, "más", "-"),
    "mixed_en": alternating(EN),
    "mixed_es": alternating(ES),
    "spaced": separated(" "),
    "stars": separated("*"),
    "zero_width": separated("\u200b"),
    "soft_hyphen": separated("\u00ad"),
    "combining": separated("\u0336"),
    "dashes": separated("-"),
    "slashes": digits_between("/"),
    "dotted": digits_between("."),
    "brackets": lambda text: "".join(f"({digit})" for digit in digits_of(text).replace("+", "")),
    "reversed": lambda text: digits_of(text)[::-1],
    "reversed_text": lambda text: text[::-1],
    "letter_o": lambda text: text.replace("0", "O").replace("1", "l"),
    "emoji": lambda text: "".join(f"{char}\ufe0f\u20e3" if char.isdigit() else char for char in digits_of(text)),
    "arabic": named("ARABIC-INDIC {}"),
    "devanagari": named("DEVANAGARI {}"),
    "superscript": drawn(SUPERSCRIPT),
    "fullwidth": named("FULLWIDTH {}"),
    "bubble": named("CIRCLED {}"),
    "mathbold": drawn(BOLD),
    "homoglyph": drawn(LOOKALIKES),
    "cyrillic": drawn(CYRILLIC),
    "upside": lambda text: text.translate(UPSIDE_DOWN)[::-1],
    "letters": letters,
    "dashed_letters": separated("-"),
    "underlined": separated("\u0332"),
    "script": drawn(SCRIPT),
    "underscored": digits_between("_"),
    "commas": digits_between(",", 2),
    "tilde": digits_between("~"),
    "dotted_four": digits_between(".", 4),
    "quoted": digits_between("'"),
    "thai": named("THAI {}"),
    "squared": lambda text: "".join(f"[{char}]" for char in digits_of(text)),
    "letter_i": lambda text: text.replace("0", "o").replace("1", "i"),
    "alternating_dash": lambda text: alternating(EN)(text).replace(" ", "-"),
    "curly": lambda text: "".join(f"{{{char}}}" for char in digits_of(text).replace("+", "")),
    "angled": lambda text: "".join(f"<{char}>" for char in digits_of(text).replace("+", "")),
    "hashes": separated("#"),
    "thumbs": separated("👍"),
    "spoken_comma": spoken(EN, "plus", ", "),
    "spoken_camel": lambda text: "".join(word.title() for word in spoken(EN, "plus")(text).split()),
    "spoken_typo": misspelled,
    "spoken_es_hyphen": spoken(ES, "más", "-"),
    "pairs": digits_between(" ", 2),
    "semicolons": digits_between(";"),
    "equals": digits_between("="),
    "plusses": digits_between("+"),
    "lettered": lambda text: text.replace("0", "O").replace("1", "I").replace("5", "S"),
}
"""By the name that a template writes after the slot."""
