"""Conditions: what is let in, what is refused and where, and how a reason reads."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import parse_one

from evenhand.errors import PolicyRefused
from evenhand.policy.conditions import grammar
from evenhand.policy.conditions.condition import parse
from evenhand.policy.conditions.flaws import Flawed
from evenhand.policy.conditions.names import NAMES

ROW = {
    "log_e": math.log(148.0),
    "log_e_hire": math.log(45.2),
    "log_e_at_1": 900.0,
    "log_e_shortlist": None,
    "odds_ratio_high": 0.28,
    "wins": 0,
    "fair_wins": 15.3,
    "hours_365d": None,
    "role": "freelancer",
    "country": None,
    "category": "",
    "in_portfolio": True,
    "on_break": False,
    "group_held": None,
}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("e >= 20 and", "1:9", "cannot be read at `and`"),
        ("e >= 20\n  and wins >", "2:12", "cannot be read at `>`"),
        ("e >= 20 20", "1:9", "cannot be read at `20`"),
        ("", "1:1", "the condition is empty"),
        ("'open", "1:1", "cannot be read"),
        ("e >= 1_000", "1:6", "`1_000` is no number"),
        ("e >= 1e999", "1:6", "larger than any number"),
        ("e >= .5", "1:6", "`.` may not stand"),
        ("e == 20", "1:3", "`==` may not stand"),
        ("e % 2 = 0", "1:3", "`%` may not stand"),
        ("wins / 2 > 1", "1:6", "`/` may not stand"),
        ("wins::int > 1", "1:5", "`::` may not stand"),
        ("role = $$x$$", "1:8", "may not stand"),
        ('role = "x"', "1:8", "stands in double quotes"),
        ("Wins > 1", "1:1", "`Wins` is not a column"),
        ("role like 'x'", "1:6", "`like` is not a column"),
        ("read_csv('x') > 1", "1:1", "unknown function `read_csv`"),
        ("log_e_hire > 3", "1:1", "is a log"),
        ("held_groups is null", "1:1", "is not a column"),
        ("e * e_hire > 400", "1:1", "can become larger"),
        ("least(div0(wins, e), 5) > 1", "1:1", "can become larger"),
        (
            "div0(wins, wins - wins * wins * wins * wins * wins * wins * wins * wins * wins * wins) > 1",
            "1:1",
            "can become",
        ),
        ("e wins", "1:1", "may not stand in a condition"),
        ("(wins, fair_wins) in (1)", "1:2", "may not stand in a condition"),
        ("role = 'a' 'b'", "1:8", "may not stand in a condition"),
        ("e_at(0.3) > 1", "1:1", "not a point of the grid"),
        ("e_at(wins) > 1", "1:1", "not a point of the grid"),
        ("e_at('1') > 1", "1:1", "not a point of the grid"),
        ("e_at(1, 2) > 1", "1:1", "not how a function is called"),
        ("div0(wins) > 1", "1:1", "not how a function is called"),
        ("greatest() > 1", "1:10", "cannot be read at `)`"),
        ("abs(role) > 1", "1:5", "`role` is a text"),
        ("on_break + 1 > 1", "1:1", "`on_break` is a boolean"),
        ("on_break = true", "1:1", "cannot be compared"),
        ("wins = on_break", "1:1", "cannot be compared"),
        ("on_break in (true)", "1:1", "is true or false"),
        ("on_break is true", "1:1", "asks only for null"),
        ("wins = null", "1:1", "`null` is unknown"),
        ("wins in (fair_wins)", "1:1", "list of literals"),
        ("wins in ()", "1:1", "list of literals"),
        ("wins in (1, 'x')", "1:1", "is a number, `'x'` is a text"),
        ("role > 'a'", "1:1", "no order"),
        ("role between 'a' and 'b'", "1:1", "`role` is a text"),
        ("coalesce(wins, role) > 1", "1:1", "is a text"),
        ("wins", "1:1", "`wins` is a number"),
        ("wins and on_break", "1:1", "`wins` is a number"),
        ("not wins", "1:5", "`wins` is a number"),
        ("1 < wins < 3", "1:1", "cannot be compared"),
        ("x" * 2001, "1:2001", "longer than"),
        ("(" * 900 + "on_break" + ")" * 900, "1:1", "nested too deeply"),
        ("wins " + "+ 1" * 60 + " > 2", "1:1", "nested too deeply"),
        ("e >= 20; on_break", "1:8", "`;` may not stand"),
        ("wins = ?", "1:8", "may not stand"),
        ("e'x' = role", "1:1", "may not stand"),
        ("wins between symmetric 1 and 2", "1:14", "is not a column"),
        ("role.wins > 1", "1:5", "may not stand"),
        ("wins in (select 1)", "1:10", "is not a column"),
        ("count(*) > 1", "1:1", "unknown function"),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_place(text: str, where: str, message: str) -> None:
    """Syntax, names, types and ranges outside the allow-list are refused where they stand."""
    with pytest.raises(PolicyRefused) as raised:
        parse(text)
    assert message in raised.value.message
    assert raised.value.where == f"condition:{where}"
    assert raised.value.hint


_WORDS = "e wins on_break role e_at( div0( coalesce( greatest( and or not is null in between true 1 0.5 'x' like as"
_SIGNS = "( ) , = <> >= < + - * ; / -- . :: [ ] { } : -> @ # $ ? ! && || % ^ ~ \\ \" ` ' select from case when then end"
_PIECES = st.sampled_from(f"{_WORDS} {_SIGNS}".split())


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.lists(_PIECES, max_size=12).map(" ".join), st.lists(_PIECES, max_size=8).map("".join), st.text(max_size=20)
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, the answer is a condition or a refusal with a place inside the text, never a crash."""
    try:
        condition = parse(text)
    except PolicyRefused as refusal:
        _, line, column = refusal.where.split(":")
        assert 1 <= int(line) <= text.count("\n") + 1
        assert 1 <= int(column) <= len(text) + 1
    else:
        assert parse(condition.text) == condition


