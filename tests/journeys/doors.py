"""A house as its people see it: commands on a store in a file, a clock that the story sets, letters that arrive."""

from __future__ import annotations

import io
import json
import re
import shutil
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
from tests.conformance.outside import Receiver
from tests.journeys.story import BEGIN, POLICY, Story, on
from tests.markets import write_market

POLICIES = POLICY.parent

PASSPHRASE = "correct horse"  # noqa: S105  # of people who exist in a temporary folder alone


@dataclass
class Doors:
    """One house in `folder`; `at` moves its clock. The first of a day is furnished, any other one is a copy of it."""

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
            "EVENHAND_WEBHOOK_SECRET": "whsec_YSBzZWNyZXQgb2YgYSB0ZXN0",
        }
        for name, value in environment.items():
            self.patch.setenv(name, value)
        self.patch.setattr(signal, "signal", lambda *_: None)  # every command sets it, as a process of its own
        furnished = self.folder.parent / f"house of {self.now:%Y-%m-%d}"  # pytest keeps it as long as its tests run
        if not furnished.exists():
            self._furnish()
            shutil.copytree(self.folder, furnished)
        else:
            shutil.copytree(furnished, self.folder, dirs_exist_ok=True)

    def _furnish(self) -> None:
        """Settings, a store, and people: each passphrase costs a quarter of a second, as it should."""
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
        return "".join(self._ran(words, code))

    def _ran(self, words: tuple[object, ...], code: int) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            ended = run([*map(str, words)])
        said = out.getvalue(), err.getvalue()
        if ended != code:
            raise AssertionError(f"{' '.join(map(str, words))} ended with {ended}, not {code}:\n{''.join(said)}")
        return said

    def told(self, *words: object) -> Any:
        """What a command says as JSON, its progress aside."""
        return json.loads(self._ran((*words, "--json"), 0)[0])

    @property
    def office(self) -> Office:
        """The office over the store, for what no command shows."""
        settings = read_settings(self.folder / "evenhand.toml")
        return opened(self.store, settings).__enter__()

    def policy(self, day: float, shipped: str = "activity", **changes: object) -> Path:
        """A shipped policy, public on a day, which binds thirty days later."""
        public = (BEGIN + timedelta(days=day)).date()
        text = yaml.safe_load((POLICIES / f"{shipped}.yaml").read_text())
        text |= {"published": public, "evidence_from": public, "binds": public + timedelta(days=30), **changes}
        policy = self.folder / f"{text['name']}-{text['version']}.yaml"
        policy.write_text(yaml.safe_dump(text, sort_keys=False))
        return policy

    def publish(self, story: Story, day: float, shipped: str = "activity", **changes: object) -> Path:
        """Publish it on that day, after a dry run on what there was."""
        self.at(day)
        policy = self.policy(day, shipped, **changes)
        out = self.folder / "dry-run"
        self.told("policy", "dry-run", policy, self.market(story, day), "--out", out)
        self.told("policy", "publish", policy, "--dry-run", out, "--as", "art")
        return policy

    def market(self, story: Story, day: float) -> Path:
        """The market as it stands on a day."""
        self.runs += 1
        seen = story.seen(day)
        today = {"account_id": "of today", "role": "client", "registered_at": on(day)}
        return write_market(self.folder / f"market-{self.runs}", {**seen, "accounts": [*seen["accounts"], today]})

    def evaluate(self, story: Story, policy: Path, day: float) -> Any:
        """One evaluation that binds, on a day."""
        self.at(day)
        out = self.folder / f"out-{self.runs}"
        return self.told("evaluate", self.market(story, day), "--policy", policy, "--out", out, "--store", self.store)[
            "summary"
        ]

    def deliver_to(self, there: Receiver) -> None:
        """Let letters and effects go to a receiver of webhooks."""
        with (self.folder / "evenhand.toml").open("a") as settings:
            settings.write(f'[delivery]\nchannel = "webhook"\nurl = "{there.url}"\neffects_url = "{there.url}"\n')

    def post(self) -> None:
        """Every letter that waits leaves the house."""
        assert self.told("notices", "send")["later"] == 0

    def carry_out(self) -> None:
        """The marketplace does all that it is told."""
        assert self.told("effects", "send")["later"] == 0

    def waiting(self, stage: str) -> str:
        """The one case that waits in a stage."""
        (found,) = self.told("cases", "--stage", stage)["cases"]
        return str(found["case_id"])

    def case(self, name: str) -> Any:
        """All that is on record of a case, after what is due."""
        self.said("tick")
        return self.told("case", name)

    def deciding(self, act: str, case: str, person: str, reason: str, *more: object) -> tuple[object, ...]:
        """The words of a decision."""
        return ("decide", act, case, "--as", person, "--reason", reason, "--opened", "evidence=60", *more)

    def decide(self, act: str, case: str, person: str, reason: str, *more: object) -> Any:
        """A person decides."""
        return self.told(*self.deciding(act, case, person, reason, *more))

    def token(self, case: str, notice: str) -> str:
        """The token in the latest letter of a kind, read off the letter as its member reads it."""
        letters = [letter["id"] for letter in self.case(case)["letters"] if letter["id"].endswith(f"/{notice}")]
        text = self.told("notices", "show", letters[-1])["text"]
        return str(re.findall(r"token=(\S+)", text)[-1])
