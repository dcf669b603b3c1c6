"""The twelve tables as data: they hold together, and the manual says what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.errors import MarketRefused
from evenhand.market.admission import FINDINGS, UNREADABLE, Reason, TableCount, findings
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedFile, StagedMarket, StagedTable, check_columns, check_tables
from evenhand.market.table import Column, Table

PAGE = Path(__file__).parents[2] / "docs" / "market.md"
COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
NAMES = [f"{table.name}.{column.name}" for table, column in COLUMNS]


def staged(name: str, *columns: tuple[str, ...]) -> StagedTable:
    """A table of one file per tuple of columns, three rows and one broken line in each."""
    files = tuple(
        StagedFile(path=Path("x"), name="x", text=True, columns=names, rows=3, rejected=1) for names in columns
    )
    return StagedTable(name=name, files=files)


def test_tables_come_after_those_they_refer_to() -> None:
    """Admission in the order of the schema meets no reference to a table still to come."""
    seen: set[str] = set()
    for table in TABLES.values():
        seen.add(table.name)
        assert {column.references for column in table.columns} - {""} <= seen


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=NAMES)
def test_a_column_says_what_it_is_for(table: Table, column: Column) -> None:
    """Each column is a sentence; an optional one says what its absence costs; a word has words, a key is required."""
    assert column.doc.endswith(".")
    assert bool(column.words) == (column.type == "word")
    if column.name in table.key:
        assert column.required
    elif not column.required and column.name != "currency":
        assert column.without, f"what does the absence of `{column.name}` cost?"
    if column.not_before:
        assert table.column(column.not_before).required


def test_an_optional_table_says_what_its_absence_costs() -> None:
    """What `check` tells of a table that is not there is written beside the table."""
    assert [table.name for table in TABLES.values() if not table.required and not table.without] == []


def test_every_kind_of_cell_can_be_unreadable() -> None:
    """Each type has its reason in the closed vocabulary."""
    assert {column.type for _, column in COLUMNS} == set(UNREADABLE)
    assert set(UNREADABLE.values()) <= set(Reason)


def test_recorded_at_is_no_content() -> None:
    """When a row became known does not tell two rows apart."""
    assert "recorded_at" not in TABLES["jobs"].content
    assert set(TABLES["jobs"].names) - set(TABLES["jobs"].content) == {"recorded_at"}


def test_a_row_comes_to_be_at_one_time() -> None:
    """Every table but `identities` has a time of its own: required, an event, and what tells whether a row is later."""
    own = {name: table.own_time for name, table in TABLES.items()}
    assert [name for name, column in own.items() if column is None] == ["identities"]
    assert all(TABLES[name].column(column).event for name, column in own.items() if column)
    assert (own["accounts"], own["jobs"], own["breaks"]) == ("registered_at", "posted_at", "from")


def test_a_column_that_is_not_there_is_an_error() -> None:
    """Asking a table for a column it does not have names the column."""
    with pytest.raises(KeyError, match="wage"):
        TABLES["accounts"].column("wage")


def test_a_table_counts_what_its_files_hold() -> None:
    """Rows and broken lines are both read; unknown columns are named once, missing ones only if no file has them."""
    table = staged("breaks", ("account_id", "from", "mood"), ("account_id", "from", "until", "mood"))
    assert table.read == 8
    assert table.unknown_columns == ("mood",)
    assert table.missing_columns == ("kind", "recorded_at")


def test_required_columns_are_asked_for_by_name() -> None:
    """The refusal names the file, what is absent, what is there and what is required."""
    with pytest.raises(MarketRefused) as refusal:
        check_columns(TABLES["breaks"], ["account_id", "start"], "breaks.csv")
    assert str(refusal.value) == (
        "breaks.csv: `breaks` needs column `from`, the file has `account_id`, `start`\n"
        "  hint: rename or add it; `breaks` requires `account_id`, `from`"
    )


def test_a_long_list_of_columns_is_cut() -> None:
    """A file with hundreds of columns is refused in one line: twenty of them, and how many more."""
    with pytest.raises(MarketRefused, match=r"the file has `c0`, .*`c19` and 280 more\n"):
        check_columns(TABLES["breaks"], [f"c{n}" for n in range(300)], "breaks.csv")


def test_names_that_differ_in_case_are_one() -> None:
    """Engines take `From` for `from`, so a file may have only one of them; one alone is simply unknown."""
    with pytest.raises(MarketRefused, match="column `From` stands 2 times"):
        check_columns(TABLES["breaks"], ["account_id", "From", "from"], "breaks.csv")
    with pytest.raises(MarketRefused, match="needs column `from`"):
        check_columns(TABLES["breaks"], ["account_id", "From"], "breaks.csv")


def test_four_tables_are_required() -> None:
    """A market without one of them is refused with what was found."""
    some = StagedMarket(name="here", tables={"accounts": staged("accounts"), "jobs": staged("jobs")})
    with pytest.raises(MarketRefused, match="has no table `proposals`, `contracts`; found `accounts`, `jobs`"):
        check_tables(some)
    check_tables(StagedMarket(name="here", tables={t.name: staged(t.name) for t in TABLES.values() if t.required}))


def test_counts_add_up() -> None:
    """Quarantined is the sum over the reasons."""
    count = TableCount(present=True, read=7, admitted=4, reasons={"missing": 2, "repeated": 1})
    assert count.read == count.admitted + count.quarantined


def test_a_share_of_nothing_is_nothing() -> None:
    """A finding among no rows has share 0, and findings come in their own order."""
    found = findings(dict.fromkeys(sorted(FINDINGS, reverse=True), (0, 0)))
    assert list(found) == list(FINDINGS)
    assert {finding.share for finding in found.values()} == {0.0}


def table_of_tables() -> str:
    """The manual's table, from the schema."""
    lines = ["| table | columns |", "|---|---|"]
    for table in TABLES.values():
        columns = ", ".join(
            f"`{column.name}{'*' * column.required}`" + (f" ({', '.join(column.words)})" if column.words else "")
            for column in table.columns
            if column.name != "recorded_at"
        )
        lines.append(f"| `{table.name}{'*' * table.required}` | {columns} |")
    return "\n".join(lines)


def table_of_absences() -> str:
    """What each optional table and column is for, from the schema."""
    lines = ["| without | |", "|---|---|"]
    for table in TABLES.values():
        if table.without:
            lines.append(f"| `{table.name}` | {table.without} |")
        lines.extend(
            f"| `{table.name}.{column.name}` | {column.without} |"
            for column in table.columns
            if column.without and column.name != "recorded_at"
        )
    return "\n".join(lines)


def test_the_manual_shows_the_schema() -> None:
    """The tables on the page are those of the code, word by word, and every reason is explained."""
    page = PAGE.read_text(encoding="utf-8")
    assert table_of_tables() in page, table_of_tables()
    assert table_of_absences() in page, table_of_absences()
    assert [reason for reason in Reason if f"| {reason} |" not in page] == []
    assert [name for name in FINDINGS if f"`{name}`" not in page] == []
