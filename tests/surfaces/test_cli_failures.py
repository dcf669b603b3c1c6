"""A failed command says where, what and what to do, in one shape, with one exit code, and never with a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evenhand import errors
from evenhand.errors import EvenhandError, PolicyRefused
from evenhand.surfaces.cli.failures import EXIT_CODES, failure_of, show
from tests.surfaces.command import evenhand, told

REFUSALS = [one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__]


@pytest.mark.parametrize("refused", [one for one in REFUSALS if one is not EvenhandError])
def test_every_refusal_has_its_exit_code(refused: type[EvenhandError]) -> None:
    """Each kind of refusal has an exit code of its own; only what is outdated shares that of the store."""
    failure = failure_of(refused("no column `wage`", where="a.yaml:3:9", hint="known: `e`"))
    assert failure.exit_code == EXIT_CODES[refused.code]
    assert sorted({code for name, code in EXIT_CODES.items() if name != "outdated"}) == [*range(11), 130]


def test_a_refusal_reads_where_what_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """People read two lines on standard error, and nothing on standard output."""
    show(failure_of(PolicyRefused("no column `wage`", where="a.yaml:3:9", hint="known: `e`")), as_json=False)
    printed = capsys.readouterr()
    assert printed.err == "evenhand: a.yaml:3:9: no column `wage`\n  hint: known: `e`\n"
    assert printed.out == ""


def test_a_refusal_is_one_json_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read the same parts under `error` on standard output."""
    show(failure_of(PolicyRefused("no column `wage`", where="a.yaml:3:9", hint="known: `e`")), as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "error": {"code": "policy", "message": "no column `wage`", "where": "a.yaml:3:9", "hint": "known: `e`"}
    }


def test_the_machine_may_refuse_too(tmp_path: Path) -> None:
    """A path that cannot be written is told as a failure of the machine, with the path."""
    with pytest.raises(OSError, match="No such file") as caught:
        (tmp_path / "missing" / "file").write_text("")
    failure = failure_of(caught.value)
    assert (failure.code, failure.exit_code) == ("machine", 1)
    assert failure.where.endswith("missing/file")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["evalute"], "evalute"), (["version", "--colour"], "--colour"), (["evaluate"], "MARKET")],
    ids=["unknown command", "unknown option", "missing argument"],
)
def test_a_wrong_command_line_names_what_is_wrong(arguments: list[str], named: str) -> None:
    """Usage faults end with 2, name the word at fault, and point to the help of the right command."""
    done = evenhand(*arguments)
    assert done.returncode == EXIT_CODES["usage"]
    assert named in done.stderr
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr
    error = told(*arguments)["error"]
    assert error["code"] == "usage"
    assert named in error["message"]


def test_no_command_at_all_prints_the_help() -> None:
    """Without arguments the help appears, and the exit code says that nothing was done."""
    done = evenhand()
    assert done.returncode == EXIT_CODES["usage"]
    assert "evaluate" in done.stdout


def test_the_version_is_told_to_both() -> None:
    """The version is one word for people and a field for programs."""
    assert told("version") == {"version": evenhand("version").stdout.strip()}
