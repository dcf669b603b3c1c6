"""The made-up persons behind accounts: one population per seed, admitted as it stands, with the shares asked for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evenhand.evidence.linkage.record import Registration
from evenhand.lab.linkage import Found, judge, populate, shares
from evenhand.surfaces import runs
from evenhand.workflows.check_market import check_market
from evenhand.workflows.propose_measures import unwatched

ACCOUNTS = 20_000
SIGMAS = 4.0


class Population:
    """A population in a folder, whose tables can be asked."""

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self._con = con
        for path in folder.glob("*.parquet"):
            con.execute(f"create view {path.stem} as from read_parquet('{path}')")
        con.execute(
            "create view latest as select * from identities join truth using (account_id)"
            " qualify row_number() over (partition by account_id order by recorded_at desc) = 1"
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the tables, the truth, and `latest`, an identity per account beside its truth."""
        return self._con.execute(query).fetchall()

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (row,) = self.ask(query)
        return row


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Population]:
    """A population, drawn once for all tests of this file."""
    folder = tmp_path_factory.mktemp("population") / "made"
    populate(folder, ACCOUNTS, seed=5)
    with duckdb.connect() as con:
        yield Population(folder, con)


def close(count: int, share: float, of: int) -> bool:
    """Whether a count is that share up to chance."""
    return abs(count - share * of) < SIGMAS * math.sqrt(share * (1 - share) * of) + 1


def hashes(folder: Path) -> dict[str, str]:
    """What is in each file, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    """One thread and two write the same files and leave nothing beside; another seed shares none that has a row."""
    populate(tmp_path / "one", 3000, seed=1, threads=1)
    populate(tmp_path / "two", 3000, seed=1, threads=2)
    populate(tmp_path / "other", 3000, seed=2)
    one, other = hashes(tmp_path / "one"), hashes(tmp_path / "other")
    assert one == hashes(tmp_path / "two")
    assert {name for name in one if one[name] == other[name]} == {
        f"{t}.parquet" for t in ("jobs", "proposals", "contracts")
    }
    assert {path.name for path in tmp_path.iterdir()} == {"one", "two", "other"}


def test_the_product_admits_every_row(made: Population, tmp_path: Path) -> None:
    """The tables make a market of which no row is refused."""
    with runs.staged(made.folder, "duckdb", tmp_path, unwatched) as parts:
        tables = check_market(*parts).admission.tables
    assert {name for name, count in tables.items() if count.present} == {
        "accounts",
        "identities",
        "devices",
        "jobs",
        "proposals",
        "contracts",
    }
    assert tables["accounts"].admitted == ACCOUNTS
    assert {name: count.quarantined for name, count in tables.items() if count.quarantined} == {}


def test_four_in_a_hundred_are_a_second_account(made: Population) -> None:
    """So many accounts belong to a person who has one already, came after it, and have no share in its agency."""
    seconds, people, nobody = made.one(
        "select count_if(second), count(distinct person_id), count_if(person_id is null) from truth"
    )
    assert (seconds, people, nobody) == (ACCOUNTS * shares()["second"], ACCOUNTS - seconds, 0)
    (early, in_agencies) = made.one(
        "select count_if(b.registered_at <= a.registered_at), count(b.agency_id)"
        " from truth as s join accounts as b using (account_id)"
        " join truth as f on f.person_id = s.person_id and not f.second"
        " join accounts as a on a.account_id = f.account_id"
        " where s.second"
    )
    assert (early, in_agencies) == (0, 0)


def test_most_second_accounts_follow_a_closure(made: Population) -> None:
    """Of the first accounts of people with two, the asked share was closed by the platform before the second came."""
    closed, people, late = made.one(
        "select count_if(a.closed_reason = 'terms'), count(*), count_if(a.closed_at > b.registered_at)"
        " from truth as f join accounts as a using (account_id)"
        " join (select person_id, min(registered_at) as registered_at from truth join accounts using (account_id)"
        " where second group by person_id) as b using (person_id) where not f.second"
    )
    assert close(closed, shares()["banned"], people)
    assert late == 0


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("birth_date", "wrong_birth_date"),
        ("email", "other_email"),
        ("phone", "other_phone"),
        ("address", "moved"),
        ("document", "other_document"),
        ("payout", "other_payout"),
        ("device", "other_devices"),
        ("network", "other_network"),
    ],
)
def test_second_accounts_change_what_they_are_asked_to(made: Population, what: str, asked: str) -> None:
    """The share of those that changed it is the asked one; the careful change all but name and date of birth."""
    changed, others = made.one(
        f"select count_if(list_contains(changed, '{what}')), count(*) from truth where second and not careful"
    )
    assert close(changed, shares()[asked], others)
    (careful,) = made.ask("select distinct list_sort(changed) from truth where careful")
    assert careful == (sorted(["email", "phone", "address", "document", "payout", "device", "network"]),)


@pytest.mark.parametrize("column", ["document_hash", "payout_hash"])
def test_no_two_people_share_papers_or_money(made: Population, column: str) -> None:
    """Documents are a person's own, payouts too, unless an agency is paid for all; what was not changed is the same."""
    (shared,) = made.one(
        f"select count(*) from (select {column} from latest join accounts using (account_id) where {column} is not null"
        " group by all having count(distinct person_id) > 1 and count(distinct coalesce(agency_id, account_id)) > 1)"
    )
    what = column.removesuffix("_hash")
    same, kept, changed = made.one(
        f"select count_if(l.{column} = r.{column}), count_if(not list_contains(r.changed, '{what}')),"
        f" count_if(l.{column} = r.{column} and list_contains(r.changed, '{what}'))"
        " from latest as l join latest as r using (person_id) join accounts as a on a.account_id = l.account_id"
        f" where not l.second and r.second and a.agency_id is null and l.{column} is not null"
        f" and r.{column} is not null"
    )
    assert (shared, changed) == (0, 0)
    assert 0 < same == kept


