"""A house as its people see it: commands on a store in a file, a clock that the story sets, letters that arrive."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from evenhand import wiring
from evenhand.surfaces.cli.app import app
from evenhand.wiring.offices import opened, read_settings
from evenhand.workflows.office import Office
from tests.journeys.story import BEGIN, POLICY, ROOT, Story
from tests.markets import write_market

PASSPHRASE = "correct horse"  # noqa: S105  # of people who exist in a temporary folder alone


@dataclass
class Doors:
    """One house in `folder`; `at` moves its clock."""

    folder: Path
    patch: pytest.MonkeyPatch
    now: datetime = BEGIN
    runs: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.patch.setattr(wiring, "clock", lambda: self.now)
        self.store = f"sqlite:///{self.folder}/cases.db"
        self.environment |= {
            "EVENHAND_STORE": self.store,
            "EVENHAND_SETTINGS": str(self.folder / "evenhand.toml"),
            "EVENHAND_PASSPHRASE": PASSPHRASE,
            "EVENHAND_NEW_PASSPHRASE": PASSPHRASE,
            "EVENHAND_SECOND_PASSPHRASE": PASSPHRASE,
        }
        link = "https://fairlance.example/appeal?token={token}"
        self.told("init", self.folder, "--marketplace", "Fairlance", "--contact", "p@f.example", "--appeal-link", link)
        self.told("people", "add", "ada", "--role", "admin")
        for name, role in {"rex": "reviewer", "rita": "reviewer", "sol": "senior", "art": "author"}.items():
            self.told("people", "add", name, "--role", role, "--as", "ada")

    def at(self, day: float) -> None:
        """Let the clock stand at a day of the story."""
        self.now = BEGIN + timedelta(days=day)

    def said(self, *words: object, code: int = 0) -> str:
        """What a command says, which ends with `code`."""
        result = CliRunner().invoke(app, [*map(str, words)], env=self.environment)
        if isinstance(result.exception, Exception) and code == 0:
            raise result.exception
        if result.exit_code != code and code == 0:
            raise AssertionError(result.output)
        return result.output

    def told(self, *words: object) -> Any:
        """What a command says as JSON."""
        return json.loads(self.said(*words, "--json"))

    @property
    def office(self) -> Office:
        """The office over the store, for what no command shows."""
        settings = read_settings(self.folder / "evenhand.toml")
        return opened(self.store, settings).__enter__()

    def publish(self, story: Story, day: float) -> Path:
        """Publish the shipped policy on a day, to bind thirty days later, after a dry run on what there was."""
        self.at(day)
        text = yaml.safe_load((ROOT / POLICY).read_text())
        public = self.now.date()
        text |= {"published": public, "evidence_from": public, "binds": public + timedelta(days=30)}
        policy = self.folder / "policy.yaml"
        policy.write_text(yaml.safe_dump(text, sort_keys=False))
        out = self.folder / "dry-run"
        self.told("evaluate", self.market(story, day), "--policy", policy, "--out", out)
        self.told("policy", "publish", policy, "--dry-run", out, "--as", "art")
        return policy

    def market(self, story: Story, day: float) -> Path:
        """The market as it stands on a day."""
        self.runs += 1
        return write_market(self.folder / f"market-{self.runs}", story.seen(day))

    def evaluate(self, story: Story, policy: Path, day: float) -> Any:
        """One evaluation that binds, on a day."""
        self.at(day)
        out = self.folder / f"out-{self.runs}"
        return self.told("evaluate", self.market(story, day), "--policy", policy, "--out", out, "--store", self.store)[
            "summary"
        ]
