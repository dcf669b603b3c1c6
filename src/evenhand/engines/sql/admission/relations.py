"""What is kept of each table after admission: the relations of schema `market`, as SQL over an admitted row `c`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from evenhand.engines.sql.admission.faults import micro
from evenhand.market.schema import TABLES
from evenhand.market.table import MICRO, Table


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Columns kept of one table: name to SQL over the row `c` and the rows it refers to (`"<column> ref"`).

    `numbered` is SQL that gives the admitted rows, staged as `admitted`, their integer surrogates; empty where the
    rows need none. `events` are the kept columns that tell when something happened, the row's own time first.
    """

    columns: Mapping[str, str]
    events: tuple[str, ...]
    numbered: str = field(default="")


SURROGATES: Final[Mapping[str, str]] = {"accounts": "account", "jobs": "job", "contracts": "contract"}
"""The integer that stands for a row of the tables that others refer to (decision M7)."""


def _as_they_are(*names: str) -> dict[str, str]:
    return {name: f'c."{name}"' for name in names}


def _times_only(table: Table) -> Relation:
    times = tuple(column.name for column in table.columns if column.type == "time" and column.event)
    return Relation(columns=_as_they_are(*times) or {"admitted": "true"}, events=times)


KEPT_APART: Final = ("feedback", "messages", "identities", "devices", "profiles")
"""Tables of which only times are kept; their rows stay in the files, behind a view."""

RELATIONS: Final[Mapping[str, Relation]] = {
    "accounts": Relation(
        columns=_as_they_are(
            "account_id", "agency_id", "role", "registered_at", "country", "category", "language", "closed_at"
        ),
        events=("registered_at", "closed_at"),
        numbered="""
            SELECT (row_number() OVER (ORDER BY account_id))::INTEGER AS account, account_id,
                (dense_rank() OVER (ORDER BY coalesce(agency_id, account_id)))::INTEGER AS unit,
                role, registered_at, country, category, language, closed_at
            FROM admitted""",
    ),
    "jobs": Relation(
        columns={
            "job_id": 'c."job_id"',
            "client": '"client_id ref".account',
            **_as_they_are("posted_at", "closed_at", "outcome", "category", "budget_usd", "experience"),
        },
        events=("posted_at", "closed_at"),
        numbered="""
            SELECT (row_number() OVER (ORDER BY closed_at NULLS LAST, posted_at, job_id))::INTEGER AS job, *
            FROM admitted""",
    ),
    "proposals": Relation(
        columns={
            "job": '"job_id ref".job',
            "account": '"account_id ref".account',
            "unit": '"account_id ref".unit',
            **_as_they_are("submitted_at", "withdrawn_at", "viewed_at", "interviewed_at", "bid_usd", "invited"),
            "shown_rank": 'c."shown_rank"::INTEGER',
            "weight": f"coalesce({micro('c.weight')}::BIGINT, {MICRO})",
        },
        events=("submitted_at", "withdrawn_at", "viewed_at", "interviewed_at"),
    ),
    "contracts": Relation(
        columns={
            "contract_id": 'c."contract_id"',
            "job": '"job_id ref".job',
            "account": '"account_id ref".account',
            "client": '"client_id ref".account',
            **_as_they_are("started_at", "ended_at", "value_usd", "outcome"),
        },
        events=("started_at", "ended_at"),
        numbered="""
            SELECT (row_number() OVER (ORDER BY contract_id))::INTEGER AS contract, * FROM admitted""",
    ),
    "payments": Relation(
        columns={"contract": '"contract_id ref".contract', **_as_they_are("paid_at", "amount_usd", "hours")},
        events=("paid_at",),
    ),
    "breaks": Relation(
        columns={
            "account": '"account_id ref".account',
            "from_at": 'c."from"',
            "until_at": 'c."until"',
            "kind": 'c."kind"',
        },
        events=("from_at",),
    ),
    "incidents": Relation(
        columns=_as_they_are(
            "incident_id", "account_id", "kind", "happened_at", "seen_by", "what", "source", "other_id", "offered_by"
        ),
        events=("happened_at",),
    ),
    **{name: _times_only(TABLES[name]) for name in KEPT_APART},
}
"""One for each of the twelve tables."""
