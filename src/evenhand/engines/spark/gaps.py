"""What Spark does otherwise than the other engines, each with its reason.

Strictly: a test shows each gap, and fails the build when the gap is gone (`tests/spark/test_gaps.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GAPS: Final[Mapping[str, str]] = {
    "fitted_fair_share": "A policy that fits the fair share is refused: the fit reads the field's rows in order, a job "
    "after the other, and Spark hands rows to one reader only by collecting them.",
    "items": "Policies of circumvention and linkage are refused: what people wrote is read in the order of time, for "
    "the same reason, and identities are compared by Splink on DuckDB.",
    "value_of_typed_cells": "How a refused cell looks in `quarantine.parquet` where the file holds it as a time with a "
    "zone, as nanoseconds, as bytes that are no text, or as a float: Spark writes such values in its own way.",
    "floats_as_text": "A column of text that a file holds as floats: Spark writes large and small ones otherwise "
    "(`1.0E20` for `1e+20`).",
    "rows_of_tables": "For tables of a catalog the quarantine's `row` numbers the copy that the run makes, for a table "
    "has no lines; table, column and value tell the row.",
}
"""By name; each has one sentence for the manual."""
