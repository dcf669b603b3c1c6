"""One account's items in sentences, in the order things happened (R14, R17): what was seen, and where the lines are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from evenhand.decisions.explain import Explanation, lines
from evenhand.decisions.ledger import Standing
from evenhand.decisions.rows import EvidenceRow
from evenhand.evidence.conduct.columns import CONDUCT_COLUMNS
from evenhand.evidence.conduct.item import EXPIRES_DAYS, Item
from evenhand.policy.types import Policy
from evenhand.vocabulary import NO_STEP


def explain_items(row: EvidenceRow, policy: Policy, standing: Standing, items: Sequence[Item]) -> Explanation:
    """Explain the decision in `row`, which counts `items`; who the other side is stays with the reviewers."""
    proposed = "Nothing is proposed" if row["measure"] == NO_STEP else "Proposed"
    age = f"{row['account_age_days']} days old, as of {row['as_of']} UTC"
    return Explanation(
        account_id=str(row["account_id"]),
        summary=(
            f"Account {row['account_id']} ({row['role']}), {age}.",
            f"Policy {policy.name} {policy.version}: misconduct is proven by items, and good history is no shield.",
            f"{proposed}: {row['why']}.",
        ),
        path=tuple(_moment(item) for item in reversed(items)),
        left_out=(),
        amounts=tuple(f"{column.doc} {row[column.name]}." for column in CONDUCT_COLUMNS[policy.procedure]),
        lines=tuple(lines(row, policy, standing)),
        changes=tuple(_changes(items)),
    )


def _moment(item: Item) -> tuple[datetime, str]:
    asked = ", after the other side had asked" if item.asked else ""
    return item.at, f"{item.what[0].upper()}{item.what[1:]}{asked} ({item.source}, seen by {item.seen_by})."


def _changes(items: Sequence[Item]) -> Iterator[str]:
    standing = [item for item in items if item.source.startswith("profile ")]
    passing = [item for item in items if item.kind in EXPIRES_DAYS and item not in standing]
    ends = [item.at + timedelta(days=EXPIRES_DAYS[item.kind]) for item in passing]
    if ends:
        yield f"The first of these items stops counting on {min(ends):%Y-%m-%d}, the last on {max(ends):%Y-%m-%d}."
    if standing:
        yield "A detail in a profile stops counting when its text is taken down."
    until = [item.period_until for item in items if item.period_until and item.kind != "linked_account"]
    if until:
        first = f"{min(until):%Y-%m-%d}"
        yield f"With whom one met here, work may go elsewhere 24 months later: the first such day is {first}."
    if any(item.kind == "linked_account" for item in items):
        yield (
            "A link between two open accounts stops counting when one of them is closed by its owner; a return after a "
            "closure counts until an appeal is won."
        )
    yield (
        "Each further step needs something that is seen after the step before was delivered; a link is seen as long as "
        "it lasts."
    )
