"""Conditions in Python against conditions in DuckDB: the same three-valued answer for every expression and row."""

from __future__ import annotations

import math
from collections.abc import Sequence

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.errors import PolicyRefused
from evenhand.policy.conditions.condition import Condition, parse
from evenhand.policy.conditions.program import compiled

_COLUMN_TYPES = {
    "wins": "BIGINT",
    "fair_wins": "DOUBLE",
    "odds_ratio_high": "DOUBLE",
    "earned_usd_365d": "DOUBLE",
    "log_e": "DOUBLE",
    "log_e_hire": "DOUBLE",
    "log_e_at_1": "DOUBLE",
    "on_break": "BOOLEAN",
    "in_portfolio": "BOOLEAN",
    "role": "VARCHAR",
    "category": "VARCHAR",
}

_numbers = st.sampled_from(["0", "1", "2", "0.1", "0.2", "0.3", "3", "20", "1000", "1e15", "1e-7", "-5", "-0.35"])
_texts = st.sampled_from(["'design'", "'freelancer'", "''", "'O''Brien'", "'Ä'"])
_reads = st.sampled_from(["wins", "fair_wins", "odds_ratio_high", "earned_usd_365d"])
_e_values = st.sampled_from(["e", "e_hire", "e_at(1.0)"])


def _sums(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda a: f"-({a})"),
        inner.map(lambda a: f"abs({a})"),
        pair.map(lambda t: f"coalesce({t[0]}, {t[1]})"),
        pair.map(lambda t: f"greatest({t[0]}, {t[1]}, fair_wins)"),
        pair.map(lambda t: f"least({t[0]}, {t[1]})"),
        pair.map(lambda t: f"div0({t[0]}, {t[1]})"),
    )


_arithmetic = st.recursive(st.one_of(_reads, _numbers), _sums, max_leaves=4)
_any_number = st.one_of(_arithmetic, _e_values)
_any_text = st.one_of(
    st.sampled_from(["role", "category", "coalesce(category, role)", "coalesce(category, 'design')"]), _texts
)
_signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_leaves = st.one_of(
    st.tuples(_any_number, _signs, _any_number).map(" ".join),
    st.tuples(_any_text, st.sampled_from(["=", "<>"]), _any_text).map(" ".join),
    st.tuples(_any_number, _any_number, _any_number).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
    st.tuples(_any_number, st.lists(_numbers, min_size=1, max_size=3)).map(lambda t: f"{t[0]} in ({', '.join(t[1])})"),
    st.tuples(_any_text, st.lists(_texts, min_size=1, max_size=3)).map(lambda t: f"{t[0]} not in ({', '.join(t[1])})"),
    st.one_of(_any_number, _any_text).map(lambda a: f"{a} is null"),
    st.sampled_from(
        ["on_break", "in_portfolio", "true", "false", "coalesce(on_break, in_portfolio)", "on_break is null"]
    ),
)
_expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda a: f"not ({a})"),
    ),
    max_leaves=6,
)
_facts = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.2, 0.30000000000000004, 1.0, 1e-12, 20.0, 1e30, math.inf, -math.inf]),
    st.floats(allow_nan=False, allow_subnormal=False),
)
_logs = st.one_of(
    st.sampled_from([0.0, math.log(20), 699.9999, 700.0, 800.5, math.inf, -math.inf]),
    st.floats(min_value=-800, max_value=900),
)
_rows = st.fixed_dictionaries(
    {
        "wins": st.none() | st.integers(min_value=0, max_value=30) | st.sampled_from([2**53 + 1, 2**63 - 1]),
        "fair_wins": st.none() | _facts,
        "odds_ratio_high": st.none() | _facts,
        "earned_usd_365d": st.none() | _facts,
        "log_e": st.none() | _logs,
        "log_e_hire": st.none() | _logs,
        "log_e_at_1": st.none() | _logs,
        "on_break": st.none() | st.booleans(),
        "in_portfolio": st.none() | st.booleans(),
        "role": st.none() | st.sampled_from(["freelancer", "design", "", "O'Brien"]),
        "category": st.none() | st.sampled_from(["design", "Ä", "a"]),
    }
)


def _conditions(texts: Sequence[str]) -> list[Condition]:
    """Those that the gates admit; arithmetic that could leave the range of numbers is refused there."""
    admitted = []
    for text in texts:
        try:
            admitted.append(parse(text))
        except PolicyRefused as refusal:
            assert "larger than any number" in refusal.message or "has no order" in refusal.message  # noqa: PT017
    return admitted


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(texts=st.lists(_expressions, min_size=4, max_size=12), rows=st.lists(_rows, min_size=3, max_size=10))
def test_python_means_what_duckdb_means(texts: list[str], rows: list[dict[str, object]]) -> None:
    """Random expressions over rows with nulls, infinities and large values: the same true, false or unknown in both."""
    conditions = _conditions(texts)
    columns = ", ".join(f"CAST(? AS {kind}) AS {name}" for name, kind in _COLUMN_TYPES.items())
    selected = ", ".join(condition.sql for condition in conditions) or "true"
    with duckdb.connect() as con:
        for row in rows:
            values = [row[name] for name in _COLUMN_TYPES]
            answer = con.execute(f"SELECT {selected} FROM (SELECT {columns})", values).fetchone()
            assert answer is not None
            together = compiled([condition.root for condition in conditions]).trace(row)
            for condition, wanted, traced in zip(conditions, answer, together, strict=False):
                assert condition.truth(row) is traced is wanted, condition.text


@settings(max_examples=150, deadline=None)
@given(text=_expressions, row=_rows)
def test_canonical_text_reads_back_as_the_same_tree(text: str, row: dict[str, object]) -> None:
    """The canonical text has the same tree, and the reason has the same outcome as the truth."""
    for condition in _conditions([text]):
        assert parse(condition.text) == condition
        reason = condition.reason(row)
        assert reason.outcome is condition.truth(row)
        assert reason.sentence()


def test_columns_in_sql_are_the_columns_declared() -> None:
    """The SQL of a condition reads the columns it says it reads and runs over a table of no others."""
    condition = parse("e >= 100 and e_hire >= 20 and e_at(0.5) > 1 and odds_ratio_high <= 0.35")
    assert condition.columns == {"log_e", "log_e_hire", "log_e_at_0_5", "odds_ratio_high"}
    columns = ", ".join(f"1.0 AS {name}" for name in sorted(condition.columns))
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {condition.sql} FROM (SELECT {columns})").fetchone() == (False,)


@pytest.mark.parametrize("log_e", [None, 700.0, 5000.0])
def test_an_unknown_e_value_is_not_the_largest(log_e: float | None) -> None:
    """A null log stays unknown in both (least() would have made it exp(700)); a large one is cut at exp(700)."""
    condition = parse("e > 1e300")
    wanted = None if log_e is None else True
    assert condition.truth({"log_e": log_e}) is wanted
    with duckdb.connect() as con:
        assert con.execute(f"SELECT {condition.sql} FROM (SELECT CAST(? AS DOUBLE) AS log_e)", [log_e]).fetchone() == (
            wanted,
        )