@pytest.mark.parametrize(
    "text",
    [
        *["wins between symmetric 1 and 2", "role.wins", "a.b.c", "case when on_break then 1 end", "count(*)"],
        *["wins in (select 1)", "role like 'x'", "wins % 2", "wins / 2", "exp(wins)", "x -> wins", "random()", "f(1)"],
        *["wins::int", "?", "*", "[wins]", "nobody", "wins.*", "try_cast(wins as int)"],
    ],
)
def test_the_second_gate_holds_alone(text: str) -> None:
    """Shapes that the first gate stops are refused by the second as well, should the parser read new ones."""
    with pytest.raises(Flawed):
        grammar._Reader(names=NAMES).node(parse_one(text, read="duckdb"))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("NOT wins IS NOT NULL", "not not wins is null"),
        ("role NOT IN ('a')", "not role in ('a')"),
        ("((e)) >= (20)", "e >= 20"),
        ("(on_break and in_portfolio) and wins = 0", "on_break and in_portfolio and wins = 0"),
        ("(on_break or in_portfolio) and wins = 0", "(on_break or in_portfolio) and wins = 0"),
        ("not (on_break or in_portfolio)", "not (on_break or in_portfolio)"),
        ("wins - (fair_wins - 1) > -2", "wins - (fair_wins - 1) > -2"),
        ("- -wins = 3 -- why", "-(-wins) = 3"),
        ("-(-5) = wins", "5 = wins"),
        ("wins * -2 < 0", "wins * -2 < 0"),
        ("(wins + 1) * 2 > 0.10", "(wins + 1) * 2 > 0.1"),
        ("(wins is null) is null", "(wins is null) is null"),
        ("wins BETWEEN 1 and 1e3", "wins between 1 and 1000"),
        ("role != 'O''Brien'", "role <> 'O''Brien'"),
        ("coalesce(on_break, FALSE)", "coalesce(on_break, false)"),
        ("e >= 1e300", "e >= 1e+300"),
        ("div0(wins, 0) is null", "div0(wins, 0) is null"),
        ("e_AT(1.0) > DIV0(1, 4)", "e_at(1) > div0(1, 4)"),
    ],
)
def test_the_canonical_text_is_one_for_one_meaning(text: str, canonical: str) -> None:
    """Idle brackets, letter case and spellings vanish, and the canonical text reads back as itself."""
    assert parse(text).text == canonical
    assert parse(canonical).text == canonical


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("e_hire >= 20", "e_hire is 45.2, at least 20: yes"),
        ("e > 1000", "e is 148, more than 1,000: no"),
        ("e_shortlist >= 20", "e_shortlist is unknown, at least 20: cannot be told"),
        ("e_at(1.0) >= 20", "e_at(1) is 1.01e+304, at least 20: yes"),
        ("e >= 100 and in_portfolio", "e is 148, at least 100: yes; and in_portfolio: yes"),
        (
            "wins = 1 and (on_break or e < 5)",
            "wins is 0, equal to 1: no; and either (on_break: no; or e is 148, less than 5: no): no",
        ),
        ("on_break or group_held", "on_break: no; or group_held: cannot be told"),
        ("not (on_break)", "not (on_break: no): yes"),
        ("hours_365d is null", "hours_365d is unknown, not known: yes"),
        ("wins is not null", "wins is 0, known: yes"),
        ("fair_wins between 1 and 20.5", "fair_wins is 15.3, between 1 and 20.5: yes"),
        ("role in ('freelancer', 'agency')", "role is freelancer, one of freelancer, agency: yes"),
        ("role <> 'client'", "role is freelancer, other than client: yes"),
        ("category = 'design'", "category is empty, equal to design: no"),
        ("country = 'ES'", "country is unknown, equal to ES: cannot be told"),
        ("wins + 1 <= div0(fair_wins, 2)", "wins + 1 is 1, at most div0(fair_wins, 2) (7.65): yes"),
        ("coalesce(on_break, false)", "coalesce(on_break, false): no"),
        ("div0(1, 400) < 0.003", "div0(1, 400) is 0.0025, less than 0.003: yes"),
        ("(wins = 0) is null", "wins = 0 is yes, not known: no"),
    ],
)
def test_a_reason_reads_in_plain_words(text: str, sentence: str) -> None:
    """Every part is told with its value and its outcome, the decided and the undecided alike."""
    assert parse(text).reason(ROW).sentence() == sentence


