"""The house of the commands about cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.surfaces.opened import OpenedDoors


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenedDoors:
    """A house in which no case is open."""
    return OpenedDoors(tmp_path, monkeypatch)
