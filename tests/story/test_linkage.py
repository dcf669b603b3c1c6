"""Linked accounts in the story alone: what a model is, what a grade allows to be asked."""

from __future__ import annotations

import json

import pytest

from evenhand.errors import RunRefused
from evenhand.evidence.linkage.comparisons import COMPARISONS
from evenhand.evidence.linkage.grades import ASKED, CLAIMS, GRADES, SUFFICES, question
from evenhand.evidence.linkage.record import Registration
from evenhand.evidence.linkage.score import score
from evenhand.evidence.linkage.weights import Outcome, Weights, read

EVEN = Weights(
    prior=0.5,
    outcomes={
        c.name: {n: Outcome(m=0.5, u=0.25) for n in ("differs", *(x.name for x in c.levels))} for c in COMPARISONS
    },
)
"""Every outcome weighs one bit, and the prior none."""


def test_a_model_is_read_as_it_was_written() -> None:
    """As JSON and back; one of other comparisons is refused."""
    assert read(EVEN.as_json()) == EVEN
    other = json.loads(EVEN.as_json())
    del other["outcomes"]["phone"]
    with pytest.raises(RunRefused, match="other comparisons"):
        read(json.dumps(other))


def test_a_pair_weighs_what_its_outcomes_add_up_to() -> None:
    """One bit for each thing known of both; a name that one in eight has weighs one bit less than its model says."""
    left = Registration(name="Ana Lim", birth_date="1990-03-21", devices=["d"], document_hash="x").record()
    right = Registration(name="Ana Lim", birth_date="1990-03-22", devices=["e"], document_hash="x").record()
    pair = score(left, right, EVEN, lambda *_: None)
    assert (pair.weight, pair.grade) == (4.0, "document")
    assert pair.outcomes["birth_date"] == "near"
    assert (pair.outcomes["place"], pair.outcomes["phone"]) == ("differs", None)
    assert score(left, right, EVEN, lambda *_: 0.5).weight == 3.0


def test_only_strong_grades_are_asked_about() -> None:
    """A household or a network leads to no question; only papers and payout suffice for more than one (R15)."""
    assert [grade for grade in GRADES if question(grade)] == list(ASKED)
    assert question(None) is None
    assert set(CLAIMS) < set(ASKED)
    assert set(CLAIMS) > SUFFICES
