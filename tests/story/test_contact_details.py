"""Contact details in one message: what is recognised, what is left alone, and that spans lead back to the original."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.circumvention.contact.fold import fold, view_of
from evenhand.evidence.circumvention.contact.item import sealed
from evenhand.evidence.circumvention.contact.payments import _is_bech32, _is_iban
from evenhand.evidence.circumvention.contact.scan import MOST, OVERLAP, WINDOW, scan
from evenhand.evidence.circumvention.contact.spread import spread
from evenhand.lab.contact_details.corpus import threads
from evenhand.lab.contact_details.disguises import DISGUISES

FOUND = [
    ("write to jane.doe@gmail.com", "email", "jane.doe@gmail.com", "jane.doe@gmail.com"),
    ("jane at gmail dot com", "email", "jane at gmail dot com", "jane@gmail.com"),
    ("escribe a jane arroba gmail punto com", "email", "jane arroba gmail punto com", "jane@gmail.com"),
    ("jane dot doe at gmail dot com", "email", "jane dot doe at gmail dot com", "jane.doe@gmail.com"),
    ("janeatgmaildotcom", "email", "janeatgmaildotcom", "jane@gmail.com"),
    ("my gmail is jane22", "email", "jane22", "jane22@gmail"),
    ("mail jane.d at my gmail", "email", "jane.d at my gmail", "jane.d@gmail"),
    ("j a n e @ g m a i l . c o m", "email", "j a n e @ g m a i l . c o m", "jane@gmail.com"),
    ("jane@gmail,com", "email", "jane@gmail,com", "jane@gmail.com"),
    ("+1 212 736 5123", "phone", "+1 212 736 5123", "+12127365123"),
    ("call (212) 736-5123 now", "phone", "(212) 736-5123", "2127365123"),
    ("00 44 20 7946 0123", "phone", "00 44 20 7946 0123", "+442079460123"),
    ("call two one two, seven three six, five one two three", "phone", None, "2127365123"),
    ("mi número: seis uno dos tres cuatro cinco seis siete ocho", "phone", None, "612345678"),
    ("anota sesenta y uno, veintitrés, cuarenta y cinco, seis siete ocho", "phone", None, "612345678"),
    ("call double two one 7365123", "phone", None, "2217365123"),
    ("call plus one two one two seven three six five one two three", "phone", None, "+12127365123"),
    ("call twoo one two seven three six five one two three", "phone", None, "2127365123"),
    ("call 2l2 736 5O23", "phone", "2l2 736 5O23", "2127365023"),
    ("two one 2 seven 3 six 5 1 2 three", "phone", None, "2127365123"),
    ("212 736 5123 is my mobile", "phone", "212 736 5123", "2127365123"),
    ("www.janedoe.com", "url", "www.janedoe.com", "janedoe.com"),
    ("see https://janedoe.com/work.", "url", "https://janedoe.com/work", "janedoe.com/work"),
    ("janedoe dot com", "url", "janedoe dot com", "janedoe.com"),
    ("janedoe dot co dot uk", "url", "janedoe dot co dot uk", "janedoe.co.uk"),
    ("see janedoe . com", "url", "janedoe . com", "janedoe.com"),
    ("my site is jane.design", "url", "jane.design", "jane.design"),
    ("https://xn--mnchen-3ya.de", "url", "https://xn--mnchen-3ya.de", "münchen.de"),
    ("https://bücher.de", "url", "https://bücher.de", "bucher.de"),
    ("https://пример.рф/x", "url", "https://пример.рф/x", None),
    ("telegram: @jane_d", "handle", "@jane_d", "jane_d"),
    ("telegram: jane", "handle", "jane", "jane"),
    ("@jane_d on telegram", "handle", "@jane_d", "jane_d"),
    ("t3legram jane", "handle", "jane", "jane"),
    ("find me as jane on skype", "handle", "jane", "jane"),
    ("discord jane#1234", "handle", "jane#1234", "jane#1234"),
    ("add me, live:jane.doe", "handle", "live:jane.doe", "live:jane.doe"),
    ("my name on skype is jane", "handle", "jane", "jane"),
    ("linkedin.com/in/jane", "handle", "linkedin.com/in/jane", "linkedin.com/in/jane"),
    ("send it to DE89 3704 0044 0532 0130 00", "payment", "DE89 3704 0044 0532 0130 00", None),
    ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "payment", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", None),
    ("venmo @jane-d", "payment", "@jane-d", "@jane-d"),
    ("$janed on cash app", "payment", "janed", "janed"),
    ("pay jane@okaxis", "payment", "jane@okaxis", "jane@okaxis"),
    ("zoom id 845 1234 5678", "meeting", "845 1234 5678", "zoom/84512345678"),
    ("https://acme.webex.com", "meeting", "https://acme.webex.com", "acme.webex.com"),
]


@pytest.mark.parametrize(("text", "kind", "span", "value"), FOUND)
def test_a_detail_is_recognised(text: str, kind: str, span: str | None, value: str | None) -> None:
    """One item of the kind, at the part of the text that says it, in its plain form."""
    (find,) = scan(text).finds
    assert find.kind == kind
    assert span in {text[find.start : find.end], None}
    assert value in {find.value, None}


LEFT_ALONE = [
    "The total is 1,250.00 USD, or 12.500.000 in pesos",
    "from 2024-05-11 to 12/06/2024 at 10:30",
    "order 4471120934 and invoice number 66120934 are paid",
    "my student number was 612345678",
    "el número de pedido 612345678",
    "commit 9c40aee1, version 4.2.1, python 3.11",
    "192.168.10.12:8080 does not answer",
    "ISBN 978-3-16-148410-0",
    "id=2127365123 in the url",
    "There are 2127365123 rows",
    "The years 1998, 2003, 2007",
    "15 000 000 people, 12 000 000 votes",
    "212 736 5123 117 is too long for that 0099 11",
    "0012345678901234",
    "+0 000 000",
    "main.py and config.json, node.js, ASP.NET",
    "os.path.join(a) and user.name in the log",
    "Thanks.So it goes. it.is done",
    "the code is at jane.name",
    "a@b is no address, nor is jane@host",
    "we look at dot plots",
    "meet me @ noon. It is fine",
    "Telegram: we need a bot",
    "instagram is great",
    "skype id 12345",
    "telegram and whatsapp bots",
    "@media (max-width: 30px)",
    "details and dot com businesses",
    "DE88 3704 0044 0532 0130 00 has a wrong check digit",
    "DE89 ٣704 0044 0532 0130 00",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdz",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyU and 1BoatSLRHtKNngkdXEeobR76b53LETtpy0",
    "we sent it to gmail.com and hotmail.com",
    "He works at Outlook now",
    "gmail is great",
    "for telegram use @bot.command(x)",
    "ask there @jane.design about it",
    "jane@janedoe,com",
    "a-b c",
    "I'm only on telegram",
    "the .com boom",
    "call 1234 5678 9012 3456 7",
    "x" * 260 + ".com",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_detail_is_left_alone(text: str) -> None:
    """Prices, dates, order numbers, versions, code and talk of services are no items."""
    assert scan(text).finds == ()


@pytest.mark.parametrize(
    "disguised",
    [
        "J\u043ehn\uff20gm\u0430il.c\u043em",
        "j\u200bohn@g\u00admail.com",
        "j\u0336o\u0336h\u0336n\u0336@\u0336gmail.com",
        "ⓙⓞⓗⓝ@gmail.com",
        DISGUISES["mathbold"]("john@gmail.com"),
        "🅙🅞🅗🅝@gmail.com",
    ],
)
def test_disguised_characters_are_read_as_what_they_look_like(disguised: str) -> None:
    """The value is plain, the span covers the disguised original."""
    (find,) = scan(f"mail: {disguised}!").finds
    assert find.value == "john@gmail.com"
    assert f"mail: {disguised}!"[find.start : find.end] == disguised


def test_digits_of_any_script_are_digits() -> None:
    """Arabic-Indic, Devanagari, circled, dingbat and keycap digits are read."""
    assert fold("٢१③❹5️⃣") == b"21345"
    assert fold("\u2795 \u2014 \u260e Ж ½ ß \uffff") == "+ -  tel  à · s ·".encode("latin-1")


def test_of_finds_that_overlap_the_surer_one_stays() -> None:
    """Digits inside an address are no number beside it."""
    assert [find.kind for find in scan("wa.me/12127365123").finds] == ["handle"]


def test_requests_and_refusals_are_told_apart() -> None:
    """A request names no detail, a refusal is no request, and talk of a channel is neither."""
    assert [ask.kind for ask in scan("What's your whatsapp? Send me your email please.\nyour number?").asks] == [
        "handle",
        "email",
        "phone",
    ]
    assert not scan("What is your email open rate?").asks
    assert scan("I can't share my number, let's stay on this chat").declines
    assert not scan("I can't share the client list").declines


@pytest.mark.parametrize("at", [0, WINDOW - 30, WINDOW - OVERLAP + 5, 3 * WINDOW])
def test_long_texts_are_read_in_overlapping_windows(at: int) -> None:
    """A detail, a request and a refusal anywhere in a long text are found once, where they stand."""
    text = "x " * (at // 2)
    said = ". what's your whatsapp? jane@gmail.com. I can't share my number."
    reading = scan(text + said + " y" * WINDOW)
    assert [(find.kind, find.start) for find in reading.finds] == [("email", len(text) + said.index("jane"))]
    assert [ask.start for ask in reading.asks] == [len(text) + said.index("what")]
    assert reading.declines


def test_a_text_full_of_details_is_cut_short() -> None:
    """Of each form so many places are looked at in a window, and no more."""
    assert len(scan("a1@b.com " * 500).finds) == MOST
    assert len(scan("abc at gmail dot com " * 500).finds) == MOST
    assert len(scan("call 212 736 5123, " * 500).finds) == MOST


def test_checks_hold_for_what_they_are_given() -> None:
    """Other scripts' digits make no account number; both checksums of wallets are known."""
    assert not _is_iban("DE٨9 3704 0044 0532 0130 00")
    assert _is_bech32("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")