def test_a_reason_does_not_round_a_value_over_its_limit() -> None:
    """Just below 20 is not shown as 20."""
    sentence = parse("fair_wins >= 20").reason({"fair_wins": 19.999999}).sentence()
    assert sentence == "fair_wins is 19.999999, at least 20: no"


def test_a_reason_is_a_tree_of_plain_values() -> None:
    """The nested form goes to JSON: every leaf has the columns it read and its operands, whole numbers as such."""
    reason = parse("e_hire >= 20 and not (wins + 1 > fair_wins or hours_365d is null)").reason(ROW)
    tree = reason.as_dict()
    assert json.loads(json.dumps(tree)) == tree
    assert tree == {
        "condition": "e_hire >= 20 and not (wins + 1 > fair_wins or hours_365d is null)",
        "operator": "and",
        "outcome": False,
        "children": [
            {
                "condition": "e_hire >= 20",
                "operator": ">=",
                "outcome": True,
                "values": {"e_hire": pytest.approx(45.2)},
            },
            {
                "condition": "not (wins + 1 > fair_wins or hours_365d is null)",
                "operator": "not",
                "outcome": False,
                "children": [
                    {
                        "condition": "wins + 1 > fair_wins or hours_365d is null",
                        "operator": "or",
                        "outcome": True,
                        "children": [
                            {
                                "condition": "wins + 1 > fair_wins",
                                "operator": ">",
                                "outcome": False,
                                "values": {"wins": 0, "fair_wins": 15.3, "wins + 1": 1},
                            },
                            {
                                "condition": "hours_365d is null",
                                "operator": "is null",
                                "outcome": True,
                                "values": {"hours_365d": None},
                            },
                        ],
                    }
                ],
            },
        ],
    }


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("wins > 1", {"wins": "2"}),
        ("wins > 1", {"wins": True}),
        ("on_break", {"on_break": 1}),
        ("role = 'client'", {"role": 3}),
    ],
)
def test_a_row_of_another_type_is_a_fault(text: str, row: dict[str, object]) -> None:
    """A column that holds what it was not declared to hold is never guessed at."""
    with pytest.raises(TypeError, match="holds"):
        parse(text).truth(row)


@pytest.mark.parametrize(
    ("text", "alone", "required"),
    [
        ("e >= 20 and in_portfolio", True, True),
        ("e >= 20 or in_portfolio", True, False),
        ("(in_portfolio and wins = 0) or (in_portfolio and wins = 1)", True, True),
        ("e >= 20", True, False),
        ("not in_portfolio", False, False),
        ("e >= 20 and in_portfolio is null", False, False),
        ("coalesce(in_portfolio, false)", False, False),
    ],
)
def test_where_a_flag_stands(text: str, alone: bool, required: bool) -> None:
    """A flag joined by `and` and `or` alone is un-negated (S5); only `and` makes it required."""
    condition = parse(text)
    assert condition.leaves_unnegated("in_portfolio") is alone
    assert condition.requires("in_portfolio") is required
