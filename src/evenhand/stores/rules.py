"""What every store refuses to keep, whoever writes it: the rules that the SQL stores carry as triggers."""

from __future__ import annotations

from typing import Final

CONFIRMED: Final = "confirmed"
"""The kind by which a person lets a proposed measure happen; `of` in its body is the number of the proposal."""

IMPOSED: Final = "imposed"
"""The kind that needs a `CONFIRMED` of the same proposal by a person before it (R22)."""

APPEALED: Final = "appealed"
"""The kind that files an appeal."""

SPOKE: Final = "spoke"
"""The kind that makes nobody a part of what was decided: a turn in the dialogue of an appeal."""

CLOSED: Final = "closed"
"""The kind that closes a case for good; the account may have another in the procedure (S1)."""

ANSWERS: Final = ("upheld", "partly", "reversed")
"""Kinds that decide an appeal: by nobody who took part in the case before it was filed (R32)."""

OUTDATED: Final = "outdated"
"""How a refusal begins that ends well once the case is read again."""

TAKEN: Final = f"{OUTDATED}: the number is taken"
GAP: Final = "entries are numbered from 1 without a gap"
NOBODY: Final = "the author is nobody on record, or disabled"
UNCONFIRMED: Final = "no measure is imposed that no person confirmed"
PARTIAL: Final = "an appeal is not decided by a person who took part before it was filed"
FIXED: Final = "a case keeps its account, its procedure and its beginning"
"""What is said, the same words in every store."""
