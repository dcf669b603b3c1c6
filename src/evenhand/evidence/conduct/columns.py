"""What a policy on misconduct may say of an account: how much was seen, never how it works or wins (R8, R12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evenhand.evidence.columns import Column
from evenhand.vocabulary import Procedure


def _number(name: str, doc: str, *needs: str) -> Column:
    return Column(name=name, type="number", doc=doc, needs=needs)


ITEMS: Final = _number("items", "Items of evidence that count at as_of.")

CONDUCT_COLUMNS: Final[Mapping[Procedure, tuple[Column, ...]]] = {
    "circumvention": (
        ITEMS,
        _number(
            "offered_to_365d",
            "Others to whom the account itself named a contact detail before a contract, under no allowance, in the "
            "last 365 days.",
            "messages",
        ),
        _number(
            "unasked_365d",
            "Those of them who had not asked for it.",
            "messages",
        ),
        _number(
            "paid_outside_730d",
            "Incidents in the last 730 days in which the account took pay off the platform; what several people report "
            "of one day and one other party is one.",
            "incidents",
        ),
    ),
    "linkage": (
        ITEMS,
        _number(
            "papers",
            "Other accounts with the same identity document or payout account that are open, or were closed before "
            "this one registered.",
            "identities",
        ),
        _number(
            "resembling",
            "Further such accounts that share a name and a date of birth, or a device: enough for a question.",
            "identities",
        ),
        _number(
            "returned", "Accounts among `papers` that were closed before this one registered.", "accounts.closed_at"
        ),
        _number(
            "used_by_another_365d",
            "Days among the last 365 with an incident in which somebody else used the account.",
            "incidents",
        ),
    ),
}
"""In the order in which `evidence_<procedure>.parquet` carries them, after the facts of the account."""

PROOF: Final[Mapping[Procedure, frozenset[str]]] = {
    "circumvention": frozenset({"offered_to_365d", "unasked_365d", "paid_outside_730d"}),
    "linkage": frozenset({"papers", "returned", "used_by_another_365d"}),
}
"""Columns of which one must be above nothing before anything is taken away; a resemblance is enough to ask (R15)."""

WHERE_SHARED: Final = ("same_household", "same_network")
"""What many share: named so that a check can say why no condition may ask for it (R15). No column holds it."""
