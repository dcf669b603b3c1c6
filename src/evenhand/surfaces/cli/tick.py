"""`evenhand tick`: let time do what nobody did in time."""

from __future__ import annotations

from evenhand import wiring
from evenhand.surfaces.cli.offices import SETTINGS, SettingsFile, StoreUrl, office
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json


def tick(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Advance everything that is due, once however many ticks run at the same time, and sign the log."""
    from evenhand.reports.words import plural
    from evenhand.workflows.tick import tick_all

    with office(store, settings) as at:
        done = tick_all(at, wiring.clock())
    if as_json:
        signed = {"number": done.checkpoint.number, "entries": done.checkpoint.size, "root": done.checkpoint.root}
        print_json({"moved": done.moved, "admitted": done.admitted, "stuck": dict(done.stuck), "checkpoint": signed})
        return
    print(f"{plural(done.moved, 'case', 'cases')} moved, {done.admitted:,} admitted to the market-wide set")
    for case_id, refusal in done.stuck:
        print(f"{case_id} could not be moved: {refusal}")
    print(f"checkpoint {done.checkpoint.number} signs {plural(done.checkpoint.size, 'entry', 'entries')}")
