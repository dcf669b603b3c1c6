"""A town of strangers around a story: enough accounts with an identity that links between them can be learnt."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.doors import Doors
from tests.journeys.story import Story, on


@dataclass
class Town:
    """Doors on a house whose market has the accounts in `crowd` beside those of the story."""

    doors: Doors
    story: Story
    crowd: Path
    policies: list[Path] = field(default_factory=list)

    def lives(self, account: str, at: str, day: float = -300, **identity: object) -> None:
        """Somebody with an account, an address, a network and the household's own device."""
        self.story.member(account, registered=day)
        rows = self.story.tables.setdefault("identities", [])
        rows.append(
            {"account_id": account, "address": at, "document_hash": f"d-{account}", "payout_hash": f"p-{account}"}
        )
        rows[-1] |= {"email": f"{account}@x.example", "phone": f"+49 30 55{len(rows):05}", **identity}
        devices = self.story.tables.setdefault("devices", [])
        seen = {"account_id": account, "first_seen_at": on(day), "network": f"net of {at}"}
        devices.append({**seen, "device_id": f"tablet of {at}"})

    def publish(self, *shipped: str) -> None:
        """Publish policies on the first day; they bind from the thirty-first on."""
        self.policies = [self.doors.publish(self.story, 0, name) for name in shipped]

    def market(self, day: float) -> Path:
        """The market as it is on a day, its crowd included."""
        market = self.doors.market(self.story, day)
        for table in ("accounts", "identities", "devices"):
            folder = market / table
            folder.mkdir()
            (market / f"{table}.jsonl").rename(folder / "story.jsonl")
            (folder / "crowd.parquet").symlink_to(self.crowd / f"{table}.parquet")
        return market

    def evaluate(self, day: float) -> Any:
        """One evaluation that binds, under all policies that were published."""
        self.doors.at(day)
        market = self.market(day)
        named = [word for policy in self.policies for word in ("--policy", policy)]
        out = self.doors.folder / f"out-{self.doors.runs}"
        return self.doors.told("evaluate", market, *named, "--out", out, "--store", self.doors.store)["summary"]

    def cases(self, account: str) -> list[str]:
        """The procedures in which an account has a case."""
        return [head.procedure for head in self.doors.office.store.cases_of(account)]

    def case(self, account: str) -> str:
        """The one case of an account."""
        (head,) = self.doors.office.store.cases_of(account)
        return head.case_id
