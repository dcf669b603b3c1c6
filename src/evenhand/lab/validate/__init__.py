"""The methods of Table 1 over made-up markets whose truth is known: whom each acts on, and who of them was innocent."""

from evenhand.lab.validate.figures import Spread, figures
from evenhand.lab.validate.methods import METHODS, Method
from evenhand.lab.validate.trial import GUILTY, INNOCENTS, Market, judge

__all__ = ["GUILTY", "INNOCENTS", "METHODS", "Market", "Method", "Spread", "figures", "judge"]