def test_households_share_a_roof_and_no_papers(made: Population) -> None:
    """Housemates have one address and papers of their own; some have one birth date, telephone, name or device."""
    rows = made.one(
        "select count(*), count_if(l.address = r.address), count_if(l.birth_date = r.birth_date),"
        " count_if(l.phone = r.phone), count_if(l.name = r.name), count_if(l.document_hash = r.document_hash)"
        " from latest as l join latest as r on l.household_id = r.household_id and l.person_id < r.person_id"
        " where not l.second and not r.second and l.address <> 'n/a' and r.address <> 'n/a'"
    )
    pairs, roofs, births, phones, names, papers = rows
    assert pairs > ACCOUNTS / 20
    assert roofs > 0.8 * pairs
    assert papers == 0
    assert all(0 < alike < 0.2 * pairs for alike in (births, phones, names))
    (devices,) = made.one(
        "select count(*) from (select device_id from devices join truth using (account_id) group by device_id"
        " having count(distinct person_id) > 1 and count(distinct household_id) = 1)"
    )
    assert devices > ACCOUNTS / 200


def test_strangers_share_machines_networks_and_houses(made: Population) -> None:
    """Cafes put one device under many people of no agency, carriers one network, large houses one address."""
    device, network, address = (
        made.one(
            f"select max(people) from (select count(distinct household_id) as people from {table} join truth using"
            " (account_id) join accounts using (account_id) where agency_id is null"
            f" and {column} is not null and {column} <> 'n/a' group by {column})"
        )[0]
        for table, column in (("devices", "device_id"), ("devices", "network"), ("identities", "address"))
    )
    assert device >= 5
    assert network >= 10
    assert address >= 10


