"""A member is forgotten once nothing about them is under way; the log still verifies (P3)."""

from __future__ import annotations

from datetime import datetime

from evenhand.decisions.case.entry import CLOSED
from evenhand.errors import ActRefused
from evenhand.workflows.office import Office


def forget_member(office: Office, account_id: str, now: datetime) -> None:
    """Destroy the key of an account. Raises `ActRefused` while a case of it is open or has something due.

    What a case does by itself is written to its member, and nobody can be written to who was forgotten.
    """
    for head in office.store.cases_of(account_id):
        if head.stage != CLOSED or head.due_at is not None:
            raise ActRefused(
                f"something is under way in it: stage {head.stage}",
                where=head.case_id,
                hint="let it end or close it first",
            )
    office.store.erase(account_id, now)
