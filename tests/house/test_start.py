"""Starting is cheap: the package imports nothing, and a command imports what it needs when it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

import pytest

HEAVY = {
    *("alembic", "argon2", "cryptography", "duckdb", "numpy", "phonenumbers", "pyarrow", "re2", "sqlalchemy"),
    *("sqlglot", "yaml"),
}
IMPORT_MS = 150

LOADED = "import sys, json; {}; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statement: str) -> set[str]:
    """Top modules that a fresh interpreter has loaded after a statement."""
    done = subprocess.run([sys.executable, "-c", LOADED.format(statement)], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def cpu_ms(statement: str) -> float:
    """CPU time that a fresh interpreter needs for a statement, in milliseconds: the median of five runs."""
    measured = "import resource as r; {}; u = r.getrusage(r.RUSAGE_SELF); print((u.ru_utime + u.ru_stime) * 1000)"
    runs = [
        subprocess.run([sys.executable, "-c", measured.format(statement)], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return median(float(run.stdout) for run in runs)


def test_the_package_starts_fast() -> None:
    """Importing `evenhand` costs less than 150 ms of CPU beyond a bare interpreter."""
    assert cpu_ms("import evenhand") - cpu_ms("pass") < IMPORT_MS


@pytest.mark.parametrize("statement", ["import evenhand", "import evenhand.surfaces.cli.app"])
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    """Neither the package nor the list of commands loads an engine, a parser or a table library."""
    assert not HEAVY & loaded_by(statement)
