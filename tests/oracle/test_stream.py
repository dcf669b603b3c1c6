"""The behavioural stream: both engines say the same to the bit, and small markets are counted by hand."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engines.duckdb.engine import DuckDBEngine
from evenhand.engines.reference.engine import ReferenceEngine
from evenhand.evidence.circumvention.stream import queue, rule
from evenhand.evidence.circumvention.stream.columns import STREAM_COLUMNS
from evenhand.lab.simulate import load_scenario
from evenhand.ports import Engine
from evenhand.sources.files import FileSource
from evenhand.workflows.find_items import FOUND
from tests.long.diverted import follow, power
from tests.markets import KNOBS, START, Knobs, Tables, day, random_market, write_market

Row = dict[str, object]
Engines = Callable[[Path], Engine]


def review(engine: Engine, market: Path, folder: Path, as_of: datetime, offers: Sequence[Row] = ()) -> list[Row]:
    """What an engine says of `market`, a row per account, where these contact details were offered."""
    told = folder / "offers.parquet"
    pq.write_table(pa.Table.from_pylist(list(offers), schema=FOUND), told)
    with engine:
        engine.admit(FileSource(market).stage(folder))
        engine.write_review(as_of, folder / "review.parquet", settle_days=30, offers=told if offers else None)
    return list(pq.read_table(folder / "review.parquet").to_pylist())


def with_messages(knobs: Knobs) -> Tables:
    """A random market in which people also write to each other, some of them about jobs, some of them strangers."""
    tables = random_market(knobs)
    dice = random.Random(knobs.seed)  # noqa: S311  a reproducible market, no secret
    people = [str(account["account_id"]) for account in tables["accounts"]]
    messages: list[Row] = [
        {
            "message_id": f"m{n}",
            "sender_id": dice.choice([str(job["client_id"]), dice.choice(people)]),
            "recipient_id": dice.choice(people),
            "sent_at": (datetime.fromisoformat(str(job["posted_at"])) + timedelta(days=dice.randint(0, 6))).isoformat(),
            "text": "hello",
            "job_id": dice.choice([job["job_id"], job["job_id"], None]),
        }
        for n, job in enumerate(dice.choices(tables["jobs"], k=2 * len(tables["jobs"])) if tables["jobs"] else [])
    ]
    return {**tables, "messages": messages} if dice.random() < 0.8 else tables


def offers_in(tables: Tables, seed: int) -> list[Row]:
    """Random contact details that people of a market offered each other, some of them before it began."""
    dice = random.Random(seed)  # noqa: S311  a reproducible market, no secret
    people = [str(account["account_id"]) for account in tables["accounts"]]
    owners = {job["job_id"]: str(job["client_id"]) for job in tables["jobs"]}
    both = [(str(m["sender_id"]), str(m["recipient_id"])) for m in tables.get("messages", [])]
    both += [(str(p["account_id"]), owners[p["job_id"]]) for p in tables["proposals"] if p["job_id"] in owners]
    pairs = [*both, *(pair[::-1] for pair in both), *((one, dice.choice(people)) for one in people)]
    return [
        {"account_id": one, "other_id": other, "at": START + timedelta(days=dice.randint(-30, 400))}
        for one, other in dice.sample(pairs, len(pairs) // 2)
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(knobs=KNOBS, days=st.sampled_from([60, 200, 430]), least=st.sampled_from([1, 5]))
def test_both_engines_agree(knobs: Knobs, days: int, least: int) -> None:
    """Forty random markets: the same columns and rows, to the last bit, whatever the lines."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule, "LEAST", least)
        patch.setattr(rule, "TINY", 1)
        patch.setattr(queue, "LINES", ((1, 1.5), (2, 0.9)))
        folder = Path(name)
        tables = with_messages(knobs)
        market, offers = write_market(folder / "market", tables), offers_in(tables, knobs.seed)
        as_of = START + timedelta(days=days)
        (folder / "fast").mkdir()
        (folder / "slow").mkdir()
        ours = review(DuckDBEngine(folder / "fast", threads=1, memory_gb=1), market, folder / "fast", as_of, offers)
        judge = review(ReferenceEngine(), market, folder / "slow", as_of, offers)
        assert ours == judge
        schemas = [pq.read_schema(folder / side / "review.parquet").remove_metadata() for side in ("fast", "slow")]
        assert schemas[0].names == schemas[1].names == ["account_id", "as_of", *(c.name for c in STREAM_COLUMNS)]
        assert sorted(int(str(row["queue_place"])) for row in ours) == list(range(1, 1 + len(ours)))
        assert schemas[0].types == schemas[1].types


