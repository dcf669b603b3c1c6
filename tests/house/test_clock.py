"""Time is an argument: the clock, the environment and the machine are read in `wiring` alone."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.checkout import Module

CLOCKS = (
    "datetime.datetime.now()",
    "datetime.datetime.today()",
    "datetime.datetime.utcnow()",
    "datetime.date.today()",
    "time.time()",
    "time.time_ns()",
    "time.monotonic()",
    "time.perf_counter()",
    "time.process_time()",
    "time.localtime()",
    "os.environ",
    "os.getenv('HOME')",
)


@pytest.mark.parametrize("expression", CLOCKS)
def test_reading_the_clock_is_refused(expression: str, root: Path) -> None:
    """The linter refuses each way of asking the machine for the time or for a setting, in any file but `wiring`."""
    source = f"import {expression.split('.', maxsplit=1)[0]}\n\nVALUE = {expression}\n"
    found = lint(source, root / "src/evenhand/market/clock.py", root)
    assert "TID251" in found
    assert "TID251" not in lint(source, root / "src/evenhand/wiring/__init__.py", root)


def lint(source: str, pretended: Path, root: Path) -> str:
    """What the linter says of a source text, as if it stood in `pretended`."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--stdin-filename",
        str(pretended),
        "--output-format",
        "concise",
        "-",
    ]
    return subprocess.run(command, cwd=root, input=source, capture_output=True, text=True, check=False).stdout


def test_no_sql_reads_the_clock(project_files: list[Path], root: Path) -> None:
    """No statement asks the database for the time either."""
    clocks = ("current_timestamp", "current_date", "now()", "today()", "get_current_timestamp", "localtimestamp")
    files = [path for path in project_files if path.is_relative_to(root / "src") and path.suffix in {".sql", ".py"}]
    assert not [f"{path}: {clock}" for path in files for clock in clocks if clock in path.read_text().lower()]


def test_suppressions_give_their_reason(modules: list[Module]) -> None:
    """Every `noqa`, `type: ignore` and `pragma` is followed by a second comment that says why."""
    marks = ("# noqa", "# type: ignore", "# pragma")
    lines = [(f"{m.place}:{n}", line) for m in modules for n, line in enumerate(m.text.splitlines(), 1)]
    assert not [
        place for place, line in lines for mark in marks if mark in line and "  # " not in line.split(mark, 1)[1]
    ]


def test_no_assert_steers_the_program(modules: list[Module]) -> None:
    """The package refuses with errors that say what to do, never with `assert`."""
    asserts = [
        (module.place, node.lineno)
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    assert not asserts


def test_every_ignored_rule_has_its_reason(root: Path) -> None:
    """Each rule that the linter's settings switch off stands on its own line with a comment beside it."""
    text = (root / "pyproject.toml").read_text()
    ignored = tomllib.loads(text)["tool"]["ruff"]["lint"]["ignore"]
    lines = {line.split('"')[1]: line for line in text.splitlines() if line.startswith('    "')}
    assert not [rule for rule in ignored if "# " not in lines[rule]]
