"""Who is new, earns, works, is loved, holds a long contract, returns or rests is left alone (R6, R7, E5).

A remark, not a refusal: a market may lack a table, or have a reason. What counts is the column, not the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy

DEFAULTS: Final[Mapping[str, str]] = {
    "account_age_days": "newcomer: account_age_days < 90",
    "earned_usd_365d": "earner: earned_usd_365d >= 1000",
    "hours_365d": "worker: hours_365d >= 100",
    "repeat_clients": "loved: repeat_clients >= 2",
    "running_contract_days": "long_contract: running_contract_days >= 90",
    "days_since_pause": "returner: days_since_pause < 60",
    "on_break": "on_break: on_break",
}
"""The columns that a policy's exemptions are expected to read, each with the line that does."""


def check(policy: Policy) -> Iterator[Finding]:
    """Yield one remark naming the columns that no exemption reads."""
    read = {column for exemption in policy.exempt for column in exemption.when.columns}
    missing = [line for column, line in DEFAULTS.items() if column not in read]
    if missing:
        yield Finding(
            where=policy.where("exempt"),
            message=f"{len(missing)} of the {len(DEFAULTS)} usual exemptions are absent",
            hint=f"usual are also {'; '.join(f'`{line}`' for line in missing)}",
            fatal=False,
        )
