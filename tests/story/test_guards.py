"""Guards, exclusions and the other opt-ins of a policy: what is read, what it says of changes, what it reckons."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from evenhand.errors import PolicyRefused
from evenhand.evidence.activity import review
from evenhand.evidence.activity.exclusion import excluded_sql
from evenhand.evidence.activity.grid import GRID, terms
from evenhand.evidence.activity.guards.rule import ATTRIBUTES, Guards, disadvantaged, log_e, null_term, shown
from evenhand.policy import checks
from evenhand.policy.diff import NOTHING, diff
from evenhand.policy.parse import parse

SHIPPED = (Path(__file__).parents[2] / "policies" / "activity.yaml").read_text(encoding="utf-8")


def with_keys(*lines: str) -> str:
    """The shipped policy with further keys."""
    return SHIPPED + "".join(f"\n{line}" for line in lines) + "\n"


def test_all_groups_are_guarded_unless_the_policy_says_otherwise() -> None:
    """Left out, all four attributes; the order in a list is form, an empty list is a choice that is remarked on."""
    policy = parse(SHIPPED)
    assert policy.guards == Guards(attributes=ATTRIBUTES)
    turned = parse(with_keys("guards: [tenure, language, category, country]"))
    assert (turned.hash, diff(policy, turned)) == (policy.hash, [NOTHING])
    none = parse(with_keys("guards: []"))
    assert none.hash != policy.hash
    assert [
        remark.message for remark in checks.run(none).remarks if remark.claim == "guards_name_known_attributes"
    ] == ["no guard watches over groups by `country`, `category`, `tenure`, `language`"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("guards: country", "`guards` must be a list"),
        ("guards: [country, country]", "each of `guards` must be a word"),
        ("guards: [[country]]", "each of `guards` must be a word"),
        ("per_client: every", "unknown `per_client: every`"),
        ("restart_mixture: perhaps", "unknown `restart_mixture: perhaps`"),
        ("exclude_jobs: fair_wins > 3", "`fair_wins` is not a column"),
        ("exclude_jobs: category", "`category` is a text"),
    ],
)
def test_what_is_no_such_key_is_refused(line: str, message: str) -> None:
    """Each key says what it takes."""
    with pytest.raises(PolicyRefused, match=message):
        parse(with_keys(line))


def test_what_may_be_left_out_is_known_when_a_job_is_posted() -> None:
    """A rule over such facts holds to every claim and is part of the policy's hash and of its differences."""
    policy, rule = (
        parse(SHIPPED),
        "client_id in ('c1', 'c2') or budget_usd < 5 or posted_on between 20260101 and 20260131",
    )
    other = parse(with_keys(f'exclude_jobs: "{rule}"'))
    assert checks.run(other).refusals == ()
    assert other.hash != policy.hash
    assert diff(policy, other) == [f"which jobs count for nobody was not set and is now {rule}"]
    assert other.exclude_jobs is not None
    assert other.exclude_jobs.truth({"client_id": "c3", "budget_usd": None, "posted_on": 20260215}) is None
    assert excluded_sql(None).endswith("where false")


def test_opt_ins_are_told_as_changes() -> None:
    """Counting every job of a client and beginning anew are changes of the machine form, in sentences."""
    changed = parse(with_keys("per_client: all", "restart_mixture: true", "guards: [country]"))
    assert diff(parse(SHIPPED), changed) == [
        "what groups are guarded by was category, country, language, tenure and is now country",
        "which jobs of a client count was first and is now all",
        "the restart mixture was False and is now True",
    ]
    assert changed.hash != parse(SHIPPED).hash


def test_a_group_is_called_disadvantaged_over_all_groups_tested() -> None:
    """One strong group among many that are not; none where no group is strong enough for their number."""
    assert disadvantaged([]) == []
    assert disadvantaged([math.log(19.0)]) == [False]
    assert disadvantaged([math.log(20.0)]) == [True]
    assert disadvantaged([math.log(390.0), *[0.0] * 19]) == [False] * 20
    assert disadvantaged([math.log(401.0), *[0.0] * 19]) == [True, *[False] * 19]


def test_a_group_is_held_from_the_line_on() -> None:
    """The state of a group follows from its log e."""
    rows = [("country=A", 300, 10, 4.0, 1, 0.28, math.log(1000.0)), ("country=B", 300, 0, 0.0, 0, None, 0.0)]
    first, second = shown(rows, Guards())
    assert (first.held, first.disadvantaged, second.held, second.disadvantaged) == (True, True, False, False)


def test_a_group_in_order_has_no_evidence_against_it() -> None:
    """Nothing counted is e = 1; winning at even odds as often as not drives it down."""
    sums, null = [100 * b for b in terms(1.0)], 100 * null_term(1.0)
    assert log_e(0, [0] * 19, 0) == 0.0
    assert log_e(50, sums, null) < -1.0


def test_the_spread_finds_two_kinds_of_accounts() -> None:
    """Half at odds of nothing, half at fair ones: the spread has two heaps and tells them apart; empty, it is even."""
    unlucky, typical = (0, [60 * b for b in terms(0.25)]), (12, [60 * b for b in terms(0.25)])
    shares = review.spread([unlucky, typical] * 20)
    assert sum(shares) == pytest.approx(1.0)
    assert shares[0] == pytest.approx(0.5, abs=0.01)
    assert review.below(unlucky, shares, 0.5) > 0.99
    assert review.below(typical, shares, 0.5) < 0.01
    assert review.spread([]) == (1 / len(GRID),) * len(GRID)


def test_the_review_priority_may_stand_in_no_condition() -> None:
    """What guarantees nothing decides nothing."""
    with pytest.raises(PolicyRefused, match="`review_priority` is not a column that a condition may name"):
        parse(SHIPPED.replace("when: e >= 20 and", "when: review_priority > 0.9 and"))
