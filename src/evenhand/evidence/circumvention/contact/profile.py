"""What members write of themselves: details named to everybody, that nobody asked for and no contract allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenhand.evidence.circumvention.contact.circumstances import Circumstances, allowance
from evenhand.evidence.circumvention.contact.conversation import Item, Place
from evenhand.evidence.circumvention.contact.scan import scan


@dataclass(frozen=True, kw_only=True)
class ProfileText:
    """A text of a profile as it was published (headline, description); `text_id` is the marketplace's name for it."""

    text_id: str
    account_id: str
    published_at: datetime
    text: str


def read_profile(profile: ProfileText, own_hosts: frozenset[str]) -> tuple[Item, ...]:
    """The details that a text of a profile names, each an item of its account (R14), towards nobody.

    >>> text = ProfileText(text_id="p1", account_id="a", published_at=datetime(2026, 1, 1), text="Mail jane@gmail.com")
    >>> [(item.by, item.to, item.kind, item.value) for item in read_profile(text, frozenset())]
    [('a', '', 'email', 'jane@gmail.com')]
    """
    around = Circumstances(own_hosts=own_hosts)
    return tuple(
        Item(
            deed="offered",
            kind=find.kind,
            places=(Place(message_id=profile.text_id, start=find.start, end=find.end),),
            value=find.value,
            confidence=find.confidence,
            by=profile.account_id,
            to="",
            at=profile.published_at,
            after_contract=False,
            allowance=allowance(find, around, runs=False),
        )
        for find in scan(profile.text).finds
    )