@pytest.fixture(params=["duckdb", "reference"])
def engine(request: pytest.FixtureRequest) -> Engines:
    """Each engine in turn, a new one for every question."""
    duckdb = request.param == "duckdb"
    return lambda folder: DuckDBEngine(folder, threads=1, memory_gb=1) if duckdb else ReferenceEngine()


class Market:
    """A market put together job by job."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {
            name: [] for name in ("accounts", "jobs", "proposals", "contracts", "messages")
        }
        self._known: set[str] = set()

    def person(self, name: str, role: str) -> None:
        """Somebody who was always there."""
        if name not in self._known:
            self._known.add(name)
            self.tables["accounts"].append({"account_id": name, "role": role, "registered_at": day(-900)})

    def job(
        self, name: str, client: str, talks: Sequence[tuple[str, float]], *, at: float, hired: str = "", **more: object
    ) -> None:
        """A job of ten days on which the client turns to some on given days of it; `hired` starts on the ninth."""
        self.person(client, "client")
        outcome = "hired" if hired else "unfilled"
        times = {"posted_at": day(at), "closed_at": day(at + 10)}
        self.tables["jobs"].append(
            {"job_id": name, "client_id": client, "category": "design", "outcome": outcome, **times, **more}
        )
        for account, on in talks:
            self.person(account, "freelancer")
            sent = {"sent_at": day(at + on), "job_id": name, "text": "hello"}
            self.tables["messages"].append(
                {"message_id": f"{name}/{account}/{on}", "sender_id": client, "recipient_id": account, **sent}
            )
        if hired:
            self.contract(f"{name}>", client, hired, at + 9, job_id=name)

    def contract(self, name: str, client: str, account: str, start: float, **more: object) -> None:
        """A contract."""
        self.person(account, "freelancer")
        parties = {"contract_id": name, "client_id": client, "account_id": account}
        self.tables["contracts"].append({**parties, "started_at": day(start), **more})

    def background(self) -> None:
        """A hundred earlier talks of other people, one in five of which ended without a hire."""
        for n in range(100):
            self.job(f"b{n}", f"bc{n}", [(f"bf{n}", 1)], at=-200, hired="" if n % 5 == 0 else f"bf{n}")

    def told(
        self, engine: Engines, folder: Path, as_of: float = 400, offers: Sequence[tuple[str, str, float]] = ()
    ) -> dict[str, Row]:
        """Rows by account, where these offered those a contact detail on those days."""
        market = write_market(folder / "market", self.tables)
        scratch = Path(tempfile.mkdtemp(dir=folder))
        made = [{"account_id": one, "other_id": other, "at": START + timedelta(days=on)} for one, other, on in offers]
        rows = review(engine(scratch), market, scratch, START + timedelta(days=as_of), made)
        return {str(row["account_id"]): row for row in rows}


def test_the_last_talk_of_each_job_is_scored(engine: Engines, tmp_path: Path) -> None:
    """Twelve jobs of twelve clients end without a hire after talks with two: whom the client turned to last counts.

    At a rate of one in five e is the mean over the grid of (t / 2)^12 ((1 + 2/4) / (1 + t/4))^12.
    """
    market = Market()
    market.background()
    for n in range(12):
        market.job(f"j{n}", f"c{n}", [("first", 2), ("last", 1), ("last", 5)], at=0)
    rows = market.told(engine, tmp_path)
    assert (rows["first"]["chats"], rows["first"]["log_e_bypass"]) == (0, 0.0)
    assert (rows["last"]["chats"], rows["last"]["ended_without_hire"], rows["last"]["expected"]) == (12, 12, 2.4)
    e = sum((t / 2) ** 12 * (1.5 / (1 + t / 4)) ** 12 for t in rule.GRID) / 4
    assert 2.718281828459045 ** float(str(rows["last"]["log_e_bypass"])) == pytest.approx(e, rel=1e-6)
    assert (rows["c0"]["chats"], rows["c0"]["ended_without_hire"]) == (1, 1)


def test_what_happened_later_changes_no_rate(engine: Engines, tmp_path: Path) -> None:
    """Talks that settle at the same instant or afterwards say nothing of an earlier one's category."""
    market = Market()
    market.background()
    market.job("j", "c", [("f", 1)], at=0)
    for n in range(50):
        market.job(f"same{n}", f"sc{n}", [(f"sf{n}", 1)], at=0)
        market.job(f"later{n}", f"lc{n}", [(f"lf{n}", 1)], at=30)
    rows = market.told(engine, tmp_path)
    assert rows["f"]["expected"] == 0.2
    assert float(str(rows["lf0"]["expected"])) > 0.4
    assert market.told(engine, tmp_path, as_of=45)["f"] == {**rows["f"], "as_of": START + timedelta(days=45)}


