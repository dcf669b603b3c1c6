"""Whom a reviewer looks at first: a pure function of the talks' e-value and of contact details offered (R14).

Neither is enough by itself. Talks end without a hire for many reasons, and many who name a number mean nothing by it;
together, and with one another in time, they are rare among the innocent. How rare was measured, nothing is promised
beyond the bound of the e-value (`docs/circumvention-stream.md`).
"""

from __future__ import annotations

import math
from typing import Final

LINES: Final = ((2, 10.0), (3, 7.0), (4, 5.0), (5, 3.0), (6, 2.0))
"""Others to whom a detail was offered before a talk ended without a hire, and the e-value asked for with as many.

From 10 down to 2 by a factor of about 1.5: what an end that was certain is worth where the null gives it two in three.
"""


def stands_out(followed_offers: int, log_e_bypass: float) -> bool:
    """Whether an account is looked at before all that do not stand out.

    >>> stands_out(2, math.log(12)), stands_out(2, math.log(8)), stands_out(3, math.log(8)), stands_out(1, 9.0)
    (True, False, True, False)
    """
    return any(followed_offers >= others and log_e_bypass >= math.log(e) for others, e in LINES)


def rank(followed_offers: int, log_e_bypass: float, account_id: str) -> tuple[bool, float, str]:
    """Sorts the queue: who stands out, then the larger e-value, then by name, so that the order is one."""
    return (not stands_out(followed_offers, log_e_bypass), -log_e_bypass, account_id)


def stands_out_sql() -> str:
    """`stands_out` over the columns of the review."""
    lines = (f"offered_then_ended >= {others} and log_e_bypass >= {math.log(e)!r}e0" for others, e in LINES)
    return " or ".join(f"({line})" for line in lines)
