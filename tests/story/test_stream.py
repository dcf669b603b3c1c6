"""The rule of the behavioural stream: its e-value keeps its bound at the very line, and looks only backwards."""

from __future__ import annotations

import math
import random
import re
from datetime import datetime
from importlib.resources import files
from math import comb

import pytest

from evenhand.evidence.circumvention.stream import queue, rule
from evenhand.evidence.circumvention.stream.columns import STREAM_COLUMNS
from evenhand.evidence.circumvention.stream.statement import review_sql
from evenhand.evidence.circumvention.stream.words import signals
from evenhand.policy.conditions.names import NAMES, SUSPICION


def test_nothing_seen_is_no_evidence() -> None:
    """Without a talk e is 1."""
    assert rule.log_e(0, [0, 0, 0, 0]) == 0.0


@pytest.mark.parametrize("rate", [10, 200, 500, 979])
def test_one_talk_is_a_fair_bet_at_the_line_and_a_losing_one_below(rate: int) -> None:
    """The mean of e over one outcome is 1 at an odds ratio of exactly 2, and less for every smaller one."""
    for ratio in (2.0, 1.5, 1.0, 0.2):
        odds = ratio * rate / (rule.PARTS - rate)
        ended, hired = (math.exp(rule.log_e(n, rule.terms(rate))) for n in (1, 0))
        mean = (odds * ended + hired) / (1 + odds)
        assert mean == pytest.approx(1.0, abs=1e-8) if ratio == rule.NULL else mean < 1


def test_ends_without_a_hire_raise_it_and_hires_lower_it() -> None:
    """The direction: the mirror of the activity evidence."""
    values = [rule.log_e(n, [12 * term for term in rule.terms(100)]) for n in range(13)]
    assert values == sorted(values)
    assert values[0] < 0 < values[12]


def test_the_bound_holds_at_the_line_however_often_one_looks() -> None:
    """2,000 accounts exactly at the line, looked at after each of 200 talks: e >= 20 for at most one in twenty.

    It fails only if the 99.9 % lower bound of the share exceeds it (B2).
    """
    dice = random.Random(5)  # noqa: S311  a simulation, no secret
    rates = (50, 100, 200, 400, 700)
    bets = {rate: rule.terms(rate) for rate in rates}
    chance = {rate: 2 * rate / (rule.PARTS + rate) for rate in rates}
    accounts, crossed = 2000, 0
    for _ in range(accounts):
        ended, sums = 0, [0, 0, 0, 0]
        for _ in range(200):
            rate = dice.choice(rates)
            ended += dice.random() < chance[rate]
            sums = [a + b for a, b in zip(sums, bets[rate], strict=True)]
            if rule.log_e(ended, sums) >= math.log(20):
                crossed += 1
                break
    assert crossed > 0
    upper_tail = sum(
        math.exp(math.log(comb(accounts, k)) + k * math.log(0.05) + (accounts - k) * math.log(0.95))
        for k in range(crossed, accounts + 1)
    )
    assert upper_tail > 0.001


def test_a_rate_is_drawn_towards_all_and_rounded_to_the_safe_side() -> None:
    """A category without talks has the rate of all; no rate is below one in a hundred."""
    assert rule.rate(0, 0, 1, 3) == 334
    assert rule.rate(0, 5000, 1, 5000) == rule.LOWEST
    assert rule.rate(10_000, 10_000, 10_000, 10_000) == rule.PARTS > rule.MOST


def test_no_column_may_stand_in_a_condition() -> None:
    """The columns are words for reviewers: none is among those that a condition may name."""
    names = {column.name for column in STREAM_COLUMNS}
    assert names == set(SUSPICION)
    assert not names & set(NAMES)
    assert not any(column.condition for column in STREAM_COLUMNS)


def test_signals_are_told_with_what_would_explain_them() -> None:
    """A sentence for each signal that stands out, none where nothing does."""
    quiet = {"chats": 9, "ended_without_hire": 2, "expected": 2.0, "log_e_bypass": -1.0, "offered_then_ended": 1}
    assert list(signals({**quiet, "tiny_then_silent": 1, "contact_then_cancelled": 1})) == []
    loud = {"chats": 9, "ended_without_hire": 9, "expected": 1.0, "log_e_bypass": 7.0, "offered_then_ended": 5}
    told = list(signals({**loud, "tiny_then_silent": 3, "contact_then_cancelled": 4}))
    wanted = ["9 ended", "to 5 others", "With 3 others", "4 jobs"]
    assert [words in sentence for words, sentence in zip(wanted, told, strict=True)] == [True] * 4


@pytest.mark.parametrize("log_e", [-1.0, math.log(1.9), math.log(2), math.log(9.9), math.log(10), 20.0])
@pytest.mark.parametrize("others", range(8))
def test_neither_stands_out_alone(others: int, log_e: float) -> None:
    """Below two offers that were followed, and below e = 2, nobody does; more of either never takes it back."""
    told = queue.stands_out(others, log_e)
    assert not told or (others >= 2 and log_e >= math.log(2))
    assert queue.stands_out(others + 1, log_e) >= told
    assert queue.stands_out(others, log_e + 1) >= told


def test_the_queue_has_one_order() -> None:
    """Who stands out comes first, whatever the others' e-values; then the larger e-value, then the name."""
    waiting = [(2, 2.4, "b"), (2, 2.4, "a"), (0, 9.0, "c"), (5, 1.2, "d"), (1, 0.0, "e"), (0, -3.0, "f")]
    ranked = sorted(random.Random(1).sample(waiting, 6), key=lambda row: queue.rank(*row))  # noqa: S311  no secret
    assert [account for *_, account in ranked] == ["a", "b", "d", "c", "e", "f"]


def test_what_was_written_is_never_read() -> None:
    """No statement of the stream names the text of a message (R44)."""
    folder = files("evenhand.evidence.circumvention.stream")
    texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("talks.sql", "quiet.sql", "offers.sql")]
    engine = files("evenhand.engines.sql").joinpath("stream.py").read_text(encoding="utf-8")
    for text in (*texts, engine, review_sql(datetime(2026, 1, 1))):
        assert re.search(r"\btext\b", text) is None
