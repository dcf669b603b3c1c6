"""What may not stand in any file of the project: a registry's address, a path of one machine, an unfinished word."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".sql", ".css", ".js", ".txt", ".in", ".sh", ".jsonl", ""}
README_LINES = 80
ROOT_ENTRIES = 20


@pytest.fixture(scope="module")
def texts(project_files: list[Path], root: Path) -> dict[str, str]:
    """The project's text files, by their path below the root; data and this very test left out."""
    own = Path(__file__)
    kept = [path for path in project_files if path.suffix in TEXT and path != own and "markets" not in path.parts]
    return {str(path.relative_to(root)): path.read_text() for path in kept}


def places(texts: dict[str, str], pattern: str) -> list[str]:
    """Each place where a pattern stands, as `path:line`."""
    found = re.compile(pattern)
    return [
        f"{name}:{number}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]


def test_pins_carry_hashes_and_no_address(texts: dict[str, str]) -> None:
    """Every pinned version has a hash, and no requirements file says where to download from."""
    pins = {name: text for name, text in texts.items() if name.startswith("requirements/")}
    assert len(pins) > 1
    assert not places(pins, r"https?:|--(extra-)?index-url|--find-links|@ file:")
    for name, text in pins.items():
        if name.endswith(".txt"):
            assert text.count("--hash=") >= len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0, name


def test_no_file_names_a_registry(texts: dict[str, str]) -> None:
    """Where packages come from is the machine's affair: no file names a registry's host."""
    hosts = ("pypi.org", "pythonhosted", "registry.npmjs", "crates.io", "deb.debian", "proxy.golang")
    assert not places(texts, "|".join(re.escape(host) for host in hosts))


def test_no_file_names_a_path_of_one_machine(texts: dict[str, str]) -> None:
    """No file says where somebody keeps a checkout, a home folder or an interpreter."""
    assert not places(texts, r"(?<![\w.<])/(home|Users|root|work|opt)/\w")


def test_nothing_is_left_unfinished(texts: dict[str, str]) -> None:
    """What is not done is not here; there are no notes to do it later."""
    assert not places(texts, r"\b(TODO|FIXME|XXX|HACK)\b")


def test_the_first_screen_stays_short(texts: dict[str, str]) -> None:
    """The README fits two screens, and the root a folder's first sight."""
    assert texts["README.md"].count("\n") <= README_LINES
    assert len({name.split("/")[0] for name in texts}) <= ROOT_ENTRIES


def test_every_dependency_has_a_page_that_says_why(texts: dict[str, str]) -> None:
    """Each runtime dependency is named by a page of `docs/choices`."""
    wanted = tomllib.loads(texts["pyproject.toml"])["project"]["dependencies"]
    names = [re.split(r"[ <>=]", line)[0] for line in wanted]
    pages = " ".join(name for name in texts if name.startswith("docs/choices/"))
    assert not [name for name in names if name not in pages]
