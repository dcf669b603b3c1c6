"""What was found wrong or worth a remark in a policy, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evenhand.errors import PolicyRefused


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding of one claim; `where` is `file:line:column`. A `fatal` one refuses the policy."""

    where: str
    message: str
    hint: str = ""
    claim: str = field(default="", compare=False)
    fatal: bool = True

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}"
        return f"{head}\n  hint: {self.hint}" if self.hint else head


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything found, in the order of the file: what refuses the policy, and what is only said."""

    refusals: tuple[Finding, ...]
    remarks: tuple[Finding, ...]

    def refuse(self) -> None:
        """Raise `PolicyRefused` naming every refusal; return quietly where there is none."""
        if self.refusals:
            raise refusal(self.refusals)


def refusal(findings: Sequence[Finding]) -> PolicyRefused:
    """One refusal that shows all `findings`; its `where` is that of the first."""
    first = findings[0]
    if len(findings) == 1:
        return PolicyRefused(first.message, hint=first.hint, where=first.where)
    listed = "\n".join(str(finding) for finding in findings)
    return PolicyRefused(f"{len(findings)} faults\n{listed}", where=first.where)
