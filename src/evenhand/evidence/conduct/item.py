"""What an item of evidence of misconduct is, whichever way it was found (R14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from evenhand.vocabulary import Procedure

KINDS: Final[Mapping[Procedure, tuple[str, ...]]] = {
    "circumvention": ("contact_offered", "paid_outside"),
    "linkage": ("linked_account", "used_by_another"),
}
"""The kinds of items of each procedure that rests on items; a kind belongs to one (R12)."""

PROGRAM: Final = "a program"
"""Who saw what a detector found: nobody yet. A person reads it before anything but guidance follows (R22)."""

SOURCES: Final = ("message", "profile", "a comparison of identities")
"""What the source of an item that a program found begins with."""

UNNAMED: Final = "a report"
"""The source of an incident for which none is given; `items.sql` writes it."""

WHAT: Final[Mapping[str, str]] = {
    "offered_phone": "a telephone number was named before a contract",
    "offered_email": "a mail address was named before a contract",
    "offered_url": "a page outside the platform was named before a contract",
    "offered_handle": "a name at a messenger or social network was named before a contract",
    "offered_payment": "a way to pay past the platform was named before a contract",
    "offered_meeting": "a room to meet in outside the platform was named before a contract",
    "shares_document": "the account shares an identity document with another account",
    "shares_payout": "the account shares a payout account with another account",
    "shares_person": "the account shares a name and a date of birth with another account",
    "shares_device": "the account shares a device with another account",
}
"""What detectors find, in words; `notices/words` has them for every language."""

COUNTS_DAYS: Final = 730
"""Between two who met on the platform: so long after they met, work that they do elsewhere is their own affair."""

STRIKE_DAYS: Final = 365
"""How long an offer or a use by somebody else counts: strikes expire (R24)."""

EXPIRES_DAYS: Final[Mapping[str, int]] = {
    "contact_offered": STRIKE_DAYS,
    "used_by_another": STRIKE_DAYS,
    "paid_outside": COUNTS_DAYS,
}
"""How long an item counts, by kind; a link counts while it lasts."""

MOST_ITEMS: Final = 50
"""Items that one proposal names, the latest ones; more would be read by nobody."""


class Item(NamedTuple):
    """One item that counts at `as_of`: what a letter tells and a reviewer reads.

    `other_id` is for reviewers alone. `period_until` is the end of the 24 months between the two, None where they have
    no such period. `grade` is that of a link.
    """

    account_id: str
    kind: str
    at: datetime
    source: str
    seen_by: str
    what: str
    words: str | None
    offered_by: str | None
    other_id: str | None
    grade: str | None
    asked: bool | None
    period_until: datetime | None
