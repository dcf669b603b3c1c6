"""Case P: a rule hits one country three times as often as others; it is not published until a person reviewed that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.doors import Doors
from tests.journeys.story import Story


def told(hit_at_home: int, hit_abroad: int) -> Story:
    """Two countries with twenty members each, some of whom submit seventy proposals and win nothing."""
    story = Story()
    story.member("late", registered=99)
    for country, hit in (("GB", hit_at_home), ("KE", hit_abroad)):
        for n in range(20):
            name = f"{country}-{n}"
            story.member(name)
            story.tables["accounts"][-1]["country"] = country
            for day in range(70 if n < hit else 1):
                story.job(day, name)
    return story


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """A house that has published nothing."""
    return Doors(tmp_path, monkeypatch)


def written(doors: Doors, story: Story) -> tuple[Path, Path]:
    """A policy and its dry run, on the hundredth day."""
    doors.at(100)
    policy = doors.policy(100)
    doors.told("policy", "dry-run", policy, doors.market(story, 100), "--out", doors.folder / "dry")
    return policy, doors.folder / "dry"


def test_publication_waits_for_a_person(doors: Doors) -> None:
    """Two of twenty here, six of twenty there: refused with the figures, until a second person says why."""
    policy, dry = written(doors, told(2, 6))
    words = ("policy", "publish", policy, "--dry-run", dry, "--as", "art")
    refused = doors.said(*words, code=8)
    assert "Country, KE: 6 of 20 are hit, " in refused
    assert doors.told("policy", "published")["policies"] == []
    own = doors.said(*words, "--reviewed-by", "art", "--review", "I have looked again", code=8)
    assert "the author reviews their own policy" in own
    doors.said(*words, "--reviewed-by", "sol", "--review", "fine", code=8)
    doors.said(*words, "--reviewed-by", "rex", "--review", "they write less suitable bids", code=8)
    why = "their jobs had twice the competitors, which fair shares allow for"
    doors.told(*words, "--reviewed-by", "sol", "--review", why)
    (published,) = doors.told("policy", "published")["policies"]
    assert published["published_by"] == ["art", "sol"]
    assert published["dry_run"]["review"] == {"by": "sol", "reason": why}
    assert [d for d in published["dry_run"]["disparities"] if d.startswith("Country, KE")]


def test_an_even_rule_needs_nobody_else(doors: Doors) -> None:
    """Three of twenty in each country: published by its author alone, and the same again changes nothing."""
    policy, dry = written(doors, told(3, 3))
    words = ("policy", "publish", policy, "--dry-run", dry, "--as", "art")
    first, second = doors.told(*words), doors.told(*words)
    assert first == second
    (published,) = doors.told("policy", "published")["policies"]
    assert sum(published["dry_run"]["hit"].values()) == 6
    assert published["dry_run"]["disparities"] == []
    volumes = [g for g in published["dry_run"]["groups"] if g["cohort"] == "Proposals ever submitted"]
    assert [(g["name"], g["hit"]) for g in volumes if g["hit"]] == [("50 to 99", 6)]


def test_who_may_publish_what(doors: Doors) -> None:
    """An author, with the dry run of this very text, on a day that has not passed."""
    policy, dry = written(doors, told(3, 3))
    words = ("policy", "publish", policy, "--dry-run", dry)
    assert "`rex` may not publish" in doors.said(*words, "--as", "rex", code=8)
    assert "no such person" in doors.said(*words, "--as", "nobody", code=7)
    assert "no results of an evaluation" in doors.said(
        "policy", "publish", policy, "--dry-run", doors.folder, "--as", "art", code=6
    )
    doors.at(101)
    assert "is over" in doors.said(*words, "--as", "art", code=6)
    other = doors.folder / "other.yaml"
    other.write_text(policy.read_text().replace("portfolio: 0.05", "portfolio: 0.04"))
    assert "of another policy" in doors.said("policy", "publish", other, "--dry-run", dry, "--as", "art", code=6)


def test_a_study_that_leaves_the_past_out_is_no_dry_run(doors: Doors) -> None:
    """A strict policy counts nothing from before its publication, so that it hits nobody in the past."""
    policy, _ = written(doors, told(3, 3))
    doors.told("evaluate", doors.folder / "market-1", "--policy", policy, "--out", doors.folder / "study")
    refused = doors.said("policy", "publish", policy, "--dry-run", doors.folder / "study", "--as", "art", code=6)
    assert "was left out" in refused


def test_a_version_is_never_edited(doors: Doors) -> None:
    """Another text under the name and version of a published one is refused."""
    policy, dry = written(doors, told(3, 3))
    doors.told("policy", "publish", policy, "--dry-run", dry, "--as", "art")
    other = doors.folder / "other.yaml"
    other.write_text(policy.read_text().replace("portfolio: 0.05", "portfolio: 0.04"))
    doors.told("policy", "dry-run", other, doors.folder / "market-1", "--out", doors.folder / "dry2")
    refused = doors.said("policy", "publish", other, "--dry-run", doors.folder / "dry2", "--as", "art", code=7)
    assert "version" in json.dumps(refused)
