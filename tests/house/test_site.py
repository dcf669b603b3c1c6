"""The site builds from the pages without a warning, and its pages ask no other host for anything."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path


def test_the_site_builds_and_stays_at_home(root: Path, tmp_path: Path) -> None:
    """Every page is there, every link between pages leads somewhere, and no script, style or picture is remote."""
    shutil.copytree(root / "docs", tmp_path / "docs")
    shutil.copy(root / "zensical.toml", tmp_path)
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--strict"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(list((root / "docs").rglob("*.md")))
    fetched = re.compile(
        r"<(?:script|img|iframe)[^>]+src=[\"']?https?:|<link[^>]+href=[\"']?https?:|url\(https?:|@import"
    )
    assert not [page.name for page in pages if fetched.search(page.read_text())]
