"""Policies that rest on items, at the command line: one run for all of them, a page and a path for each account."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser

from tests.markets import write_market
from tests.surfaces.command import evenhand, told
from tests.surfaces.sheet import hold_readable

POLICIES = Path(__file__).parents[2] / "policies"
CIRCUMVENTION, LINKAGE, ACTIVITY = (POLICIES / f"{name}.yaml" for name in ("circumvention", "linkage", "activity"))


def account(name: str, role: str) -> dict[str, object]:
    """An account of long standing."""
    return {"account_id": name, "role": role, "registered_at": "2024-01-01", "country": "ES"}


def message(number: int, sender: str, recipient: str, text: str) -> dict[str, object]:
    """A message of a day in May."""
    row = {"message_id": f"m{number}", "sender_id": sender, "recipient_id": recipient, "text": text}
    return {**row, "sent_at": f"2025-05-{number + 1:02}"}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana names her number when asked, Ben has one in his profile, Cyd was paid outside, once too late to count."""
    incident: dict[str, object] = {
        "kind": "paid_outside",
        "account_id": "cyd",
        "other_id": "carl",
        "seen_by": "the bank",
        "what": "pay",
    }
    profile: dict[str, object] = {"published_at": "2025-01-01"}
    tables: dict[str, list[dict[str, object]]] = {
        "accounts": [*(account(name, "freelancer") for name in ("ana", "ben", "cyd")), account("carl", "client")],
        "jobs": [{"job_id": "j1", "client_id": "carl", "posted_at": "2025-05-01"}],
        "proposals": [{"proposal_id": "p1", "job_id": "j1", "account_id": "ana", "submitted_at": "2025-05-02"}],
        "contracts": [
            {"contract_id": "k1", "account_id": "cyd", "client_id": "carl", "started_at": "2024-02-01", "value_usd": 90}
        ],
        "messages": [
            message(1, "carl", "ana", "What is your phone number?"),
            message(2, "ana", "carl", "It is +49 151 23456789"),
            message(3, "carl", "ben", "Mail me at carl.shop@gmail.com"),
            message(4, "ben", "carl", "I would rather stay here, sorry"),
        ],
        "incidents": [
            {**incident, "incident_id": "i1", "happened_at": "2026-01-30"},
            {**incident, "incident_id": "i2", "happened_at": "2026-02-02"},
            {**incident, "incident_id": "i3", "happened_at": "2026-02-01", "kind": "bribe"},
        ],
        "profiles": [
            {**profile, "text_id": "t1", "account_id": "ben", "text": "Logos. Call +49 151 23456789"},
            {**profile, "text_id": "t2", "account_id": "cyd", "text": "cyd@gmail.com", "removed_at": "2025-06-01"},
        ],
    }
    return write_market(tmp_path_factory.mktemp("market") / "town", tables)


