"""The detectors against truth they were not written on: the held-out messages, and made-up markets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand import wiring
from evenhand.errors import MarketRefused
from evenhand.evidence.circumvention.contact.circumstances import Circumstances
from evenhand.evidence.circumvention.contact.conversation import Conversations, Message, answerable
from evenhand.evidence.circumvention.contact.item import sealed
from evenhand.evidence.circumvention.contact.scan import scan
from evenhand.lab.contact_details.evaluate import Result, evaluate
from evenhand.lab.simulate import World, load_scenario
from evenhand.workflows.find_contact_details import ITEMS, ContactDetails
from evenhand.workflows.find_items import FOUND, write_offers

NOON = datetime(2026, 1, 1, 12)


@pytest.fixture(scope="module")
def held_out() -> Result:
    """The counts on what no rule was written on."""
    return evaluate("held_out")


@pytest.mark.parametrize(
    ("group", "recall", "precision"),
    [
        (("all", "all"), 0.95, 0.98),
        (("section", "plain"), 0.98, 0.99),
        (("section", "obfuscated"), 0.90, 0.975),
        (("language", "en"), 0.925, 0.965),
        (("language", "es"), 0.965, 0.99),
    ],
)
def test_what_was_reached_on_the_held_out_half_is_kept(
    held_out: Result, group: tuple[str, str], recall: float, precision: float
) -> None:
    """No change falls below what docs/contact-details.md reports; the goals are higher, and the page says so."""
    counts = held_out.groups[group]
    assert counts.found / counts.labelled >= recall
    assert counts.right / counts.flagged >= precision


def test_made_up_markets_hold_no_false_item(tmp_path: Path) -> None:
    """Of what the simulator writes, by another hand, no clean message is flagged and nearly all others are."""
    world = World(seed=3, accounts=600, months=6, scenario=load_scenario("base"))
    (tmp_path / "market").mkdir()
    (tmp_path / "scratch").mkdir()
    wiring.simulate(world, tmp_path / "market", tmp_path / "scratch", lambda _: None)
    texts = pq.read_table(tmp_path / "market" / "messages", columns=["text"])["text"].to_pylist()
    sharing = re.compile(
        ".*(Easier to talk elsewhere: |I answer faster here: |Please write to me, |For the files: "
        "|It is easier elsewhere: |You reach me here: )"
    )
    named = [text for text in texts if sharing.match(text)]
    assert not [text for text in texts if not sharing.match(text) and scan(text).finds]
    assert len(named) > 30
    assert sum(bool(scan(text).finds) for text in named) >= 0.95 * len(named)


def batch(*rows: dict[str, Any]) -> pa.RecordBatch:
    """A batch of messages."""
    plain = {"sender_id": "a", "recipient_id": "b", "sent_at": NOON, "thread_id": "t"}
    return pa.RecordBatch.from_pylist([plain | row for row in rows])


def test_batches_in_items_out() -> None:
    """Items are the same however the stream is cut, hold no text or value, and come with the batch that ends them."""
    rows = [
        {"message_id": "1", "text": "hello"},
        {"message_id": "2", "text": "user is jane.doe"},
        {"message_id": "3", "text": "at gmail dot com"},
        {"message_id": "4", "text": "what's your whatsapp?"},
    ]
    details = ContactDetails(key=b"k")
    whole = list(details.items([batch(*rows)]))
    cut = list(details.items(batch(row) for row in rows))
    assert [part.num_rows for part in cut] == [0, 0, 1, 1]
    assert pa.Table.from_batches(cut) == pa.Table.from_batches(whole)
    assert all(part.schema == ITEMS for part in cut)
    offered, asked = whole[0].to_pylist()
    assert offered["sealed_value"] == sealed("jane.doe@gmail.com", b"k")
    assert [place["message_id"] for place in offered["places"]] == ["2", "3"]
    assert (asked["deed"], asked["sealed_value"]) == ("asked", None)


def test_circumstances_come_as_columns() -> None:
    """A contract's beginning, an enterprise client and a code job are read where the batch has them."""
    rows: list[dict[str, Any]] = [
        {"message_id": "1", "text": "jane@gmail.com", "contract_since": NOON, "enterprise": None, "code_job": None},
        {"message_id": "2", "text": "jane@gmail.com", "contract_since": None, "enterprise": True, "code_job": None},
        {
            "message_id": "3",
            "text": "https://github.com/a",
            "contract_since": None,
            "enterprise": None,
            "code_job": True,
        },
        {"message_id": "4", "text": "https://acme.com/a", "contract_since": None, "enterprise": None, "code_job": None},
    ]
    (items,) = ContactDetails(key=b"k", own_hosts=frozenset({"acme.com"})).items([batch(*rows)])
    assert items.column("allowance").to_pylist() == ["running_contract", "enterprise_client", "repository", "own_host"]


