"""`docs/commands.md` knows every command, every option and every exit code, and none that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from evenhand.surfaces.cli.app import app
from evenhand.surfaces.cli.failures import EXIT_CODES


def leaves(command: object, path: str) -> Iterator[tuple[str, object]]:
    """Every command that can be run, by the words that run it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, child in below.items():
        yield from leaves(child, f"{path} {name}")


COMMANDS = dict(leaves(typer.main.get_command(app), "evenhand"))


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    """The page's sections about commands, by heading."""
    parts = re.split(r"^## `(evenhand [^`]+)`\n", (root / "docs/commands.md").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section(sections: dict[str, str]) -> None:
    """The page has a section for each command and for nothing else."""
    assert set(sections) == set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_is_documented(path: str, sections: dict[str, str]) -> None:
    """A command's section names exactly its options, and its arguments in capitals."""
    parameters = COMMANDS[path].params  # type: ignore[attr-defined]  # the class is private to Typer
    options = {name for one in parameters for name in one.opts if name.startswith("--")} - {"--help"}
    section = sections[path].split("\n## ")[0]
    assert set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)) == options
    assert all(one.name.upper() in section for one in parameters if one.param_type_name == "argument")


def test_the_exit_codes_are_those_of_the_program(root: Path) -> None:
    """The table of exit codes holds each code once, with the word that the JSON of a failure says."""
    rows = re.findall(r"^\| (\d+) \| `(\w+)`", (root / "docs/commands.md").read_text(), re.MULTILINE)
    assert {word: int(code) for code, word in rows} == EXIT_CODES
