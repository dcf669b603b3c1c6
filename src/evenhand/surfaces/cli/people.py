"""`evenhand people`: who may act, and in what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, cast, get_args

import typer

from evenhand import wiring
from evenhand.errors import ActRefused
from evenhand.surfaces.cli.offices import SETTINGS, As, SettingsFile, StoreUrl, office, person, secret
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

if TYPE_CHECKING:
    from evenhand.decisions.case.kept import Person, Role
    from evenhand.workflows.office import Office

SHORTEST: Final = 12
"""Characters that a passphrase has at least."""

people = typer.Typer(name="people", help="Put people on record, and say what they may do.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name under which acts are on record.", show_default=False)]
Roles = Annotated[list[str], typer.Option("--role", metavar="ROLE", help="What they may do.", show_default=False)]
AsAdmin = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Who adds.", show_default=False)]


@people.command()
def add(
    name: Name,
    role: Roles,
    store: StoreUrl,
    settings: SettingsFile = SETTINGS,
    as_: AsAdmin = None,
    *,
    as_json: Json = False,
) -> None:
    """Put a person on record; the first one becomes an administrator."""
    if not re.fullmatch(r"[\w.@-]{1,64}", name):
        raise typer.BadParameter("a name is letters, digits, `.`, `@`, `-`, at most 64", param_hint="NAME")
    with office(store, settings) as at:
        roles = _roles(role)
        if not at.store.people():
            roles |= {"admin"}
        else:
            _admin(at, as_)
        passphrase = secret("EVENHAND_NEW_PASSPHRASE", f"New passphrase of {name}")
        if len(passphrase) < SHORTEST:
            raise ActRefused(
                f"a passphrase of {len(passphrase)} characters", where=name, hint=f"take {SHORTEST} or more"
            )
        at.store.add_person(name, roles, passphrase, wiring.clock())
        _show(at, name, as_json=as_json)


@people.command()
def roles(
    name: Name, role: Roles, store: StoreUrl, as_: As, settings: SettingsFile = SETTINGS, *, as_json: Json = False
) -> None:
    """Give a person these roles and no others."""
    with office(store, settings) as at:
        _admin(at, as_)
        wanted = _roles(role)
        if "admin" not in wanted:
            _keep_an_admin(at, name)
        at.store.set_roles(name, wanted)
        _show(at, name, as_json=as_json)


@people.command()
def disable(name: Name, store: StoreUrl, as_: As, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Let a person act no longer."""
    with office(store, settings) as at:
        _admin(at, as_)
        _keep_an_admin(at, name)
        at.store.disable_person(name, wiring.clock())
        _show(at, name, as_json=as_json)


@people.command(name="list")
def list_(store: StoreUrl, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Show everybody on record."""
    with office(store, settings) as at:
        found = at.store.people()
    if as_json:
        print_json({"people": [_record(one) for one in found]})
        return
    for one in found:
        print(_line(one))
    if not found:
        print("nobody is on record yet; `evenhand people add` begins")


def _admin(at: Office, name: str | None) -> None:
    if name is None:
        raise ActRefused("nobody says who adds", where="--as", hint="name an `admin`")
    if "admin" not in person(at, name).roles:
        raise ActRefused(f"`{name}` may not change who acts", where="--as", hint="it takes the role `admin`")


def _keep_an_admin(at: Office, name: str) -> None:
    others = [one for one in at.store.people() if one.name != name and one.disabled_at is None]
    if not any("admin" in one.roles for one in others):
        raise ActRefused(f"`{name}` is the last administrator", where=name, hint="make somebody else one first")


def _roles(given: list[str]) -> set[Role]:
    from evenhand.decisions.case.kept import Role

    unknown = sorted(set(given) - set(get_args(Role)))
    if unknown:
        known = ", ".join(f"`{role}`" for role in get_args(Role))
        raise typer.BadParameter(f"`{unknown[0]}` is no role; roles are {known}", param_hint="--role")
    return cast("set[Role]", set(given))


def _show(at: Office, name: str, *, as_json: bool) -> None:
    found = next(one for one in at.store.people() if one.name == name)
    if as_json:
        print_json(_record(found))
    else:
        print(_line(found))


def _record(one: Person) -> dict[str, object]:
    return {"name": one.name, "roles": sorted(one.roles), "disabled_at": one.disabled_at}


def _line(one: Person) -> str:
    return f"{one.name}: {', '.join(sorted(one.roles))}" + ("" if one.disabled_at is None else " (disabled)")
