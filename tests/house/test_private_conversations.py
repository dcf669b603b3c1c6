"""Private conversations are never a performance signal (R44): what measures activity cannot read `messages`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.evidence.activity.columns import ACTIVITY_COLUMNS
from tests.house.checkout import ROOT

PACKAGE = ROOT / "src" / "evenhand"
MEASURING = (
    "evidence/account",
    "evidence/activity",
    "engines/reference",
    "engines/sql",
    "engines/duckdb",
    "engines/spark",
)
ADMITTING = {"admission", "admission.py", "admission_cells.py", "tables.py"}
"""What only brings tables in, whichever they are."""

REVIEWING = {"stream.py", "conduct.py"}
"""What is apart from the evidence of activity (R12): what orders the review of circumvention (who talked with whom,
when, about which job; no text, no condition), and what counts items of misconduct."""


def measuring(kind: str) -> list[Path]:
    """The files of a kind that measure activity or success, those that share their folder and every engine's."""
    files = [*(PACKAGE / "evidence").glob(f"*.{kind}")]
    for folder in MEASURING:
        files += (PACKAGE / folder).rglob(f"*.{kind}")
    return [file for file in files if (ADMITTING | REVIEWING).isdisjoint(file.relative_to(PACKAGE).parts)]


def sql_reads(text: str) -> bool:
    """Whether a statement names the table, comments left out."""
    return re.search(r"\bmessages\b", re.sub(r"--.*", "", text), re.IGNORECASE) is not None


def python_reads(text: str) -> bool:
    """Whether code names the table: in a text that is no docstring, as an attribute, as a variable."""
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        said = (
            node.value
            if isinstance(node, ast.Constant) and id(node) not in prose
            else node.attr
            if isinstance(node, ast.Attribute)
            else node.id
            if isinstance(node, ast.Name)
            else ""
        )
        if isinstance(said, str) and re.search(r"\bmessages\b", said):
            return True
    return False


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in measuring("sql")])
def test_no_statement_reads_messages(file: Path) -> None:
    """No SQL of the activity, account or engine folders names the table."""
    assert not sql_reads(file.read_text())


@pytest.mark.parametrize("file", [pytest.param(file, id=f"{file.parent.name}-{file.stem}") for file in measuring("py")])
def test_no_code_reads_messages(file: Path) -> None:
    """No Python beside that SQL names the table; the import contract forbids the way round."""
    assert not python_reads(file.read_text())


def test_nothing_that_measures_reaches_misconduct() -> None:
    """The activity of an account is reckoned by modules that do not import those that may read the table."""
    for folder in ("evidence/activity", "evidence/account"):
        for file in (PACKAGE / folder).rglob("*.py"):
            assert "evidence.conduct" not in file.read_text(), file
    for engine in ("sql", "reference"):
        for name in ("measure.py", "activity.py", "facts.py", "guards.py", "fair_share.py"):
            file = PACKAGE / "engines" / engine / name
            assert not file.exists() or "conduct" not in file.read_text(), file


def test_no_column_needs_messages() -> None:
    """No column of the evidence of activity and account waits for the table."""
    needed = {table.partition(".")[0] for column in (*ACCOUNT_COLUMNS, *ACTIVITY_COLUMNS) for table in column.needs}
    assert "payments" in needed
    assert "messages" not in needed


def test_a_reader_is_seen() -> None:
    """A statement and code that read the table are recognised, and those that only mention it are not."""
    assert sql_reads("select count(*) from Messages m")
    assert not sql_reads("-- messages are not read\nselect 1")
    assert python_reads("rows = tables['messages']")
    assert python_reads("tables.messages.count()")
    assert not python_reads('"""Reads no messages."""\nx = 1')
