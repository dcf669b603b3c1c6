"""Where members are reached: read from the marketplace's own table when a letter leaves, and never kept here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from evenhand.errors import RunRefused


def addresses(table: Path, accounts: Collection[str]) -> Mapping[str, str]:
    """The e-mail addresses of accounts, by account; those without one are left out.

    `table` is a Parquet, CSV or JSON Lines file with `account_id` and `email`, such as `identities` of a market; with
    `recorded_at`, the latest counts. One pass for all accounts. Raises `RunRefused` where it cannot be read.
    """
    try:
        with duckdb.connect() as con:
            rows = "read_csv($1, all_varchar = true)" if ".csv" in table.suffixes else "query_table([$1])"
            names = [row[0] for row in con.execute(f"describe from {rows}", [str(table)]).fetchall()]
            latest = "recorded_at" if "recorded_at" in names else "1"
            found = con.execute(
                f"select account_id::varchar, arg_max(email, {latest}) from {rows} "
                "where account_id::varchar in (select unnest($2)) and email is not null group by 1",
                [str(table), sorted(accounts)],
            ).fetchall()
    except duckdb.Error as error:
        raise RunRefused(
            f"addresses cannot be read: {error}", where=str(table), hint="a table with `account_id` and `email`"
        ) from error
    return {account: address for account, address in found if address}
