"""What an act adds to a case: entries, and with them the messages to send and the effects to deliver. Times are UTC.

Nothing of what is sent stands beside the entries alone: messages and effects are made from them, so that an outbox can
be rebuilt from the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from evenhand.policy.conditions.reasons import Json

ENGINE: Final = "engine"
CLOCK: Final = "clock"
MEMBER: Final = "member"
MARKETPLACE: Final = "marketplace"
PERSON: Final = "person:"
"""Who writes entries; a person writes as `person:<name>`."""

CLOSED: Final = "closed"
"""The stage of a case whose episode is over; the account may get another case (S1)."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The fields of an entry's body, those that are personal (P3), and the kind of its line in the ledger (S3)."""

    fields: frozenset[str]
    sealed: frozenset[str] = frozenset()
    line: str | None = None


def _kind(fields: str, *, sealed: str = "", line: str | None = None) -> Kind:
    return Kind(fields=frozenset(fields.split()), sealed=frozenset(sealed.split()), line=line)


_LOOK: Final = "of reason opened"
_END: Final = "of effects withdrawn"

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "opened": _kind("account_id procedure regime episode gamma clocks urgent_grounds"),
        "proposed": _kind(
            "step terms policy evidence reasons sentence items log_e entered_at urgent heard_as notice",
            sealed="items",
            line="proposed",
        ),
        "asked": _kind("of question opened notice", sealed="question"),
        "answered": _kind("of text files by", sealed="text by"),
        "unanswered": _kind("of"),
        "accepted": _kind("message channel proof counts_at", sealed="proof"),
        "delivered": _kind("message channel proof", sealed="proof"),
        "bounced": _kind("message channel proof", sealed="proof"),
        "confirmed": _kind(f"{_LOOK} notice", sealed="reason"),
        "refused": _kind(f"{_LOOK} instead notice effects withdrawn", sealed="reason", line="refused"),
        "admitted": _kind("of notice"),
        "advised": _kind("of until notice", line="advised"),
        "warned": _kind("of until notice", line="warned"),
        "imposed": _kind("of until review_at effects notice", line="imposed"),
        "reviewed": _kind(f"{_LOOK} review_at", sealed="reason"),
        "eased": _kind(f"{_LOOK} until effects withdrawn notice", sealed="reason", line="eased"),
        "lapsed": _kind(f"{_END} clock notice", line="lapsed"),
        "expired": _kind(f"{_END} notice", line="expired"),
        "held": _kind(f"{_LOOK} ground until effects notice", sealed="reason", line="held"),
        "released": _kind(f"{_END} notice"),
        "flagged": _kind("of because"),
        "appealed": _kind("of text files by notice", sealed="text by", line="appealed"),
        "spoke": _kind("of text files by notice", sealed="text by"),
        "joined": _kind("of name role by", sealed="name by"),
        "remeasured": _kind("of evidence log_e"),
        "upheld": _kind(f"appeal {_LOOK} notice", sealed="reason", line="upheld"),
        "partly": _kind(f"appeal {_LOOK} until effects withdrawn notice", sealed="reason", line="eased"),
        "reversed": _kind(f"appeal flaw rule {_LOOK} effects withdrawn notice", sealed="reason", line="reversed"),
        "swept": _kind("of flagged"),
        "restored": _kind("of lost notice", line="restored"),
        "acknowledged": _kind("effect effects"),
        "overdue": _kind("of clock"),
        "closed": _kind("reason opened", sealed="reason"),
    }
)
"""Every kind of entry. `of` numbers the entry that proposed the measure, began the hold or filed the appeal."""

SEALED: Final[Mapping[str, frozenset[str]]] = MappingProxyType({name: kind.sealed for name, kind in KINDS.items()})
"""Which fields of a body, per kind of entry, are personal: kept under the key of the account (P3)."""


@dataclass(frozen=True, kw_only=True)
class CaseEntry:
    """One entry of a case, numbered from 1 without a gap; its body has the fields of its kind.

    A sealed field of an erased account reads as None.
    """

    case_id: str
    number: int
    at: datetime
    kind: str
    author: str
    body: Mapping[str, Json]

    @property
    def person(self) -> str | None:
        """The name of the person who wrote it, None where no person did."""
        return self.author.removeprefix(PERSON) if self.author.startswith(PERSON) else None

    @property
    def message(self) -> str | None:
        """The stable id of the message that it sends, `<case>/<number>/<notice>`, None where it sends none (P1)."""
        notice = self.body.get("notice")
        return f"{self.case_id}/{self.number}/{notice}" if notice else None


@dataclass(frozen=True, kw_only=True)
class Message:
    """A notice on its way to the account `recipient`; `id` is `<case>/<number>/<notice>` and never changes (P1).

    As an act makes it, `notice` names which notice and the entry it speaks of; `notices.write` puts the letter there.
    """

    id: str
    recipient: str
    notice: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class EffectEvent:
    """What the marketplace is to do to an account; `undoes` names the effect that this one takes back."""

    id: str
    account_id: str
    name: str
    value: Json
    undoes: str | None = None


@dataclass(frozen=True, kw_only=True)
class Moves:
    """What one act adds to one case, all of it or nothing; the entries are numbered on from the case.

    `withdrawn` names effects that are no longer to be delivered, since what they belonged to has ended.
    """

    entries: tuple[CaseEntry, ...] = ()
    messages: tuple[Message, ...] = ()
    effects: tuple[EffectEvent, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def __add__(self, later: Moves) -> Moves:
        """These moves and then the later ones, as one."""
        return Moves(
            entries=self.entries + later.entries,
            messages=self.messages + later.messages,
            effects=self.effects + later.effects,
            withdrawn=self.withdrawn + later.withdrawn,
        )


@dataclass(frozen=True, kw_only=True)
class CaseHead:
    """What the queue needs to know of a case: a cache beside its entries, which can be rebuilt from them.

    `due_at` is when the clock next has something to do. Of two cases the one with the larger `urgency` comes first.
    """

    case_id: str
    account_id: str
    procedure: str
    step: str
    stage: str
    opened_at: datetime
    due_at: datetime | None
    urgency: int
