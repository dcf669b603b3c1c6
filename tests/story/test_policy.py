"""A policy file read, identified, compared, and what it promises in numbers."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import PolicyRefused
from evenhand.evidence.activity.grid import GRID, terms
from evenhand.evidence.activity.grid import log_e as log_e_of_grid
from evenhand.policy import checks, profiles
from evenhand.policy.attainable import (
    ODDS,
    lines,
    log_e_without_wins,
    out_of_reach,
    portfolio_e,
    portfolio_sentence,
    units_needed,
)
from evenhand.policy.conditions.condition import parse as condition
from evenhand.policy.diff import NOTHING, diff
from evenhand.policy.expected_hits import expected_hits
from evenhand.policy.load import LARGEST_FILE, load
from evenhand.policy.parse import parse

SHIPPED = Path(__file__).parents[2] / "policies" / "activity.yaml"

DESIGN = """\
name: activity
version: 2027-01
published: 2026-12-01          # must be >= 30 days before it binds (profile strict)
binds: 2027-01-01
profile: strict
guarantee: {floor: 0.5, per_account: 0.01, portfolio: 0.05, family: 20000}
exempt:
  newcomer: account_age_days < 90
  earner: earned_usd_365d >= 1000
  on_break: on_break
procedure: mismatch                          # nobody's fault: R13; one file, one procedure
steps:
  - {step: advise, when: "e_at(1.0) >= 20"}
  - {step: warn,   when: "e >= 20", cure_days: 90}
  - {step: limit,  when: "e >= 100 and e_hire >= 20", days: 60, after: warn, proposals_per_month: 10}
  - {step: pause,  when: "e >= 1000 and e_hire >= 20 and in_portfolio and odds_ratio_high <= 0.35", notice_days: 30, \
after: limit, review_days: 90}
"""


def test_a_plain_policy_reads_as_it_is_written() -> None:
    """Every key of the file is in the record, defaults come from the profile, exemptions are sorted by name."""
    policy = parse(DESIGN, file="activity.yaml")
    assert (policy.name, policy.version, policy.published) == ("activity", "2027-01", date(2026, 12, 1))
    assert [exemption.name for exemption in policy.exempt] == ["earner", "newcomer", "on_break"]
    assert [step.step for step in policy.steps] == ["advise", "warn", "limit", "pause"]
    limit, pause = policy.steps[2:]
    assert (limit.after, limit.days, limit.notice_days, limit.effects) == ("warn", 60, 30, {"proposals_per_month": 10})
    assert (pause.review_days, pause.days, pause.needs_portfolio, pause.restricts) == (90, None, True, True)
    assert policy.floors == (0.5, 1.0)
    assert (policy.cap_per_run, policy.settle_days, policy.evidence_from, policy.fair_share) == (
        None,
        30,
        None,
        (),
    )
    assert {"log_e_at_1", "log_e", "log_e_hire", "in_portfolio", "on_break"} < policy.columns
    assert policy.needs_portfolio
    assert policy.step("close") is None
    assert policy.before(pause) == (limit, policy.steps[1])
    with pytest.raises(FrozenInstanceError):
        policy.name = "other"  # type: ignore[misc]


def test_a_part_of_the_file_is_found_again() -> None:
    """`where` names line and column of a part, and of the part around it where that is not in the file."""
    policy = parse(DESIGN, file="activity.yaml")
    assert policy.where("steps", "limit", "when") == "activity.yaml:15:20"
    assert policy.where("steps", "limit", "review_days") == "activity.yaml:15:5"
    assert policy.where("cap_per_run") == "activity.yaml:1:1"
    assert replace(policy, marks={}).where("cap_per_run") == "activity.yaml"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-01", datetime(2026, 12, 1)),  # times inside are UTC without a zone
        ("2026-12-01T06:00:00Z", datetime(2026, 12, 1, 6)),  # see above
        ("2026-12-01T06:00:00+02:00", datetime(2026, 12, 1, 4)),  # see above
        ("2026-12-01 06:00:00", datetime(2026, 12, 1, 6)),  # see above
    ],
)
def test_evidence_from_is_utc(written: str, read: datetime) -> None:
    """A date is midnight, an offset is honoured, none means UTC."""
    assert parse(f"{DESIGN}evidence_from: {written}\n").evidence_from == read


def test_form_does_not_change_the_hash_but_content_does() -> None:
    """Comments, key order, white space, brackets, letter case of keywords are form; versions, dates, values are not.

    The hash written here stands in ledgers: a change of it is a change of every stored decision's reference.
    """
    policy = parse(DESIGN)
    lines_ = DESIGN.splitlines(keepends=True)
    forms = [
        f"# a comment\n{DESIGN}",
        "".join([*lines_[5:], *reversed(lines_[:5])]),
        DESIGN.replace("e >= 100 and e_hire >= 20", "(e>=1e2)  AND (e_hire >= 20.0)"),
        DESIGN.replace("{step: warn,   when:", "{cure_days: 90, step: warn, when:").replace(
            '20", cure_days: 90}', '20"}'
        ),
        DESIGN.replace(", cure_days: 90", ""),
        DESIGN.replace("\n", "\r\n"),
    ]
    assert {parse(form).hash for form in forms} == {policy.hash}
    assert policy.hash == "7fbcb21f79adc8c66b6d72660ef1a2606cb7420f515df5d301753bd7c733b0e3"
    assert all(parse(form) == policy for form in forms)
    contents = [
        DESIGN.replace("2027-01\n", "2027-02\n"),
        DESIGN.replace("2026-12-01", "2026-11-01"),
        DESIGN.replace("e >= 100", "e >= 101"),
        DESIGN.replace("cure_days: 90", "cure_days: 91"),
        DESIGN.replace("earner", "earning"),
        DESIGN.replace("month: 10", "month: 9"),
        DESIGN.replace("strict", "minimal"),
        DESIGN.replace("family: 20000", "family: 20001"),
        f"{DESIGN}cap_per_run: 10\n",
        f"{DESIGN}evidence_from: 2026-12-01\n",
    ]
    assert len({policy.hash, *(parse(content).hash for content in contents)}) == len(contents) + 1


def test_the_shipped_policy_holds_to_every_claim() -> None:
    """The shipped policy is refused nothing; the one remark is that a study may look back."""
    policy = load(SHIPPED)
    found = checks.run(policy)
    found.refuse()
    assert [remark.claim for remark in found.remarks] == ["evidence_follows_publication"]
    binding = parse(f"{policy.text}\nevidence_from: {policy.published}\n")
    assert checks.run(binding).remarks == ()
    assert len(policy.exempt) == 7


def test_minimal_profile_is_shorter_in_every_clock() -> None:
    """Profiles are data: the minimal one asks for less, and fault shortens notice in both."""
    strict, minimal = profiles.load("strict"), profiles.load("minimal")
    assert minimal.public_days < strict.public_days
    assert minimal.cure_days < strict.cure_days
    for profile in (strict, minimal):
        assert profile.notice_days("circumvention") < profile.notice_days("mismatch")
    policy = parse(DESIGN.replace("strict", "minimal"))
    assert checks.run(policy).refusals == ()
    assert [remark.claim for remark in checks.run(policy).remarks] == ["default_exemptions_are_kept"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no policy"),
        (b"- a list\n", "holds no policy"),
        (b"name: \xff\n", "not UTF-8"),
        (b"#" * (LARGEST_FILE + 1), "larger than"),
        (b"name: a\x00\n", "not YAML"),
        (b"a: &x [*x]\n", "`steps` is missing"),
        (b"? {a: b}\n: c\n", "must be a word"),
        (b"name: !!python/name:os.system x\n", "single plain value"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"steps: {step: warn}\n", "must be a list"),
        (b"steps: []\n", "`steps` is empty"),
        (b"name:\n", "`name` is empty"),
        (b"guarantee: 3\ncap_per_run:\n", "`guarantee` must be a mapping"),
        (b"evidence_from: yesterday\n", "not a time"),
        (b"exempt: {? [a] : b, '': wins > 1}\n", "not a name"),
        (b"[" * 20_000, "not YAML"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Whatever is in the file, the answer is a refusal that names the file."""
    path = tmp_path / "policy.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyRefused) as raised:
        load(path)
    assert message in str(raised.value)
    assert raised.value.where.startswith(str(path))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    """A path without a file is named."""
    with pytest.raises(PolicyRefused, match=r"absent\.yaml: cannot be read"):
        load(tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    "written",
    [
        'when: "e >= 20 and wons > 1"',
        "when: e >= 20 and wons > 1",
        "when: 'role <> ''x'' and wons > 1'",
        "when: |\n      e >= 20 and\n      wons > 1",
        "when: >-\n      e >= 20 and\n\n      wons > 1",
        "when: e >= 20\n      and wons > 1",
    ],
)
def test_the_offending_word_is_found_in_every_way_of_writing(written: str) -> None:
    """Line and column point at the word, whether the scalar is plain, quoted, folded or a block."""
    head = DESIGN[: DESIGN.index("steps:")]
    text = f"{head}steps:\n  - step: warn\n    {written}\n"
    with pytest.raises(PolicyRefused) as raised:
        parse(text, file="p")
    _, line, column = raised.value.where.split(":")
    assert text.splitlines()[int(line) - 1][int(column) - 1 :].startswith("wons")


