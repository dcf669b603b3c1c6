"""How accounts are written before they are compared: alike in SQL and in Python, whatever people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from evenhand.engines.duckdb.linkage import records_sql
from evenhand.evidence.linkage.record import Record, Registration, letters
from evenhand.evidence.linkage.score import score
from tests.story.test_linkage import EVEN

Row = Mapping[str, Any]

_NAMES = ("account_id", "name", "email", "phone", "birth_date", "address", "document_hash", "payout_hash")
IDENTITIES = pa.schema([*((name, pa.string()) for name in _NAMES), ("recorded_at", pa.timestamp("us"))])
DEVICES = pa.schema([(name, pa.string()) for name in ("account_id", "device_id", "network")])
ACCOUNTS = pa.schema([("account_id", pa.string()), ("agency_id", pa.string())])


def written(identities: Iterable[Row], devices: Iterable[Row] = (), accounts: Iterable[Row] = ()) -> Sequence[Row]:
    """The rows of `records.sql`, by account."""
    with duckdb.connect() as con:
        for name, rows, schema in (
            ("identities", identities, IDENTITIES),
            ("devices", devices, DEVICES),
            ("accounts", accounts, ACCOUNTS),
        ):
            con.register(name, pa.Table.from_pylist(list(rows), schema))
        found = con.sql(f"from ({records_sql()}) order by account_id").to_arrow_table().to_pylist()
    return list(found)


def record(row: Row) -> Record:
    """A row as plain Python has it."""
    values = [row[column] for column in Record._fields]
    return Record._make(tuple(value) if isinstance(value, list) else value for value in values)


SPELT = [
    ("  José  PÉREZ-Gil ", "Jose.Perez+Shop@Mail.EXAMPLE", "+49 (030) 123-45-67", "1990-03-21", "Calle Ñandú 5, 2º"),
    ("Øystein Łukasz", "a@b", "12", "21.3.1990", ""),
    ("李 小龍", "x+y+z@q.example", None, "1990-3-1", "東京 1-2-3"),
    (None, "", "++", "", "..."),
    ("Ana\tMaria\nde la Cruz", " Ana@x.y ", "0049 151 23456789", "2024-02-30", "1 High St."),
    ("ΟΔΥΣΣΕΎΣ", "ΟΔΥΣΣΕΎΣ@İ.GR", "٠٥٠ ١٢٣ ٤٥٦٧", "0000-01-01", "ガラス町 3"),  # noqa: RUF001  # digits
    ("प्रिया शर्मा", "O\u2019Brien@x", "०९८ ७६५", " 1990-03-21 ", "สมชาย ใจดี"),
]


def test_records_are_written_alike_in_both() -> None:
    """What SQL writes of an account, plain Python writes of a registration."""
    columns = ("name", "email", "phone", "birth_date", "address")
    shared = {"document_hash": " d ", "payout_hash": " "}
    identities = [
        {"account_id": str(n), **dict(zip(columns, row, strict=True)), **shared} for n, row in enumerate(SPELT)
    ]
    used = [("x", None), ("a", "n"), ("x", "n")]
    devices = [{"account_id": str(n), "device_id": d, "network": w} for n in range(len(SPELT)) for d, w in used]
    for row, of_sql in zip(SPELT, written(identities, devices), strict=True):
        new = Registration(*row, **shared, devices=["x", "a"], networks=["n"])
        assert new.record() == record(of_sql)


def test_every_character_is_written_alike_in_both() -> None:
    """Of the first three planes, with and without letters of another script beside it."""
    signs = [chr(point) for point in range(1, 0x30000) if not 0xD800 <= point < 0xE000]
    identities = [
        {"account_id": f"{n:06}", "name": f"a{c}B x", "email": f"{n} {c}@X", "phone": f"1{c}", "address": f"{n} {c}Q山"}
        for n, c in enumerate(signs)
    ]
    wrong = []
    for given, of_sql in zip(identities, written(identities), strict=True):
        new = Registration(given["name"], given["email"], given["phone"], address=given["address"]).record()
        mine = (new.name, new.email, new.address, letters(new.name or ""))
        if mine != tuple(of_sql[name] for name in ("name", "email", "address", "letters")):
            wrong.append(given)
        if of_sql["phone"] is not None and of_sql["phone"] != new.phone:  # most are `1`, which is nobody's own
            wrong.append(given)
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ΟΔΥΣΣΕΎΣ", "Οδυσσεύς", "same"),
        ("O\u2019Brien", "O'Brien", "same"),
        ("Мария Иванова", "Мария Иваннова", "near"),
        ("Олег Смирнова", "Анна Смирнова", "differs"),
        ("احمد المصري", "خالد المصري", "differs"),
        ("अमित वर्मा", "अमित सिंह", "differs"),
        ("राम", "रमा", "differs"),
        ("王伟明", "王伟民", "differs"),
    ],
)
def test_names_in_any_script_are_compared_by_character(one: str, other: str, alike: str) -> None:
    """Two signs of one script are no more alike than two letters, though most of their bytes are."""
    a, b = (Registration(name).record() for name in (one, other))
    assert score(a, b, EVEN, lambda *_: None).outcomes["name"] == alike
    rows = written([{"account_id": "a", "name": one}, {"account_id": "b", "name": other}])
    assert [row["name"] for row in rows] == [a.name, b.name]


def test_of_several_identities_the_last_that_says_something_counts() -> None:
    """Column by column, and where two were recorded together the same one whatever the order of the rows."""
    rows = [
        {"account_id": "a", "name": "Ana Old", "document_hash": "d", "recorded_at": "2026-01-01"},
        {"account_id": "a", "name": "Ana New", "phone": "123", "recorded_at": "2026-02-01"},
        {"account_id": "a", "name": "Ana Tie", "phone": "456", "recorded_at": "2026-02-01"},
        {"account_id": "a", "name": "Undated", "email": "a@b"},
    ]
    made = [{**row, "recorded_at": pa.scalar(row.get("recorded_at")).cast(pa.timestamp("us")).as_py()} for row in rows]
    for order in permutations(made):
        (row,) = written(order)
        assert [row[name] for name in ("name", "document", "phone", "email")] == ["ana new", "d", "123", "a@b"]


@pytest.mark.parametrize(
    ("column", "of_record"),
    [(name, name) for name in ("email", "phone", "address")]
    + [("document_hash", "document"), ("payout_hash", "payout")],
)
def test_what_more_than_fifty_have_is_left_out(column: str, of_record: str) -> None:
    """Fifty may share a value; with one more it is a placeholder, whose pairs would be all with all."""
    for count, kept in ((50, True), (51, False)):
        rows = written({"account_id": f"{n:02}", column: "12345"} for n in range(count))
        assert {row[of_record] for row in rows} == {"12345" if kept else None}
        assert {row[f"many_{of_record}"] for row in rows} == {not kept}


def test_a_date_of_birth_is_left_out_where_more_than_fifty_of_one_name_have_it() -> None:
    """A date alone may be that of many; only the beginning of a name no longer finds them then."""
    alike = [{"account_id": f"a{n:02}", "name": "Test User", "birth_date": "1970-01-01"} for n in range(51)]
    begun = [{"account_id": f"b{n:02}", "name": f"Ann {n}", "birth_date": "1970-01-01"} for n in range(51)]
    nameless = [{"account_id": f"c{n:02}", "birth_date": "1970-01-01"} for n in range(51)]
    rows = {row["account_id"]: row for row in written([*alike, *begun, *nameless])}
    assert [rows[name]["birth_date"] for name in ("a00", "b00", "c00")] == [None, "1970-01-01", "1970-01-01"]
    assert [rows[name]["given"] for name in ("a00", "b00", "c00")] == [None, None, None]


def test_a_machine_that_more_than_fifty_use_is_nobodys() -> None:
    """Fifty-one accounts on one device, one of them with a device of its own as well."""
    devices = [{"account_id": f"{n:02}", "device_id": "kiosk"} for n in range(51)]
    rows = written([], [*devices, {"account_id": "00", "device_id": "own"}])
    assert [row["devices"] for row in rows] == [["own"], *[None] * 50]


def test_what_an_agency_shares_is_left_out() -> None:
    """Its payout account where several are paid to it, and its machines; what is a member's own stays."""
    accounts = [{"account_id": name, "agency_id": "ag"} for name in "ab"] + [{"account_id": "c"}]
    identities = [{"account_id": name, "payout_hash": "p", "document_hash": name} for name in "abc"]
    devices = [{"account_id": name, "device_id": "office", "network": "n"} for name in "abc"]
    rows = written(identities, devices, accounts)
    assert [row["payout"] for row in rows] == [None, None, "p"]
    assert [row["devices"] for row in rows] == [None, None, ["office"]]
    assert [row["document"] for row in rows] == ["a", "b", "c"]
