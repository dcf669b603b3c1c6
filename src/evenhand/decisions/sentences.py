"""Why something follows or nothing does, in one sentence: the same words whichever engine fills them in.

The placeholders are those of `str.format`, which SQL's `format` understands as well.
"""

from __future__ import annotations

from typing import Final

TOO_LITTLE: Final = "not enough evidence: {:.1f} fair wins counted, and below 5 nothing can be said"
NO_LINE: Final = "no line is reached: {} wins where a full fair share is {:.1f}, in {} decisions that counted"
MEASURE: Final = "{}: {} wins where a full fair share is {:.1f}, in {} decisions that counted; e = {:.4g}"

NOTHING_SEEN: Final = "no item of evidence counts"
NO_ITEM_LINE: Final = "no line is reached; items of evidence that count: {}"
ITEMS_MEASURE: Final = "{}; items of evidence that count: {}"

BLOCKED: Final[dict[str, str]] = {
    "closed": "reaches {}, but the account is closed",
    "withheld": "reaches {}, but no measure can follow from wins that cannot be seen",
    "vetoed": "reaches {}, but its wins are at or above the floor",
    "held": "reaches {}, but a group of the account is held",
    "exempt": "reaches {}, but the account is exempt: {}",
    "refused": "reaches {}, but a person refused it in this episode",
    "too_early": "reaches {}, but an earlier step has to be delivered and served first, with evidence since then",
    "in_force": "reaches {}, and {} is in force already",
    "pending": "reaches {}, and {} waits for a person",
    "cap": "over the cap: reaches {}, and stronger cases fill this run",
}
"""By the code in `blocked_by`, in the order in which they are looked for; the cap comes last of all."""
