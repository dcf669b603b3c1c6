"""Logs that the engine reckons for itself, where a market has too many different odds to reckon them in Python."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.evidence.activity.grid import fair_share, terms
from evenhand.evidence.activity.statement import terms_sql


@settings(deadline=None)
@given(st.lists(st.floats(1e-9, 49), min_size=1, max_size=200, unique=True))
def test_the_engine_reckons_the_terms_to_the_last_unit(values: list[float]) -> None:
    """Every term and fair share lies within one integer unit of the definition's (M5)."""
    with duckdb.connect() as con:
        con.execute("create table odds as select unnest(?::double[]) as odds", [values])
        found = con.execute(terms_sql("odds")).fetchall()
    assert sorted(odds for odds, *_ in found) == sorted(values)
    for odds, *reckoned in found:
        expected = (*terms(odds), fair_share(odds))
        assert all(abs(ours - theirs) <= 1 for ours, theirs in zip(reckoned, expected, strict=True))
