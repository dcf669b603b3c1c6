"""Misconduct counted by DuckDB equals the reference engine on random markets: items, counts, measures, to the bit."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.decisions.ledger import Entry
from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.evidence.conduct.item import KINDS
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from evenhand.vocabulary import Procedure
from evenhand.workflows.evaluate_market import evaluate_market, evidence_file
from evenhand.workflows.find_items import LINKS, Find
from tests.markets import KNOBS, START, Knobs, day, random_market, write_market

TEXTS = (
    "When could you begin?",
    "Write me at ana.lim@gmail.com",
    "my number is +49 151 23456789",
    "what is your whatsapp number?",
    "I would rather stay on the platform",
    "pay me at paypal.me/analim",
)
CONDITIONS: Mapping[Procedure, Sequence[tuple[str, str]]] = {
    "circumvention": (
        ("educate", "offered_to_365d >= 1"),
        ("warn", "unasked_365d >= 1 or paid_outside_730d >= 1"),
        ("restrict", "paid_outside_730d >= 1 and account_age_days >= 30"),
    ),
    "linkage": (
        ("educate", "used_by_another_365d >= 1"),
        ("warn", "papers + resembling >= 1"),
        ("restrict", "returned >= 1 or papers >= 2"),
    ),
}


def policy(procedure: Procedure, **changes: str) -> Policy:
    """A ladder of three steps, with `changes` as further keys."""
    steps = "".join(f'  - {{step: {step}, when: "{when}"{_more(step)}}}\n' for step, when in CONDITIONS[procedure])
    head = (
        f"name: lines\nversion: 1\npublished: 2024-01-01\nbinds: 2024-06-01\nprofile: minimal\nprocedure: {procedure}\n"
    )
    further = "".join(f"{key}: {value}\n" for key, value in changes.items())
    return parse(f"{head}guarantee: {{wrong_items: 0.05}}\ncap_per_run: 1\n{further}steps:\n{steps}")


def _more(step: str) -> str:
    return {"educate": ", cure_days: 5", "restrict": ", after: warn, days: 20"}.get(step, "")


@dataclass
class Given:
    """Links as they were drawn, in the place of what compares identities."""

    rows: Sequence[Mapping[str, object]]

    def link(self) -> None:
        """Nothing to learn."""

    def write(self, folder: Path) -> None:
        """Write them."""
        columns = ("account_id_l", "account_id_r", "grade", "returned", "later")
        schema = pa.schema(
            [
                *((name, pa.string()) for name in columns),
                ("weight", pa.float64()),
                ("closed_l", pa.bool_()),
                ("closed_r", pa.bool_()),
            ]
        )
        pq.write_table(pa.Table.from_pylist([dict(row) for row in self.rows], schema=schema), folder / LINKS)

    def tally(self) -> Mapping[str, Any]:
        """Nobody asks."""
        return {}


def with_conduct(knobs: Knobs) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """A random market in which people write to each other and report each other."""
    tables, dice = random_market(knobs), random.Random(knobs.seed + 1)  # noqa: S311  a reproducible market
    people = [str(row["account_id"]) for row in tables["accounts"]] + ["nobody"]
    two = [("f0", "c0"), ("c0", "f0")]  # who write to each other so much that one asks before the other offers
    pairs = [*two * len(people), *((one, other) for one in people for other in people)]
    messages = [
        {
            "message_id": f"m{n}",
            **dict(zip(("sender_id", "recipient_id"), dice.choice(pairs), strict=True)),
            "sent_at": day(dice.randint(-900, knobs.span)),
            "text": dice.choice(TEXTS),
            "thread_id": dice.choice(["t1", None]),
        }
        for n in range(dice.randint(10, 40))
    ]
    profiles = [
        {
            "text_id": f"t{n}",
            "account_id": dice.choice(people),
            "published_at": day(dice.randint(-900, knobs.span)),
            "text": dice.choice(TEXTS),
            "removed_at": dice.choice([None, day(500)]),
        }
        for n in range(dice.randint(0, 8))
    ]
    kinds = [kind for each in KINDS.values() for kind in each if kind != "linked_account"]
    incidents = [
        {
            "incident_id": f"i{n}",
            "account_id": dice.choice(people),
            "kind": dice.choice(kinds),
            "happened_at": day(dice.randint(-900, knobs.span)),
            "seen_by": "a client",
            "what": dice.choice(["one thing", "another"]),
            "source": dice.choice(["complaint", None]),
            "other_id": dice.choice([*people, None, None]),
            "offered_by": dice.choice([*people, None]),
        }
        for n in range(dice.randint(10, 40))
    ]
    for incident in incidents:
        if dice.random() < 0.7:
            incident["offered_by"] = incident["account_id"]
    return {**tables, "messages": messages, "incidents": incidents, "profiles": profiles}


def links(knobs: Knobs, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Given:
    """Random links between accounts, each pair once, whatever the state of the two."""
    dice = random.Random(knobs.seed + 2)  # noqa: S311  a reproducible market
    people = sorted({str(row["account_id"]) for row in tables["accounts"]})
    pairs = {tuple(sorted(dice.sample(people, 2))) for _ in range(dice.randint(4, 12))} if len(people) > 1 else set()
    return Given(
        [
            {
                "account_id_l": one,
                "account_id_r": other,
                "grade": dice.choice(["document", "payout", "person", "device"]),
                "weight": dice.choice([12.04, 30.0]),
                "closed_l": dice.random() < 0.2,
                "closed_r": dice.random() < 0.2,
                "returned": dice.choice([one, other, None, None]),
                "later": dice.choice([one, other]),
            }
            for one, other in sorted(pairs)
        ]
    )


def entries(procedure: Procedure, accounts: int) -> st.SearchStrategy[list[Entry]]:
    """Random ledgers over freelancers."""
    at = st.integers(0, 200).map(lambda n: START + timedelta(days=n))
    entry = st.builds(
        Entry,
        account_id=st.integers(0, accounts).map(lambda n: f"f{n}"),
        procedure=st.just(procedure),
        step=st.sampled_from(["educate", "warn", "restrict"]),
        kind=st.sampled_from(["advised", "warned", "imposed", "proposed", "refused", "expired", "reversed"]),
        at=at,
        delivered_at=st.one_of(st.none(), at),
        episode=st.sampled_from([1, 1, 2]),
    )
    return st.lists(entry, max_size=6)


def said(engine: Engine, market: Path, rule: Policy, given_: Given, as_of: datetime, book: list[Entry]) -> Any:
    """All that an engine writes and says of a market."""
    with tempfile.TemporaryDirectory() as name, engine:
        scratch, out = Path(name) / "scratch", Path(name) / "out"
        scratch.mkdir()
        out.mkdir()
        find = Find(links=lambda _engine, _as_of: given_, scratch=scratch)
        staged = FileSource(market).stage(scratch)
        proposal, summary = evaluate_market(engine, staged, rule, out, as_of=as_of, entries=book, find=find)
        evidence = pq.read_table(out / evidence_file(rule.procedure))
        items = pq.read_table(out / f"items_{rule.procedure}.parquet")
        accounts = evidence.column("account_id").to_pylist()
        return {
            "measured": proposal.measured,
            "columns": [(field.name, str(field.type)) for field in evidence.schema],
            "evidence": evidence.to_pylist(),
            "items": items.to_pylist(),
            "item_columns": [(field.name, str(field.type)) for field in items.schema],
            "asked": {account: list(found) for account, found in engine.items(accounts).items()},
            "measures": (out / "measures.jsonl").read_text(),
            "blocked": summary["blocked"],
        }


DENSE = KNOBS.map(lambda knobs: replace(knobs, accounts=min(knobs.accounts, 4), jobs=min(knobs.jobs, 12)))
"""Markets of few people, so that much is seen of each."""


@pytest.mark.parametrize("procedure", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(knobs=DENSE, data=st.data())
def test_duckdb_equals_the_reference(procedure: Procedure, knobs: Knobs, data: st.DataObject) -> None:
    """Twenty-five markets for each procedure, the same at every run."""
    tables = with_conduct(knobs)
    changes = data.draw(st.sampled_from([{}, {"evidence_from": "2025-01-20"}]))
    as_of = START + timedelta(days=data.draw(st.sampled_from([60, 430, 430])))
    book = data.draw(entries(procedure, knobs.accounts))
    rule, linked = policy(procedure, **changes), links(knobs, tables)
    with tempfile.TemporaryDirectory() as folder:
        market = write_market(Path(folder) / "market", tables)
        fast = Path(folder) / "fast"
        fast.mkdir()
        ours = said(DuckDBEngine(fast, threads=1, memory_gb=1), market, rule, linked, as_of, book)
        judge = said(ReferenceEngine(), market, rule, linked, as_of, book)
    for part, told in judge.items():
        assert ours[part] == told, part
