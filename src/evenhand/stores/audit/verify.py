"""Recomputes a log: every link of every case and of the policies, every Merkle root, every signature.

A change that leaves the chain of its case broken is found at its entry. Who rewrites a chain from there to its end is
found at the first checkpoint that covers the change, and the finding names the entries that it may be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from evenhand.decisions.case.kept import Audit, Checkpoint, Finding
from evenhand.stores.audit.chain import FIRST, Line, Rule, link
from evenhand.stores.audit.checkpoint import NONE_BEFORE, digest, is_signed
from evenhand.stores.audit.merkle import Tree


@dataclass(kw_only=True)
class Verifier:
    """Fed with the policies, then with the lines of a log in their sequence, a checkpoint after the last it covers.

    Holds one hash per case and no line.
    """

    trusted: Collection[str] = ()
    findings: list[Finding] = field(default_factory=list)
    tails: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    _rules: list[bytes] = field(default_factory=lambda: [FIRST])
    _tree: Tree = field(default_factory=Tree)
    _sequence: int = 0
    _last: Checkpoint | None = None

    def rule(self, rule: Rule) -> None:
        """Hold one published policy against the one before it."""
        if rule.number != len(self._rules):
            self.findings.append(Finding(what=f"a policy before `{rule.name}` was removed, or they were reordered"))
        if link(self._rules[-1], rule.text) != rule.hash:
            self.findings.append(Finding(what=f"the policy `{rule.name}` was changed, or the one before it"))
        self._rules.append(rule.hash)

    def line(self, line: Line) -> None:
        """Hold one entry against the one before it in its case."""
        number, tail = self.tails.get(line.case_id, (0, FIRST))
        if line.sequence <= self._sequence:
            self._entry(line, "not after the entry before it in the log")
        if line.number != number + 1:
            self._entry(line, self._misplaced(line, number))
        elif link(tail, line.text) != line.hash:
            self._entry(line, "changed: its text or its hash is not what was linked")
        self.tails[line.case_id] = (line.number, line.hash)
        self._sequence = line.sequence
        self._tree.add(line.hash)

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Hold a checkpoint against the lines so far and against the checkpoint before it."""
        last, name = self._last, f"checkpoint {checkpoint.number}"
        if checkpoint.previous != (digest(last) if last else NONE_BEFORE):
            self.findings.append(Finding(what=f"{name} does not follow the one before it"))
        if not is_signed(checkpoint):
            self.findings.append(Finding(what=f"{name} was changed: its signature does not hold"))
        if self.trusted and checkpoint.key not in self.trusted:
            self.findings.append(Finding(what=f"{name} is signed by a key that is not trusted: {checkpoint.key}"))
        if checkpoint.policies_hash not in {known.hex() for known in self._rules[checkpoint.policies :][:1]}:
            self.findings.append(Finding(what=f"{name} signed {checkpoint.policies} policies, and not these"))
        if (checkpoint.size, checkpoint.root) != (self._tree.size, self._tree.root().hex()):
            since = last.upto + 1 if last else 1
            self.findings.append(
                Finding(
                    what=f"{name} signed {checkpoint.size} entries and another root than the {self._tree.size} entries "
                    f"have; what differs was added, removed, reordered or rewritten up to sequence {checkpoint.upto}, "
                    f"and after {since - 1} unless an earlier checkpoint failed too",
                    sequence=since,
                )
            )
        self.keys.add(checkpoint.key)
        self._last = checkpoint

    def tail(self, case_id: str, number: int, last: bytes) -> None:
        """Hold the end of a case, as something else remembers it, against the end that was read."""
        found, tail = self.tails.get(case_id, (0, FIRST))
        if found < number:
            self.findings.append(Finding(what="removed from the end of its case", case_id=case_id, number=found + 1))
        elif found > number:
            self.findings.append(Finding(what="added behind the end of its case", case_id=case_id, number=number + 1))
        elif tail != last:
            self.findings.append(Finding(what="the case ends in another hash", case_id=case_id, number=number))

    def audit(self) -> Audit:
        """What was found."""
        return Audit(
            entries=self._tree.size,
            cases=len(self.tails),
            checkpoints=self._last.number if self._last else 0,
            covered=self._last.size if self._last else 0,
            keys=frozenset(self.keys),
            findings=tuple(self.findings),
        )

    def _entry(self, line: Line, what: str) -> None:
        self.findings.append(Finding(what=what, case_id=line.case_id, number=line.number, sequence=line.sequence))

    def _misplaced(self, line: Line, number: int) -> str:
        if line.number <= number:
            return f"reordered or doubled: it stands after entry {number} of its case"
        return f"removed before it: entry {number + 1}" + (f" to {line.number - 1}" if line.number > number + 2 else "")


def verify(log: Iterable[Line | Rule | Checkpoint], trusted: Collection[str] = ()) -> Verifier:
    """Feed a whole log to a verifier."""
    verifier = Verifier(trusted=trusted)
    for item in log:
        if isinstance(item, Line):
            verifier.line(item)
        elif isinstance(item, Rule):
            verifier.rule(item)
        else:
            verifier.checkpoint(item)
    return verifier
