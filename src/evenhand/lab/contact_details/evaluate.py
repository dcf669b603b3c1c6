"""How well the detectors do on the corpus, by kind, language and section: counts, for whoever shows them to judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from evenhand.evidence.circumvention.contact.circumstances import Circumstances
from evenhand.evidence.circumvention.contact.conversation import Conversations, Item, Message
from evenhand.lab.contact_details.corpus import Label, Thread, threads

WHEN = datetime(2026, 1, 1)
"""All threads are written at this moment; where a contract is running, it began then."""

Group = tuple[str, str]
"""What is counted and for whom: `("kind", "phone")`, `("language", "es")`, `("section", "obfuscated")`."""


@dataclass(kw_only=True)
class Counts:
    """`found` of the `labelled` details are found; `right` of the `flagged` items are at a detail of that kind."""

    labelled: int = 0
    found: int = 0
    flagged: int = 0
    right: int = 0


@dataclass(kw_only=True)
class Result:
    """Counts by group, in the order of first appearance, and what was missed and wrongly flagged, by template."""

    threads: int = 0
    messages: int = 0
    groups: dict[Group, Counts] = field(default_factory=dict)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    def at(self, group: Group) -> Counts:
        """The counts of a group."""
        return self.groups.setdefault(group, Counts())


def evaluate(part: str) -> Result:
    """Read every thread of a part as it would be on the platform, and count.

    A labelled detail is found where an item of a right kind overlaps it. An item is right where it overlaps a detail
    of its kind that no circumstance allows; one that is allowed is no item. Requests are counted by thread: those of
    section `asked` hold one each.
    """
    result = Result()
    for thread in threads(part):
        result.threads += 1
        result.messages += len(thread.messages)
        items = read(thread)
        _count_details(thread, [item for item in items if item.deed == "offered" and not item.allowance], result)
        for deed in ("asked", "declined"):
            _count_deeds(thread, deed, any(item.deed == deed for item in items), result)
    return result


def read(thread: Thread) -> list[Item]:
    """All items of a thread."""
    around = Circumstances(
        contract_since=WHEN if "contract" in thread.circumstances else None, code_job="code" in thread.circumstances
    )
    conversations = Conversations()
    return [
        item
        for number, message in enumerate(thread.messages)
        for item in conversations.read(
            Message(message_id=str(number), sender_id="a", recipient_id="b", sent_at=WHEN, text=message.text), around
        )
    ]


def _count_details(thread: Thread, items: list[Item], result: Result) -> None:
    labels = [(str(number), label) for number, message in enumerate(thread.messages) for label in message.labels]
    wanted = [] if thread.circumstances else labels
    for at, label in wanted:
        found = any(_meet(item, at, label) for item in items)
        for group in _groups(thread, label.kinds[0]):
            result.at(group).labelled += 1
            result.at(group).found += found
        result.missed[label.kinds[0], thread.template] += not found
    for item in items:
        right = any(_meet(item, at, label) for at, label in wanted)
        for group in _groups(thread, item.kind or ""):
            result.at(group).flagged += 1
            result.at(group).right += right
        result.wrong[item.kind or "", thread.template] += not right


def _count_deeds(thread: Thread, deed: str, done: bool, result: Result) -> None:
    wanted = thread.section == deed
    for group in (("deed", deed), ("deed and language", f"{deed}, {thread.language}")):
        counts = result.at(group)
        counts.labelled += wanted
        counts.found += wanted and done
        counts.flagged += done
        counts.right += wanted and done
    result.missed[deed, thread.template] += wanted and not done
    result.wrong[deed, thread.template] += done and not wanted


def _groups(thread: Thread, kind: str) -> Iterator[Group]:
    yield "all", "all"
    yield "language", thread.language
    yield "section", thread.section
    yield "kind", kind
    yield "kind and language", f"{kind}, {thread.language}"
    yield "section and language", f"{thread.section}, {thread.language}"


def _meet(item: Item, at: str, label: Label) -> bool:
    return item.kind in label.kinds and any(
        place.message_id == at and place.start < label.end and label.start < place.end for place in item.places
    )
