"""The order of the story is held by a tool, and the tool is shown to hold it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = Path(sys.executable).parent / "lint-imports"

REFUSED = {
    "market/later.py": "import evenhand.policy",
    "evidence/lazy.py": "def late() -> None:\n    import evenhand.decisions",
    "workflows/direct.py": "import evenhand.engines.duckdb",
    "lab/direct.py": "import evenhand.engines.duckdb",
    "lab/stager.py": "def late() -> None:\n    import evenhand.sources.files",
    "engines/duckdb/sibling.py": "import evenhand.engines.reference",
    "decisions/driver.py": "import duckdb",
    "decisions/keeper.py": "import sqlalchemy",
    "workflows/keeper.py": "def late() -> None:\n    import evenhand.stores.sql.store",
    "conformance/keeper.py": "import evenhand.stores.memory.store",
    "stores/memory/sibling.py": "import evenhand.stores.sql",
    "decisions/letter.py": "import evenhand.notices",
    "notices/answer.py": "def late() -> None:\n    import evenhand.appeals",
    "notices/postman.py": "import socket",
    "evidence/activity/listener.py": "def late() -> None:\n    import evenhand.evidence.circumvention.contact.scan",
    "somewhere/__init__.py": "",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts over the package that lies in `folder`."""
    command = [str(LINT), "--no-cache", "--no-logo"]
    where = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=where, capture_output=True, text=True, check=False)


def test_the_contracts_hold(root: Path) -> None:
    """Every import of the package, those inside functions included, follows the order of the story."""
    done = lint(root)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("place", REFUSED)
def test_a_breach_is_refused(place: str, root: Path, tmp_path: Path) -> None:
    """A later word named by an earlier one, a driver in the story and a folder without a place each fail the build."""
    shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    breach = tmp_path / "src/evenhand" / place
    breach.parent.mkdir(exist_ok=True)
    breach.write_text(REFUSED[place])
    assert lint(tmp_path).returncode != 0
