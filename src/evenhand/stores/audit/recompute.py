"""Every decision of an export made again from what it rests on: evidence, policy, what was done before (R38)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evenhand.decisions.case.body import mapping, text
from evenhand.decisions.case.entry import CLOSED, ENGINE, SEALED, CaseEntry
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.kept import Finding
from evenhand.decisions.case.lines import lines
from evenhand.decisions.decide import FIRST, decide
from evenhand.decisions.ledger import standing
from evenhand.decisions.rows import EvidenceRow
from evenhand.errors import EvenhandError
from evenhand.policy.conditions.reasons import Json
from evenhand.policy.parse import parse
from evenhand.policy.types import Policy


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """How many of the engine's proposals were made again, and where another came out than is on record."""

    decisions: int
    findings: tuple[Finding, ...]


@dataclass
class _Reader:
    """What was read so far: the policies, and the entries of every case that is open."""

    policies: dict[str, Policy] = field(default_factory=dict)
    cases: dict[str, list[CaseEntry]] = field(default_factory=dict)
    decisions: int = 0
    findings: list[Finding] = field(default_factory=list)

    def read(self, item: Mapping[str, Any]) -> None:
        """A policy or an entry; a checkpoint says nothing of decisions."""
        if "policy" in item:
            self._policy(item["policy"])
        elif "entry" in item:
            self._entry(item["entry"])

    def _policy(self, published: Mapping[str, Any]) -> None:
        policy = parse(published["text"], file=f"{published['name']} {published['version']}")
        if policy.hash != published["hash"]:
            self.findings.append(Finding(what=f"the text of {policy.file} is not the one whose hash it bears"))
        self.policies[published["hash"]] = policy

    def _entry(self, plain: Mapping[str, Any]) -> None:
        sealed = dict.fromkeys(SEALED.get(plain["kind"], ()))
        entry = CaseEntry(**{**plain, "at": datetime.fromisoformat(plain["at"]), "body": plain["body"] | sealed})
        before = self.cases.setdefault(entry.case_id, [])
        if entry.kind == "proposed" and entry.author == ENGINE:
            self.decisions += 1
            fault = self._fault(before, entry)
            if fault:
                self.findings.append(Finding(what=fault, case_id=entry.case_id, number=entry.number))
        before.append(entry)
        if entry.kind == CLOSED:
            del self.cases[entry.case_id]

    def _fault(self, before: Sequence[CaseEntry], entry: CaseEntry) -> str | None:
        """What another decision comes to than the one on record, None where it is the same."""
        body = entry.body
        policy = self.policies.get(str(mapping(body, "policy")["hash"]))
        if policy is None:
            return "its policy is not in the export"
        step = policy.step(text(body, "step") or "")
        if step is None:
            return f"its policy has no step `{body['step']}`"
        known = list(lines(fold(before, entry.at)))
        so_far = standing(known, policy, entry.at) if known else FIRST
        met = [step.after] if step.after in so_far.served else []
        made = decide(_row(mapping(body, "evidence")), policy, so_far, [name for name in met if name])
        if made.measure != step.step:
            return f"on this evidence the policy comes to `{made.measure}`, not `{step.step}`: {made.why}"
        if made.reason(step.when).as_dict() != mapping(body, "reasons")["when"]:
            return "the reasons on record are not those of this evidence"
        return None


def recompute(exported: Iterable[str]) -> Recomputed:
    """Make every proposal of the engine again by `decide`; holds the entries of open cases in memory.

    The set of a portfolio step and the cap of a run are questions about all accounts, which an export does not hold:
    `in_portfolio` is taken as the evidence has it. So is that evidence went on against the account since the step
    before (S4). Sealed fields are not needed.
    """
    reader = _Reader()
    for place, line in enumerate(exported, 1):
        try:
            reader.read(json.loads(line))
        except (ValueError, KeyError, TypeError, EvenhandError) as error:
            reader.findings.append(Finding(what=f"line {place} of the export cannot be recomputed: {error}"))
    return Recomputed(decisions=reader.decisions, findings=tuple(reader.findings))


def _row(evidence: Mapping[str, Json]) -> EvidenceRow:
    """The evidence of a proposal as a row: what `rows.row_as_json` wrote, times left as text."""
    return {name: _value(value) for name, value in evidence.items()}


def _value(value: Json) -> bool | int | float | str | tuple[str, ...] | None:
    if isinstance(value, list):
        return tuple(map(str, value))
    return None if isinstance(value, Mapping) else value
