"""The report: one file that shows what a policy would do, to whom, and with what guarantee."""

from evenhand.reports.inputs import ReportInputs
from evenhand.reports.items_page import render_items_report
from evenhand.reports.page import Report, render_report

__all__ = ["Report", "ReportInputs", "render_items_report", "render_report"]
