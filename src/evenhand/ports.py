"""All that Evenhand asks of the outside: tables, an engine that reckons, a store that keeps, somebody who carries.

The clock is not here: every time is an argument, read once in `wiring`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from evenhand.decisions.case.entry import CaseEntry, CaseHead, EffectEvent, Message, Moves
from evenhand.decisions.case.kept import (
    Attachment,
    Audit,
    Checkpoint,
    ClaimedEffect,
    ClaimedMessage,
    Handed,
    Outcome,
    Person,
    PublishedPolicy,
    Role,
    SentMessage,
)
from evenhand.decisions.ledger import Entry, Standing
from evenhand.decisions.portfolio import Candidate
from evenhand.decisions.rows import EvidenceRow
from evenhand.evidence.activity.question import Measured, Question
from evenhand.evidence.activity.units import CountedUnit, PassedOver
from evenhand.evidence.conduct.item import Item
from evenhand.evidence.conduct.question import ConductQuestion
from evenhand.market.admission import Admission
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy


class Source(Protocol):
    """Where a market's tables come from."""

    def stage(self, scratch: Path) -> StagedMarket:
        """Bring every table into Parquet files an engine can read; text formats keep their line numbers.

        Bounded memory whatever the size. Raises `MarketRefused` where a file cannot be read at all.
        """
        ...


class Engine(Protocol):
    """One run over one market; a context manager that owns its scratch space.

    The calls come in this order: `admit`, `measure`, `candidates`, `decide`, then any of the readers and writers;
    `later`, `seen_messages`, `seen_profiles`, `write_quarantine` and `write_review` need `admit` alone. For a procedure
    that rests on items `weigh` stands in the place of `measure` and `candidates`.
    """

    name: str

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def admit(self, market: StagedMarket) -> Admission:
        """Admit every row or quarantine it with a reason; admitted + quarantined = read.

        The market that was admitted last is not read again.
        """
        ...

    def later(self, as_of: datetime) -> Mapping[str, int]:
        """How many admitted rows of each table lie after `as_of`, by `Table.own_time` (M1); none for tables without."""
        ...

    def measure(self, question: Question) -> Measured:
        """Reckon facts and activity evidence of every account seen at `question.as_of`."""
        ...

    def seen_messages(self, as_of: datetime) -> Iterable[Any]:
        """Arrow batches of every message seen at `as_of`, oldest first, in bounded memory; none without messages.

        Columns: those of `find_contact_details`, `contract_since` among them. Raises `RunRefused` where the engine has
        no way to hand rows out in order.
        """
        ...

    def seen_profiles(self, as_of: datetime) -> Iterable[Any]:
        """Arrow batches of the profile texts that stand at `as_of`; none without profiles.

        Columns: those of `find_contact_details.OF_PROFILES`; `published_at` is `as_of`, when the text is seen.
        """
        ...

    def weigh(self, found: Path, question: ConductQuestion) -> Measured:
        """Count the items of misconduct per account: those in the file `found` (`find_items.FOUND`) and incidents."""
        ...

    def items(self, accounts: Collection[str]) -> Mapping[str, Sequence[Item]]:
        """The items that count against each of `accounts`, the latest first; none for accounts without any."""
        ...

    def candidates(self, policy: Policy, standings: Mapping[str, Standing]) -> Sequence[Candidate]:
        """Accounts that a portfolio step would take if all were in the portfolio (S5)."""
        ...

    def decide(
        self, policy: Policy, standings: Mapping[str, Standing], portfolio: Collection[str], *, cap: int, withheld: bool
    ) -> None:
        """Fill `in_portfolio`, `exempt`, `reaches`, `measure`, `blocked_by` and `why` of every account.

        At most `cap` measures at `limit` or above, strongest evidence first (S8); none at all if `withheld`.
        """
        ...

    def measures(self) -> Iterator[EvidenceRow]:
        """Evidence rows of the accounts with a measure, sorted by account."""
        ...

    def account(self, account_id: str) -> EvidenceRow | None:
        """The row of one account, None if `as_of` does not see it."""
        ...

    def tally(self, column: str) -> Mapping[str, int]:
        """How many accounts have each value of a text column of the decisions (nulls left out)."""
        ...

    def units(self, accounts: Collection[str]) -> Mapping[str, Sequence[CountedUnit]]:
        """What counted for each of `accounts`, in the order in which it settled; one pass for all of them."""
        ...

    def passed_over(self, accounts: Collection[str]) -> Mapping[str, Sequence[PassedOver]]:
        """The proposals of each of `accounts` that did not count, each with its reason; one pass for all of them."""
        ...

    def write_evidence(self, path: Path) -> None:
        """Write `evidence.parquet`, or `evidence_<procedure>.parquet`, sorted by account."""
        ...

    def write_counted(self, path: Path) -> None:
        """Write `counted.parquet`: a row per counted unit with fair share, outcome and factor."""
        ...

    def write_review(self, as_of: datetime, path: Path, *, settle_days: int, offers: Path | None = None) -> None:
        """Write `review_circumvention.parquet`: the behavioural stream of every account seen at `as_of`, sorted.

        `offers` is a Parquet file with a row for each contact detail that may be held against an account: `account_id`,
        `other_id`, `at`; without it nobody offered anything.
        It needs `admit` alone and knows nothing of the evidence of activity (R12). Between `measure` and its readers
        `as_of` is that of the question.
        """
        ...

    def write_items(self, path: Path) -> None:
        """Write `items_<procedure>.parquet`: every item that counts, sorted by account."""
        ...

    def write_quarantine(self, path: Path) -> None:
        """Write `quarantine.parquet`: table, file, row, column, value, reason."""
        ...