def test_a_character_behind_an_escape_leads_to_the_scalar() -> None:
    """Where an escape hides a character, the fault stands at the condition as a whole."""
    head = DESIGN[: DESIGN.index("steps:")]
    with pytest.raises(PolicyRefused, match="is not a column") as raised:
        parse(f"{head}steps:\n  - step: warn\n    when: \"role <> '\\x5A' and wons > 1\"\n", file="p")
    assert raised.value.where == "p:14:11"


def test_a_difference_is_told_in_sentences() -> None:
    """Thresholds, parts, steps, exemptions, clocks and the guarantee each have their sentence; equal ones say so."""
    old = parse(DESIGN)
    assert diff(old, parse(f"# same\n{DESIGN}")) == [NOTHING]
    new = parse(
        DESIGN.replace("e >= 100 ", "e >= 50 ")
        .replace("<= 0.35", "<= 0.28")
        .replace("floor: 0.5, per_account: 0.01", "floor: 0.35, per_account: 0.02")
        .replace("newcomer", "novice")
        .replace("earned_usd_365d >= 1000", "earned_usd_365d >= 500")
        .replace(" and in_portfolio", "")
        .replace("days: 60", "days: 90")
        .replace("month: 10", "month: 5")
        .replace("{step: advise", "{step: educate")
    )
    assert diff(old, new) == [
        "the floor was 0.5 of a fair share and is now 0.35: more people count as innocent",
        "an innocent account's risk of a restriction was at most 0.01 and is now 0.02: a weaker promise",
        "`newcomer` no longer exempts (`account_age_days < 90`)",
        "`novice` now exempts (`account_age_days < 90`)",
        "`earner` exempted where `earned_usd_365d >= 1000`; it now exempts where `earned_usd_365d >= 500`",
        "`advise` is gone",
        "`educate` is new, where `e_at(1) >= 20`",
        "`limit` asked for e of at least 100; it now asks for at least 50: easier to reach",
        "`limit`: its length, in days, was 60 and is now 90",
        "`limit`: `proposals_per_month` was 10 and is now 5",
        "`pause` asked for odds_ratio_high of at most 0.35; it now asks for at most 0.28: harder to reach",
        "`pause` no longer asks for `in_portfolio`: easier to reach",
    ]