def test_whatever_is_recorded_between_the_two_counts_as_a_hire(engine: Engines, tmp_path: Path) -> None:
    """A contract on another job or on none, a hire of somebody else: no such talk ended without one."""
    market = Market()
    market.background()
    market.job("other", "c0", [("f", 1), ("g", 0.5)], at=0, hired="g")
    market.job("direct", "c1", [("f", 1)], at=0)
    market.contract("direct>", "c1", "f", 30)
    market.job("nothing", "c2", [("f", 1)], at=0)
    market.contract("before", "c2", "f", -5)
    row = market.told(engine, tmp_path)["f"]
    assert (row["chats"], row["ended_without_hire"]) == (3, 1)


def test_a_pair_is_scored_once(engine: Engines, tmp_path: Path) -> None:
    """A client who never hires anybody is one taste, however many jobs it talks to one account about."""
    market = Market()
    market.background()
    for n in range(5):
        market.job(f"j{n}", "c", [("f", 1)], at=n)
    rows = market.told(engine, tmp_path)
    assert rows["f"]["chats"] == rows["c"]["chats"] == 1


def test_pestering_and_talk_after_the_hire_are_no_talks(engine: Engines, tmp_path: Path) -> None:
    """What an account writes by itself, and what a client writes once somebody is hired, makes nobody the last."""
    market = Market()
    market.background()
    market.job("j", "c", [("f", 1), ("g", 9.5)], at=0, hired="f")
    said = {"sender_id": "g", "recipient_id": "c", "sent_at": day(8), "job_id": "j", "text": "hello?"}
    market.tables["messages"].append({"message_id": "pester", **said})
    rows = market.told(engine, tmp_path)
    assert (rows["f"]["chats"], rows["f"]["ended_without_hire"], rows["g"]["chats"]) == (1, 0, 0)


def test_cancelled_and_tiny_are_counted_apart(engine: Engines, tmp_path: Path) -> None:
    """Cancelled jobs are void for the e-value and counted; so are pairs with nothing but a tiny contract, for both."""
    market = Market()
    market.background()
    market.job("gone", "c0", [("f", 1)], at=0, outcome="cancelled")
    market.job("taken down", "c1", [("f", 1)], at=0, outcome="removed")
    for name, value in (("small", 50), ("fair", 51)):
        market.job(name, f"{name}-client", [], at=0, budget_usd=500)
        market.contract(f"{name}>", f"{name}-client", "f", 9, job_id=name, value_usd=value, ended_at=day(20))
    rows = market.told(engine, tmp_path)
    assert [rows["f"][name] for name in ("chats", "contact_then_cancelled", "tiny_then_silent")] == [0, 1, 1]
    assert (rows["c0"]["contact_then_cancelled"], rows["c1"]["contact_then_cancelled"]) == (1, 0)
    assert (rows["small-client"]["tiny_then_silent"], rows["fair-client"]["tiny_then_silent"]) == (1, 0)
    thanks = {"sender_id": "f", "recipient_id": "small-client", "sent_at": day(350), "text": "thanks"}
    market.tables["messages"].append({"message_id": "thanks", **thanks})
    assert market.told(engine, tmp_path)["f"]["tiny_then_silent"] == 0


