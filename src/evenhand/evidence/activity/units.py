"""One account's units in the order in which they settled: what counted, how far it moved the evidence, what did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["hire", "shortlist"]


@dataclass(frozen=True, kw_only=True)
class CountedUnit:
    """A decision about people that fell: `odds` and `fair_share` before it, `chosen` after it.

    `factor` multiplies the account's e-value for that outcome at the policy's floor; `log_e` is where it then stood.
    """

    outcome: Outcome
    job_id: str
    client_id: str
    submitted_at: datetime
    settled_at: datetime
    chosen: bool
    odds: float
    fair_share: float
    factor: float
    log_e: float


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A proposal that counts for nothing (yet); `why` is one of `REASONS`."""

    job_id: str
    submitted_at: datetime
    why: str


REASONS: tuple[tuple[str, str], ...] = (
    ("before_start", "it was submitted before the time from which evidence counts"),
    ("job_open", "the job is still open"),
    ("job_removed", "the job was cancelled or removed"),
    ("job_unreadable", "somebody was hired on the job in a contract that cannot be read, so it counts for nobody"),
    ("job_excluded", "the policy leaves the job out for everybody"),
    ("not_settled", "the job closed less than the settling period ago"),
    ("nobody_hired", "nobody was hired on the job"),
    ("after_first_hire", "it came after the first hire"),
    ("not_shown", "it was not in the list that the client was shown"),
    ("withdrawn", "it was withdrawn before the first hire"),
    ("not_viewed", "the client had not opened it before the first hire"),
    ("all_hired", "everyone in the field was hired"),
    ("late_hires_only", "all who were hired had proposed after the first hire"),
    ("share_too_large", "its fair share was above 98 %, so that a win says nothing"),
    ("same_client", "another job of the same client had counted before it"),
)
"""Why a proposal did not count towards being hired, in the order in which the reasons are looked for."""