def test_a_value_is_kept_as_a_keyed_hash() -> None:
    """The same value under the same key can be recognised, under another it cannot."""
    assert sealed("a", b"1") == sealed("a", b"1") != sealed("a", b"2")


PIECES = st.sampled_from(
    [
        *(
            "jane",
            "@",
            ".",
            "gmail",
            "com",
            " at ",
            " dot ",
            "arroba",
            "+1",
            "212",
            "736-5123",
            "call ",
            "one ",
            "double ",
        ),
        *("telegram", ": ", "t.me/", "https://", "\u200b", "٣", "\u0430", "4\ufe0f\u20e3", "my ", "zoom id ", "$", "("),
        *(
            "what's your ",
            "share ",
            "bc1q",
            "0x",
            "DE89",
            "x ",
            "- ",
            "*",
            "_",
            "#1234",
            "👍",
            "\xad",
            "live:",
            " on ",
            "\n",
        ),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_read(text: str) -> None:
    """Nothing raises, every span lies inside the text and holds something, and a second reading says the same."""
    reading = scan(text)
    spans = [(find.start, find.end) for find in reading.finds] + [(ask.start, ask.end) for ask in reading.asks]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left.end <= right.start for left, right in zip(reading.finds, reading.finds[1:], strict=False))
    assert scan(text) == reading


MESSAGES = [message.text for thread in threads("develop") for message in thread.messages]


@given(
    st.sampled_from(MESSAGES),
    st.sampled_from(MESSAGES),
    st.lists(st.tuples(st.integers(0, 80), st.sampled_from(" .@-\n\t01oilax\u200b\xad٣(*'"))),
    st.lists(st.integers(0, 80), max_size=3),
)
def test_any_message_with_slips_is_read(one: str, other: str, slips: list[tuple[int, str]], cuts: list[int]) -> None:
    """The same of messages run together and misspelt; cut in pieces, what the pieces make lies inside them too."""
    text = one + other
    for at, char in slips:
        text = text[:at] + char + text[at:]
    assert all(0 <= find.start < find.end <= len(text) for find in scan(text).finds)
    ends = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    for found in spread(["hi", *pieces]):
        assert all(0 <= part.start < part.end <= len(["hi", *pieces][part.message]) for part in found.parts)


def test_spaces_inside_a_word_for_a_sign_do_not_matter() -> None:
    """`guion  bajo` is one sign however it is spaced."""
    assert [find.value for find in scan("jane guion  bajo doe arroba gmail punto com").finds] == ["jane_doe@gmail.com"]


@given(st.text())
def test_every_byte_leads_back_to_a_character(text: str) -> None:
    """What is read has a place in the original for every byte, in order."""
    view = view_of(text)
    assert view.text == fold(text)
    spans = [view.span(at, at + 1) for at in range(len(view.text))]
    assert all(end - start == 1 for start, end in spans)
    assert spans == sorted(spans)
