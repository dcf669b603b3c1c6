"""The wheel carries all that the package reads: statements, templates, the shipped policies and markets."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def unpacked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = str(Path(sys.executable).parent / "uv")
    command = [uv, "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable]
    done = subprocess.run([*command, "--out-dir", str(folder)], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_every_file_of_the_package_is_in_the_wheel(root: Path, unpacked: Path, project_files: list[Path]) -> None:
    """What lies in the package, in `policies` and in `markets` lies in the wheel, and nothing else does."""
    places = {
        "src/evenhand": "evenhand",
        "policies": "evenhand/shipped/policies",
        "markets": "evenhand/shipped/markets",
    }
    wanted = {
        Path(place) / path.relative_to(root / folder)
        for folder, place in places.items()
        for path in project_files
        if path.is_relative_to(root / folder)
    }
    carried = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    assert {path for path in carried if "dist-info" not in path.parts[0]} == wanted


def test_the_shipped_folders_are_found_without_a_checkout(unpacked: Path, tmp_path: Path) -> None:
    """Installed from the wheel, Evenhand finds its policies and markets inside itself."""
    program = "from evenhand import wiring; print(wiring.shipped('policies'), len(wiring.shipped_markets()))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(unpacked / "evenhand/shipped/policies"), "2"]
