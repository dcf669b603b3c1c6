"""Cases A, B, D and F: people to whom the rule does not apply, and on whom nothing may fall."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.story import Story, on


def test_case_a_one_bad_rating(tmp_path: Path) -> None:
    """37 proposals and 6 contracts in ten months: nothing follows, whatever a rating did to a score."""
    story = Story()
    story.member("ada")
    for n in range(37):
        story.job(n * 8, "ada", hired="ada" if n % 6 == 5 else "rival")
    ada = story.evaluate(tmp_path, 340).of("ada")
    assert (ada["wins"], ada["decided"]) == (6, 37)
    assert (ada["reaches"], ada["measure"]) == ("none", "none")


def test_case_b_one_good_contract_a_month(tmp_path: Path) -> None:
    """30 proposals a month, none won, and one contract over 1,000 dollars a month from a client who came directly.

    The evidence alone would go further; the value test is met by itself, so nothing but advice can follow (R6).
    """
    story = Story()
    story.member("bo")
    for day in range(240):
        story.job(day, "bo")
        if day % 30 == 0:
            story.direct(day, "bo", paid=1200)
    bo = story.evaluate(tmp_path, 290).of("bo")
    assert (bo["decided"], bo["wins"], bo["reaches"]) == (240, 0, "limit")
    assert "earner" in bo["exempt"]
    assert bo["measure"] == "advise"


def test_case_d_one_dry_month(tmp_path: Path) -> None:
    """Top of the category for a year, 10,000 dollars earned, one dry month: nothing follows."""
    story = Story()
    story.member("dia")
    for week in range(50):
        job = story.job(week * 7, "dia", hired="dia")
        story.tables["payments"].append(
            {
                "payment_id": f"p-{job}",
                "contract_id": f"contract-{week}",
                "paid_at": on(week * 7 + 12),
                "amount_usd": 200,
            }
        )
    for n in range(30):
        story.job(355 + n, "dia")
    dia = story.evaluate(tmp_path, 430).of("dia")
    assert dia["earned_usd_365d"] >= 5000
    assert (dia["reaches"], dia["measure"]) == ("none", "none")


def test_case_f_three_months_without_a_win(tmp_path: Path) -> None:
    """15 proposals a month, none won, three months: not enough evidence, and the sentence says so (R3).

    Even where every one of the jobs hired somebody, and the fields are as small as twelve.
    """
    story = Story(rivals=11)
    story.member("finn", registered=-200)
    for n in range(45):
        story.job(n * 2, "finn")
    finn = story.evaluate(tmp_path, 130).of("finn")
    assert (finn["wins"], finn["decided"], finn["measure"]) == (0, 45, "none")
    assert finn["reaches"] == "none"
    assert str(finn["why"]).startswith("not enough evidence: 3.7 fair wins")
