"""What any source and any engine must make of a market's files: kept, refused with a line, or refused as a whole."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.engines.duckdb.database import DuckDBDatabase
from evenhand.engines.reference.admission import admit as admit_by_hand
from evenhand.engines.sql.admission import admit as admit_by_sql
from evenhand.errors import MarketRefused
from evenhand.market.admission import Admission
from evenhand.market.schema import TABLES
from evenhand.market.staging import StagedMarket
from evenhand.sources.files import FileSource

Fault = tuple[str, int, str | None, str]
Admitted = tuple[Admission, list[Fault], list[datetime]]
"""Counts, the quarantine as (file, row, column, reason), and when the accounts registered."""

HEADERS = {
    "accounts": "account_id,role,registered_at",
    "jobs": "job_id,client_id,posted_at",
    "proposals": "proposal_id,job_id,account_id,submitted_at",
    "contracts": "contract_id,account_id,client_id,started_at",
}
ACCOUNTS = "account_id,role,registered_at\na1,freelancer,2024-01-01\nc1,client,2024-01-02\n"


def by_sql(staged: StagedMarket) -> Admitted:
    """Admission by DuckDB."""
    with duckdb.connect(config={"threads": 1}) as con:
        admission = admit_by_sql(DuckDBDatabase(con), staged)
        faults = con.execute('SELECT file, row, "column", reason FROM market.quarantine').fetchall()
        times = con.execute("SELECT registered_at FROM market.accounts ORDER BY ALL").fetchall()
    return admission, sorted(faults, key=str), [time for (time,) in times]


def by_hand(staged: StagedMarket) -> Admitted:
    """Admission by the judge."""
    admitted = admit_by_hand(staged)
    faults = [(row["file"], row["row"], row["column"], row["reason"]) for row in admitted.quarantine]
    times = sorted(row["registered_at"] for row in admitted.market.tables["accounts"])
    return admitted.admission, sorted(faults, key=str), times


@pytest.fixture(params=[by_sql, by_hand], ids=["duckdb", "reference"])
def admit(request: pytest.FixtureRequest) -> Callable[[StagedMarket], Admitted]:
    """Each engine's admission in turn."""
    chosen: Callable[[StagedMarket], Admitted] = request.param
    return chosen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A market of the four required tables, all empty."""
    market = tmp_path / "market"
    market.mkdir()
    for name, header in HEADERS.items():
        (market / f"{name}.csv").write_text(header + "\n")
    return market


@pytest.fixture
def stage(folder: Path, tmp_path: Path) -> Callable[[], StagedMarket]:
    """Stages the folder as it stands when called."""

    def staged() -> StagedMarket:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return FileSource(folder).stage(scratch)

    return staged


Admit = Callable[[StagedMarket], Admitted]
Stage = Callable[[], StagedMarket]


def write_parquet(folder: Path, name: str, columns: dict[str, object]) -> None:
    """Put one table there as Parquet, in the place of its CSV."""
    (folder / f"{name}.csv").unlink(missing_ok=True)
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def test_a_market_of_headers_is_empty(admit: Admit, stage: Stage) -> None:
    """Tables without rows are tables: nothing is read, nothing refused, and there is no span."""
    admission, faults, times = admit(stage())
    assert (faults, times, admission.first_at, admission.latest_at) == ([], [], None, None)
    assert [count.read for count in admission.tables.values()] == [0] * len(TABLES)
    assert [name for name, count in admission.tables.items() if count.present] == list(HEADERS)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_file_without_a_byte_is_empty(admit: Admit, folder: Path, stage: Stage, ending: str) -> None:
    """A text file of no bytes has no rows, and that is no fault."""
    for name in HEADERS:
        (folder / f"{name}.csv").unlink()
        (folder / f"{name}.{ending}").write_bytes(b"")
    admission, faults, _ = admit(stage())
    assert faults == []
    assert sum(count.read for count in admission.tables.values()) == 0


def test_one_account_alone(admit: Admit, folder: Path, stage: Stage) -> None:
    """The smallest market there is: one account, no work."""
    (folder / "accounts.csv").write_text("account_id,role,registered_at\na1,freelancer,2024-01-01T12:00:00Z\n")
    admission, faults, times = admit(stage())
    assert faults == []
    assert times == [datetime(2024, 1, 1, 12)]
    assert admission.first_at == admission.latest_at == times[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-01", datetime(2024, 3, 1)),
        ("2024-03-01T10:00", datetime(2024, 3, 1, 10)),
        ("2024-03-01 10:00:00Z", datetime(2024, 3, 1, 10)),
        ("2024-03-01T10:00:00+02:00", datetime(2024, 3, 1, 8)),
        ("2024-03-01T10:00:00.1234567-0530", datetime(2024, 3, 1, 15, 30, 0, 123456)),
        ("2024-03-01T00:30:00+05", datetime(2024, 2, 29, 19, 30)),
        ("1990-01-01", datetime(1990, 1, 1)),
    ],
)
def test_text_times_are_utc(admit: Admit, folder: Path, stage: Stage, written: str, meant: datetime) -> None:
    """A written offset is honoured, none means UTC, a date means its midnight."""
    (folder / "accounts.csv").write_text(f"account_id,role,registered_at\na1,client,{written}\n")
    assert admit(stage())[1:] == ([], [meant])


@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp("s"),
        pa.timestamp("ms"),
        pa.timestamp("us"),
        pa.timestamp("ns"),
        pa.timestamp("ms", tz="UTC"),
        pa.timestamp("us", tz="+09:00"),
        pa.timestamp("ns", tz="America/New_York"),
    ],
    ids=str,
)
def test_parquet_times_of_any_unit_and_zone(admit: Admit, folder: Path, stage: Stage, kind: pa.DataType) -> None:
    """The instant counts, whatever the unit and the zone it is shown in."""
    instant = datetime(2024, 3, 1, 23, 59, 59, tzinfo=UTC)
    column = pa.array([instant if kind.tz else instant.replace(tzinfo=None)], kind)
    write_parquet(folder, "accounts", {"account_id": ["a1"], "role": ["client"], "registered_at": column})
    assert admit(stage())[1:] == ([], [datetime(2024, 3, 1, 23, 59, 59)])


def test_nanoseconds_are_cut_not_rounded(admit: Admit, folder: Path, stage: Stage) -> None:
    """The last nanosecond of a day stays in that day."""
    last = pa.array([1_709_251_199_999_999_999], pa.timestamp("ns"))
    write_parquet(folder, "accounts", {"account_id": ["a1"], "role": ["client"], "registered_at": last})
    assert admit(stage())[2] == [datetime(2024, 2, 29, 23, 59, 59, 999999)]


@pytest.mark.parametrize("kind", [pa.int16(), pa.uint64(), pa.float64(), pa.decimal128(30, 0), pa.binary()], ids=str)
def test_identifiers_meet_whatever_their_type(admit: Admit, folder: Path, stage: Stage, kind: pa.DataType) -> None:
    """A number in one file and the same digits in another are one identifier; that is how exports come."""
    digits = ["1", "2"]
    keys = pa.array([d.encode() for d in digits], kind) if kind == pa.binary() else pa.array([1, 2]).cast(kind)
    registered = pa.array([datetime(2024, 1, 1)] * 2)
    write_parquet(folder, "accounts", {"account_id": keys, "role": ["client"] * 2, "registered_at": registered})
    (folder / "jobs.csv").write_text("job_id,client_id,posted_at\n7,1,2024-01-02\n8,2,2024-01-02\n9,3,2024-01-02\n")
    admission, faults, _ = admit(stage())
    assert admission.tables["jobs"].admitted == 2
    assert faults == [("jobs.csv", 4, "client_id", "unknown reference")]


def test_wrong_types_in_parquet_refuse_rows_not_the_market(admit: Admit, folder: Path, stage: Stage) -> None:
    """A column of a type that cannot carry its meaning refuses each cell that holds something."""
    columns = {
        "account_id": [1.5, 2.0, 3.0],
        "role": ["client"] * 3,
        "registered_at": pa.array([datetime(2024, 1, 1)] * 3),
        "closed_at": pa.array([None, 1_704_067_200, None], pa.int64()),
        "agency_id": pa.array([None, None, ["a"]], pa.list_(pa.string())),
    }
    write_parquet(folder, "accounts", columns)
    admission, faults, _ = admit(stage())
    assert admission.tables["accounts"].admitted == 0
    assert faults == [
        ("accounts.parquet", 1, "account_id", "not text"),
        ("accounts.parquet", 2, "closed_at", "not a time"),
        ("accounts.parquet", 3, "agency_id", "not text"),
    ]


def test_lines_are_physical_lines(admit: Admit, folder: Path, stage: Stage) -> None:
    """A row is named by the line it begins on, after quoted line breaks, blank lines and broken lines alike."""
    (folder / "accounts.csv").write_bytes(
        b"\xef\xbb\xbfaccount_id,role,registered_at,closed_reason\r\n"  # 1
        b'a1,client,2024-01-01,"two\r\nlines"\r\n'  # 2 and 3
        b"\r\n"  # 4
        b"a2,client,soon,\r\n"  # 5
        b"a3,client\r\n"  # 6
        b"a4,client,2024-01-01,caf\xe9\r\n"  # 7
        b'a5,client,2024-01-01,"never closed\r\n'  # 8
        b"a6,nobody,2024-01-01,\r\n"  # 9
        b'a7,client,2024-01-01,5" pipe\r\n'  # 10
        b'a8,client,2024-01-01,"say ""so"""'  # 11
    )
    admission, faults, _ = admit(stage())
    assert faults == [
        ("accounts.csv", 5, "registered_at", "not a time"),
        ("accounts.csv", 6, None, "wrong number of fields"),
        ("accounts.csv", 7, None, "not UTF-8"),
        ("accounts.csv", 8, None, "not a line of CSV"),
        ("accounts.csv", 9, "role", "not one of the known values"),
    ]
    assert (admission.tables["accounts"].read, admission.tables["accounts"].admitted) == (8, 3)


