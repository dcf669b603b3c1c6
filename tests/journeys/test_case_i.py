"""Case I: a brother in the same house, with his own document and his own payout account: at most a question (R15)."""

from __future__ import annotations

import duckdb
import pytest

from evenhand.engines.duckdb.linkage import DuckDBLinkage
from evenhand.evidence.linkage.record import Registration
from evenhand.evidence.linkage.registration import Answer
from evenhand.lab.linkage.population import populate
from evenhand.stores.linkage_index import LinkageIndex, write_index

ELDER = Registration(
    name="Omar Haddad",
    birth_date="1990-05-01",
    email="omar@x.example",
    document_hash="d1",
    payout_hash="p1",
    address="5 Mill Lane, 10115",
    networks=["home"],
    devices=["the family's"],
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LinkageIndex:
    """A market in which the elder brother has an account."""
    folder = tmp_path_factory.mktemp("brothers")
    populate(folder / "market", 5_000, seed=9)
    con = duckdb.connect()
    con.execute(
        f"create table identities as from '{folder}/market/identities.parquet' union all by name "
        f"select 'elder' as account_id, '{ELDER.name}' as name, '{ELDER.email}' as email, "
        f"'{ELDER.address}' as address, '{ELDER.birth_date}' as birth_date, 'd1' as document_hash, 'p1' as payout_hash"
    )
    con.execute(
        f"create table devices as from '{folder}/market/devices.parquet' "
        "union all by name select 'elder' as account_id, 'the family''s' as device_id, 'home' as network"
    )
    con.execute(f"create view accounts as from '{folder}/market/accounts.parquet'")
    found = DuckDBLinkage(con)
    found.link()
    write_index(folder / "i.idx", found.weights, found.known(), found.shares())
    return LinkageIndex(folder / "i.idx")


def asked(index: LinkageIndex, new: Registration) -> Answer:
    """What follows when somebody registers."""
    return index.judge(new.record())


def test_the_brother_is_not_stopped(index: LinkageIndex) -> None:
    """Same house, same network, same device, same family name; his own papers: nothing is asked, nothing refused."""
    brother = ELDER._replace(
        name="Karim Haddad", birth_date="1993-11-17", email="karim@x.example", document_hash="d2", payout_hash="p2"
    )
    answer = asked(index, brother)
    assert answer.question is None


def test_the_twin_is_asked_at_most(index: LinkageIndex) -> None:
    """Born on the same day in the same house, with his own papers: whatever the weight, a question and no more."""
    twin = ELDER._replace(name="Amir Haddad", email="amir@x.example", document_hash="d2", payout_hash="p2")
    answer = asked(index, twin)
    assert {each.grade for each in answer.resembles} <= {"person", "device", "household"}
    assert answer._fields == ("question", "resembles", "compared", "overflow")


def test_who_comes_back_is_asked(index: LinkageIndex) -> None:
    """The elder with a new address and mail, but his own document: asked, with the reasons."""
    again = Registration(name="Omar Hadad", birth_date="1990-05-01", email="new@x.example", document_hash="d1")
    answer = asked(index, again)
    assert answer.question == (
        "Do you have, or did you have, another account with us? It shares an identity document with yours."
    )
    assert answer.resembles[0].account_id == "elder"
    assert any(reason.startswith("the same identity document (+") for reason in answer.resembles[0].reasons)
