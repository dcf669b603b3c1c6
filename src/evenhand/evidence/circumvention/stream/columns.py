"""The columns of the behavioural stream (`STATISTICS.md` section 6): what a reviewer of circumvention is shown."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.columns import Column


def _column(name: str, doc: str, *needs: str) -> Column:
    return Column(name=name, type="number", doc=doc, needs=needs, condition=False)


STREAM_COLUMNS: Final[tuple[Column, ...]] = (
    _column(
        "chats",
        "Jobs on which the client talked to this account last, once per pair of client and account; "
        "for a client the jobs of its own.",
        "jobs.category",
    ),
    _column(
        "ended_without_hire",
        "How many of those jobs settled without a hire, and without a contract between the two.",
    ),
    _column(
        "expected",
        "How many would have, at the rate of their categories as it was known before each settled.",
    ),
    _column(
        "log_e_bypass",
        "Natural log of the e-value against odds of such an end of at most twice the category's.",
    ),
    _column(
        "tiny_then_silent",
        "Other parties with whom every contract, whoever was the client, was worth a tenth of its job's budget or "
        "less, and with whom nothing followed for 90 days.",
        "contracts.value_usd",
        "jobs.budget_usd",
    ),
    _column(
        "contact_then_cancelled",
        "Jobs that were cancelled after the client had talked to this account last, without a contract between "
        "the two.",
        "jobs.outcome",
    ),
    _column(
        "offered_then_ended",
        "Other parties to whom this account offered a contact detail that may be held against it, and whose job then "
        "settled without a hire.",
        "messages.text",
    ),
    _column("stands_out", "1 if such offers and the e-value together put the account before others, else 0."),
    _column("queue_place", "In which place a reviewer looks at the account, from 1."),
)
"""In the order in which `review_circumvention.parquet` carries them. They order the review and move nothing."""
