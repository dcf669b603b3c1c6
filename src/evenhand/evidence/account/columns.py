"""Facts of an account that are no evidence for or against anyone: they exempt, they describe, they group."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.columns import Column

ACCOUNT_COLUMNS: Final[tuple[Column, ...]] = (
    Column(name="role", type="text", doc="What the account registered as: freelancer, agency or client."),
    Column(name="country", type="text", doc="Country of the account, ISO 3166-1 alpha-2."),
    Column(name="category", type="text", doc="Category of work that the account names."),
    Column(name="language", type="text", doc="Language of the account, BCP 47."),
    Column(name="account_age_days", type="number", doc="Whole days since the account registered."),
    Column(
        name="earned_usd_365d",
        type="number",
        doc="US dollars paid in the last 365 days, else the value of contracts started in them.",
        needs=("payments", "contracts.value_usd"),
    ),
    Column(
        name="contracts_365d",
        type="number",
        doc="Contracts of the account that started in the last 365 days.",
    ),
    Column(name="hours_365d", type="number", doc="Hours paid in the last 365 days.", needs=("payments.hours",)),
    Column(name="repeat_clients", type="number", doc="Clients with two contracts or more with the account, ever."),
    Column(
        name="running_contract_days",
        type="number",
        doc="Days since the oldest contract that still runs began; 0 if none runs.",
        needs=("contracts.ended_at",),
    ),
    Column(
        name="days_since_pause",
        type="number",
        doc="Days since the account came back from 90 days without a proposal or a declared break of 14 days; "
        "0 while it lasts, null if there was none.",
    ),
    Column(name="on_break", type="boolean", doc="Whether a declared break runs at as_of.", needs=("breaks",)),
    Column(name="proposals", type="number", doc="Proposals ever submitted, whether they count or not."),
    Column(name="hires", type="number", doc="Contracts ever started, whether they count or not."),
)
"""In the order in which `evidence.parquet` carries them."""