def test_agencies_are_small_and_led_by_an_agency(made: Population) -> None:
    """An agency is an account of that role with up to seven others, who share machines; half share a payout account."""
    sizes = made.ask(
        "select agency_id, count(*), count_if(role = 'agency' and account_id = agency_id) from accounts"
        " where agency_id is not null group by all"
    )
    members = sum(size for _, size, _ in sizes)
    assert all(1 <= size <= 8 and heads == 1 for _, size, heads in sizes)
    assert abs(members / ACCOUNTS - shares()["agency"]) < 0.003
    (together,) = made.one(
        "select count(distinct agency_id) from (select agency_id from latest join accounts using (account_id)"
        " where agency_id is not null group by agency_id, payout_hash having count(payout_hash) > 1)"
    )
    (machines,) = made.one(
        "select max(users) from (select count(distinct account_id) as users from devices"
        " join accounts using (account_id) where agency_id is not null group by agency_id, device_id)"
    )
    assert close(together, shares()["agency_pays"], len(sizes))
    assert machines > 2


IDS = "l.account_id as account_id_l, r.account_id as account_id_r"


def pairs(made: Population) -> list[tuple[Any, ...]]:
    """All pairs of accounts of one person."""
    return made.ask(
        "select l.account_id, r.account_id from truth as l join truth as r using (person_id)"
        " where l.account_id < r.account_id"
    )


def pairs_file(con: Population, path: Path, query: str) -> Path:
    """The rows of a query as a file."""
    con.ask(f"copy ({query}) to '{path}' (format parquet)")
    return path


def test_the_judge_counts_what_is_right_and_what_is_missed(made: Population, tmp_path: Path) -> None:
    """Links by document, turned round and given twice, are all right and miss the pairs that changed it."""
    same = "from latest as l join latest as r using (document_hash) where l.account_id > r.account_id"
    links = pairs_file(
        made,
        tmp_path / "links.parquet",
        f"select {IDS}, 'document' as grade {same} union all select r.account_id, l.account_id, 'document' {same}",
    )
    judged = judge(made.folder, links)
    (found,) = made.one(f"select count(*) {same}")
    assert judged.precision == judged.grades["document"] == Found(count=found, of=found)
    assert judged.recall == Found(count=found, of=len(pairs(made)))
    assert judged.between == {}
    assert judged.changed["careful"].count == 0 < judged.changed["careful"].of


def test_the_judge_says_whom_wrong_links_join(made: Population, tmp_path: Path) -> None:
    """Links by address and payout join housemates, colleagues and strangers; without a grade they claim nothing."""
    links = pairs_file(
        made,
        tmp_path / "links.parquet",
        f"select {IDS}, null::varchar as grade from latest as l join latest as r using (address)"
        " where l.account_id < r.account_id and address <> 'n/a'"
        f" union select {IDS}, 'payout' from latest as l join latest as r using (payout_hash)"
        " where l.account_id < r.account_id",
    )
    judged = judge(made.folder, links)
    assert set(judged.between) == {"household", "agency", "strangers"}
    assert set(judged.grades) == {"none", "payout"}
    wrong = [count for grades in judged.between.values() for grade, count in grades.items() if grade != "none"]
    assert judged.precision.of - judged.precision.count == sum(wrong)
    assert set(judged.between["agency"]) == {"none", "payout"}
    assert set(judged.between["strangers"]) == {"none"}
    assert judged.recall.share < judged.precision.share < 0.5


def test_the_ceiling_is_what_shares_a_key(made: Population, tmp_path: Path) -> None:
    """In reach are the pairs that plain Python gives a key in common; not all of one person's are."""
    none = pairs_file(
        made, tmp_path / "none.parquet", f"select {IDS}, '' as grade from latest as l, latest as r limit 0"
    )
    columns = ", ".join(Registration._fields[:7])
    keys = {
        account: set(Registration(*values).record().block_keys())
        for account, *values in made.ask(f"select account_id, {columns} from latest")
    }
    shared = sum(not keys[left].isdisjoint(keys[right]) for left, right in pairs(made))
    assert judge(made.folder, none).ceiling == Found(count=shared, of=len(pairs(made)))
    assert 0 < shared < len(pairs(made))
