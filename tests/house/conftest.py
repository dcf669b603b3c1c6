"""What the house tests look at, read once."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, Module


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file that belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every Python file of the package."""
    paths = sorted((ROOT / "src").rglob("*.py"))
    return [Module(path=path, text=(text := path.read_text()), tree=ast.parse(text)) for path in paths]