def test_a_difference_runs_both_ways() -> None:
    """What was easier one way is harder the other; order of parts and of steps is told apart from content."""
    old = parse(DESIGN)
    harder = parse(DESIGN.replace('e >= 20"', 'e >= 40"').replace("floor: 0.5", "floor: 0.7").replace("0.01", "0.005"))
    told = diff(old, harder)
    assert "`warn` asked for e of at least 20; it now asks for at least 40: harder to reach" in told
    assert any("fewer people count as innocent" in sentence for sentence in told)
    assert any("a stronger promise" in sentence for sentence in told)
    turned = parse(DESIGN.replace('e >= 100 and e_hire >= 20"', 'e_hire >= 20 and e >= 100"'))
    assert diff(old, turned) == ["`limit` asks for the same in another order: `e_hire >= 20 and e >= 100`"]
    swapped = parse("".join(_swapped(DESIGN.splitlines(keepends=True), 12, 13)))
    assert diff(old, swapped) == ["the steps stand in another order"]
    added = parse(DESIGN.replace('"e >= 20"', '"e >= 20 and wins = 0"'))
    assert diff(old, added) == ["`warn` now also asks for `wins = 0`: harder to reach"]


def _swapped(parts: list[str], first: int, second: int) -> list[str]:
    parts[first], parts[second] = parts[second], parts[first]
    return parts


