"""A whole marketplace with known truth, drawn set-based and month by month in bounded memory."""

from evenhand.lab.simulate.course import TRUTH, Kind, Shape, simulate
from evenhand.lab.simulate.scenario import Scenario, load_scenario, scenario_names
from evenhand.lab.simulate.world import ENDS, World

__all__ = ["ENDS", "TRUTH", "Kind", "Scenario", "Shape", "World", "load_scenario", "scenario_names", "simulate"]