def test_json_lines_keep_numbers_as_written(admit: Admit, folder: Path, stage: Stage) -> None:
    """Numbers and booleans become text digit by digit; what is no object is refused by line."""
    (folder / "accounts.csv").unlink()
    (folder / "accounts.jsonl").write_bytes(
        b'{"account_id": 12345678901234567890123, "role": "client", "registered_at": "2024-01-01"}\n'
        b"[1, 2]\n"
        b'{"account_id": true, "role": "client", "registered_at": "2024-01-01", "extra": {"a": 1}}\n'
        b'{"account_id": "a\n'
        b'{"account_id": "\\ud83d", "role": "client", "registered_at": "2024-01-01"}\n'
        b'{"account_id": "a3", "role": "client", "registered_at": NaN}\n'
        b"\n"
        b'{"account_id": "a4", "role": "client", "registered_at": null}'
    )
    (folder / "jobs.csv").write_text(
        "job_id,client_id,posted_at\nj1,12345678901234567890123,2024-02-01\nj2,true,2024-02-01\n"
    )
    admission, faults, _ = admit(stage())
    assert faults == [
        ("accounts.jsonl", 2, None, "not a JSON object"),
        ("accounts.jsonl", 4, None, "not a JSON object"),
        ("accounts.jsonl", 5, None, "not UTF-8"),
        ("accounts.jsonl", 6, None, "not a JSON object"),
        ("accounts.jsonl", 8, "registered_at", "missing"),
    ]
    assert admission.tables["jobs"].admitted == 2
    assert admission.tables["accounts"].unknown_columns == ("extra",)


