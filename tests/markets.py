"""Random small markets with everything in them that the words of the evidence speak of."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from evenhand.policy.parse import parse
from evenhand.policy.types import Policy

Tables = Mapping[str, Sequence[Mapping[str, object]]]

START = datetime(2025, 1, 1)

LOW_LINES = """
name: low lines
version: test
published: 2024-01-01
binds: 2024-06-01
profile: minimal
guarantee: {floor: 0.5, per_account: 0.9, portfolio: 0.99, family: 24}
cap_per_run: 1
exempt:
  newcomer: account_age_days < 90
  earner: earned_usd_365d >= 1000 or hours_365d >= 40
  returner: days_since_pause between 3 and 20
  resting: on_break or running_contract_days >= 150 or repeat_clients >= 4
procedure: mismatch
steps:
  - {step: advise, when: "e_at(1.0) >= 1.05"}
  - {step: warn, when: "e >= 1.1", cure_days: 10}
  - {step: limit, when: "e >= 1.3 and e_hire >= 1.01", days: 20}
  - step: pause
    when: e >= 2 and in_portfolio and coalesce(odds_ratio_high <= 8, true)
    review_days: 90
    after: warn
"""
"""Lines so low that small markets reach them."""


def low_lines(**changes: str) -> Policy:
    """The policy with low lines, and `changes` as further keys."""
    return parse(LOW_LINES + "".join(f"{key}: {value}\n" for key, value in changes.items()), file="low.yaml")


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """What a random market has and how much of it; each optional thing can be wholly absent."""

    seed: int
    accounts: int
    jobs: int
    views: bool
    shortlists: bool
    weights: bool
    agencies: bool
    faults: bool
    late_arrivals: bool
    hidden_wins: bool
    extras: bool
    span: int


KNOBS = st.builds(
    Knobs,
    seed=st.integers(0, 2**32),
    accounts=st.integers(1, 9),
    jobs=st.sampled_from([0, 1, 4, 12, 40, 160]),
    hidden_wins=st.booleans(),
    views=st.booleans(),
    shortlists=st.booleans(),
    weights=st.booleans(),
    agencies=st.booleans(),
    faults=st.booleans(),
    late_arrivals=st.booleans(),
    extras=st.booleans(),
    span=st.sampled_from([3, 40, 400]),
)


def day(number: float) -> str:
    """Time of a day counted from `START`, as text."""
    return (START + timedelta(days=number)).isoformat()


def random_market(knobs: Knobs) -> Tables:
    """A market: ties in time, several hires, agencies, several jobs of one client, late and lost hires."""
    dice = random.Random(knobs.seed)  # noqa: S311  a reproducible market, no secret
    freelancers = [f"f{n}" for n in range(knobs.accounts)]
    clients = [f"c{n}" for n in range(1 + knobs.jobs // dice.choice([2, 2, 6]))]
    jobs = [_job(dice, knobs, n, clients) for n in range(knobs.jobs)]
    proposals = [p for job in jobs for p in _proposals(dice, knobs, job, freelancers)]
    contracts = [c for job in jobs for c in _contracts(dice, knobs, job, freelancers, proposals)]
    tables = {
        "accounts": [_account(dice, knobs, name, "freelancer") for name in freelancers]
        + [_account(dice, knobs, name, "client") for name in clients],
        "jobs": jobs,
        "proposals": [row for n, p in enumerate(proposals) for row in _rows(dice, knobs, "proposal_id", f"p{n}", p)],
        "contracts": [row for n, c in enumerate(contracts) for row in _rows(dice, knobs, "contract_id", f"k{n}", c)],
    }
    return {**tables, **(_extras(dice, knobs, freelancers, contracts) if knobs.extras else {})}


def write_market(folder: Path, tables: Tables) -> Path:
    """Write `tables` as JSON Lines into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        lines = (json.dumps({key: value for key, value in row.items() if value is not None}) for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


def _rows(dice: random.Random, knobs: Knobs, key: str, name: str, row: Mapping[str, object]) -> list[dict[str, object]]:
    """A row, now and then repeated, told twice in two ways, or on a job that nobody knows."""
    kept = {key: name, **row}
    if not knobs.faults or dice.random() > 0.04:
        return [kept]
    return dice.choice([[kept, kept], [kept, {**kept, "account_id": "f0"}], [{**kept, "job_id": "J-unknown"}]])


def _account(dice: random.Random, knobs: Knobs, name: str, role: str) -> dict[str, object]:
    late = knobs.late_arrivals and dice.random() < 0.15
    return {
        "account_id": name,
        "role": role,
        "registered_at": day(dice.randint(0, knobs.span) if late else -dice.choice([10, 100, 500])),
        "agency_id": dice.choice(["g1", "g2", "f0", None, None]) if knobs.agencies and role == "freelancer" else None,
        "country": dice.choice(["ES", "PK", None]),
        "category": dice.choice(["design", None]),
        "language": dice.choice(["en", "es", None]),
        "closed_at": day(dice.randint(0, knobs.span)) if dice.random() < 0.05 else None,
    }


def _job(dice: random.Random, knobs: Knobs, number: int, clients: Sequence[str]) -> dict[str, object]:
    posted = dice.randint(0, knobs.span)
    closes = None if dice.random() < 0.1 else posted + dice.choice([0, 1, 5, 14])
    if knobs.faults and dice.random() < 0.03:
        closes = posted - 1
    return {
        "job_id": f"j{dice.randint(0, 9)}x{number}",
        "client_id": dice.choice(clients) if not knobs.faults or dice.random() > 0.03 else "nobody",
        "posted_at": day(posted),
        "closed_at": None if closes is None else day(closes),
        "category": dice.choice(["design", "writing", None]),
        "budget_usd": dice.choice([50, 500.5, None]),
        "outcome": None if closes is None else dice.choice(["hired"] * 7 + ["unfilled", "cancelled", "removed"]),
    }


def _proposals(
    dice: random.Random, knobs: Knobs, job: Mapping[str, object], freelancers: Sequence[str]
) -> list[dict[str, object]]:
    posted = (datetime.fromisoformat(str(job["posted_at"])) - START).days
    found = []
    for name in dice.choices(freelancers, k=dice.randint(0, 3 + len(freelancers))):
        submitted = posted + dice.choice([-1, 0, 0, 1, 2, 3])
        found.append(
            {
                "job_id": job["job_id"] if not knobs.faults or dice.random() > 0.02 else "nowhere",
                "account_id": name if not knobs.faults or dice.random() > 0.05 else dice.choice(["nobody", None]),
                "submitted_at": day(submitted) if not knobs.faults or dice.random() > 0.03 else "some time ago",
                "viewed_at": day(submitted + dice.choice([0, 1, 3, 40]))
                if knobs.views and dice.random() < 0.7
                else None,
                "withdrawn_at": day(submitted + dice.choice([0, 1, 4, 40])) if dice.random() < 0.2 else None,
                "interviewed_at": day(submitted + dice.choice([1, 2, 40]))
                if knobs.shortlists and dice.random() < 0.3
                else None,
                "weight": dice.choice([0.5, 1, 1.7, None]) if knobs.weights else None,
            }
        )
    return found


def _contracts(
    dice: random.Random,
    knobs: Knobs,
    job: Mapping[str, object],
    freelancers: Sequence[str],
    proposals: Sequence[Mapping[str, object]],
) -> list[dict[str, object]]:
    if job["outcome"] != "hired" and dice.random() < 0.9:
        return []
    posted = (datetime.fromisoformat(str(job["posted_at"])) - START).days
    bidders = [str(p["account_id"]) for p in proposals if p["job_id"] == job["job_id"]]
    found = []
    for _ in range(dice.choice([0, 1, 1, 1, 1, 1, 2, 3])):
        winners = [bidder for bidder in bidders if bidder not in ("f0", "f1")] or bidders
        name = dice.choice(winners) if bidders and dice.random() < 0.95 else dice.choice(freelancers[-3:])
        started = posted + dice.choice([0, 1, 2, 3, 5, 60 if knobs.hidden_wins else 4])
        ended = started + dice.choice([1, 30, 200]) if dice.random() < 0.6 else None
        if knobs.faults and dice.random() < 0.03:
            ended = started - 1
        found.append(
            {
                "job_id": None if knobs.hidden_wins and dice.random() < 0.05 else job["job_id"],
                "account_id": name,
                "client_id": job["client_id"],
                "started_at": day(started),
                "ended_at": None if ended is None else day(ended),
                "value_usd": dice.choice([50.005, 100, 1500.25 if dice.random() < 0.1 else None, None]),
                "outcome": dice.choice(["success", "failure", None]) if ended else None,
            }
        )
    return found


def _extras(
    dice: random.Random, knobs: Knobs, freelancers: Sequence[str], contracts: Sequence[Mapping[str, object]]
) -> dict[str, list[dict[str, object]]]:
    payments: list[dict[str, object]] = [
        {
            "payment_id": f"m{n}",
            "contract_id": f"k{dice.randrange(len(contracts))}",
            "paid_at": day(dice.randint(0, knobs.span)),
            "amount_usd": dice.choice([10, 99.99, 0.125]),
            "hours": dice.choice([1.5, 40, None]),
        }
        for n in range(dice.randint(0, 6) if contracts else 0)
    ]
    starts = [dice.randint(-50, knobs.span) for _ in range(dice.randint(0, 4))]
    breaks: list[dict[str, object]] = [
        {
            "account_id": dice.choice(freelancers),
            "from": day(start),
            "until": day(start + dice.choice([3, 20, 200])) if dice.random() < 0.7 else None,
            "kind": "break",
        }
        for start in starts
    ]
    return {"payments": payments, "breaks": breaks}