def test_profiles_are_read_like_messages() -> None:
    """A detail in a profile is an item of its account towards nobody; own hosts and pages of reference may stay."""
    texts = ["Call me on +1 212 736 5123", "logos since 2014", "see acme.com/a", "what's your whatsapp?"]
    rows = [
        {"text_id": f"p{number}", "account_id": "a", "published_at": NOON, "text": text}
        for number, text in enumerate(texts)
    ]
    details = ContactDetails(key=b"k", own_hosts=frozenset({"acme.com"}))
    (items,) = details.in_profiles([pa.RecordBatch.from_pylist(rows)])
    assert items.schema == ITEMS
    phone, page = items.to_pylist()
    assert (phone["source"], phone["deed"], phone["kind"]) == ("profiles", "offered", "phone")
    assert (phone["by"], phone["to"], phone["at"], phone["allowance"]) == ("a", None, NOON, "")
    assert phone["places"] == [{"message_id": "p0", "start": 11, "end": 26}]
    assert phone["sealed_value"] == sealed("+12127365123", b"k")
    assert (page["kind"], page["allowance"]) == ("url", "own_host")
    with pytest.raises(MarketRefused, match="no column `published_at`"):
        next(details.in_profiles([pa.RecordBatch.from_pylist([{"text_id": "p", "account_id": "a"}])]))


def test_what_may_be_held_against_an_account_is_written(tmp_path: Path) -> None:
    """The same items as `answerable` gives: offered by the account, before a contract, under no allowance."""
    texts = ["jane@gmail.com", "what's your whatsapp?", "I would rather stay here", "https://acme.com/a", "hello"]
    rows: list[dict[str, Any]] = [
        {"message_id": f"{n}-{since is None}-{enterprise}", "text": text, "sender_id": sender, "recipient_id": "c"}
        | {"contract_since": since, "enterprise": enterprise}
        for n, (text, sender) in enumerate(itertools.product(texts, "ab"))
        for since in (None, NOON)
        for enterprise in (None, True)
    ]
    write_offers(ContactDetails(key=b"k", own_hosts=frozenset({"acme.com"})).items([batch(*rows)]), tmp_path / "offers")
    conversations = Conversations()
    found = [
        item
        for row in rows
        for item in conversations.read(
            Message(**{name: row[name] for name in ("message_id", "sender_id", "recipient_id", "text")}, sent_at=NOON),
            Circumstances(
                contract_since=row["contract_since"],
                enterprise=bool(row["enterprise"]),
                own_hosts=frozenset({"acme.com"}),
            ),
        )
    ]
    held = [item for account in "ab" for item in answerable(tuple(found), account)]
    told = pq.read_table(tmp_path / "offers")
    assert told.schema == FOUND
    assert sorted((row["account_id"], row["other_id"], row["at"]) for row in told.to_pylist()) == [
        (i.by, i.to, i.at) for i in held
    ]
    assert 0 < len(held) < len(found)


def test_a_missing_column_is_refused() -> None:
    """Where, what, and which are needed."""
    with pytest.raises(MarketRefused, match="no column `text`"):
        list(
            ContactDetails(key=b"k").items(
                [
                    pa.RecordBatch.from_pylist(
                        [{"message_id": "1", "sender_id": "a", "recipient_id": "b", "sent_at": NOON}]
                    )
                ]
            )
        )


def test_an_endless_stream_is_read_as_it_comes() -> None:
    """The first items are there before the second batch is asked for."""

    def stream() -> Iterator[pa.RecordBatch]:
        yield batch({"message_id": "1", "text": "jane@gmail.com"})
        pytest.fail("asked for more")

    assert next(ContactDetails(key=b"k").items(stream())).num_rows == 1
