"""Groups are guarded by attributes that are known, and it is said where one that could be guarded is not (E4)."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.evidence.activity.guards.rule import ATTRIBUTES
from evenhand.policy.conditions.names import did_you_mean
from evenhand.policy.findings import Finding
from evenhand.policy.types import Policy


def check(policy: Policy) -> Iterator[Finding]:
    """Yield each attribute that nothing knows; remark on those left out."""
    where = policy.where("guards")
    for name in policy.guards.attributes:
        if name not in ATTRIBUTES:
            yield Finding(
                where=where,
                message=f"`guards` names `{name}`, by which nobody can be grouped",
                hint=did_you_mean(name, ATTRIBUTES),
            )
    absent = [name for name in ATTRIBUTES if name not in policy.guards.attributes]
    if absent:
        yield Finding(
            where=where,
            message=f"no guard watches over groups by {', '.join(f'`{name}`' for name in absent)}",
            hint="where fair shares are wrong for such a group, its innocent members are not protected",
            fatal=False,
        )
