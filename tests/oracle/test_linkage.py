"""Linked accounts: Splink on DuckDB equals a dull reckoning pair by pair, and finds who is one person (L3, R15)."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import duckdb
import pytest

from evenhand.engines.duckdb.linkage import LINKS, DuckDBLinkage
from evenhand.evidence.linkage.grades import ASKED
from evenhand.evidence.linkage.record import Registration
from evenhand.evidence.linkage.registration import Known
from evenhand.evidence.linkage.score import score
from evenhand.evidence.linkage.weights import LINK
from evenhand.lab.linkage import judge as judge_links
from evenhand.lab.linkage import populate
from evenhand.stores.linkage_index import LinkageIndex, write_index

ACCOUNTS = 20_000


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market of twenty thousand accounts, one in twenty-five of them a person's second."""
    folder = tmp_path_factory.mktemp("linked") / "market"
    populate(folder, ACCOUNTS, seed=3)
    return folder


@pytest.fixture(scope="module")
def con(market: Path) -> duckdb.DuckDBPyConnection:
    """Its tables."""
    opened = duckdb.connect()
    for table in ("accounts", "identities", "devices", "truth"):
        opened.execute(f"create view {table} as from '{market / table}.parquet'")
    return opened


@pytest.fixture(scope="module")
def linkage(con: duckdb.DuckDBPyConnection) -> DuckDBLinkage:
    """All accounts compared."""
    found = DuckDBLinkage(con)
    found.link()
    return found


@pytest.fixture(scope="module")
def index(linkage: DuckDBLinkage, tmp_path_factory: pytest.TempPathFactory) -> LinkageIndex:
    """The index of that run."""
    path = tmp_path_factory.mktemp("index") / "accounts.idx"
    write_index(path, linkage.weights, linkage.known(), linkage.shares())
    return LinkageIndex(path)


def test_five_hundred_accounts_pair_by_pair(linkage: DuckDBLinkage, con: duckdb.DuckDBPyConnection) -> None:
    """Of five hundred accounts, every pair that shares a key is scored by both alike, to 1e-9, with the same grade."""
    some = con.execute("select account_id_l, account_id_r from links order by all limit 250").fetchall()
    names = {name for pair in some for name in pair}
    records = {known.account_id: known.record for known in linkage.known() if known.account_id in names}
    shares = {(column, value): share for column, value, share in linkage.shares()}
    dull = {}
    for (a, left), (b, right) in combinations(sorted(records.items()), 2):
        if set(left.block_keys()) & set(right.block_keys()):
            pair = score(left, right, linkage.weights, lambda column, value: shares.get((column, value)))
            if pair.weight >= LINK:
                dull[a, b] = (pair.weight, pair.grade)
    found = {
        (a, b): (weight, grade)
        for a, b, weight, grade in con.execute("select account_id_l, account_id_r, weight, grade from links").fetchall()
        if a in names and b in names
    }
    assert len(found) > 200
    assert {pair: grade for pair, (_, grade) in found.items()} == {pair: grade for pair, (_, grade) in dull.items()}
    assert all(weight == pytest.approx(dull[pair][0], abs=1e-9) for pair, (weight, _) in found.items())


def test_who_is_one_person_is_found(linkage: DuckDBLinkage, market: Path, tmp_path: Path) -> None:
    """Nearly all pairs of one person are linked, hardly anybody else; what is wrong joins people of one house."""
    linkage.write(tmp_path)
    judged = judge_links(market, tmp_path / LINKS)
    assert set(judged.between) <= {"household"}
    assert set(judged.grades) <= set(ASKED)
    assert judged.precision.share >= 0.997  # of some 750 links; one in a thousand is for the trial of a million
    assert judged.recall.share >= 0.88


def test_a_second_run_finds_the_same(linkage: DuckDBLinkage, con: duckdb.DuckDBPyConnection) -> None:
    """Training draws nothing by chance: weights and links are equal to the bit."""
    before = con.execute("from links order by all").fetchall()
    again = DuckDBLinkage(con)
    again.link()
    assert again.weights == linkage.weights
    assert con.execute("from links order by all").fetchall() == before


def test_clusters_are_what_hangs_together(linkage: DuckDBLinkage, con: duckdb.DuckDBPyConnection) -> None:
    """Every link lies within one cluster, which bears the name of its first account."""
    apart = con.execute(
        "select count(*) from links join clusters as a on a.account_id = account_id_l "
        "join clusters as b on b.account_id = account_id_r where a.cluster <> b.cluster"
    ).fetchall()[0][0]
    assert apart == 0
    named = con.execute(
        "select count(*) from (select cluster, min(account_id) as m from clusters group by 1) where m <> cluster"
    ).fetchall()[0][0]
    assert named == 0


def test_a_registration_scores_as_the_run_did(
    linkage: DuckDBLinkage, index: LinkageIndex, con: duckdb.DuckDBPyConnection
) -> None:
    """Whoever registers again with what an account gave is held against the same accounts, with the same weights."""
    records = {known.account_id: known.record for known in linkage.known()}
    pairs = con.execute("select account_id_l, account_id_r, weight, grade from links limit 300").fetchall()
    for a, b, weight, grade in pairs:
        answer = index.judge(records[a])
        (found,) = [each for each in answer.resembles if each.account_id == b]
        assert found.weight == pytest.approx(weight, abs=1e-9)
        assert found.grade == grade


def test_at_most_five_hundred_are_compared(linkage: DuckDBLinkage, tmp_path: Path) -> None:
    """A placeholder that everybody gives finds many; five hundred are compared, and the rest is told."""
    record = Registration(phone="0000000").record()
    many = [Known(f"a{n:04d}", closed=False, record=record) for n in range(700)]
    many.append(Known("z", closed=True, record=record._replace(document="d")))
    write_index(tmp_path / "x.idx", linkage.weights, many, [])
    index = LinkageIndex(tmp_path / "x.idx")
    answer = index.judge(record)
    assert (answer.compared, answer.overflow) == (500, 201)
    rare = index.judge(record._replace(document="d"))
    assert [(each.account_id, each.grade) for each in rare.resembles] == [("z", "document")]
    assert json.loads(index.weights.as_json())["prior"] > 0
