"""A log as JSON Lines, and back: all that an outsider needs to verify it is this package and a public key."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from evenhand.decisions.case.kept import Audit, Checkpoint, Finding
from evenhand.stores.audit.chain import Line, Rule, canonical
from evenhand.stores.audit.verify import Verifier


def lines(log: Iterable[Line | Rule | Checkpoint]) -> Iterator[str]:
    """One line of JSON per policy, `{"hash", "number", "policy"}`, per entry, `{"entry", "hash", "sequence"}`, and per
    checkpoint, `{"checkpoint"}`.
    """
    for item in log:
        if isinstance(item, Line):
            yield f'{{"entry":{item.text},"hash":"{item.hash.hex()}","sequence":{item.sequence}}}'
        elif isinstance(item, Rule):
            yield f'{{"hash":"{item.hash.hex()}","number":{item.number},"policy":{item.text}}}'
        else:
            yield canonical({"checkpoint": {**asdict(item), "at": item.at.isoformat()}})


def verify_export(exported: Iterable[str], trusted: Collection[str] = ()) -> Audit:
    """Recompute every hash, every Merkle root and every signature of an export.

    `trusted` are the public keys in hex that the reader knows from elsewhere; without any, every key passes and
    `Audit.keys` says which there were. A line that cannot be read is a finding. Holds one hash per case in memory.
    """
    verifier = Verifier(trusted=trusted)
    for place, text in enumerate(exported, 1):
        try:
            item = json.loads(text)
            if "checkpoint" in item:
                verifier.checkpoint(_checkpoint(item["checkpoint"]))
            elif "policy" in item:
                verifier.rule(_rule(item))
            else:
                verifier.line(_line(item))
        except (ValueError, KeyError, TypeError) as error:
            verifier.findings.append(Finding(what=f"line {place} of the export cannot be read: {error!r}"))
    return verifier.audit()


def _line(item: dict[str, Any]) -> Line:
    entry = item["entry"]
    return Line(
        sequence=int(item["sequence"]),
        case_id=str(entry["case_id"]),
        number=int(entry["number"]),
        text=canonical(entry),
        hash=bytes.fromhex(item["hash"]),
    )


def _rule(item: dict[str, Any]) -> Rule:
    policy = item["policy"]
    return Rule(
        number=int(item["number"]),
        name=f"{policy['name']} {policy['version']}",
        text=canonical(policy),
        hash=bytes.fromhex(item["hash"]),
    )


def _checkpoint(item: dict[str, Any]) -> Checkpoint:
    return Checkpoint(**{**item, "at": datetime.fromisoformat(item["at"])})
