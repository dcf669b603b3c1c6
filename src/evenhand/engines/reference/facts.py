"""Facts of one account, by the book: the judge of `account.sql`."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, timedelta

from evenhand.decisions.rows import Value
from evenhand.engines.reference.admission import Row
from evenhand.engines.reference.seen import Seen

YEAR = timedelta(days=365)
PAUSE = timedelta(days=90)
LONG_BREAK = timedelta(days=14)


def facts(seen: Seen, account_id: str) -> dict[str, Value]:
    """The account's columns in the order of `ACCOUNT_COLUMNS`, then `closed_at`."""
    account = seen.accounts[account_id]
    own = [c for c in seen.contracts if c["account_id"] == account_id]
    proposed = sorted(p["submitted_at"] for p in seen.proposals if p["account_id"] == account_id)
    breaks = [b for b in seen.breaks if b["account_id"] == account_id]
    clients = Counter(c["client_id"] for c in own)
    closed_at = account["closed_at"]
    return {
        "role": account["role"],
        "country": account["country"],
        "category": account["category"],
        "language": account["language"],
        "account_age_days": (seen.as_of - account["registered_at"]) // timedelta(days=1),
        "earned_usd_365d": _earned(seen, own),
        "contracts_365d": len([c for c in own if c["started_at"] > seen.as_of - YEAR]),
        "hours_365d": _hours(seen, own),
        "repeat_clients": len([client for client, count in clients.items() if count >= 2]),
        "running_contract_days": _running_days(seen, own),
        "days_since_pause": _days_since_pause(seen.as_of, account["registered_at"], proposed, breaks),
        "on_break": any(_runs(b, seen.as_of) for b in breaks) if seen.breaks else None,
        "proposals": len(proposed),
        "hires": len(own),
        "closed_at": closed_at if closed_at is not None and closed_at <= seen.as_of else None,
    }


def unknown(seen: Seen) -> tuple[str, ...]:
    """Facts that no row of the market can tell (E5)."""
    known = {
        "earned_usd_365d": _pays(seen),
        "hours_365d": any(p["hours"] is not None for p in seen.payments),
        "running_contract_days": _ends_known(seen),
        "on_break": bool(seen.breaks),
    }
    return tuple(name for name, is_known in known.items() if not is_known)


def _pays(seen: Seen) -> bool:
    return bool(seen.payments) or any(c["value_usd"] is not None for c in seen.contracts)


def _ends_known(seen: Seen) -> bool:
    return any(c["ended_at"] is not None and c["ended_at"] <= seen.as_of for c in seen.contracts)


def _cents(value: float) -> int:
    return math.floor(value * 100 + 0.5)


def _paid(seen: Seen, own: list[Row]) -> list[Row]:
    contracts = {c["contract_id"] for c in own}
    return [p for p in seen.payments if p["contract_id"] in contracts and p["paid_at"] > seen.as_of - YEAR]


def _earned(seen: Seen, own: list[Row]) -> float | None:
    """Payments of the last 365 days, else the value of contracts started in them, else null."""
    paid = [_cents(p["amount_usd"]) for p in _paid(seen, own)]
    values = [_cents(c["value_usd"]) for c in own if c["started_at"] > seen.as_of - YEAR and c["value_usd"] is not None]
    if paid or values:
        return float(sum(paid or values)) / 100
    return 0.0 if _pays(seen) else None


def _hours(seen: Seen, own: list[Row]) -> float | None:
    hours = [_cents(p["hours"]) for p in _paid(seen, own) if p["hours"] is not None]
    if hours:
        return float(sum(hours)) / 100
    return 0.0 if any(p["hours"] is not None for p in seen.payments) else None


def _running_days(seen: Seen, own: list[Row]) -> int | None:
    if not _ends_known(seen):
        return None
    running = [
        c["started_at"]
        for c in own
        if (c["ended_at"] is None and c["outcome"] is None)
        or (c["ended_at"] is not None and c["ended_at"] > seen.as_of)
    ]
    return (seen.as_of - min(running)) // timedelta(days=1) if running else 0


def _runs(declared: Row, as_of: datetime) -> bool:
    return declared["until"] is None or declared["until"] > as_of


def _days_since_pause(
    as_of: datetime, registered_at: datetime, proposed: list[datetime], breaks: list[Row]
) -> int | None:
    if any(_runs(b, as_of) and as_of - b["from"] >= LONG_BREAK for b in breaks):
        return 0
    if proposed and as_of - proposed[-1] >= PAUSE:
        return 0
    back = [
        after for before, after in zip([registered_at, *proposed], proposed, strict=False) if after - before >= PAUSE
    ]
    back += [b["until"] for b in breaks if not _runs(b, as_of) and b["until"] - b["from"] >= LONG_BREAK]
    return (as_of - max(back)) // timedelta(days=1) if back else None
