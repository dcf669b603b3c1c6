"""Case H: 200 decisions and no win, advised, warned, limited, and only then paused, with a way back at every step.

Fields of eight, every job by another client. Warned on day 250; in the 90 days after that 30 further losses; limited
for 60 days; no change.
"""

from __future__ import annotations

from pathlib import Path

from tests.journeys.story import Story, entry, on

WARNED, LIMITED = 250, 390


def told() -> Story:
    """The story up to the warning: a proposal a day, none won."""
    story = Story()
    story.member("hal")
    for n in range(200):
        story.job(n, "hal")
    return story


def warning() -> list[dict[str, object]]:
    """Advised, then warned."""
    return [entry("hal", "advise", "advised", 100), entry("hal", "warn", "warned", WARNED)]


def limit() -> dict[str, object]:
    """Limited for sixty days."""
    return entry("hal", "limit", "imposed", LIMITED, until=on(LIMITED + 60))


def test_the_first_step_is_a_warning(tmp_path: Path) -> None:
    """However strong the evidence, without a ledger nothing beyond a warning is proposed (S2)."""
    outcome = told().evaluate(tmp_path, 249)
    hal = outcome.of("hal")
    assert (hal["decided"], hal["wins"], hal["reaches"], hal["measure"]) == (200, 0, "limit", "warn")
    assert [m["step"] for m in outcome.measures() if m["account_id"] == "hal"] == ["warn"]


def test_nothing_follows_while_the_cure_period_runs(tmp_path: Path) -> None:
    """A warning in force bars every further step until its 90 days are over (R18)."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + n, "hal")
    hal = story.evaluate(tmp_path, WARNED + 80, warning()).of("hal")
    assert (hal["measure"], hal["blocked_by"]) == ("none", "in_force")


def test_without_decisions_since_the_warning_there_is_no_next_step(tmp_path: Path) -> None:
    """Fewer than one fair win's worth of decisions since then, here five of an eighth, open nothing (S4)."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + 3 * n, "hal", hired="rival" if n < 5 else None)
    hal = story.evaluate(tmp_path, LIMITED, warning()).of("hal")
    assert (hal["reaches"], hal["exempt"], hal["decided"]) == ("limit", [], 205)
    assert (hal["measure"], hal["blocked_by"]) == ("none", "in_force")


def test_who_improves_after_the_warning_is_not_escalated(tmp_path: Path) -> None:
    """Wins since the warning speak for the member: the evidence since then is not against them (S4)."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + 3 * n, "hal", hired="hal" if n in (5, 25) else "rival")
    hal = story.evaluate(tmp_path, LIMITED, warning()).of("hal")
    assert (hal["reaches"], hal["exempt"], hal["wins"]) == ("limit", [], 2)
    assert (hal["measure"], hal["blocked_by"]) == ("none", "in_force")


def test_thirty_further_losses_are_followed_by_a_limit(tmp_path: Path) -> None:
    """Warned, 90 days to cure, 30 further losses: a limit for sixty days is proposed, no more."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + 3 * n, "hal")
    outcome = story.evaluate(tmp_path, LIMITED, warning())
    assert outcome.of("hal")["measure"] == "limit"
    (measure,) = [m for m in outcome.measures() if m["account_id"] == "hal"]
    assert measure["step"] == "limit"
    assert measure["until"] == on(LIMITED + 30 + 60) + "Z"


def test_an_undelivered_warning_opens_nothing(tmp_path: Path) -> None:
    """No measure if delivery cannot be shown (R18)."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + 3 * n, "hal")
    lost = [{**line, "delivered_at": None} for line in warning()]
    assert story.evaluate(tmp_path, LIMITED, lost).of("hal")["measure"] == "none"


def limited() -> Story:
    """The whole story: warned, limited, ten proposals a month, still no win."""
    story = told()
    for n in range(30):
        story.job(WARNED + 1 + 3 * n, "hal")
    for n in range(20):
        story.job(LIMITED + 1 + 2 * n, "hal")
    return story


def test_no_change_under_the_limit_is_followed_by_a_pause_of_proposing(tmp_path: Path) -> None:
    """After sixty days a pause is proposed: thirty days' notice, a review date, nothing else touched."""
    outcome = limited().evaluate(tmp_path, LIMITED + 80, [*warning(), limit()])
    hal = outcome.of("hal")
    assert hal["measure"] == "pause"
    assert hal["in_portfolio"] is True
    (measure,) = outcome.measures()
    assert (measure["account_id"], measure["step"]) == ("hal", "pause")
    assert measure["review_at"] == on(LIMITED + 80 + 30 + 90) + "Z"
    assert measure["reason"]["after"] == {"step": "limit", "delivered_at": on(LIMITED) + "Z"}


def test_the_way_back(tmp_path: Path) -> None:
    """A reversal ends the episode: the next one starts at e = 1 and needs its own evidence (S4)."""
    reversed_ = entry("hal", "limit", "reversed", LIMITED + 20)
    hal = limited().evaluate(tmp_path, LIMITED + 80, [*warning(), limit(), reversed_]).of("hal")
    assert (hal["measure"], hal["reaches"]) == ("none", "none")
    assert hal["fair_wins"] < 5