def test_a_folder_and_gzip_stand_for_one_table(admit: Admit, folder: Path, stage: Stage) -> None:
    """Files of one table may differ in form; repeats and conflicts are found across them."""
    (folder / "accounts.csv").unlink()
    (folder / "accounts").mkdir()
    write_parquet(
        folder / "accounts",
        "1",
        {"account_id": ["a1", "a2"], "role": ["client"] * 2, "registered_at": [datetime(2024, 1, 1)] * 2},
    )
    with gzip.open(folder / "accounts" / "2.csv.gz", "wt") as file:
        file.write("registered_at,account_id,role\n2024-01-01T00:00Z,a1,client\n2024-01-01,a3,client\n")
    with gzip.open(folder / "accounts" / "3.jsonl.gz", "wt") as file:
        file.write(json.dumps({"account_id": "a2", "role": "agency", "registered_at": "2024-01-01"}))
    admission, faults, _ = admit(stage())
    assert faults == [
        ("accounts/1.parquet", 2, "account_id", "conflicting"),
        ("accounts/2.csv.gz", 2, "account_id", "repeated"),
        ("accounts/3.jsonl.gz", 1, "account_id", "conflicting"),
    ]
    assert admission.tables["accounts"].admitted == 2


def test_shuffled_rows_are_admitted_alike(admit: Admit, folder: Path, stage: Stage) -> None:
    """Which rows are admitted does not depend on their order, where none is repeated."""
    rows = [f"a{n},{'client' if n % 3 else 'nobody'},2024-01-{n % 40:02d}" for n in range(60)]
    admitted = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)  # noqa: S311 - a shuffle, no secret
        (folder / "accounts.csv").write_text("account_id,role,registered_at\n" + "\n".join(rows))
        admission, faults, times = admit(stage())
        admitted.append((admission, sorted(reason for *_, reason in faults), times))
    assert admitted[0] == admitted[1] == admitted[2]


