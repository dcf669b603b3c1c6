"""`summary.json` as the report reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast


@dataclass(frozen=True, kw_only=True)
class Group:
    """One of the summary's `guards`: a group as one competitor, as `GroupGuard` has it."""

    name: str
    members: int
    jobs: int
    expected: float
    won: int
    odds_ratio: float | None
    log_e: float
    held: bool
    disadvantaged: bool


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The keys of a run's summary that the report prints.

    Counts are by table; `blind_exemptions` names the facts that each blind exemption lacks; shares are fractions of
    contracts.
    """

    as_of: str
    policy_hash: str
    engine: str
    evenhand: str
    read: Mapping[str, int]
    admitted: Mapping[str, int]
    quarantined: Mapping[str, int]
    study: bool
    blind_exemptions: Mapping[str, Sequence[str]]
    over_the_cap: int
    views: bool
    shortlists: bool
    hidden_wins: float
    late_hires: float
    guards: Sequence[Group]

    @property
    def seen_at(self) -> str:
        """`as_of` for readers: `2026-01-01 00:00 UTC`, with what is finer only where there is any."""
        return self.as_of.removesuffix("Z").replace("T", " ").removesuffix(":00") + " UTC"

    @classmethod
    def of(cls, keys: Mapping[str, object]) -> Self:
        """Take the keys out of a summary mapping; a key that lacks is a `KeyError`."""
        records = cast("Mapping[str, bool]", keys["records"])
        return cls(
            as_of=str(keys["as_of"]),
            policy_hash=str(keys["policy_hash"]),
            engine=str(keys["engine"]),
            evenhand=str(keys["evenhand"]),
            read=cast("Mapping[str, int]", keys["read"]),
            admitted=cast("Mapping[str, int]", keys["admitted"]),
            quarantined=cast("Mapping[str, int]", keys["quarantined"]),
            study=bool(keys["study"]),
            blind_exemptions=cast("Mapping[str, Sequence[str]]", keys["blind_exemptions"]),
            over_the_cap=cast("int", keys["over_the_cap"]),
            views=records["views"],
            shortlists=records["shortlists"],
            hidden_wins=cast("float | None", keys["hidden_wins"]) or 0.0,
            late_hires=cast("float | None", keys["late_hires"]) or 0.0,
            guards=[Group(**group) for group in cast("Sequence[dict[str, Any]]", keys["guards"])],
        )
