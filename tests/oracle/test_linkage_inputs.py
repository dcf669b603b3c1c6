"""Linked accounts in markets that nobody had in mind: columns missing, nobody twice, values that everybody has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from evenhand.engines.duckdb.linkage import CLUSTERS, LINKS, DuckDBLinkage
from evenhand.evidence.linkage.comparisons import BLOCKS
from evenhand.lab.linkage import populate

ACCOUNTS = 3_000


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market of three thousand accounts, one in twenty-five of them a person's second."""
    folder = tmp_path_factory.mktemp("inputs") / "market"
    populate(folder, ACCOUNTS, seed=5)
    return folder


def opened(market: Path, views: Mapping[str, str] | None = None, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """The tables of a market, some of them as a query over `{market}` says."""
    con = duckdb.connect(config={"threads": threads})
    for table in ("accounts", "identities", "devices", "truth"):
        query = (views or {}).get(table, f"from '{{market}}/{table}.parquet'")
        con.execute(f"create view {table} as {query.format(market=market)}")
    return con


def linked(con: duckdb.DuckDBPyConnection) -> DuckDBLinkage:
    """All accounts compared."""
    found = DuckDBLinkage(con)
    found.link()
    return found


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        ("name", "person"),
        ("email", ""),
        ("phone", ""),
        ("birth_date", "person"),
        ("address", ""),
        ("document_hash", "document"),
        ("payout_hash", "payout"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_column_may_be_missing(market: Path, column: str, gone: str) -> None:
    """What nobody says is learnt nothing from and links nobody; the rest goes on."""
    con = opened(
        market, {"identities": f"select * replace (null::varchar as {column}) from '{{market}}/identities.parquet'"}
    )
    tally = linked(con).tally()
    assert tally["links"] > 40
    assert gone not in tally["grades"]


@pytest.mark.parametrize("table", ["identities", "devices"])
def test_a_table_may_be_empty(market: Path, table: str) -> None:
    """Without devices people are still known by what they say; devices alone find nobody."""
    tally = linked(opened(market, {table: f"from '{{market}}/{table}.parquet' limit 0"})).tally()
    assert (tally["links"] > 40) is (table == "devices")
    assert "device" not in tally["grades"]


def test_nobody_may_be_twice(market: Path) -> None:
    """A market in which nobody has a second account has no link, and is no reason to refuse."""
    first = "where account_id in (select account_id from '{market}/truth.parquet' where not second)"
    views = {table: f"from '{{market}}/{table}.parquet' {first}" for table in ("identities", "devices")}
    assert linked(opened(market, views)).tally()["links"] == 0


@pytest.mark.parametrize("count", [120, 121, 360])
def test_nobody_is_compared_with_themselves(market: Path, count: int) -> None:
    """Whatever the number of accounts: an account beside itself would make everything common among strangers."""
    ranked = "select *, dense_rank() over (order by account_id) as nth from '{market}/identities.parquet'"
    some = f"from ({ranked}) where nth <= {count}"
    model = linked(opened(market, {"identities": some, "devices": "from '{market}/devices.parquet' limit 0"})).weights
    assert all(model.outcomes[name]["same"].u < 0.05 for name in ("name", "email", "document"))


def test_what_is_rare_among_strangers_is_counted_over_all_pairs(market: Path) -> None:
    """One in so many strangers has the same date of birth: exactly, however few accounts there are."""
    con = opened(market)
    model = linked(con).weights
    agree, of = con.execute(
        "select count(*) filter (l.birth_date = r.birth_date), count(*) from records as l, records as r "
        "where l.account_id < r.account_id and l.birth_date is not null and r.birth_date is not null"
    ).fetchall()[0]
    assert model.outcomes["birth_date"]["same"].u == pytest.approx(agree / of, abs=1e-6)


CROWD = {
    "identities": "from '{market}/identities.parquet' union all by name select 'crowd' || i as account_id, "
    "if(i % 2 = 0, 'Test User', 'Name ' || i) as name, if(i % 3 = 0, '0000000', '+49 ' || (600000000 + i)) as phone, "
    "'unknown' as address, 'd41d8cd98f00b204e9800998ecf8427e' as document_hash, '1970-01-01' as birth_date "
    "from range(3000) as t (i)",
    "devices": "from '{market}/devices.parquet' union all by name "
    "select 'crowd' || i as account_id, 'kiosk' as device_id, 'carrier' as network from range(3000) as t (i)",
}


def test_a_crowd_makes_no_pairs(market: Path) -> None:
    """Three thousand of one document, address, machine and date of birth: none is linked, pairs do not explode."""
    con = opened(market, CROWD)
    tally = linked(con).tally()
    assert con.execute("select count(*) from links where account_id_l like 'crowd%'").fetchall() == [(0,)]
    assert tally["left_out"] == {"phone": 1000, "birth_date": 1500, "address": 3000, "document": 3000}
    for block in BLOCKS:
        known = " and ".join(f"{column} is not null" for column in block)
        most = f"select max(n) from (select count(*) as n from records where {known} group by {', '.join(block)})"
        assert con.execute(most).fetchall()[0][0] <= 50


def test_neither_threads_nor_the_order_of_rows_change_anything(market: Path) -> None:
    """One thread or four, forwards or backwards: the same weights and links to the bit."""
    turned = {
        t: f"from '{{market}}/{t}.parquet' order by account_id desc" for t in ("identities", "devices", "accounts")
    }
    found = []
    for con in (opened(market, threads=1), opened(market, turned, threads=4)):
        model = linked(con).weights
        found.append(
            (
                model,
                con.execute("from links order by all").fetchall(),
                con.execute("from clusters order by all").fetchall(),
            )
        )
    assert found[0] == found[1]


def test_only_who_is_said_to_be_one_person_has_returned(market: Path, tmp_path: Path) -> None:
    """A device says that two meet: that the other was closed is no return. The folder's name may hold a quote."""
    con = opened(market)
    found = linked(con)
    con.execute("update links set grade = 'device' where rowid % 2 = 0")
    folder = tmp_path / "what's found"
    folder.mkdir()
    found.write(folder)
    rows = f"from read_parquet('{str(folder / LINKS).replace(chr(39), 2 * chr(39))}')"
    counted = con.execute(f"select grade = 'device', count(returned) > 0 {rows} group by all order by all").fetchall()
    assert counted == [(False, True), (True, False)]
    assert con.execute(f"select count(returned) {rows}").fetchall()[0][0] == found.tally()["returned"]
    assert (folder / CLUSTERS).is_file()
