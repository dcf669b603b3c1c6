"""A message looked at before it is sent: what is in it and what to do about it. Nothing is withheld here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evenhand.evidence.circumvention.contact.circumstances import ALLOWANCES, Circumstances, allowance
from evenhand.evidence.circumvention.contact.item import Find, Kind
from evenhand.evidence.circumvention.contact.scan import Reading, scan

RULE: Final = "4.2"
"""The rule of the marketplace that an advice names, unless it is told another."""

NAMES: Final[dict[Kind, str]] = {
    "phone": "a telephone number",
    "email": "an address for mail",
    "url": "an address of a page",
    "handle": "a name at a messenger or a network",
    "payment": "a way to pay past the platform",
    "meeting": "a room to meet in",
}
"""What each kind is called in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known while a message is written: the circumstances, whether a contract runs now, the rule to name."""

    around: Circumstances = Circumstances()  # noqa: RUF009  # frozen
    contract_runs: bool = False
    rule: str = RULE


@dataclass(frozen=True, kw_only=True)
class Found:
    """A detail in the message, with the name of the circumstance that allows it, empty where none does."""

    find: Find
    allowance: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What is in a message and what is said to its writer; empty sentences mean that there is nothing to say.

    The message may be sent whatever stands here. Who sends it is told so.
    """

    items: tuple[Found, ...]
    sentences: tuple[str, ...]


def check_message(text: str, context: Context) -> Advice:
    """What to tell the writer of `text` before it is sent; never raises, never withholds.

    >>> for sentence in check_message("Call me on +1 212 736 5123", Context()).sentences:
    ...     print(sentence)
    "+1 212 736 5123" looks like a telephone number. Remove it, or start the contract first: rule 4.2.
    You can send the message as it is; it may then be read as taking the work off the platform.
    >>> check_message("The draft is ready.", Context())
    Advice(items=(), sentences=())
    """
    reading = scan(text)
    items = tuple(
        Found(find=find, allowance=allowance(find, context.around, runs=context.contract_runs))
        for find in reading.finds
    )
    return Advice(items=items, sentences=tuple(_sentences(text, items, reading, context)))


def _sentences(text: str, items: Sequence[Found], reading: Reading, context: Context) -> Iterator[str]:
    open_ones = [item.find for item in items if not item.allowance]
    for find in open_ones:
        way_out = "Remove it" if find.kind == "payment" else "Remove it, or start the contract first"
        yield f'"{text[find.start : find.end]}" looks like {NAMES[find.kind]}. {way_out}: rule {context.rule}.'
    if reading.asks and not context.contract_runs:
        yield f"This asks for {_asked(reading)}. Ask again once a contract runs: rule {context.rule}."
    if open_ones:
        yield "You can send the message as it is; it may then be read as taking the work off the platform."
    docs = {one.name: one.doc for one in ALLOWANCES}
    for item in items:
        if item.allowance:
            yield f'"{text[item.find.start : item.find.end]}" may stay: {docs[item.allowance]}.'


def _asked(reading: Reading) -> str:
    return " and ".join(dict.fromkeys(NAMES[ask.kind] for ask in reading.asks))
