"""Messages in their order: who offered, who had asked, who declined, what was running, what is held against whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from evenhand.evidence.circumvention.contact.advice import Context, check_message
from evenhand.evidence.circumvention.contact.circumstances import Circumstances
from evenhand.evidence.circumvention.contact.conversation import Conversations, Item, Message, answerable

NOON = datetime(2026, 1, 1, 12)
CLIENT, FREELANCER = "client", "freelancer"
PLAIN = Circumstances()


def told(*lines: tuple[str, str], around: Circumstances = PLAIN, remembered: int = 9) -> list[Item]:
    """The items of a conversation, a minute from line to line."""
    conversations = Conversations(remembered=remembered)
    return [
        item
        for number, (sender, text) in enumerate(lines)
        for item in conversations.read(
            Message(
                message_id=f"m{number}",
                sender_id=sender,
                recipient_id=FREELANCER if sender == CLIENT else CLIENT,
                sent_at=NOON + timedelta(minutes=number),
                text=text,
            ),
            around,
        )
    ]


def test_the_client_offers_and_the_freelancer_declines() -> None:
    """Items name who did what; nothing is held against the one who received and declined."""
    items = told((CLIENT, "My whatsapp is +1 212 736 5123"), (FREELANCER, "Let's stay on this chat, please."))
    assert [(item.deed, item.kind, item.by) for item in items] == [
        ("offered", "phone", CLIENT),
        ("declined", None, FREELANCER),
    ]
    assert answerable(tuple(items), FREELANCER) == ()
    assert len(answerable(tuple(items), CLIENT)) == 1


def test_who_had_asked_is_recorded() -> None:
    """A request is an item of its own and no offer; what is then offered was requested."""
    items = told((CLIENT, "What's your email?"), (FREELANCER, "jane@gmail.com"), (CLIENT, "mine is joe@gmail.com"))
    assert [(item.deed, item.by, item.requested) for item in items] == [
        ("asked", CLIENT, False),
        ("offered", FREELANCER, True),
        ("offered", CLIENT, False),
    ]
    assert answerable(tuple(items[:2]), CLIENT) == ()


@pytest.mark.parametrize(
    ("around", "text", "allowance"),
    [
        (Circumstances(contract_since=NOON), "call +1 212 736 5123", "running_contract"),
        (Circumstances(contract_since=NOON + timedelta(days=1)), "call +1 212 736 5123", ""),
        (Circumstances(contract_since=NOON), "pay to DE89 3704 0044 0532 0130 00", ""),
        (Circumstances(enterprise=True), "jane@gmail.com", "enterprise_client"),
        (Circumstances(code_job=True), "https://github.com/jane/x", "repository"),
        (PLAIN, "https://github.com/jane/x", ""),
        (Circumstances(code_job=True), "https://janedoe.com/x", ""),
        (Circumstances(own_hosts=frozenset({"upwork.com"})), "https://www.upwork.com/jobs/1", "own_host"),
        (Circumstances(own_hosts=frozenset({"upwork.com"})), "help@support.upwork.com", "own_host"),
        (Circumstances(own_hosts=frozenset({"upwork.com"})), "https://notupwork.com", ""),
        (Circumstances(own_hosts=frozenset({"upwork.com"})), "+1 212 736 5123", ""),
        (PLAIN, "https://en.wikipedia.org/wiki/Fee", "reference"),
    ],
)
def test_circumstances_allow_a_detail(around: Circumstances, text: str, allowance: str) -> None:
    """The allowance stands on the item; a way to pay past the platform is allowed by no contract."""
    (item,) = told((CLIENT, text), around=around)
    assert item.allowance == allowance
    assert bool(answerable((item,), CLIENT)) == (not allowance and not item.after_contract)


SPREAD = [
    (("user is jane.doe", "at gmail dot com"), "email", "jane.doe@gmail.com"),
    (("mi usuario es jane", "y luego arroba gmail punto com"), "email", "jane@gmail.com"),
    (("+1 212", "736", "5123"), "phone", "+12127365123"),
    (("my number starts with 212", "then 736", "the rest is 5123"), "phone", "2127365123"),
    (("telegram", "jane_doe"), "handle", "jane_doe"),
]


@pytest.mark.parametrize(("texts", "kind", "value"), SPREAD)
def test_a_detail_over_several_messages_is_one_item(texts: tuple[str, ...], kind: str, value: str) -> None:
    """The item has a place in each message that says a part, and comes with the last of them."""
    (item,) = told(*((CLIENT, text) for text in texts))
    assert (item.kind, item.value) == (kind, value)
    for place in item.places:
        text = texts[int(place.message_id[1:])]
        assert 0 <= place.start < place.end <= len(text)
    assert item.places[-1].message_id == f"m{len(texts) - 1}"


@pytest.mark.parametrize(
    "texts",
    [
        ("it costs 1200", "or 950", "maybe 1100"),
        ("I sold 212", "and 736", "then 5123 more on monday"),
        ("do you use telegram?", "yes"),
        ("nice work jane", "see you at noon dot"),
        ("telegram", "jane@gmail.com"),
        ("1 2", "+1 212 736 5123"),
        ("!!", "at gmail dot com"),
        ("+1 212 736 5123", "at noon"),
        ("user is jane.doe", "x" * 90 + " at gmail dot com"),
    ],
)
def test_short_messages_are_not_joined_into_what_nobody_said(texts: tuple[str, ...]) -> None:
    """Prices and answers stay apart, and what a message says by itself is not said again."""
    assert all(len(item.places) == 1 for item in told(*((CLIENT, text) for text in texts)))


def test_what_two_people_write_is_not_joined() -> None:
    """The pieces of a detail are those of one sender."""
    assert told((CLIENT, "user is jane.doe"), (FREELANCER, "at gmail dot com")) == []


def test_of_many_conversations_the_longest_silent_one_is_forgotten() -> None:
    """Memory is bounded: with room for one side of one conversation a piece is lost when another side speaks."""
    lines = ((CLIENT, "user is jane.doe"), (FREELANCER, "ok"), (CLIENT, "at gmail dot com"))
    assert len(told(*lines, remembered=2)) == 1
    assert told(*lines, remembered=1) == []


def test_advice_says_what_to_do_and_withholds_nothing() -> None:
    """A sentence per detail with the way out, one about a request, one that it may be sent, one per allowance."""
    around = Circumstances(code_job=True)
    text = "DE89 3704 0044 0532 0130 00, jane@gmail.com, https://github.com/a/b. What's your phone? your email?"
    advice = check_message(text, Context(around=around, rule="7"))
    assert [item.allowance for item in advice.items] == ["", "", "repository"]
    assert advice.sentences == (
        '"DE89 3704 0044 0532 0130 00" looks like a way to pay past the platform. Remove it: rule 7.',
        '"jane@gmail.com" looks like an address for mail. Remove it, or start the contract first: rule 7.',
        "This asks for a telephone number. Ask again once a contract runs: rule 7.",
        "You can send the message as it is; it may then be read as taking the work off the platform.",
        '"https://github.com/a/b" may stay: it is a repository of code, in a job about code.',
    )


def test_while_a_contract_runs_there_is_little_to_say() -> None:
    """What the contract allows is named as allowed, and asking is no matter."""
    advice = check_message("What's your phone? Mine is +1 212 736 5123", Context(contract_runs=True))
    assert advice.sentences == ('"+1 212 736 5123" may stay: a contract between the two is running.',)
    assert check_message("Thanks!", Context()).sentences == ()
