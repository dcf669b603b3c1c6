"""The columns of the behavioural stream (`STATISTICS.md` section 6): what a reviewer of circumvention is shown."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.columns import Column

STREAM_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        name="chats",
        type="number",
        doc="Jobs on which the client talked to this account last, once per pair of client and account; "
        "for a client the jobs of its own.",
        needs=("jobs.category",),
    ),
    Column(
        name="ended_without_hire",
        type="number",
        doc="How many of those jobs settled without a hire, and without a contract between the two.",
    ),
    Column(
        name="expected",
        type="number",
        doc="How many would have, at the rate of their categories as it was known before each settled.",
    ),
    Column(
        name="log_e_bypass",
        type="number",
        doc="Natural log of the e-value against odds of such an end of at most twice the category's.",
    ),
    Column(
        name="tiny_then_silent",
        type="number",
        doc="Other parties with whom every contract was worth a tenth of its job's budget or less, "
        "and with whom nothing followed for 90 days.",
        needs=("contracts.value_usd", "jobs.budget_usd"),
    ),
    Column(
        name="contact_then_cancelled",
        type="number",
        doc="Jobs that were cancelled after the client had talked to this account last, without a contract between "
        "the two.",
        needs=("jobs.outcome",),
    ),
)
"""In the order in which `review_circumvention.parquet` carries them. They order the review and move nothing."""