class Cases(Protocol):
    """Cases as append-only lists of entries, each linked to the one before it by a hash (P3)."""

    def read(self, case_id: str) -> Sequence[CaseEntry]:
        """Every entry of the case, oldest first; none if there is no such case."""
        ...

    def append(self, moves: Moves, *, head: CaseHead) -> None:
        """Keep entries, messages, effects and the new head, all of it or nothing.

        Raises `Outdated` where the first number is taken, or where the case would be the second open one of its account
        and procedure (S1); `StoreRefused` where a rule is broken: a number left out, an author who is no person on
        record, an imposed measure that no person confirmed, an appeal decided by who took part before it.
        """
        ...

    def append_all(self, acts: Sequence[tuple[Moves, CaseHead]]) -> None:
        """Keep what several acts on different cases add, all of it or nothing; raises what `append` raises.

        It is one transaction, during which other writers of these cases wait: some hundreds of acts, at most thousands,
        or none.
        """
        ...

    def open_case(self, account_id: str, procedure: str) -> str | None:
        """The one case of the account and procedure that is not closed."""
        ...

    def cases_of(self, account_id: str) -> Sequence[CaseHead]:
        """Every case of an account, the oldest first."""
        ...

    def heads(self) -> Iterator[CaseHead]:
        """The head of every case, by case: what can be rebuilt from the entries and compared."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """At most `limit` cases whose clock has something to do at `now`, the longest due first."""
        ...

    def queue(self, *, stage: str, after: CaseHead | None, limit: int) -> Sequence[CaseHead]:
        """One page of a stage, most urgent first, then longest open; `after` is the last of the page before."""
        ...

    def latest(self, procedure: str, kind: str, limit: int) -> Sequence[str]:
        """At most `limit` cases of a procedure with an entry of this kind, the one with the latest first."""
        ...

    def ledger(self, procedure: str) -> Iterator[Entry]:
        """The records of decision S3 in all cases of a procedure, a case at a time."""
        ...


class Outbox(Protocol):
    """Messages and effects on their way out: on lease to one worker at a time, settled once.

    A lease that runs out without an answer gives the item to the next who asks; the answer of who comes late counts
    all the same, because what was delivered was delivered.
    """

    def claim_messages(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedMessage]:
        """At most `limit` messages that nobody holds at `now`, held until `now + lease`."""
        ...

    def put_off_message(self, message_id: str, attempt: int, until: datetime) -> bool:
        """Give back a message until then; False if another attempt has begun or it is settled."""
        ...

    def settle_message(self, message_id: str, now: datetime, outcome: Outcome) -> bool:
        """Record how a message ended; False if that is on record already."""
        ...

    def messages(self, case_id: str) -> Sequence[SentMessage]:
        """Every message of a case with what became of it, in the order of their entries."""
        ...

    def claim_effects(self, now: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedEffect]:
        """As `claim_messages`; one that undoes another only after that is acknowledged.

        Of those that were withdrawn only what had left before: somebody may have done it.
        """
        ...

    def put_off_effect(self, effect_id: str, attempt: int, until: datetime) -> bool:
        """Give back an effect until then; False if another attempt has begun or it is acknowledged."""
        ...

    def acknowledge_effect(self, effect_id: str, now: datetime) -> bool:
        """Record that the marketplace has done it, withdrawn or not; False if that is on record already."""
        ...


class Linkage(Protocol):
    """Compares all accounts of a market with each other."""

    def link(self) -> object:
        """Compare them; the calls below come after it. Raises `RunRefused` where there are too few to learn from."""
        ...

    def write(self, folder: Path) -> None:
        """Write `links.parquet` and `clusters.parquet`."""
        ...

    def tally(self) -> Mapping[str, Any]:
        """How many `accounts`, `links`, `clusters`, `returned`, links by `grades`, accounts `left_out` by column."""
        ...


class Postman(Protocol):
    """Who carries letters to members."""

    channel: str

    def send(self, letters: Sequence[Message], now: datetime) -> Iterator[Handed]:
        """Hand over one letter after the other; says of each how it went before the next one leaves."""
        ...


class Marketplace(Protocol):
    """Who carries effects out; told of each until it has acknowledged it."""

    def carry_out(self, effect: EffectEvent, now: datetime) -> Handed:
        """Tell of one effect; `delivered` where it was acknowledged in the reply."""
        ...


class People(Protocol):
    """Who may act; passphrases are kept as argon2 hashes (P2)."""

    def add_person(self, name: str, roles: Collection[Role], passphrase: str, now: datetime) -> None:
        """Put a person on record; raises `StoreRefused` if the name is taken."""
        ...

    def set_roles(self, name: str, roles: Collection[Role]) -> None:
        """Give a person these roles and no others; raises `StoreRefused` if there is no such person."""
        ...

    def disable_person(self, name: str, now: datetime) -> None:
        """Let a person act no longer; raises `StoreRefused` if there is no such person."""
        ...

    def authenticate(self, name: str, passphrase: str) -> Person:
        """The person, if the passphrase is theirs and they are not disabled; else raises `StoreRefused`."""
        ...

    def people(self) -> Sequence[Person]:
        """Everybody on record, by name."""
        ...


class Documents(Protocol):
    """Published policies, which never change, and the files that members and reviewers add to a case."""

    def put_policy(self, policy: PublishedPolicy) -> None:
        """Publish; the same again is no fault. Raises `StoreRefused` if name and version are taken by another text."""
        ...

    def policy(self, policy_hash: str) -> PublishedPolicy | None:
        """The policy that a decision names."""
        ...

    def policies(self) -> Sequence[PublishedPolicy]:
        """Every policy, in the order of publication."""
        ...

    def attach(self, account_id: str, content: bytes, media_type: str, now: datetime) -> str:
        """Keep a file under the key of the account; returns its sha256 in hex. The same file twice is kept once."""
        ...

    def attachment(self, account_id: str, sha256: str) -> Attachment | None:
        """The file, None if there is none or the account was erased."""
        ...


class Register(Protocol):
    """What makes tampering evident, and what makes a person forgotten."""

    def checkpoint(self, now: datetime) -> Checkpoint:
        """Sign the whole log as it stands; the latest checkpoint again if nothing was added since.

        Raises `StoreRefused` without a signing key.
        """
        ...

    def checkpoints(self) -> Sequence[Checkpoint]:
        """Every checkpoint, the first one first."""
        ...

    def verify(self, trusted: Collection[str] = ()) -> Audit:
        """Recompute every hash and every signature; keys outside `trusted` are findings, unless it is empty."""
        ...

    def export(self) -> Iterator[str]:
        """The log as lines of JSON, which `stores.audit.verify_export` verifies without the store."""
        ...

    def erase(self, account_id: str, now: datetime) -> None:
        """Destroy the key of an account: its sealed fields, notices and files can no longer be read by anybody.

        Every hash still verifies. Raises `StoreRefused` while a message to the account is unsettled.
        """
        ...


class Store(Cases, Outbox, People, Documents, Register, Protocol):
    """One database. Every method is one transaction; every time is an argument."""

    def close(self) -> None:
        """Let go of every connection."""
        ...
