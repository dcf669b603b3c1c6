"""What a measure does to an account, declared; what no measure may ever touch; what a restoration gives back.

An effect is an event for the marketplace, which acknowledges it. When the measure ends, each acknowledged effect is
undone by an event of its own, and one that was never acknowledged is withdrawn. Effects of one name may lie upon each
other; undoing one takes that one away and leaves the rest (R27 to R31).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evenhand.errors import ActRefused
from evenhand.policy.conditions.reasons import Json


@dataclass(frozen=True, kw_only=True)
class Effect:
    """`lasting`: it favours the member and is never taken back. `lost`: what undoing it cannot give back."""

    lasting: bool = False
    lost: str | None = None


EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        "proposals_per_month": Effect(lost="proposals_not_made"),
        "proposing": Effect(lost="jobs_filled_meanwhile"),
        "pending_proposals": Effect(lost="decided_without_them"),  # `frozen`: not deleted, and thawed afterwards (R28)
        "credits": Effect(lasting=True),  # `returned`: paid for what is now frozen or unfilled (R29)
        "visibility": Effect(lost="visits_missed"),
        "account": Effect(lost="time_away"),
        "earnings": Effect(lasting=True),  # `paid_out`: who cannot sign in cannot ask for them either (R27, R31)
        "withdrawal": Effect(),  # by a named legal hold with an end alone (R27)
    }
)
"""Every effect that a measure may have. Running contracts, money earned, conversations, own data, help and appeals are
none, so that no measure can touch them (R27, R28, R31)."""

_FROZEN: Final[Mapping[str, Json]] = MappingProxyType(
    {"proposing": False, "pending_proposals": "frozen", "credits": "returned"}
)

_SHUT: Final[Mapping[str, Json]] = MappingProxyType({**_FROZEN, "visibility": False, "earnings": "paid_out"})

OF_STEP: Final[Mapping[str, Mapping[str, Json]]] = MappingProxyType(
    {
        "restrict": MappingProxyType({"visibility": False}),
        "pause": _FROZEN,
        "suspend": MappingProxyType({**_SHUT, "account": "suspended"}),
        "close": MappingProxyType({**_SHUT, "account": "closed"}),
    }
)
"""What a step does wherever it is taken, beside the effects that its policy names."""

OF_HOLD: Final[Mapping[str, Json]] = MappingProxyType({"proposing": False, "pending_proposals": "frozen"})
"""What an interim hold does; money and running work stay."""


def declared(step: str, named: Mapping[str, Json], where: str) -> Mapping[str, Json]:
    """All effects of a step; raises `ActRefused` for one that is unknown or touches what may not be touched.

    >>> sorted(declared("pause", {}, "a case"))
    ['credits', 'pending_proposals', 'proposing']
    """
    for name, value in named.items():
        if name not in EFFECTS:
            known = ", ".join(f"`{effect}`" for effect in EFFECTS)
            raise ActRefused(f"no measure may touch `{name}`", where=where, hint=f"effects are {known}")
        if name == "withdrawal" and not _is_legal_hold(value):
            raise ActRefused(
                "money earned stays withdrawable",
                where=where,
                hint='only a legal hold with a name and an end may say otherwise: `{"legal_hold": ..., "until": ...}`',
            )
    kept_back = {"earnings"} if "withdrawal" in named else set()
    own = {name: value for name, value in OF_STEP.get(step, {}).items() if name not in kept_back}
    return {**own, **named}


def _is_legal_hold(value: Json) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(name), str) for name in ("legal_hold", "until"))


def lost(effects: Mapping[str, Json]) -> tuple[str, ...]:
    """What ending these effects cannot give back, as words that the notice spells out (R35)."""
    return tuple(word for name in effects if (word := EFFECTS[name].lost) is not None)
