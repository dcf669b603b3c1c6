"""How a store is opened: made where there is none, found where there is one, refused where it cannot be read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from evenhand.conformance.store.course import BEGAN, head, opening, with_people
from evenhand.errors import StoreRefused
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.database import Database
from evenhand.stores.sql.migrate import LATEST
from evenhand.stores.sql.store import open_store
from evenhand.stores.sql.tables import metadata
from tests.conformance.stores import DATABASES, signer


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table of ours."""
    with DATABASES[request.param](tmp_path) as address:
        if address.startswith("postgresql"):
            with psycopg.connect(address) as connection:
                connection.execute("drop schema evenhand cascade")
        yield address


def test_a_store_is_made_once_by_whoever_comes_first(url: str) -> None:
    """Eight at once open a store that is not there: all of them find it made, and the next one finds what was kept."""
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: open_store(url), range(8)))
    stores[0].append(opening("c1", "m"), head=head("c1", "m"))
    for store in stores:
        assert store.open_case("m", "mismatch") == "c1"
        store.close()
    again = open_store(url)
    assert again.read("c1") == list(opening("c1", "m").entries)
    again.close()


def test_the_migrations_make_the_tables_of_the_code(url: str) -> None:
    """What the migrations leave behind is what `tables.py` says, column by column and index by index."""
    open_store(url).close()
    with closing(Database(url)) as database, database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_store_of_a_later_version_is_refused(url: str) -> None:
    """Nobody writes into tables that they do not know."""
    open_store(url).close()
    with closing(Database(url)) as database, database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StoreRefused, match=f"at revision 9999, this version knows {LATEST}"):
        open_store(url)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("cases.db", "not the address of a store"),
        ("sqlite://", "not the address of a store"),
        ("mysql://user:secret@host/cases", "not the address of a store"),
        ("sqlite:////nowhere/at/all/cases.db", "unable to open database file"),
        ("postgresql://nobody:secret@localhost:1/cases", "connection failed"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(address: str, said: str) -> None:
    """With what is wrong and what to write instead, and without the password."""
    with pytest.raises(StoreRefused, match=said) as refusal:
        open_store(address)
    assert "secret" not in str(refusal.value)
    assert refusal.value.hint


def test_sqlite_keeps_what_it_said_it_kept(tmp_path: Path) -> None:
    """Write-ahead log, a sync at every commit, references held, deleted bytes overwritten."""
    database = Database(f"sqlite:///{tmp_path}/cases.db")
    with database.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    database.close()


def test_an_erased_key_is_in_no_file(tmp_path: Path) -> None:
    """After erasing, neither the database nor its write-ahead log holds the bytes of the key."""
    store = open_store(f"sqlite:///{tmp_path}/cases.db")
    store.append(opening("c1", "m"), head=head("c1", "m"))
    with store._database.engine.connect() as connection:
        key = connection.execute(text("select key from seals")).scalar_one()
    files = list(tmp_path.glob("cases.db*"))
    assert any(key in file.read_bytes() for file in files)
    store.settle_message("c1/2/hearing", BEGAN, "accepted")
    store.erase("m", BEGAN)
    assert not any(key in file.read_bytes() for file in files)
    store.close()


def test_a_store_without_a_key_signs_nothing(url: str) -> None:
    """It keeps and verifies; a checkpoint is refused with what is missing. A key is read from its PEM alone."""
    store = open_store(url)
    with pytest.raises(StoreRefused, match="no signing key"):
        store.checkpoint(BEGAN)
    assert store.verify().covered == 0
    store.close()
    assert Signer.load(signer().pem()).public == signer().public
    with pytest.raises(StoreRefused, match="not a private key"):
        Signer.load(b"nothing")


def test_a_writer_that_was_broken_off_tries_again(tmp_path: Path) -> None:
    """PostgreSQL breaks a deadlock by ending one transaction; the writer runs it again and nobody hears of it."""
    with DATABASES["postgresql"](tmp_path) as address:
        store = open_store(address)
        with_people(store, "ana", "ben")
        attempts = {"ana": 0, "ben": 0}

        def write(first: str, second: str) -> None:
            def work(connection: object) -> None:
                attempts[first] += 1
                for name in (first, second):
                    connection.execute(text("update people set added_at = added_at where name = :name"), {"name": name})  # type: ignore[attr-defined]  # it is one
                    connection.execute(text("select pg_sleep(0.2)"))  # type: ignore[attr-defined]  # it is one

            store._database.write(work)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, ("ana", "ben"), ("ben", "ana")))
        assert sum(attempts.values()) == 3
        store.close()


def test_verifying_an_export_needs_no_database() -> None:
    """The public function loads neither SQLAlchemy nor a driver."""
    program = "import sys; from evenhand.stores.audit import verify_export; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
