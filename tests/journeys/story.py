"""What the journeys share: a market told in days and deeds, and one evaluation of it through the front door."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from typer.testing import CliRunner

from evenhand.surfaces.cli.app import app
from tests.markets import Tables, write_market

BEGIN = datetime(2024, 1, 1)
ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "activity.yaml"
_BEGINS = {
    "jobs": "posted_at",
    "proposals": "submitted_at",
    "contracts": "started_at",
    "payments": "paid_at",
    "breaks": "from",
    "messages": "sent_at",
    "incidents": "happened_at",
}


def on(day: float) -> str:
    """The time of a day counted from the beginning of the story."""
    return (BEGIN + timedelta(days=day)).isoformat()


@dataclass
class Story:
    """A market in the making. Every job has a client of its own and closes three days after it was posted."""

    rivals: int = 7
    tables: dict[str, list[dict[str, object]]] = field(
        default_factory=lambda: {"accounts": [], "jobs": [], "proposals": [], "contracts": [], "payments": []}
    )

    def member(self, name: str, *, registered: float = -700) -> None:
        """Somebody who looks for work."""
        self.tables["accounts"].append({"account_id": name, "role": "freelancer", "registered_at": on(registered)})

    def job(self, posted: float, member: str, *, hired: str | None = "rival") -> str:
        """The member competes with all rivals; `hired` is the member, a rival, or None where nobody is."""
        number = len(self.tables["jobs"])
        job, client = f"job-{number}", f"client-{number}"
        field_ = [member, *(f"rival-{n}" for n in range(self.rivals))]
        self.tables["accounts"].append({"account_id": client, "role": "client", "registered_at": on(-800)})
        self.tables["jobs"].append(
            {
                "job_id": job,
                "client_id": client,
                "posted_at": on(posted),
                "closed_at": on(posted + 3),
                "outcome": "hired" if hired else "unfilled",
            }
        )
        self.tables["proposals"] += [
            {"proposal_id": f"{job}/{name}", "job_id": job, "account_id": name, "submitted_at": on(posted + 1)}
            for name in field_
        ]
        if hired:
            winner = f"rival-{number % self.rivals}" if hired == "rival" else hired
            self.contract(job, client, winner, posted + 2)
        return job

    def direct(self, posted: float, member: str, *, paid: float) -> None:
        """Somebody hires the member without a proposal, on a job of its own."""
        number = len(self.tables["jobs"])
        client = f"client-{number}"
        self.tables["accounts"].append({"account_id": client, "role": "client", "registered_at": on(-800)})
        row = {"job_id": f"job-{number}", "client_id": client, "posted_at": on(posted), "closed_at": on(posted + 1)}
        self.tables["jobs"].append({**row, "outcome": "hired"})
        self.contract(f"job-{number}", client, member, posted + 1, paid=paid)

    def contract(self, job: str, client: str, winner: str, started: float, *, paid: float = 0) -> None:
        """A hire that ends after ten days; `paid` dollars for it."""
        number = f"contract-{len(self.tables['contracts'])}"
        self.tables["contracts"].append(
            {
                "contract_id": number,
                "job_id": job,
                "account_id": winner,
                "client_id": client,
                "started_at": on(started),
                "ended_at": on(started + 10),
                "outcome": "success",
            }
        )
        if paid:
            payment = {"payment_id": f"pay-{number}", "contract_id": number, "paid_at": on(started + 10)}
            self.tables["payments"].append({**payment, "amount_usd": paid})

    def message(self, day: float, sender: str, recipient: str, text: str) -> None:
        """One writes to another."""
        rows = self.tables.setdefault("messages", [])
        row = {"message_id": f"message-{len(rows)}", "sender_id": sender, "recipient_id": recipient}
        rows.append({**row, "sent_at": on(day), "text": text})

    def incident(self, day: float, member: str, kind: str, what: str, **more: object) -> None:
        """Somebody reports what a member did."""
        rows = self.tables.setdefault("incidents", [])
        row = {"incident_id": f"incident-{len(rows)}", "account_id": member, "kind": kind, "happened_at": on(day)}
        rows.append({**row, "seen_by": "a client", "source": f"complaint {len(rows)}", "what": what, **more})

    def client(self, name: str) -> None:
        """Somebody who looks for people."""
        self.tables["accounts"].append({"account_id": name, "role": "client", "registered_at": on(-700)})

    def complete(self) -> Story:
        """Every table that an exemption looks at is there, so that none is blind (E5)."""
        payment = {"payment_id": "old", "contract_id": "contract-0", "paid_at": on(2), "amount_usd": 5.0, "hours": 1.0}
        self.tables["payments"].append(payment)
        self.tables["breaks"] = [{"account_id": "rival-0", "from": on(-30), "until": on(-20), "kind": "break"}]
        return self

    def everybody(self) -> Tables:
        """All tables, the rivals among the accounts."""
        rivals = [
            {"account_id": f"rival-{n}", "role": "freelancer", "registered_at": on(-800)} for n in range(self.rivals)
        ]
        return {**self.tables, "accounts": [*self.tables["accounts"], *rivals]}

    def seen(self, day: float) -> Tables:
        """What the market holds on a day: rows that have come about, and of each what had happened by then."""
        until = on(day)
        return {
            name: [
                {key: None if key.endswith("_at") and str(value) > until else value for key, value in row.items()}
                for row in rows
                if not str(row.get(_BEGINS.get(name, "registered_at"), "")) > until
            ]
            for name, rows in self.everybody().items()
        }

    def evaluate(self, folder: Path, day: float, ledger: Sequence[Mapping[str, object]] = ()) -> Outcome:
        """Run `evenhand evaluate` as of `day` with the shipped policy."""
        market = write_market(folder / f"market-{day}", self.everybody())
        book = folder / f"ledger-{day}.jsonl"
        book.write_text("".join(json.dumps(entry) + "\n" for entry in ledger))
        out = folder / f"out-{day}"
        words = ["evaluate", str(market), "--policy", str(POLICY), "--as-of", on(day), "--out", str(out)]
        result = CliRunner().invoke(app, [*words, "--ledger", str(book)], catch_exceptions=False)
        if result.exit_code:
            raise AssertionError(result.output)
        return Outcome(out)


@dataclass(frozen=True)
class Outcome:
    """The folder of results of one evaluation."""

    folder: Path

    def of(self, account: str) -> Mapping[str, Any]:
        """The evidence row of one account."""
        rows: list[dict[str, Any]] = pq.read_table(self.folder / "evidence.parquet").to_pylist()
        return next(row for row in rows if row["account_id"] == account)

    def measures(self) -> list[dict[str, Any]]:
        """The proposed measures."""
        return [json.loads(line) for line in (self.folder / "measures.jsonl").read_text().splitlines()]


def entry(account: str, step: str, kind: str, day: float, **more: object) -> dict[str, object]:
    """A line of the ledger, delivered on the day it was written."""
    line = {"account_id": account, "procedure": "mismatch", "step": step, "kind": kind, "at": on(day)}
    return {**line, "delivered_at": on(day), "episode": 1, **more}