def test_chains_of_references_fall_together(admit: Admit, folder: Path, stage: Stage) -> None:
    """What refers to a refused row is refused, down to the payment."""
    (folder / "accounts.csv").write_text(ACCOUNTS + "bad,client,never\n")
    (folder / "jobs.csv").write_text("job_id,client_id,posted_at\nj1,c1,2024-01-03\nj2,bad,2024-01-03\n")
    (folder / "contracts.csv").write_text(
        "contract_id,job_id,account_id,client_id,started_at\nk1,j1,a1,c1,2024-02-01\nk2,j2,a1,c1,2024-02-01\n"
    )
    (folder / "payments.csv").write_text(
        "payment_id,contract_id,paid_at,amount_usd\np1,k1,2024-03-01,5\np2,k2,2024-03-01,5\n"
    )
    assert admit(stage())[1] == [
        ("accounts.csv", 4, "registered_at", "not a time"),
        ("contracts.csv", 3, "job_id", "unknown reference"),
        ("jobs.csv", 3, "client_id", "unknown reference"),
        ("payments.csv", 3, "contract_id", "unknown reference"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("accounts.csv", b"account_id,role\na1,client\n", "needs column `registered_at`"),
        ("accounts.csv", b"account_id,role,registered_at,Role\n", "column `Role` stands 2 times"),
        ("accounts.csv", b"\nrole,account_id\n", "the first line is empty"),
        ("accounts.csv", "account_id,role,registered_at\n".encode("utf-16"), "no header"),
        ("accounts.csv.gz", gzip.compress(ACCOUNTS.encode())[:-20], "cannot be read"),
        ("accounts.csv.gz", ACCOUNTS.encode(), "cannot be read"),
        ("accounts.jsonl", b'{"account_id": "a1", "role": "client"}\n', "needs column `registered_at`"),
        ("accounts.parquet", b"PAR1 not really PAR1", "cannot be read as Parquet"),
    ],
)
def test_files_that_cannot_be_read_are_named(folder: Path, stage: Stage, name: str, content: bytes, said: str) -> None:
    """A file that is no table refuses the market, with its name, what is wrong and what to do."""
    (folder / "accounts.csv").unlink()
    (folder / name).write_bytes(content)
    with pytest.raises(MarketRefused, match=said) as refusal:
        stage()
    assert refusal.value.where == name
    assert refusal.value.hint


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.99])
def test_a_truncated_parquet_is_refused(folder: Path, stage: Stage, kept: float) -> None:
    """A Parquet file cut short anywhere is refused, not half read."""
    columns = {"account_id": [f"a{n}" for n in range(5000)], "role": ["client"] * 5000}
    write_parquet(folder, "accounts", {**columns, "registered_at": [datetime(2024, 1, 1)] * 5000})
    whole = (folder / "accounts.parquet").read_bytes()
    (folder / "accounts.parquet").write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(MarketRefused, match=r"accounts\.parquet"):
        stage()


