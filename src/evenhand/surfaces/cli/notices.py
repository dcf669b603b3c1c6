"""`evenhand notices` and `evenhand effects`: what leaves the house, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from evenhand import wiring
from evenhand.errors import ActRefused
from evenhand.surfaces.cli.offices import SETTINGS, SettingsFile, StoreUrl, office
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

notices = typer.Typer(name="notices", help="Send letters, and see what became of them.")
effects = typer.Typer(name="effects", help="Have measures carried out, and see which are.")

CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Name of the case.", show_default=False)]
MessageName = Annotated[str, typer.Argument(metavar="MESSAGE", help="Name of the letter.", show_default=False)]
EffectName = Annotated[str, typer.Argument(metavar="EFFECT", help="Name of the effect.", show_default=False)]
Report = Annotated[Path | None, typer.Argument(metavar="REPORT", help="File with the mail; default: standard input.")]


@notices.command()
def send(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Send every letter that waits, by the channel of the settings."""
    from evenhand.wiring.delivery import postman
    from evenhand.wiring.offices import read_settings
    from evenhand.workflows.send_notices import send_notices

    carrier = postman(read_settings(settings).delivery, settings.parent, sys.stderr if as_json else sys.stdout)
    with office(store, settings) as at:
        sent = send_notices(at, carrier, wiring.clock)
    if as_json:
        print_json(vars(sent))
    else:
        print(f"{sent.handed:,} sent, {sent.later:,} to be tried again, {sent.failed:,} cannot arrive", file=sys.stderr)


@notices.command(name="list")
def list_(case: CaseName, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show every letter of a case, with its attempts and the proof of its delivery."""
    found = _file(case, store, settings)["letters"]
    if as_json:
        print_json({"letters": found})
        return
    for letter in found:
        arrived = f"arrived {letter['delivered_at']}" if letter["delivered_at"] else "no proof that it arrived"
        print(f"{letter['id']}: {letter['subject']}; {letter['attempts']} attempts, {arrived}")


@notices.command()
def show(message: MessageName, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Print a letter as it was written, with its hash."""
    from evenhand.appeals.token import case_of

    with office(store, settings) as at:
        found = next((s.message for s in at.store.messages(case_of(message)) if s.message.id == message), None)
    if found is None:
        raise ActRefused("no letter is called so", where=message, hint="`evenhand notices list CASE` names them")
    if as_json:
        print_json({"id": found.id, "recipient": found.recipient, **found.notice})
        return
    if not found.notice:
        print("the account was erased, and its letters with it")
        return
    print(f"{found.notice['subject']}\n\n{found.notice['text']}\nsha256 {found.notice['hash']}")


@notices.command()
def bounce(store: StoreUrl, report: Report = None, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Record a letter that came back, from the report of a mail server (RFC 3464)."""
    from evenhand.delivery.bounces import read_bounce
    from evenhand.workflows.send_notices import came_back

    found = read_bounce(report.read_bytes() if report else sys.stdin.buffer.read())
    if found is not None:
        with office(store, settings) as at:
            came_back(at, found.message, "email", found.status, wiring.clock())
    told = found.message if found else None
    if as_json:
        print_json({"bounced": told})
    else:
        print(f"{told} came back" if told else "the report names no failure; nothing was recorded")


@effects.command(name="send")
def carry_out(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Tell the marketplace of every effect that waits, until it has acknowledged it."""
    from evenhand.wiring.delivery import marketplace
    from evenhand.wiring.offices import read_settings
    from evenhand.workflows.deliver_effects import deliver_effects

    carrier = marketplace(read_settings(settings).delivery)
    with office(store, settings) as at:
        told = deliver_effects(at, carrier, wiring.clock)
    if as_json:
        print_json(vars(told))
    else:
        print(f"{told.acknowledged:,} acknowledged, {told.later:,} to be told again")


@effects.command(name="list")
def of_case(case: CaseName, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show what a case does to its account, and what of it is done."""
    found = _file(case, store, settings)["effects"]
    if as_json:
        print_json({"effects": found})
        return
    for effect in found:
        done = "withdrawn" if effect["withdrawn"] else f"acknowledged {effect['acknowledged_at'] or 'not yet'}"
        print(f"{effect['id']}: {effect['name']} {effect['value']}; {done}")
    if not found:
        print("this case does nothing to its account")


@effects.command()
def acknowledge(
    effect: EffectName, store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False
) -> None:
    """Record that the marketplace has done what an effect says."""
    from evenhand.workflows.deliver_effects import acknowledge_effect

    with office(store, settings) as at:
        case = acknowledge_effect(at, effect, wiring.clock())
    if as_json:
        print_json({"case_id": case.case_id, "acknowledged": effect})
    else:
        print(f"{effect} is done")


def _file(case: str, store: str, settings: Path) -> Mapping[str, Any]:
    from evenhand.workflows.case_file import member_file

    with office(store, settings) as at:
        now = wiring.clock()
        return member_file(at, at.case(case, now), now)
