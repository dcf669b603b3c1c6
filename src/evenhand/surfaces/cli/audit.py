"""`evenhand audit`: whether the log is what it was, and the log for somebody outside to see for themselves."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand import wiring
from evenhand.errors import ActRefused, AuditFailed
from evenhand.surfaces.cli.offices import SETTINGS, As, SettingsFile, StoreUrl, office, person
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

if TYPE_CHECKING:
    from evenhand.decisions.case.kept import Audit, Finding
    from evenhand.stores.audit.recompute import Recomputed

audit = typer.Typer(name="audit", help="Verify the log, export it, forget a person in it.")

Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="An export instead of a store.")]
Key = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="HEX", help="A public key to trust; default: that of the house, for an export any."),
]
OptionalStore = Annotated[
    str | None, typer.Option("--store", metavar="URL", envvar="EVENHAND_STORE", help="Where cases are kept.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the log goes.", show_default=False)]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whom to forget.", show_default=False)]


@audit.command()
def verify(
    store: OptionalStore = None,
    log: Log = None,
    key: Key = None,
    settings: SettingsFile = SETTINGS,
    *,
    as_json: Json = False,
) -> None:
    """Recompute every hash, every signature and every decision; say of each fault which entry it is in."""
    from evenhand.reports.words import plural
    from evenhand.stores.audit import recompute
    from evenhand.wiring.offices import read_settings, signer_of

    if log is not None:
        found = _verified(log, set(key or []))
    elif store is not None:
        trusted = set(key or [signer_of(read_settings(settings)).public])
        with office(store, settings) as at:
            found = at.store.verify(trusted), recompute(at.store.export())
    else:
        raise typer.BadParameter("name a store or an export", param_hint="--store")
    _show(*found, as_json=as_json)
    faults = len(found[0].findings) + len(found[1].findings)
    if faults:
        raise AuditFailed(
            f"{plural(faults, 'thing does', 'things do')} not hold", hint="compare with an earlier export"
        )


def _verified(log: Path, trusted: set[str]) -> tuple[Audit, Recomputed]:
    from evenhand.stores.audit import recompute, verify_export

    with log.open(encoding="utf-8") as once:
        verified = verify_export(once, trusted)
    with log.open(encoding="utf-8") as again:
        return verified, recompute(again)


@audit.command()
def export(store: StoreUrl, out: Out, settings: SettingsFile = SETTINGS, *, as_json: Json = False) -> None:
    """Write the log as lines of JSON, personal fields sealed, for anybody to verify."""
    from evenhand.surfaces.aside import file_written_aside

    lines = 0
    with office(store, settings) as at, file_written_aside(out) as aside, aside.open("w", encoding="utf-8") as file:
        for line in at.store.export():
            file.write(line + "\n")
            lines += 1
    if as_json:
        print_json({"out": str(out), "lines": lines})
    else:
        print(f"{lines:,} lines in {out}")


@audit.command()
def erase(
    account: Account, store: StoreUrl, as_: As, settings: SettingsFile = SETTINGS, *, as_json: Json = False
) -> None:
    """Destroy the key of an account: what is personal in its cases can be read by nobody; every hash still holds."""
    from evenhand.workflows.forget_member import forget_member

    with office(store, settings) as at:
        if "admin" not in person(at, as_).roles:
            raise ActRefused(f"`{as_}` may not erase anybody", where="--as", hint="it takes the role `admin`")
        forget_member(at, account, wiring.clock())
    if as_json:
        print_json({"erased": account})
    else:
        print(f"{account} is forgotten; the log still verifies")


def _show(found: Audit, made: Recomputed, *, as_json: bool) -> None:
    from evenhand.reports.words import plural

    findings = [*found.findings, *made.findings]
    if as_json:
        print_json(
            {
                "entries": found.entries,
                "cases": found.cases,
                "checkpoints": found.checkpoints,
                "signed": found.covered,
                "keys": sorted(found.keys),
                "decisions": made.decisions,
                "findings": [asdict(finding) for finding in findings],
            }
        )
        return
    entries, cases = plural(found.entries, "entry", "entries"), plural(found.cases, "case", "cases")
    print(f"{entries} of {cases}, {found.covered:,} of them signed; {made.decisions:,} decisions made again")
    print(f"signed by {', '.join(sorted(found.keys)) or 'nobody yet'}")
    for finding in findings:
        print(_line(finding), file=sys.stderr)


def _line(finding: Finding) -> str:
    where = f"{finding.case_id}/{finding.number}: " if finding.case_id else ""
    return f"{where}{finding.what}"
