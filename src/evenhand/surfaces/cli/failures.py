"""How a failed command looks: where, what, what to do, and one exit code. No traceback for what a person can mend.

The exit codes stand in `docs/commands.md` too; a test compares the two.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Final

import typer

from evenhand.errors import (
    ActRefused,
    AuditFailed,
    EvenhandError,
    LedgerRefused,
    MarketRefused,
    NoticeRefused,
    Outdated,
    PolicyRefused,
    RunRefused,
    StoreRefused,
)

EXIT_CODES: Final = {
    "done": 0,
    "machine": 1,
    "usage": 2,
    MarketRefused.code: 3,
    PolicyRefused.code: 4,
    LedgerRefused.code: 5,
    RunRefused.code: 6,
    StoreRefused.code: 7,
    Outdated.code: 7,
    ActRefused.code: 8,
    NoticeRefused.code: 9,
    AuditFailed.code: 10,
    "interrupted": 130,
}
"""What each outcome of a command is to a shell. A fault of Evenhand itself ends with 1 and its traceback."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What the command line says of a failed command; `code` is stable and a key of `EXIT_CODES`, the rest is prose."""

    code: str
    message: str
    where: str = ""
    hint: str = ""

    @property
    def exit_code(self) -> int:
        """What the shell gets.

        >>> Failure(code="policy", message="no such column").exit_code
        4
        """
        return EXIT_CODES.get(self.code, 1)


INTERRUPTION: Final = Failure(code="interrupted", message="interrupted; nothing was written")


def failure_of(error: EvenhandError | typer.TyperException | OSError) -> Failure:
    """What to say of an error that a person can mend: a refusal, a wrong command, a full disk.

    >>> failure_of(PolicyRefused("no such column", where="activity.yaml:3:1"))
    Failure(code='policy', message='no such column', where='activity.yaml:3:1', hint='')
    """
    if isinstance(error, EvenhandError):
        return Failure(code=error.code, message=error.message, where=error.where, hint=error.hint)
    if isinstance(error, OSError):
        return Failure(
            code="machine",
            message=error.strerror or str(error),
            where=str(error.filename or ""),
            hint="nothing was written; check the path, the rights and the space left",
        )
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "evenhand"
    return Failure(
        code="usage",
        message=error.format_message(),
        where=command.removeprefix("evenhand").strip(),
        hint=f"`{command} --help` says what it takes",
    )


def show(failure: Failure, *, as_json: bool) -> None:
    """Print a failure: for programs one JSON object on standard output, for people lines on standard error."""
    if as_json:
        parts = {"code": failure.code, "message": failure.message, "where": failure.where, "hint": failure.hint}
        print(json.dumps({"error": parts}, ensure_ascii=False))
        return
    head = f"{failure.where}: {failure.message}" if failure.where else failure.message
    print(f"evenhand: {head}", file=sys.stderr)
    if failure.hint:
        print(f"  hint: {failure.hint}", file=sys.stderr)