def test_a_parquet_damaged_inside_is_refused(folder: Path, stage: Stage) -> None:
    """A file whose end is whole but whose middle is not is refused when it is read."""
    write_parquet(folder, "accounts", {n: [f"{n}{i}" for i in range(20_000)] for n in HEADERS["accounts"].split(",")})
    damaged = bytearray((folder / "accounts.parquet").read_bytes())
    damaged[1000:9000] = bytes(8000)
    (folder / "accounts.parquet").write_bytes(damaged)
    with pytest.raises(MarketRefused, match=r"accounts\.parquet"):
        by_sql(stage())


def test_two_files_for_one_table_are_refused(folder: Path, stage: Stage) -> None:
    """Which of two would be meant is not guessed."""
    (folder / "jobs.jsonl").write_bytes(b"")
    with pytest.raises(MarketRefused, match=r"`jobs` is there 2 times: `jobs\.csv` and `jobs\.jsonl`"):
        stage()


def test_a_required_table_must_be_there(folder: Path, stage: Stage) -> None:
    """Without one of the four tables there is no market."""
    (folder / "contracts.csv").unlink()
    with pytest.raises(MarketRefused, match="has no table `contracts`"):
        stage()


def test_no_folder_is_no_market(tmp_path: Path) -> None:
    """A name that leads nowhere is refused as such."""
    with pytest.raises(MarketRefused, match="is not a folder"):
        FileSource(tmp_path / "nowhere").stage(tmp_path)


def measure(statement: str, *names: str) -> Sequence[str]:
    """Run a statement in a fresh interpreter; what it printed, then its peak memory in MB beyond its start."""
    program = (
        "import resource, sys; from pathlib import Path; from evenhand.sources.files import FileSource; "
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024; start = peak(); "
        f"{statement}; print(peak() - start)"
    )
    done = subprocess.run([sys.executable, "-c", program, *names], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("name", ["accounts.csv", "accounts.jsonl", "accounts.csv.gz"])
def test_a_line_of_64_mb_is_refused_in_bounded_memory(
    admit: Admit, folder: Path, stage: Stage, tmp_path: Path, name: str
) -> None:
    """Decision B5: the line is refused, its neighbours are read, and memory stays far below the line's length."""
    (folder / "accounts.csv").unlink()
    before, after = b"a1,client,2024-01-01\n", b"a2,client,2024-01-01\n"
    long = b"a3,client," + b"x" * 64_000_000 + b"\n"
    head = b"account_id,role,registered_at\n"
    if name.endswith(".jsonl"):
        row = '{{"account_id": "{}", "role": "client", "registered_at": "2024-01-01"}}\n'
        head, before, after = b"", row.format("a1").encode(), row.format("a2").encode()
        long = b'{"account_id": "' + b"x" * 64_000_000 + b'"}\n'
    content = head + before + long + after
    (folder / name).write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
    _, faults, times = admit(stage())
    assert faults == [(name, 2 + bool(head), None, "line too long")]
    assert len(times) == 2
    (tmp_path / "measured").mkdir()
    (beyond_start,) = measure(
        "FileSource(Path(sys.argv[1])).stage(Path(sys.argv[2]))", str(folder), str(tmp_path / "measured")
    )
    assert int(beyond_start) < 100, "in MB; whoever holds the line and one copy of it needs 128"
