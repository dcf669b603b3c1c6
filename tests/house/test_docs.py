"""A promise in prose is run: every command on a page works and prints what the page shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n?```(?:console|sh)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
NOT_RUN = re.compile(r"<!-- not run: .{10,} -->")


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command on a page, with the output that the page shows for it (none shown: any output will do)."""

    line: str
    shown: str


def commands(block: str) -> Iterator[Command]:
    """The commands of a block: lines after `$ `, a backslash at the end goes on, the rest is output."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, shown = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield Command(line=line, shown=shown.rstrip())


def matches(shown: str, printed: str) -> bool:
    """Whether the output is what the page shows; `...` stands for anything, as in a doctest."""
    parts = [re.escape(part) for part in shown.split("...")]
    return (
        re.fullmatch(".*".join(parts), "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n"), re.DOTALL)
        is not None
    )


def scratch_copy(folder: Path) -> None:
    """What a reader of the pages has before the first command: the shipped policies and markets."""
    shutil.copytree(ROOT / "policies", folder / "policies")
    (folder / "markets").symlink_to(ROOT / "markets")


def run(command: Command, folder: Path) -> str:
    """Run one command in the scratch copy and return what it printed, refusals included."""
    path = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    surroundings = {"PATH": path, "HOME": str(folder), "COLUMNS": "100", "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", command.line], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"$ {command.line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    """Each command of a page succeeds in the order of the page, and prints what the page shows."""
    scratch_copy(tmp_path)
    for block in BLOCK.finditer(page.read_text()):
        if not NOT_RUN.search(block["before"]):
            for command in commands(block["text"]):
                printed = run(command, tmp_path)
                assert matches(command.shown, printed) or not command.shown, f"$ {command.line}\n{printed}"


def test_a_page_that_lies_is_found() -> None:
    """Output that differs from what a page shows is told apart, up to the places the page leaves open."""
    assert matches("read 3\n...\nadmitted 2", "read 3\nquarantined 1\nadmitted 2")
    assert not matches("read 3", "read 4")
    assert not matches("read 3", "read 3\nadmitted 2")


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link of a page names a file of the checkout."""
    pages = [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md"]
    links = [(page, target) for page in pages for target in LINK.findall(page.read_text())]
    assert not [f"{page.relative_to(ROOT)}: {target}" for page, target in links if not (page.parent / target).exists()]