@pytest.fixture(scope="module")
def out(market: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run under all three shipped policies wrote."""
    folder = tmp_path_factory.mktemp("run") / "out"
    policies = [word for file in (CIRCUMVENTION, LINKAGE, ACTIVITY) for word in ("--policy", file)]
    said = evenhand("evaluate", market, *policies, "--out", folder, "--as-of", "2026-03-01")
    assert said.returncode == 0, said.stderr
    assert [line.partition(":")[0] for line in said.stdout.splitlines()].count("report") == 3
    assert "not looked for: 0 accounts have an identity or a device" in said.stdout
    return folder


def test_one_run_takes_a_policy_per_procedure(out: Path) -> None:
    """Each has its evidence and its page; measures stand in one file; the first one's figures are the summary's."""
    names = {path.name for path in out.iterdir()}
    assert names >= {"evidence.parquet", "evidence_circumvention.parquet", "evidence_linkage.parquet"}
    assert names >= {"report.html", "report_linkage.html", "report_mismatch.html", "items_circumvention.parquet"}
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["procedure"], set(summary["procedures"])) == ("circumvention", {"linkage", "mismatch"})
    assert summary["measures"]["educate"] == 4
    assert summary["quarantined"]["incidents"] == 1  # a kind that nobody knows
    measures = [json.loads(line) for line in (out / "measures.jsonl").read_text().splitlines()]
    assert {(m["account_id"], m["procedure"], m["step"]) for m in measures} == {
        ("ana", "circumvention", "educate"),
        ("ben", "circumvention", "educate"),
        ("carl", "circumvention", "educate"),
        ("cyd", "circumvention", "educate"),
    }


@pytest.mark.parametrize("alone", [CIRCUMVENTION, LINKAGE, ACTIVITY], ids=lambda file: file.stem)
def test_a_policy_comes_to_the_same_in_company(market: Path, out: Path, tmp_path: Path, alone: Path) -> None:
    """One reading of the tables serves all policies, and none leaves a trace in the evidence of another (R12)."""
    words = ("--out", tmp_path / "out", "--as-of", "2026-03-01")
    assert evenhand("evaluate", market, "--policy", alone, *words).returncode == 0
    for file in sorted((tmp_path / "out").glob("*.parquet")):
        assert pq.read_table(file).equals(pq.read_table(out / file.name)), file.name


def test_items_name_their_side_and_their_end(out: Path) -> None:
    """Who did it and whether it was asked for; after the 24 months nothing counts; who declined has none."""
    items = pq.read_table(out / "items_circumvention.parquet").to_pylist()
    assert [(i["account_id"], i["offered_by"], i["asked"], i["source"]) for i in items] == [
        ("ana", "ana", True, "message m2"),
        ("ben", "ben", False, "profile t1"),
        ("carl", "carl", False, "message m3"),
        ("cyd", "cyd", False, "a report"),
    ]
    assert str(items[3]["period_until"].date()) == "2026-01-31"


def test_an_account_is_explained(market: Path) -> None:
    """Its items, where the lines are, when they stop counting."""
    said = told("explain", market, "ana", "--policy", CIRCUMVENTION, "--as-of", "2026-03-01")
    assert said["path"][0]["what"] == (
        "A telephone number was named before a contract, after the other side had asked "
        "(message m2, seen by a program)."
    )
    assert any("stops counting on 2026-05-03" in sentence for sentence in said["changes"])
    two = evenhand("explain", market, "ana", "--policy", CIRCUMVENTION, "--policy", LINKAGE)
    assert (two.returncode, "this takes one policy at a time" in two.stderr) == (6, True)


def test_two_policies_of_one_procedure_are_refused(market: Path, tmp_path: Path) -> None:
    """They would answer one question twice (S1)."""
    policies = ("--policy", LINKAGE, "--policy", LINKAGE)
    refused = evenhand("evaluate", market, *policies, "--out", tmp_path / "out")
    assert "a second policy for the procedure `linkage`" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_identities_are_compared_by_one_engine(market: Path, tmp_path: Path) -> None:
    """The reference engine reads messages, and says that it cannot compare identities."""
    reference = ("--engine", "reference", "--out", tmp_path / "out")
    assert evenhand("evaluate", market, "--policy", CIRCUMVENTION, *reference).returncode == 0
    refused = evenhand("evaluate", market, "--policy", LINKAGE, *reference)
    assert "cannot compare identities" in refused.stderr


def test_a_policy_says_how_often_a_program_errs() -> None:
    """For each step, and who reads the items first (R2)."""
    said = evenhand("policy", "check", CIRCUMVENTION).stdout
    assert "`educate`: of 1,000 accounts that a program alone finds, at most 50 get it by mistake" in said
    assert "`warn`: of 1,000 accounts that a program alone finds, at most 50 are proposed by mistake" in said


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1200, "dark")])
@pytest.mark.parametrize("name", ["report.html", "report_linkage.html"])
def test_everybody_can_read_the_page(out: Path, browser: Browser, name: str, width: int, scheme: str) -> None:
    """With items and without any, on a phone and on a dark screen."""
    hold_readable(browser, out / name, width=width, dark=scheme == "dark")


def test_what_expired_and_what_colleagues_write_counts_for_nobody(tmp_path: Path) -> None:
    """A letter relies on nothing that expired (R24); agency mates may call each other; one payment is one (R14)."""
    pay: dict[str, object] = {"kind": "paid_outside", "account_id": "ben", "other_id": "o'neil"}
    reports: list[dict[str, object]] = [
        {"kind": "used_by_another", "account_id": "ana", "happened_at": "2024-05-31"},
        {"kind": "used_by_another", "account_id": "ana", "happened_at": "2025-06-02"},
        *[dict[str, object](pay, happened_at=f"2025-05-31 0{n}:00:00") for n in range(3)],
        {**pay, "happened_at": "2023-05-31"},
        {"kind": "contact_offered", "account_id": "cyd", "offered_by": "cyd", "happened_at": "2024-05-30"},
    ]
    mates = [{**account(name, "freelancer"), "agency_id": "studio"} for name in ("dora", "eva")]
    tables: dict[str, list[dict[str, object]]] = {
        "accounts": [
            *(account(name, "freelancer") for name in ("ana", "ben", "cyd")),
            account("o'neil", "client"),
            *mates,
        ],
        "jobs": [{"job_id": "j1", "client_id": "o'neil", "posted_at": "2025-05-01"}],
        "proposals": [{"proposal_id": "p1", "job_id": "j1", "account_id": "ana", "submitted_at": "2025-05-02"}],
        "contracts": [
            {
                "contract_id": "k1",
                "account_id": "ana",
                "client_id": "o'neil",
                "started_at": "2025-05-03",
                "value_usd": 90,
            }
        ],
        "messages": [message(2, "dora", "eva", "Call me, +49 151 23456789")],
        "incidents": [
            {**report, "incident_id": f"i{n}", "seen_by": "a client", "what": "a report"}
            for n, report in enumerate(reports)
        ],
    }
    market, out = write_market(tmp_path / "town", tables), tmp_path / "out"
    policies = ("--policy", CIRCUMVENTION, "--policy", LINKAGE)
    assert evenhand("evaluate", market, *policies, "--out", out, "--as-of", "2025-06-01").returncode == 0
    counts = {row["account_id"]: row for row in pq.read_table(out / "evidence_circumvention.parquet").to_pylist()}
    assert {name: row["items"] for name, row in counts.items()} == {
        "ana": 0,
        "ben": 3,
        "cyd": 0,
        "dora": 0,
        "eva": 0,
        "o'neil": 0,
    }
    assert counts["ben"]["paid_outside_730d"] == 1
    assert pq.read_table(out / "items_linkage.parquet").num_rows == 0
