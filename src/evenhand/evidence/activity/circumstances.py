"""Circumstances of a proposal that a fair share may be fitted to, each in a few levels (`STATISTICS.md` section 1).

Only what can differ between the proposals on one job: the rest cancels. Levels and not numbers, so that the fit
assumes no shape, a weight can be read off a table, and every engine gives a proposal the same whole number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

FieldOf = Literal["everyone", "impressions"]
"""Whom a field holds beside the winners: `everyone` who proposed before the first choice, or the list shown then."""

DEEPEST: Final = 50
"""Places of the list that have a weight of their own; whoever stands deeper has one together."""


@dataclass(frozen=True, kw_only=True)
class Circumstance:
    """What varies within a job and is nobody's conduct.

    `levels` are its labels, in the order of their numbers; empty where they are the values of the column itself, in the
    order of the alphabet, nothing said last. `level` is SQL for the number of a proposal's level, over `f`, a row of
    the field with what was kept of the proposal, and over what `join` puts beside it.
    `audited` ones may not raise anybody's fair odds: the odds are also reckoned without them, and the least count.
    """

    doc: str
    level: str
    join: str = ""
    levels: tuple[str, ...] = ()
    audited: bool = False


def _of_account(column: str) -> str:
    """SQL that numbers the values of a column of accounts, what is not said last."""
    return (
        f"join (select account, dense_rank() over (order by {column} nulls last) - 1 as level from seen_accounts) "
        f"as {column} on {column}.account = f.account"
    )


CIRCUMSTANCES: Final[Mapping[str, Circumstance]] = MappingProxyType(
    {
        "country": Circumstance(
            doc="where the account is from", level="country.level", join=_of_account("country"), audited=True
        ),
        "invited": Circumstance(
            doc="whether the client invited the proposal",
            level="case when f.invited then 1 else 0 end",
            levels=("not invited", "invited"),
        ),
        "language": Circumstance(
            doc="language of the account", level="language.level", join=_of_account("language"), audited=True
        ),
        "position": Circumstance(
            doc="place in the list that the client was shown",
            level=f"least(coalesce(f.shown_rank, 0), {DEEPEST + 1})",
            levels=("not in the list", *map(str, range(1, DEEPEST + 1)), f"below {DEEPEST}"),
            audited=True,
        ),
        "price": Circumstance(
            doc="the bid against the median bid of the job's field",
            level="case when f.bid_usd is null or b.bid is null or b.bid <= 0 then 0 when f.bid_usd * 2 < b.bid then 1 "
            "when f.bid_usd * 5 < b.bid * 4 then 2 when f.bid_usd * 4 <= b.bid * 5 then 3 "
            "when f.bid_usd <= b.bid * 2 then 4 else 5 end",
            join="left join (select shortlist, job, quantile_disc(bid_usd, 0.5) as bid from proposed where early "
            "and bid_usd is not null group by shortlist, job) as b on b.shortlist = f.shortlist and b.job = f.job",
            levels=("no bid", "under half", "half to 4/5", "4/5 to 5/4", "5/4 to double", "over double"),
        ),
        "promptness": Circumstance(
            doc="time from the posting of the job to the proposal",
            level="case when f.submitted_at < j.posted_at + interval 1 hour then 0 "
            "when f.submitted_at < j.posted_at + interval 6 hour then 1 "
            "when f.submitted_at < j.posted_at + interval 24 hour then 2 "
            "when f.submitted_at < j.posted_at + interval 72 hour then 3 else 4 end",
            join="join market.jobs as j on j.job = f.job",
            levels=("within 1 hour", "1 to 6 hours", "6 to 24 hours", "1 to 3 days", "later"),
        ),
        "tenure": Circumstance(
            doc="age of the account at the proposal",
            level="case when f.submitted_at < a.registered_at + interval 30 day then 0 "
            "when f.submitted_at < a.registered_at + interval 90 day then 1 "
            "when f.submitted_at < a.registered_at + interval 365 day then 2 "
            "when f.submitted_at < a.registered_at + interval 1095 day then 3 else 4 end",
            join="join seen_accounts as a on a.account = f.account",
            levels=("under 30 days", "30 to 90 days", "90 to 365 days", "1 to 3 years", "over 3 years"),
            audited=True,
        ),
    }
)  # fmt: skip
"""Everything that may stand in `fair_share.control`, by its word there."""

SAME_WITHIN_A_JOB: Final = frozenset(
    {"budget", "budget_usd", "category", "client", "client_history", "client_id", "competitors", "experience", "month"}
)
"""What is the same for all proposals on a job, and so cancels in the choice among them."""

CONDUCT: Final = frozenset(
    {
        "earnings",
        "feedback",
        "fit",
        "interviews",
        "job_success",
        "no_reviews",
        "past_hires",
        "past_wins",
        "rating",
        "reviews",
        "score",
        "skills",
        "stars",
        "success",
        "text",
        "text_quality",
        "win_rate",
    }
)
"""What the evidence is about, or a stand-in for it. The columns of the evidence are conduct as well."""


def variants(controls: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The audited models: the full one first, then those that lack one audited circumstance each (Theorem 3).

    >>> variants(("position", "price"))
    (('position', 'price'), ('price',))
    """
    lacking = (tuple(c for c in controls if c != audited) for audited in controls if CIRCUMSTANCES[audited].audited)
    return (controls, *lacking)
