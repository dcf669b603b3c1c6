"""First gate: every word and sign of a condition is on the allow-list, judged before anything is parsed.

A word is a keyword, a function or a column and nothing else, so the offending one is known to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot import Token, TokenType, tokenize
from sqlglot.errors import SqlglotError

from evenhand.policy.conditions.flaws import Flaw, Flawed
from evenhand.policy.conditions.names import SUSPICION, Names, did_you_mean

FUNCTIONS: Final[dict[str, str]] = {
    "abs": "abs(x): x without its sign.",
    "coalesce": "coalesce(x, y, ...): the first that is known.",
    "div0": "div0(a, b): a divided by b, null where b is 0.",
    "e_at": "e_at(x): the e-value at the floor x, a point of the grid above 0.",
    "greatest": "greatest(x, y, ...): the largest that is known.",
    "least": "least(x, y, ...): the smallest that is known.",
}
"""Every function a condition may call, with the author's help."""

KEYWORDS: Final = frozenset({"and", "or", "not", "is", "null", "in", "between", "true", "false"})
"""Every other word; letter case does not matter."""

SIGNS: Final = frozenset({"=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "(", ")", ","})
"""Every sign."""

LONGEST: Final = 2_000
"""Characters a condition may have: nobody can be told the reason in a longer one."""

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def admit(text: str, names: Names) -> None:
    """Raise `Flawed` with every word, number and sign of `text` that no condition over `names` may hold."""
    if len(text) > LONGEST:
        raise Flawed(Flaw(start=LONGEST, message=f"condition longer than {LONGEST} characters", hint="split the step"))
    try:
        tokens = tokenize(text, read="duckdb")
    except SqlglotError:
        raise Flawed(Flaw(start=0, message=f"`{text}` cannot be read", hint="is a quote left open?")) from None
    if not tokens:
        raise Flawed(Flaw(start=0, message="the condition is empty", hint="such as `e >= 100 and e_hire >= 20`"))
    flaws = list(_flaws(text, tokens, names))
    if flaws:
        raise Flawed(*flaws)


def _flaws(text: str, tokens: Sequence[Token], names: Names) -> Iterator[Flaw]:
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        raw = text[token.start : token.end + 1]
        called = following is not None and following.token_type is TokenType.L_PAREN
        flaw = _flaw(raw, token, names, called=called)
        if flaw is not None:
            yield Flaw(start=token.start, message=flaw[0], hint=flaw[1])


def _flaw(raw: str, token: Token, names: Names, *, called: bool) -> tuple[str, str] | None:
    if token.token_type is TokenType.STRING and raw.startswith("'"):
        return None
    if token.token_type is TokenType.IDENTIFIER:
        return f"`{raw}` stands in double quotes", "texts stand in single quotes, columns in none"
    if _WORD.fullmatch(raw):
        return _flaw_of_word(raw, names, called=called)
    if raw[0].isdigit() or token.token_type is TokenType.NUMBER:
        return None if _NUMBER.fullmatch(raw) else (f"`{raw}` is no number", "such as `1000` or `0.35`")
    if raw in SIGNS:
        return None
    return f"`{raw}` may not stand in a condition", _hint_for_sign(raw)


def _flaw_of_word(word: str, names: Names, *, called: bool) -> tuple[str, str] | None:
    if word.lower() in KEYWORDS:
        return None
    if called:
        if word.lower() in FUNCTIONS:
            return None
        return f"unknown function `{word}`", did_you_mean(word, FUNCTIONS)
    if word in names:
        return None
    if word.lower().startswith("log_e"):
        return f"`{word}` is a log", "conditions say `e`, `e_hire`, `e_shortlist` or `e_at(x)`"
    return f"`{word}` is not a column that a condition may name", did_you_mean(word, names.keys() - SUSPICION)


def _hint_for_sign(sign: str) -> str:
    if sign == "/":
        return "write `div0(a, b)`, which is null where b is 0"
    if sign in {"==", "!"}:
        return "write `=` or `not`"
    return f"known signs: {' '.join(sorted(SIGNS))}"
