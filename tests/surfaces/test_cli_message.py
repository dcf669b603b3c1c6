"""`evenhand message check` and `evenhand lab contact-details` from the outside."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from evenhand.surfaces.cli.failures import EXIT_CODES
from tests.surfaces.command import EVENHAND, evenhand, told

SAID = "Call me on +1 212 736 5123"


def test_a_message_is_advised_on_and_never_refused() -> None:
    """What is found is said in a sentence with the way out, and the command is done."""
    done = evenhand("message", "check", SAID, "--rule", "9.1")
    assert done.returncode == EXIT_CODES["done"], done.stderr
    assert '"+1 212 736 5123" looks like a telephone number' in done.stdout
    assert "start the contract first: rule 9.1" in done.stdout
    assert evenhand("message", "check", "See you on Monday").stdout == "Nothing to say about it.\n"


def test_the_text_comes_from_an_argument_a_file_or_standard_input(tmp_path: Path) -> None:
    """All three say the same; two at once are refused; bytes that are no text are read all the same."""
    file = tmp_path / "message.txt"
    file.write_bytes(SAID.encode() + b"\xff")
    piped = subprocess.run([EVENHAND, "message", "check"], input=SAID, capture_output=True, text=True, check=True)
    assert (
        piped.stdout == evenhand("message", "check", SAID).stdout == evenhand("message", "check", "--file", file).stdout
    )
    assert evenhand("message", "check", SAID, "--file", file).returncode == EXIT_CODES["usage"]
    assert evenhand("message", "check", "--file", tmp_path / "none").returncode == EXIT_CODES["machine"]


@pytest.mark.parametrize(
    ("text", "options", "allowance"),
    [
        (SAID, ("--contract",), "running_contract"),
        (SAID, ("--enterprise",), "enterprise_client"),
        ("https://github.com/jane/x", ("--code-job",), "repository"),
        ("https://jobs.acme.com/1", ("--own-host", "acme.com"), "own_host"),
        (SAID, (), ""),
    ],
)
def test_circumstances_are_options(text: str, options: tuple[str, ...], allowance: str) -> None:
    """For programs each item has its kind, span, value and allowance."""
    (item,) = told("message", "check", text, *options)["items"]
    assert item["allowance"] == allowance
    assert text[item["start"] : item["end"]] in text


def test_the_corpus_is_evaluated() -> None:
    """The table has a line for every kind; programs get counts and intervals; an unknown part is refused."""
    lines = evenhand("lab", "contact-details", "--part", "develop").stdout.splitlines()
    assert lines[0].startswith("develop: ")
    assert {line.split(" | ")[1] for line in lines if line.startswith("| kind |")} == {
        *("email", "handle", "meeting", "payment", "phone", "url"),
    }
    groups = {(row["by"], row["group"]): row for row in told("lab", "contact-details")["groups"]}
    overall = groups["all", "all"]["recall"]
    assert overall["low"] < overall["share"] < overall["high"]
    assert groups["language", "es"]["labelled"] > 300
    assert evenhand("lab", "contact-details", "--part", "all").returncode == EXIT_CODES["usage"]
