"""Made-up accounts whose persons are known, and a judge of the links that were found among them."""

from evenhand.lab.linkage.judge import Found, Judged, judge
from evenhand.lab.linkage.population import EMPTY, WRITTEN, populate, shares

__all__ = ["EMPTY", "WRITTEN", "Found", "Judged", "judge", "populate", "shares"]
