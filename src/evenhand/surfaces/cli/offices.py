"""What every command about cases shares: where they are kept, who acts, and how they are known."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from evenhand import wiring
from evenhand.errors import ActRefused
from evenhand.surfaces.cli.output import print_json

if TYPE_CHECKING:
    from evenhand.decisions.case.case import Case
    from evenhand.decisions.case.kept import Person
    from evenhand.workflows.office import Office

StoreUrl = Annotated[
    str,
    typer.Option("--store", metavar="URL", envvar="EVENHAND_STORE", help="Where cases are kept.", show_default=False),
]
SettingsFile = Annotated[
    Path, typer.Option("--settings", metavar="FILE", envvar="EVENHAND_SETTINGS", help="Settings of the house.")
]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who acts.", show_default=False)]

SETTINGS: Final = Path("evenhand.toml")
"""The default of `SettingsFile`."""

PASSPHRASE: Final = "EVENHAND_PASSPHRASE"  # noqa: S105  # the name of a variable, not a secret


@contextmanager
def office(store: str, settings: Path) -> Iterator[Office]:
    """The office over a store; raises `StoreRefused` and `RunRefused`."""
    from evenhand.wiring.offices import opened, read_settings

    with opened(store, read_settings(settings)) as found:
        yield found


SECOND: Final = "EVENHAND_SECOND_PASSPHRASE"
"""Where the passphrase of who acts, and of a second person, is looked for."""


def person(at: Office, name: str, variable: str = PASSPHRASE) -> Person:
    """Who acts, known by their passphrase; raises `StoreRefused`."""
    return at.store.authenticate(name, secret(variable, f"Passphrase of {name}"))


def secret(variable: str, asked: str) -> str:
    """A passphrase from the environment, else typed unseen; raises `ActRefused` where nobody can be asked."""
    given = wiring.environment(variable)
    if given:
        return given
    if not sys.stdin.isatty():
        raise ActRefused("no passphrase", where=variable, hint=f"put it into the variable {variable}")
    return str(typer.prompt(asked, hide_input=True, err=True))


def tell(case: Case, *, as_json: bool, warning: str | None = None) -> None:
    """Say what an act came to, and a warning where like cases went otherwise."""
    from evenhand.decisions.case.head import stage

    if as_json:
        print_json({"case_id": case.case_id, "entry": case.last.number, "stage": stage(case), "differs": warning})
        return
    print(f"{case.case_id}: {case.last.kind}; now in stage {stage(case)}")
    if warning:
        print(f"note: {warning}", file=sys.stderr)
