"""Contact details in one message: what is recognised, what is left alone, and that spans lead back to the original."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.circumvention.contact.accounts import is_bech32, is_iban
from evenhand.evidence.circumvention.contact.fold import fold, view_of
from evenhand.evidence.circumvention.contact.item import sealed
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
    ("jane, the at thing, gmail, dot, com", "email", None, "jane@gmail.com"),
    ("jane then the at sign then gmail dot com", "email", None, "jane@gmail.com"),
    ("jane%40gmail.com", "email", "jane%40gmail.com", "jane@gmail.com"),
    ("jane * gmail * com", "email", "jane * gmail * com", "jane@gmail.com"),
    ("jane_d (gmail)", "email", "jane_d (gmail)", "jane_d@gmail"),
    ("correo jane, de gmail", "email", "correo jane, de gmail", "jane@gmail"),
    ("gmail: jane", "email", "jane", "jane@gmail"),
    ("janed22 gmail", "email", "janed22 gmail", "janed22@gmail"),
    ("my user name here and then @gmail", "email", "@gmail", "name@gmail"),
    ("jane at instagram dot com", "handle", None, "jane@instagram.com"),
    ("send it to jane@paypal.com", "payment", None, "jane@paypal.com"),
    ("moc.liamg@enaj", "email", "moc.liamg@enaj", "jane@gmail.com"),
    (DISGUISES["upside"]("jane.doe@gmail.com"), "email", None, "jane.doe@gmail.com"),
    ("4215637212 backwards, my phone", "phone", "4215637212", "2127365124"),
    ("my line is 212-736-5123", "phone", "212-736-5123", "2127365123"),
    ("here you go 2127365123", "phone", "2127365123", "2127365123"),
    ("my budget is 2127365123, ring me on it", "phone", "2127365123", "2127365123"),
    ("invoice for the whole design work done: 212-736-5123", "phone", "212-736-5123", "2127365123"),
    ("the invoice number is 212-736-5123 and likes to be called", "phone", "212-736-5123", "2127365123"),
    ("por el verde 612.345.678", "phone", "612.345.678", "612345678"),
    ("seiscientos doce trescientos cuarenta y cinco 678 es mi movil", "phone", None, "612345678"),
    ("tw0 one two seven thr3e six five one two three", "phone", None, "2127365123"),
    ("call 305 - 374 - 2123", "phone", "305 - 374 - 2123", "3053742123"),
    ("my phone starts with 305 and ends in 374 2123", "phone", "305 and ends in 374 2123", "3053742123"),
    ("cel +52 1 55 3948 7854", "phone", "+52 1 55 3948 7854", "+5215539487854"),
    ("call [+][1][2][1][2][7][3][6][5][1][2][3]", "phone", None, "+12127365123"),
    ("telegram is janed", "handle", "janed", "janed"),
    ("Telegram janed", "handle", "janed", "janed"),
    ("jane_d on telegram", "handle", "jane_d", "jane_d"),
    ("janed on 1nst4gr4m", "handle", "janed", "janed"),
    ("let's use signal, I'm jane.14 there", "handle", "jane.14", "jane.14"),
    ("soy arroba janed en el avioncito", "handle", "janed", "janed"),
    ("ig (the photo app): at janed underscore 22", "handle", "janed underscore 22", "janed_22"),
    ("insta janed dot lee", "handle", "janed dot lee", "janed.lee"),
    ("you'll find me on insta, same name as here", "handle", "same name", "same name"),
    ("l1ve colon janed on skype", "handle", "l1ve colon janed", "l1ve:janed"),
    ("I'm @janed on all networks", "handle", "@janed", "janed"),
    ("@janed:matrix.org", "handle", "@janed:matrix.org", "janed:matrix.org"),
    ("on discord I am janed, add me", "handle", "janed", "janed"),
    ("t (dot) me (slash) janed", "handle", None, "t.me/janed"),
    ("www,janedoe,com", "url", "www,janedoe,com", "janedoe.com"),
    ("janedoe punto mx es mi sitio", "url", "janedoe punto mx", "janedoe.mx"),
    ("all of it is on janedoe.es", "url", "janedoe.es", "janedoe.es"),
    ("the page at janedoe dot com", "url", "janedoe dot com", "janedoe.com"),
    ("CLABE 032180000118359719", "payment", "032180000118359719", None),
    ("la cuenta es 2100 0418 45 0200051332", "payment", "2100 0418 45 0200051332", None),
    ("mi CBU: 0170622841549909514544", "payment", "0170622841549909514544", None),
    ("deposita a la tarjeta 4152 3153 2926 1267", "payment", "4152 3153 2926 1267", None),
    ("wire it, routing 021000021", "payment", "021000021", None),
    ("my venmo is janed", "payment", "janed", "janed"),
    ("LZrYGBMqMhyvpDhRU8PfPHDiZZxn5sNrCb", "payment", "LZrYGBMqMhyvpDhRU8PfPHDiZZxn5sNrCb", None),
    ("google meet code abc-defg-hij", "meeting", "abc-defg-hij", "meet/abcdefghij"),
]


@pytest.mark.parametrize(("text", "kind", "span", "value"), FOUND)
def test_a_detail_is_recognised(text: str, kind: str, span: str | None, value: str | None) -> None:
    """One item of the kind, at the part of the text that says it, in its plain form."""
    (find,) = scan(text).finds
    assert find.kind == kind
    assert span in {text[find.start : find.end], None}
    assert value in {find.value, None}


LEFT_ALONE = [
    "it runs at http://build.qqqq/main and www.acme.qqqq",  # no such endings
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
    "git clone git@github.com:acme/shop.git",
    "ssh jane@host.acme.com",
    "postgres://jane:pass@db.acme.com/app",
    "the test user is jane@example.com",
    "api.example.com answers",
    "at Object.next (runtime.js:61:3)",
    "open logo.ai, then user.design in the JSON",
    "M.Sc in maths",
    "es un buen punto de partida",
    "jane@janedoe,com",
    "telegram is blocked",
    "mi instagram es privado",
    "node.js on discord",
    "the discord bot answers @everyone",
    "I work on telegram marketing",
    "my outlook is positive",
    "my paypal is verified",
    "venmo @ 5 works, revolut: $5",
    "one two three four five six seven",
    "zero one one zero one one zero zero one",
    "twenty twenty five, twenty twenty six, twenty twenty seven",
    "one hundred, two hundred, three hundred",
    "404-273-6136 is the part number",
    "use 212-736-5123 as the placeholder",
    "about 212 736 5123",
    "call 2127 3651 2345 6789",
    "bounding boxes 404 273 613 and 646 389 386",
    "top 10 20 50 100 lists",
    "the test CLABE 032180000118359719",
    "CLABE 032180000118359710",
    "la cuenta 2100 0418 46 0200051332",
    "mi CBU: 0170622841549909514545",
    "cuenta 1234 5678 9012 3456 7",
    "routing 021000022",
    "my middle phone is 12 years old",
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


def test_a_page_ends_where_an_address_begins() -> None:
    """A slash between two details belongs to neither."""
    text = "janedoe.com / hi@janedoe.com"
    assert [text[find.start : find.end] for find in scan(text).finds] == ["janedoe.com", "hi@janedoe.com"]


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
    assert [ask.kind for ask in scan("whats ur email Ana?").asks] == ["email"]
    assert not scan("what's your email strategy?").asks
    assert not scan('The bot asks "what\'s your email?" first').asks
    assert not scan("What's your number? I was thinking 400 USD").asks
    assert scan("I only take payments through the platform").declines


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
    assert not is_iban("DE٨9 3704 0044 0532 0130 00")
    assert is_bech32("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")


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


def test_a_name_and_its_network_may_come_in_two_messages() -> None:
    """In either order; a message that says something by itself is not looked at again."""
    assert [found.find.value for found in spread(["jane_d", "that's my insta"])] == ["jane_d"]
    assert [found.find.value for found in spread(["my ig", "janed"])] == ["janed"]
    assert not list(spread(["jane_d", "find me on telegram as jane_d on telegram"]))
    assert not list(spread(["jane", "that's my insta"]))


@given(st.text())
def test_every_byte_leads_back_to_a_character(text: str) -> None:
    """What is read has a place in the original for every byte, in order."""
    view = view_of(text)
    assert view.text == fold(text)
    spans = [view.span(at, at + 1) for at in range(len(view.text))]
    assert all(end - start == 1 for start, end in spans)
    assert spans == sorted(spans)
