"""Effects are told to the marketplace until it has acknowledged them; then the case knows, and only then the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from evenhand.appeals.token import case_of
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.delivering import acknowledge
from evenhand.decisions.case.entry import EffectEvent
from evenhand.ports import Marketplace
from evenhand.workflows.office import Office
from evenhand.workflows.send_notices import BATCH, LEASE, pause


@dataclass(frozen=True, kw_only=True)
class Told:
    """How many effects were acknowledged, and how many wait for another attempt; none is ever given up."""

    acknowledged: int = 0
    later: int = 0


def deliver_effects(office: Office, marketplace: Marketplace, clock: Callable[[], datetime]) -> Told:
    """Tell of everything that waits; what undoes another waits for it."""
    acknowledged, later = 0, 0
    while claimed := office.store.claim_effects(began := clock(), LEASE, BATCH):
        for claim in claimed:
            now = clock()
            if now >= began + LEASE / 2:
                break
            effect = claim.effect
            if _known(office.case(effect_case(effect.id), now), effect.id):
                office.store.acknowledge_effect(effect.id, now)
            elif marketplace.carry_out(taken_back(effect) if claim.withdrawn else effect, now).fate == "delivered":
                if claim.withdrawn:
                    office.store.acknowledge_effect(effect.id, now)
                else:
                    acknowledge_effect(office, effect.id, now)
                acknowledged += 1
            else:
                office.store.put_off_effect(effect.id, claim.attempt, now + pause(claim.attempt))
                later += 1
    return Told(acknowledged=acknowledged, later=later)


def taken_back(effect: EffectEvent) -> EffectEvent:
    """What undoes an effect that was withdrawn after it had left, whether or not it was done.

    Its name is its own: should the effect be acknowledged after all, the undoing in the case is another event.
    """
    return replace(effect, id=f"{effect.id}/withdrawn", value=None, undoes=effect.id)


def acknowledge_effect(office: Office, effect: str, now: datetime) -> Case:
    """Record that the marketplace has done it; once. Raises `ActRefused` for an unknown effect."""
    case = office.act(effect_case(effect), lambda case, at: acknowledge(case, effect, at), now)
    office.store.acknowledge_effect(effect, now)
    return case


def effect_case(effect: str) -> str:
    """The case of an effect, `<case>/<number>/<name>` or that and `/undo`.

    >>> effect_case("mismatch-1/7/proposing/undo")
    'mismatch-1'
    """
    return case_of(effect.removesuffix("/undo"))


def _known(case: Case, effect: str) -> bool:
    return any(issued.event.id == effect and issued.acknowledged_at is not None for issued in case.effects)
