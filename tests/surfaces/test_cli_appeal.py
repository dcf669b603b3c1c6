"""`evenhand appeal`: by the link of a letter alone, bounded, once; answered by somebody who had no part."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evenhand.appeals.attachments import LARGEST, LONGEST, MOST
from evenhand.wiring.offices import opened, read_settings
from tests.surfaces.opened import OpenedDoors


def warned(house: OpenedDoors, case: str = "hal") -> str:
    """A member is warned and has opened the letter; its token."""
    house.propose(case, "mismatch", "warn")
    house.decide("confirm", case, "rex", "no win in two hundred decisions")
    return house.read(case, "warning")


def filing(token: str, *more: object) -> tuple[object, ...]:
    """The words that file an appeal."""
    return ("appeal", "file", "--token", token, "--text", "I was ill all year", *more)


def kept(house: OpenedDoors, case: str, content: bytes) -> bool:
    """Whether the store holds a file of the account."""
    with house.inside() as office:
        return office.store.attachment(case, hashlib.sha256(content).hexdigest()) is not None


@pytest.mark.parametrize("command", ["show", "answer", "file", "say", "join"])
def test_the_wrong_link_opens_nothing(house: OpenedDoors, command: str) -> None:
    """Cut short, of another house, made up, of a letter that was never written: refused, with what to do."""
    token = warned(house)
    with house.inside() as office:
        forged = type(office)(store=office.store, house=office.house, secret=b"guessed")
        link = forged._house("hal/3/warning").appeal_link
    more = ("--name", "Ann") if command == "join" else () if command == "show" else ("--text", "let me in")
    before = house.stands("hal").last.number
    for wrong in (
        token[:-1],
        token.replace("hal/", "ida/"),
        link.partition("token=")[2],
        "",
        "\udcff",
        "hal/3/warning.é",
    ):
        said = house.said("appeal", command, "--token", wrong, *more, code=8)
        assert "this link opens no case" in said
        assert "copy it whole from the letter" in said
    assert house.stands("hal").last.number == before


def test_the_member_sees_the_case_and_nobody_by_name(house: OpenedDoors) -> None:
    """What is in force, every date with what follows, every letter, every turn; never who decided (R17)."""
    token = warned(house)
    shown = house.told("appeal", "show", "--token", token)
    assert (shown["in_force"], shown["letters"][0]["subject"] is None) == ("warn", False)
    assert shown["letters"][0]["delivered_at"]
    assert all(due["then"] for due in shown["due"])
    assert "decisions" not in shown
    assert "precedents" not in shown
    for text in (str(shown), house.said("appeal", "show", "--token", token)):
        assert "rex" not in text


def test_a_second_click_files_nothing_twice(house: OpenedDoors) -> None:
    """One appeal is open at a time; what comes later is a turn of it."""
    token = warned(house)
    assert house.told(*filing(token))["stage"] == "appeal"
    assert "an appeal against it is open" in house.said(*filing(token), code=8)
    house.said("appeal", "say", "--token", token, "--text", "here is more")
    assert [turn["kind"] for turn in house.told("case", "hal")["dialogue"]] == ["appealed", "spoke"]


def test_nothing_to_answer_and_nothing_to_appeal(house: OpenedDoors) -> None:
    """After a decision it is appealed, before one it is answered; an empty text is nothing."""
    token = warned(house)
    assert "what was decided can be appealed" in house.said(
        "appeal", "answer", "--token", token, "--text", "wait", code=8
    )
    assert "no decision with the number 1" in house.said(*filing(token, "--of", 1), code=8)
    assert "nothing is said" in house.said("appeal", "file", "--token", token, code=8)
    assert "no appeal is open" in house.said("appeal", "say", "--token", token, "--text", "hello", code=8)
    assert "no appeal is open" in house.said("appeal", "join", "--token", token, "--name", "Ann", code=8)


def test_files_are_kept_by_what_they_are(house: OpenedDoors, tmp_path: Path) -> None:
    """A PDF, a PNG, a JPEG and a text go with the appeal; the entry names them by their hashes."""
    contents = [b"%PDF-1.7 doctor", b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff...", "café\n".encode()]
    files = [tmp_path / f"file-{number}" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    house.said(*filing(warned(house), *(word for file in files for word in ("--attach", file))))
    (turn,) = house.told("case", "hal")["dialogue"]
    assert turn["files"] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert all(kept(house, "hal", content) for content in contents)
    assert not kept(house, "ida", contents[0])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"MZ\x90\x00 a program", "is of no kind that can be kept"),
        (b"", "is empty"),
        (b"%PDF-" + bytes(LARGEST), "is too large"),
        (b"zero\x00byte", "is of no kind that can be kept"),
    ],
    ids=["program", "empty", "large", "binary"],
)
def test_other_files_are_refused(house: OpenedDoors, tmp_path: Path, content: bytes, fault: str) -> None:
    """Its name is told, and what may be sent; the words and the good file beside it are not kept either."""
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text("fine")
    bad.write_bytes(content)
    said = house.said(*filing(warned(house), "--attach", good, "--attach", bad), code=8)
    assert f"`bad.pdf` {fault}" in said
    assert house.stands("hal").appeals == ()
    assert not kept(house, "hal", b"fine")


def test_too_many_files_and_too_long_a_text(house: OpenedDoors, tmp_path: Path) -> None:
    """What one turn may hold is bounded, since nothing is ever taken out of the log."""
    token, file = warned(house), tmp_path / "note.txt"
    file.write_text("a note")
    many = [word for _ in range(MOST + 1) for word in ("--attach", file)]
    assert f"at most {MOST} at a time" in house.said(*filing(token, *many), code=8)
    assert "attach it as a file" in house.said(
        "appeal", "file", "--token", token, "--text", "x" * (LONGEST + 1), code=8
    )
    assert house.said(*filing(token, "--attach", tmp_path / "absent.pdf"), code=1)


def test_a_refused_turn_leaves_no_file(house: OpenedDoors, tmp_path: Path) -> None:
    """Who may not appeal cannot fill the house with files either."""
    token, file = warned(house), tmp_path / "note.txt"
    house.said(*filing(token))
    file.write_text("a second note")
    house.said(*filing(token, "--attach", file), code=8)
    assert not kept(house, "hal", b"a second note")


def test_nobody_speaks_as_somebody_else(house: OpenedDoors) -> None:
    """A link is the member's or a party's; it lets nobody pass for a person of the house."""
    token = warned(house)
    for name in ("staff", "person:rita", "rita"):
        assert "nobody speaks here as" in house.said(*filing(token, "--by", name), code=8)
    house.said(*filing(token, "--by", "representative"))
    assert house.told("case", "hal")["dialogue"][0]["by"] == "representative"
    assert "is one of `representative`, `mediator`, `outside_body`" in house.said(
        "appeal", "join", "--token", token, "--name", "Ann", "--role", "judge", code=8
    )


def test_who_speaks_is_one_or_the_other(house: OpenedDoors) -> None:
    """A turn comes from a link, or from a person and a case."""
    token = warned(house)
    for words in ((), ("--token", token, "--as", "rex"), ("--case", "hal"), ("--as", "rex")):
        assert "either `--token`, or `--case` and `--as`" in house.said("appeal", "say", "--text", "a", *words, code=2)


def deciding(outcome: str, person: str, *more: object, reason: str = "the figures stand") -> tuple[object, ...]:
    """The words of an answer."""
    return ("appeal", "decide", outcome, "hal", "--as", person, "--reason", reason, "--opened", "evidence=60", *more)


def test_an_answer_needs_the_evidence_anew(house: OpenedDoors) -> None:
    """Before it is measured, and where no appeal is open, nobody decides."""
    token = warned(house)
    assert "no appeal is open" in house.said(*deciding("uphold", "rita"), code=8)
    house.said(*filing(token))
    assert "measured anew" in house.said(*deciding("uphold", "rita"), code=8)
    assert "`perhaps` is none of uphold, partly, reverse" in house.said(*deciding("perhaps", "rita"), code=2)
    assert "`luck` is none of fact" in house.said(*deciding("reverse", "rita", "--flaw", "luck"), code=2)


def test_a_market_without_the_account_measures_nothing(house: OpenedDoors) -> None:
    """The wrong market is told from the right one."""
    house.said(*filing(warned(house)))
    market = Path(__file__).parents[2] / "markets" / "worldbank"
    assert "the market has no account `hal`" in house.said("appeal", "remeasure", "hal", market, code=6)


def test_an_erased_account(house: OpenedDoors) -> None:
    """Its words read as nothing, in the file and to whoever still holds the link; nothing new can be sealed for it."""
    token = warned(house)
    house.said(*filing(token))
    with opened(house.store, read_settings(house.folder / "evenhand.toml")) as office:
        for sent in office.store.messages("hal"):
            office.store.settle_message(sent.message.id, house.now, "accepted")
        office.store.erase("hal", house.now)
    shown = house.said("case", "hal")
    assert "I was ill" not in shown
    assert "(erased)" in shown
    assert "(erased)" in house.said("appeal", "show", "--token", token)
    said = house.said("appeal", "say", "--token", token, "--text", "I am back", code=7)
    assert "erased" in said


def test_bytes_that_are_no_text(house: OpenedDoors) -> None:
    """What a shell passes on of a broken encoding is refused before it is written."""
    said = house.said("appeal", "file", "--token", warned(house), "--text", "I was ill \udcff", code=7)
    assert "not JSON" in said
    assert house.stands("hal").appeals == ()
