"""Conditions compiled to Python: what is written, what is shared, and what a row must hold."""

from __future__ import annotations

import ast
import math

import pytest

from evenhand.evidence.columns import Column
from evenhand.policy.conditions.condition import parse
from evenhand.policy.conditions.names import declared
from evenhand.policy.conditions.program import compiled
from evenhand.policy.load import load
from evenhand.wiring import shipped

POLICY = load(shipped("policies") / "activity.yaml")


def test_the_source_can_be_read() -> None:
    """One line per column and part, in the order of the text; the value of the whole comes first."""
    assert parse("wins = 0 and coalesce(on_break, true)").program.source.splitlines() == [
        "def trace(row):",
        "    v0 = row['wins']",
        "    if v0.__class__ is not float or v0 != v0:",
        "        v0 = float(v0) if v0.__class__ is int else number('wins', v0)",
        "    v2 = None if v0 is None else v0 == 0.0",
        "    v3 = row['on_break']",
        "    if v3 is not True and v3 is not False:",
        "        v3 = boolean('on_break', v3)",
        "    v5 = v3 if v3 is not None else True",
        "    v6 = False if v2 is False or v5 is False else None if v2 is None or v5 is None else True",
        "    return (v6, v0, v2, v3, v5, )",
    ]


@pytest.mark.parametrize("text", ["x')\nraise SystemExit #", "'''\\", "{v0}", "__import__", "é\u2028"])
def test_a_text_of_the_policy_stays_a_text(text: str) -> None:
    """Whatever a text literal holds, the source holds it as one constant and nothing of it runs."""
    condition = parse(f"role = '{text.replace(chr(39), chr(39) * 2)}'")
    assert text in [
        node.value for node in ast.walk(ast.parse(condition.program.source)) if isinstance(node, ast.Constant)
    ]
    assert condition.truth({"role": text}) is True


def test_a_program_can_name_nothing_else() -> None:
    """Neither an import nor a builtin is within reach of the generated function."""
    known = parse("wins = 0").program.trace.__globals__
    assert known["__builtins__"] == {}
    assert not {"open", "eval", "exec", "__import__", "getattr"} & set(known)


def test_what_conditions_share_is_reckoned_once() -> None:
    """A part that stands in many conditions of a policy has one slot; the conditions lead the trace in their order."""
    conditions = [step.when for step in POLICY.steps]
    program = compiled([condition.root for condition in conditions])
    assert program.source.count("row['log_e']") == program.source.count("exp(") - 2 == 1
    row = dict.fromkeys(("log_e", "log_e_hire", "log_e_at_1"), 7.0)
    trace = program.trace({**row, "fair_wins": 9.0, "in_portfolio": None, "odds_ratio_high": 0.2})
    assert trace[: len(conditions)] == (True, True, True, None)
    assert [program.value(condition.root, trace) for condition in conditions] == [True, True, True, None]


def test_the_same_condition_twice() -> None:
    """Two exemptions may say the same; each has its place among the outcomes."""
    again = parse("on_break").root
    program = compiled([again, parse("wins > 1").root, again])
    assert program.trace({"on_break": True, "wins": 1})[:3] == (True, False, True)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("wins - fair_wins > 1e300", True),
        ("wins - fair_wins = fair_wins - wins", True),
        ("wins - fair_wins < 1e300", False),
        ("greatest(wins - fair_wins, 1) > 1e300", True),
        ("least(wins - fair_wins, 1) = 1", True),
        ("div0(wins, 0) is null", True),
        ("1 is null", False),
        ("coalesce(hours_365d, 3, wins) = 3", True),
        ("greatest(hours_365d, hours_365d) is null", True),
        ("abs(-wins) > 1e300", True),
        ("not 2 > 1", False),
    ],
)
def test_beyond_the_range_of_numbers(text: str, outcome: bool) -> None:
    """Infinite less infinite is, as in SQL, equal to itself and above every number."""
    row = {"wins": math.inf, "fair_wins": math.inf, "hours_365d": None}
    assert parse(text).truth(row) is outcome


@pytest.mark.parametrize("value", [math.nan, "2", True, [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    """A number column that holds something else is a fault, NaN included."""
    with pytest.raises(TypeError, match=r"`wins` holds .*, not a number"):
        parse("wins > 1").truth({"wins": value})


def test_a_number_of_another_kind_is_the_double_it_is_cast_to() -> None:
    """Whole numbers are compared as the DOUBLE that SQL makes of them, subclasses of float as floats."""

    class Dollars(float):
        pass

    assert parse("wins = 9007199254740992").truth({"wins": 2**53 + 1}) is True
    trace = parse("wins > 1").program.trace({"wins": Dollars(2)})
    assert [type(value) for value in trace] == [bool, float]


def test_conditions_over_other_columns() -> None:
    """A caller may declare columns of its own; what no condition may name is left out of them."""
    columns = [
        Column(name="leaks", type="number", doc="Contacts found."),
        Column(name="protected", type="boolean", doc="Whether a person protects the account."),
        Column(name="labels", type="list", doc="Labels."),
        Column(name="secret", type="number", doc="Not for conditions.", condition=False),
    ]
    names = declared(columns)
    assert sorted(names) == ["leaks", "protected"]
    condition = parse("leaks >= 3 and not protected", names)
    assert condition.truth({"leaks": 3, "protected": False}) is True
    assert parse(condition.text, names) == condition


def test_the_veto_is_a_condition_of_the_policy() -> None:
    """Wins at the floor times the fair wins, told like any other condition."""
    assert POLICY.veto.text == "wins >= 0.5 * fair_wins"
    assert (
        POLICY.veto.reason({"wins": 5, "fair_wins": 10.0}).sentence() == "wins is 5, at least 0.5 * fair_wins (5): yes"
    )
