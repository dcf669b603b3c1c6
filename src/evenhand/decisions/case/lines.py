"""A case in the words of the ledger that `evaluate` reads (S3): the same standing, by the fold of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import KINDS, CaseEntry
from evenhand.decisions.ledger import TAKEN, Entry


def lines(case: Case) -> Iterator[Entry]:
    """The ledger's lines of a case, in the order of its entries; a delivery and an eased end stand in the measure's."""
    for entry in case.entries:
        kind = KINDS[entry.kind].line
        if kind is not None and not (kind == "eased" and entry.body["until"]):
            yield _line(case, entry, kind)


def _line(case: Case, entry: CaseEntry, kind: str) -> Entry:
    of = entry.number if kind == "proposed" else entry.body["of"]
    measure = next(measure for measure in case.measures if measure.number == of)
    return Entry(
        account_id=case.account_id,
        procedure=case.procedure,
        step=measure.step,
        kind=kind,
        at=entry.at,
        delivered_at=measure.delivered_at if kind in TAKEN else None,
        until=measure.until if kind in TAKEN else None,
        episode=case.episode_number,
        gamma=case.gamma,
        policy_hash=measure.policy.hash,
    )
