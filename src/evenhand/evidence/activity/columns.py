"""The columns of the activity evidence (`STATISTICS.md` sections 1 to 3), as policies and reports name them."""

from __future__ import annotations

from typing import Final

from evenhand.evidence.columns import Column

ACTIVITY_COLUMNS: Final[tuple[Column, ...]] = (
    Column(name="decided", type="number", doc="Units counted towards being hired: decisions about people that fell."),
    Column(name="fair_wins", type="number", doc="Sum of the fair shares over those units."),
    Column(name="wins", type="number", doc="Hires among those units."),
    Column(name="decided_shortlist", type="number", doc="Units counted towards being shortlisted."),
    Column(name="fair_shortlists", type="number", doc="Sum of the fair shares over those units."),
    Column(name="shortlists", type="number", doc="Shortlists (an interview or a hire) among those units."),
    Column(
        name="odds_ratio",
        type="number",
        doc="Grid point at which the hires are most likely; 1 is a full fair share, null before anything counted.",
    ),
    Column(
        name="odds_ratio_low",
        type="number",
        doc="Lower 95 % confidence bound of the odds ratio, valid at every look; null if there is none yet.",
    ),
    Column(
        name="odds_ratio_high",
        type="number",
        doc="Upper 95 % confidence bound of the odds ratio, valid at every look; null if there is none up to 8.",
    ),
    Column(
        name="log_e_hire",
        type="number",
        doc="Natural log of the e-value of the hires at the policy's floor.",
        condition=False,
    ),
    Column(
        name="log_e_shortlist",
        type="number",
        doc="Natural log of the e-value of the shortlists at the policy's floor; null in a market without them.",
        condition=False,
    ),
    Column(
        name="log_e",
        type="number",
        doc="Natural log of the mean of the two e-values, or of the hires' in a market without shortlists.",
        condition=False,
    ),
    Column(
        name="review_priority",
        type="number",
        doc="Estimated chance that the odds ratio is below the floor: orders the review and guarantees nothing.",
        condition=False,
    ),
)
"""In the order in which `evidence.parquet` carries them."""

E_COLUMNS: Final[tuple[Column, ...]] = (
    Column(name="e", type="number", doc="Evidence against a full floor: exp of log_e, at most exp(700)."),
    Column(name="e_hire", type="number", doc="The same for hires alone."),
    Column(name="e_shortlist", type="number", doc="The same for shortlists alone; null in a market without them."),
)
"""What a condition says instead of the logs (`DECISIONS.md` E1); `e_at(x)` is `e` at the grid point `x`."""

DECISION_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        name="in_portfolio",
        type="boolean",
        doc="Whether the account is in the set that bounds wrong actions among all actions (cumulative e-BH).",
    ),
    Column(name="group_held", type="boolean", doc="Whether a group of the account is held by a calibration guard."),
    Column(name="held_groups", type="list", doc="Names of those groups.", condition=False),
)
"""Set for the whole market at once, after the evidence of each account."""