@settings(max_examples=40)
@given(
    st.sampled_from(["e >= {}", "e > {}", "{} <= e", "e_hire >= {} and wins = 0", "e between {} and 1e9"]),
    st.integers(2, 9999),
)
def test_what_a_condition_implies_is_never_more_than_holds(shape: str, limit: int) -> None:
    """Where the condition holds, its implied bound holds: checked on either side of the number."""
    asked = condition(shape.format(limit))
    name = "e_hire" if "e_hire" in shape else "e"
    assert asked.at_least(name) == limit
    for factor in (0.9, 1.1):
        row = {f"log_{name}": math.log(limit * factor), "wins": 0}
        assert asked.truth(row) is (factor > 1)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("e >= 100 or e_hire >= 100", None),
        ("e >= 100 or e >= 50", 50.0),
        ("e >= 100 and e >= 50", 100.0),
        ("not e < 100", None),
        ("e >= wins", None),
        ("wins <= e", None),
        ("e + 1 >= 100", None),
        ("e = 100", 100.0),
        ("e < 100", None),
        ("100 > e", None),
        ("on_break", None),
        ("e in (100, 200)", None),
        ("true", None),
    ],
)
def test_a_bound_is_claimed_only_where_it_follows(text: str, bound: float | None) -> None:
    """`or` implies the weaker part, `and` the stronger; negation, arithmetic and other columns imply nothing."""
    assert condition(text).at_least("e") == bound


def test_wrong_hits_are_bounded_by_the_threshold() -> None:
    """Each step's bound is one over its e-value, the portfolio's own bound stands beside it (R2, S6)."""
    hits = {figure.step: figure for figure in expected_hits(parse(DESIGN))}
    assert [(h.step, h.floor, h.bound) for h in hits.values()] == [
        ("advise", 1.0, 0.05),
        ("warn", 0.5, 0.05),
        ("limit", 0.5, 0.01),
        ("pause", 0.5, 0.001),
    ]
    assert hits["limit"].expected(1000) == 10.0
    assert hits["limit"].portfolio is None
    assert hits["pause"].share(0.01) == 0.05
    assert hits["pause"].share(0.10) == pytest.approx(0.0009 / (0.0009 + 0.05))
    assert "at most 5% are expected to be wrong" in "\n".join(hits["pause"].sentences())
    assert len(list(hits["limit"].sentences())) == 4
    bare = expected_hits(parse(DESIGN.replace('"e >= 20", cure', '"wins = 0", cure')))[1]
    assert (bare.bound, bare.expected(1000), bare.share(0.05)) == (None, None, None)
    assert list(bare.sentences()) == ["`warn`: nothing bounds wrong hits"]


@pytest.mark.parametrize("units", [1, 137, 138, 150, 207, 303])
def test_the_price_of_certainty_is_exact(units: int) -> None:
    """Zero wins at fair odds of 1/19: the formula in exact fractions, and the reckoning on the grid."""
    below = [Fraction(str(point)) for point in GRID if point < 0.5]
    exact = sum(((1 + Fraction(1, 38)) / (1 + t / 19)) ** units for t in below) / len(below)
    assert math.exp(log_e_without_wins(units, 0.5)) == pytest.approx(float(exact), rel=1e-12)
    sums = [units * term for term in terms(ODDS)]
    assert log_e_without_wins(units, 0.5) == pytest.approx(log_e_of_grid(0, sums, 0.5), abs=1e-8)


@pytest.mark.parametrize(("floor", "needed"), [(1.0, [68, 102, 150]), (0.5, [138, 207, 303]), (0.2, [354, 528, 769])])
def test_units_needed_are_those_of_the_tables(floor: float, needed: list[int]) -> None:
    """Losses without a win for e of 20, 100 and 1000 (the table of section 2)."""
    assert [units_needed(e, floor) for e in (20, 100, 1000)] == needed


def test_what_a_market_cannot_reach_is_named() -> None:
    """Lines are in missed fair wins; a market whose busiest account has ten reaches advice and warnings only."""
    policy = parse(DESIGN)
    assert [(line.step, line.floor, line.e, line.units) for line in lines(policy)] == [
        ("advise", 1.0, 20.0, 68),
        ("warn", 0.5, 20.0, 138),
        ("limit", 0.5, 100.0, 207),
        ("pause", 0.5, 1000.0, 303),
    ]
    assert [line.step for line in out_of_reach(policy, 10.0)] == ["limit", "pause"]
    assert lines(policy)[2].sentence().startswith("`limit`: e of 100 at floor 0.5 takes 10.4 missed fair wins")
    assert portfolio_e(policy) == pytest.approx(math.pi**2 * 20_000 / 0.3)
    assert "657,974 for one account alone" in (portfolio_sentence(policy) or "")
    without = parse(DESIGN.replace(", portfolio: 0.05, family: 20000", "").replace(" and in_portfolio", ""))
    assert portfolio_e(without) is None
    assert portfolio_sentence(without) is None
