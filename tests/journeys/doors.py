"""A house as its people see it: commands on a store in a file, a clock that the story sets, letters that arrive."""

from __future__ import annotations

import io
import json
import signal
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from evenhand import wiring
from evenhand.surfaces.cli.app import run
from evenhand.wiring.offices import opened, read_settings
from evenhand.workflows.office import Office
from tests.journeys.story import BEGIN, POLICY, Story
from tests.markets import write_market

PASSPHRASE = "correct horse"  # noqa: S105  # of people who exist in a temporary folder alone


@dataclass
class Doors:
    """One house in `folder`; `at` moves its clock."""

    folder: Path
    patch: pytest.MonkeyPatch
    now: datetime = BEGIN
    runs: int = 0

    def __post_init__(self) -> None:
        self.patch.setattr(wiring, "clock", lambda: self.now)
        self.store = f"sqlite:///{self.folder}/cases.db"
        environment = {
            "EVENHAND_STORE": self.store,
            "EVENHAND_SETTINGS": str(self.folder / "evenhand.toml"),
            "EVENHAND_PASSPHRASE": PASSPHRASE,
            "EVENHAND_NEW_PASSPHRASE": PASSPHRASE,
            "EVENHAND_SECOND_PASSPHRASE": PASSPHRASE,
        }
        for name, value in environment.items():
            self.patch.setenv(name, value)
        self.patch.setattr(signal, "signal", lambda *_: None)  # every command sets it, as a process of its own
        link = "https://fairlance.example/appeal?token={token}"
        self.told("init", self.folder, "--marketplace", "Fairlance", "--contact", "p@f.example", "--appeal-link", link)
        self.told("people", "add", "ada", "--role", "admin")
        for name, role in {"rex": "reviewer", "rita": "reviewer", "sol": "senior", "art": "author"}.items():
            self.told("people", "add", name, "--role", role, "--as", "ada")

    def at(self, day: float) -> None:
        """Let the clock stand at a day of the story."""
        self.now = BEGIN + timedelta(days=day)

    def said(self, *words: object, code: int = 0) -> str:
        """What a command says, refusals included, which ends with `code`."""
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            ended = run([*map(str, words)])
        if ended != code:
            raise AssertionError(f"{' '.join(map(str, words))} ended with {ended}, not {code}:\n{out.getvalue()}")
        return out.getvalue()

    def told(self, *words: object) -> Any:
        """What a command says as JSON."""
        return json.loads(self.said(*words, "--json"))

    @property
    def office(self) -> Office:
        """The office over the store, for what no command shows."""
        settings = read_settings(self.folder / "evenhand.toml")
        return opened(self.store, settings).__enter__()

    def policy(self, day: float, **changes: object) -> Path:
        """The shipped policy, public on a day, which binds thirty days later."""
        public = (BEGIN + timedelta(days=day)).date()
        text = yaml.safe_load(POLICY.read_text())
        text |= {"published": public, "evidence_from": public, "binds": public + timedelta(days=30), **changes}
        policy = self.folder / f"policy-{text['version']}.yaml"
        policy.write_text(yaml.safe_dump(text, sort_keys=False))
        return policy

    def publish(self, story: Story, day: float, **changes: object) -> Path:
        """Publish it on that day, after a dry run on what there was."""
        self.at(day)
        policy = self.policy(day, **changes)
        out = self.folder / "dry-run"
        self.told("policy", "dry-run", policy, self.market(story, day), "--out", out)
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
