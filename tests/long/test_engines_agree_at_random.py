"""DuckDB equals the reference on markets that nobody has seen before: other ones at every run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.markets import KNOBS, Knobs
from tests.oracle.test_engines_agree import agree


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(knobs=KNOBS, data=st.data())
def test_duckdb_equals_the_reference_on_new_markets(knobs: Knobs, data: st.DataObject) -> None:
    """A failure prints the market that shows it."""
    agree(knobs, data)
