"""All commands in one place, and the one place where a failed command becomes an exit code."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

import typer

from evenhand import __version__
from evenhand.errors import EvenhandError
from evenhand.surfaces.cli.appeal import appeal
from evenhand.surfaces.cli.audit import audit
from evenhand.surfaces.cli.cases import case, cases
from evenhand.surfaces.cli.check import check
from evenhand.surfaces.cli.decide import decide
from evenhand.surfaces.cli.demo import demo
from evenhand.surfaces.cli.evaluate import evaluate
from evenhand.surfaces.cli.explain import explain
from evenhand.surfaces.cli.failures import EXIT_CODES, INTERRUPTION, failure_of, show
from evenhand.surfaces.cli.init import init
from evenhand.surfaces.cli.lab import lab
from evenhand.surfaces.cli.links import links
from evenhand.surfaces.cli.message import message
from evenhand.surfaces.cli.notices import effects, notices
from evenhand.surfaces.cli.options import Json
from evenhand.surfaces.cli.output import print_json
from evenhand.surfaces.cli.people import people
from evenhand.surfaces.cli.policy import policy
from evenhand.surfaces.cli.tick import tick

app = typer.Typer(
    name="evenhand",
    help="Find the accounts of a marketplace that show no work activity, under a published policy.",
    epilog="Exit codes: 0 done, 1 fault, 2 usage, 3 market, 4 policy, 5 ledger, 6 run refused, 7 store, 8 act, "
    "9 notice, 10 audit, 130 interrupted.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(evaluate)
app.command()(check)
app.command()(explain)
app.add_typer(policy)
app.add_typer(message)
app.command()(init)
app.add_typer(people)
app.command()(cases)
app.command()(case)
app.command()(decide)
app.add_typer(appeal)
app.add_typer(notices)
app.add_typer(effects)
app.command()(tick)
app.add_typer(links)
app.add_typer(audit)
app.command()(demo)
app.add_typer(lab)


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
    interrupted = _listen()
    try:
        code = app([*arguments] or ["--help"], prog_name="evenhand", standalone_mode=False)
        failure = INTERRUPTION if code == INTERRUPTION.exit_code else None
    except Exception as error:
        if interrupted():
            failure = INTERRUPTION
        elif isinstance(error, EvenhandError | typer.TyperException | OSError):
            failure = failure_of(error)
        else:
            raise
    if failure is None:
        return EXIT_CODES["done" if arguments else "usage"]
    show(failure, as_json="--json" in arguments)
    return failure.exit_code


def _listen() -> Callable[[], bool]:
    """End the command on Ctrl-C or a polite kill; the result tells whether one came.

    Asked because a driver may turn the interrupt into an error of its own (DuckDB: `RuntimeError`).
    """
    heard: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        heard.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    return lambda: bool(heard)
