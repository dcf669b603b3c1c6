"""Jobs that a policy leaves out for everybody, by what was known when they were posted (`STATISTICS.md` section 2).

Wins are never dropped one by one: leaving out "suspicious" ones would break the promise. A whole job may be left out,
by a rule that cannot know who won.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

BLIND: Final = frozenset({"client_id", "category", "budget_usd", "experience", "posted_on"})
"""What is known of a job when it is posted; everything else about it may be an effect of who won."""


class JobRule(Protocol):
    """A condition over the facts of a job."""

    @property
    def sql(self) -> str:
        """The condition as SQL over the columns of `facts_sql`."""
        ...

    def truth(self, row: Mapping[str, bool | int | float | str | datetime | tuple[str, ...] | None]) -> bool | None:
        """What it says of one job."""
        ...


def posted_on(posted_at: datetime) -> int:
    """The day of posting as a number that reads like a date.

    >>> posted_on(datetime(2026, 3, 1))
    20260301
    """
    return posted_at.year * 10000 + posted_at.month * 100 + posted_at.day


def excluded_sql(rule: JobRule | None) -> str:
    """Statement for the jobs that `rule` leaves out, none without a rule; unknown is no reason to leave a job out."""
    day = "year(j.posted_at) * 10000 + month(j.posted_at) * 100 + day(j.posted_at)"
    return f"""
        select job
        from (
          select j.job, a.account_id as client_id, j.category, j.budget_usd, j.experience, {day} as posted_on
          from market.jobs as j join market.accounts as a on a.account = j.client
        ) as facts
        where {"false" if rule is None else rule.sql}"""
