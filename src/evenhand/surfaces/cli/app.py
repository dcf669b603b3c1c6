"""All commands in one place, and the one place where a failed command becomes an exit code."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import typer

from evenhand import __version__
from evenhand.errors import EvenhandError
from evenhand.surfaces.cli.failures import EXIT_CODES, INTERRUPTION, failure_of, show
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json

app = typer.Typer(
    name="evenhand",
    help="Find the accounts of a marketplace that show no work activity, under a published policy.",
    epilog="Exit codes: 0 done, 1 fault, 2 usage, 3 market, 4 policy, 5 ledger, 6 run refused, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def version(*, as_json: Json = False) -> None:
    """Print the version of Evenhand."""
    if as_json:
        print_json({"version": __version__})
    else:
        print(__version__)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a failure that a person can mend has been printed when this returns.

    A fault of Evenhand itself is not caught: its traceback is what a report of it needs.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not arguments:
        app(["--help"], prog_name="evenhand", standalone_mode=False)
        return EXIT_CODES["usage"]
    try:
        code = app(list(arguments), prog_name="evenhand", standalone_mode=False)
    except (EvenhandError, typer.TyperException, OSError) as error:
        failure = failure_of(error)
    else:
        if code != INTERRUPTION.exit_code:
            return EXIT_CODES["done"]
        failure = INTERRUPTION
    show(failure, as_json="--json" in arguments)
    return failure.exit_code
