"""Fitted fair shares: the conditional logit finds what was put in, month by month, whatever the batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.errors import PolicyRefused
from evenhand.evidence.activity.circumstances import CIRCUMSTANCES, variants
from evenhand.evidence.activity.fair_share import SCALE, Design, Fit
from evenhand.policy.diff import diff
from evenhand.policy.parse import parse
from tests.markets import LOW_LINES, low_lines

DESIGN = Design(controls=("invited", "position"), labels=(("no", "yes"), tuple("abcd")))
WORTH = np.array([1.0, 1.6, 0.7, 0.4])
"""True weights of the four places; an invitation doubles them."""

Rows = Mapping[str, NDArray[np.int64]]


def market(jobs: int, months: int, *, shortlist: int = 0, seed: int = 1) -> Rows:
    """Jobs with each combination once and one choice, in the order in which they settle."""
    dice = np.random.default_rng(seed)
    worth = np.concatenate([WORTH, 2 * WORTH])
    won = dice.multinomial(1, worth / worth.sum(), jobs)
    job = np.repeat(np.arange(jobs), 8)
    ones = np.ones(8 * jobs, dtype=np.int64)
    return {
        "month": job * months // jobs,
        "shortlist": shortlist * ones,
        "band": 0 * ones,
        "circumstances": np.tile(np.arange(8), jobs),
        "job": job,
        "weight": SCALE * ones,
        "wins": won.ravel(),
        "proposals": ones,
    }


def cells(months: int) -> Rows:
    """All combinations in every month."""
    ones = np.ones(8 * months, dtype=np.int64)
    return {
        "month": np.repeat(np.arange(months), 8),
        "shortlist": 0 * ones,
        "band": 0 * ones,
        "circumstances": np.tile(np.arange(8), months),
    }


def batches(rows: Rows, size: int) -> Iterator[Rows]:
    """`rows` in batches of a size, empty ones among them."""
    for start in range(0, len(rows["job"]), size):
        yield {name: column[start : start + size] for name, column in rows.items()}
        yield {name: column[:0] for name, column in rows.items()}


def test_the_fit_finds_what_was_put_in() -> None:
    """The last weights are the true ones within four standard errors; the first month has equal ones, and no own."""
    fit = Fit(design=DESIGN)
    found = fit.weights(cells(4), batches(market(6000, 3), 1000))
    full = found["variant"] == 0
    last = full & (found["month"] == 3)
    weight = found["weight"][last] / SCALE
    assert weight[4:] / weight[:4] == pytest.approx(2, rel=0.15)
    assert weight[:4] / weight[0] == pytest.approx(WORTH, rel=0.2)
    assert (found["own"][last] < found["weight"][last]).all()
    first = found["month"] == 0
    assert (found["weight"][first] == SCALE).all()
    assert (found["own"][first & full] == 1).all()
    without = [number for number, variant in enumerate(variants(DESIGN.controls)) if "position" not in variant]
    assert (found["own"][first & (found["variant"] == without[0])] == SCALE).all()


@pytest.mark.parametrize(("size", "at_once"), [(7, 64), (10_000, 64), (200, 64)])
def test_how_rows_are_cut_into_batches_does_not_matter(size: int, at_once: int) -> None:
    """A chunk ends where its rows and its month say, not where a batch does."""
    whole = Fit(design=DESIGN).weights(cells(3), [market(400, 2)], rows_at_once=at_once)
    parts = Fit(design=DESIGN).weights(cells(3), batches(market(400, 2), size), rows_at_once=at_once)
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)


def test_smaller_chunks_learn_nearly_the_same() -> None:
    """The streaming mode of many chunks lies within a fraction of a standard error of that of one."""
    one, many = Fit(design=DESIGN), Fit(design=DESIGN)
    one.weights(cells(2), [market(3000, 1)])
    many.weights(cells(2), [market(3000, 1)], rows_at_once=800)
    pairs = zip(one.outcome().models[0].levels, many.outcome().models[0].levels, strict=True)
    assert all(abs(a.log_weight - b.log_weight) < 0.2 * a.standard_error for a, b in pairs)


def test_what_was_predicted_comes_true() -> None:
    """Ten parts of the predicted choices, each within four standard deviations of what was observed."""
    fit = Fit(design=DESIGN)
    fit.weights(cells(4), [market(6000, 3)])
    outcome = fit.outcome()
    assert sum(tenth.chosen for tenth in outcome.calibration) == 4000
    for tenth in outcome.calibration:
        assert abs(tenth.chosen - tenth.expected) < 4 * tenth.expected**0.5
    assert [(model.outcome, model.choices, model.used) for model in outcome.models] == [("hire", 6000, True)]


def test_nothing_to_learn_from_is_no_fault() -> None:
    """A market in which nobody was chosen among several has weights all the same, and no model."""
    fit = Fit(design=DESIGN)
    assert len(fit.weights(cells(1), [])["own"]) == 8 * len(variants(DESIGN.controls))
    assert fit.outcome().models == ()


def test_audited_circumstances_are_left_out_one_at_a_time() -> None:
    """The full model comes first, then one without each audited circumstance."""
    assert variants(("country", "price", "tenure")) == (
        ("country", "price", "tenure"),
        ("price", "tenure"),
        ("country", "price"),
    )
    assert [name for name, c in CIRCUMSTANCES.items() if c.audited] == ["country", "language", "position", "tenure"]


def test_a_policy_names_what_its_fair_share_is_fitted_to() -> None:
    """Controls are sorted, places come with the list, and both change the hash and the difference in sentences."""
    plain, fitted = low_lines(), low_lines(fair_share="{control: [tenure, price]}", field="impressions")
    assert (plain.controls, plain.field) == ((), "everyone")
    assert (fitted.fair_share, fitted.controls) == (("price", "tenure"), ("position", "price", "tenure"))
    assert plain.hash == low_lines(fair_share="equal", field="everyone").hash != fitted.hash
    assert low_lines(fair_share="{control: [price, tenure]}", field="impressions").hash == fitted.hash
    assert diff(plain, fitted) == [
        "the fair share was equal and is now fitted to price, tenure",
        "the field was everyone and is now impressions",
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("fair_share: {control: price}", "must be a list of words"),
        ("fair_share: {control: []}", "must be a list of words"),
        ("fair_share: {control: [price, price]}", "stands there once"),
        ("fair_share: {control: [[price]]}", "stands there once"),
        ("fair_share: {kontrol: [price]}", "unknown key `kontrol`"),
    ],
)
def test_a_list_of_controls_is_read_strictly(written: str, message: str) -> None:
    """What is no list of words, each once, is refused."""
    with pytest.raises(PolicyRefused, match=message):
        parse(LOW_LINES + written)
