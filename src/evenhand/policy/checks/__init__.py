"""What a policy claims, one file per claim: the file's name is the claim, its `check` yields what contradicts it.

Claims of every policy stand here, those of one kind of evidence in the folders `mismatch` and `misconduct`. Two claims
are kept by the reader itself, since no policy without them can be built: every column exists, and types fit.
To add a claim, add a file and a recorded refusal under `tests/story/policies`; nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from evenhand.policy.checks import misconduct, mismatch
from evenhand.policy.findings import Finding, Findings
from evenhand.policy.types import Policy

Check = Callable[[Policy], Iterator[Finding]]
"""Yields whatever contradicts one claim."""


def claims(policy: Policy | None = None) -> dict[str, Check]:
    """Every check by the name of its claim, sorted: of all policies, or of those that `policy` must meet.

    >>> "every_restriction_ends" in claims()
    True
    """
    kinds = [mismatch, misconduct] if policy is None else [misconduct if policy.rests_on_items else mismatch]
    found: dict[str, Check] = {}
    for path, package in ((__path__, __name__), *((kind.__path__, kind.__name__) for kind in kinds)):
        for module in iter_modules(path, f"{package}."):
            if not module.ispkg:
                found[module.name.rpartition(".")[2]] = import_module(module.name).check
    return dict(sorted(found.items()))


def run(policy: Policy) -> Findings:
    """Hold `policy` to every claim: refusals and remarks, each in the order of the file."""
    found = [replace(finding, claim=claim) for claim, check in claims(policy).items() for finding in check(policy)]
    found.sort(key=_place)
    return Findings(
        refusals=tuple(finding for finding in found if finding.fatal),
        remarks=tuple(finding for finding in found if not finding.fatal),
    )


def _place(finding: Finding) -> tuple[int, int, str]:
    """Line and column of a finding, 0 where only the file is known; ties by claim."""
    numbers = [int(part) for part in finding.where.split(":")[-2:] if part.isdigit()]
    line, column = numbers if len(numbers) == 2 else (0, 0)
    return line, column, finding.claim