def test_another_party_is_somebody_else_and_counts_once(engine: Engines, tmp_path: Path) -> None:
    """Who hired themselves has none; two who hired each other have one; a job without a budget has no tenth."""
    market = Market()
    market.background()
    for client, account, value, budget in (
        ("s", "s", 5, 500),
        ("a", "b", 5, 500),
        ("b", "a", 5, 500),
        ("c", "f", 0, 0),
    ):
        market.job(f"{client}{account}", client, [], at=0, budget_usd=budget)
        paid = {"job_id": f"{client}{account}", "value_usd": value, "ended_at": day(20)}
        market.contract(f"{client}{account}>", client, account, 9, **paid)
    rows = market.told(engine, tmp_path)
    assert {name: rows[name]["tiny_then_silent"] for name in "sabcf"} == {"s": 0, "a": 1, "b": 1, "c": 0, "f": 0}
    market.contract("ab whole>", "b", "a", 9, job_id="ba", value_usd=400, ended_at=day(20))
    assert market.told(engine, tmp_path)["b"]["tiny_then_silent"] == 0


def test_offers_count_once_followed_by_an_end_without_a_hire(engine: Engines, tmp_path: Path) -> None:
    """Those of the account itself, to the other party of a scored talk, before it settled; one for each other."""
    market = Market()
    market.background()
    for n in range(4):
        market.job(f"j{n}", f"c{n}", [("f", 1)], at=0)
    market.job("hired", "ch", [("f", 1)], at=0, hired="f")
    made = [
        ("f", "c0", 2),
        ("f", "c0", 3),
        ("f", "c1", 40),
        ("f", "c2", 41),
        ("f", "ch", 2),
        ("f", "b1", 2),
        ("c3", "f", 2),
    ]
    rows = market.told(engine, tmp_path, offers=made)
    assert [rows[name]["offered_then_ended"] for name in ("f", "c0", "c3", "ch")] == [2, 0, 1, 0]
    assert (rows["f"]["stands_out"], rows["f"]["queue_place"]) == (0, 1)
    for n in range(4, 10):
        market.job(f"j{n}", f"c{n}", [("f", 1)], at=0)
        market.job(f"i{n}", f"d{n}", [("g", 1)], at=0)
        market.job(f"k{n}", f"e{n}", [("g", 1)], at=0)
    rows = market.told(engine, tmp_path, offers=made)
    weights = [float(str(rows[name]["log_e_bypass"])) for name in ("f", "g")]
    assert weights == sorted(weights)
    assert [(rows[name]["stands_out"], rows[name]["queue_place"]) for name in ("f", "g")] == [(1, 1), (0, 2)]
    alone = market.told(engine, tmp_path)
    assert [(alone[name]["stands_out"], alone[name]["queue_place"]) for name in ("f", "g")] == [(0, 2), (0, 1)]


def test_circumventers_are_found_in_a_small_world(tmp_path: Path) -> None:
    """One in ten diverts 85 % of its wins or more: most with twenty talks or more are found, and no innocent.

    With contact details beside them, most of those with ten to twenty are found as well, of whom few were.
    """
    scenario = load_scenario("fixed_list").varied({"kinds": {"circumventer": {"diverted_low": 0.85, "share": 0.1}}})
    course = follow(scenario, tmp_path, accounts=2500, months=15, seed=1)
    assert course.by_e.keys() | course.by_e_bh.keys() | course.by_both.keys() <= course.guilty
    found, of = power([course], "by_e", (20, 10**6))
    assert 2 * found > of > 0
    fewer, more = (power([course], method, (10, 20)) for method in ("by_e", "by_both"))
    assert 2 * fewer[0] < fewer[1] < 1.5 * more[0]
