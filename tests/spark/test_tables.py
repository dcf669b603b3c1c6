"""The whole command on tables that are at home in Spark, beside DuckDB's on the files they were made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from evenhand.errors import MarketRefused
from evenhand.policy.load import load
from evenhand.surfaces import runs
from tests.house.checkout import ROOT

MARKET = ROOT / "markets" / "worldbank"


@pytest.fixture(scope="module")
def schema() -> Iterator[str]:
    """A schema with the shipped market's tables, in several files each."""
    spark = SparkSession.builder.getOrCreate()
    spark.sql("create schema lake")
    for file in sorted(MARKET.glob("*.parquet")):
        spark.read.parquet(str(file)).repartition(3).write.saveAsTable(f"lake.{file.stem}")
    yield "lake"
    spark.sql("drop schema lake cascade")


def evaluated(market: Path, engine: str, out: Path) -> dict[str, object]:
    """What `evenhand evaluate` writes, the cost of the run aside."""
    policy = load(ROOT / "policies" / "activity.yaml")
    runs.evaluate(runs.Evaluation(market=market, policies=[policy], out=out, engine=engine), lambda stage: None)
    summary = json.loads((out / "summary.json").read_text())
    own = ("market", "engine", "seconds", "peak_rss_mb")
    return {name: value for name, value in summary.items() if name not in own}


def test_tables_and_files_give_the_same(schema: str, tmp_path: Path) -> None:
    """Same evidence to the bit, same measures, same summary, same rows refused."""
    ours = evaluated(Path(f"tables:{schema}"), "spark", tmp_path / "spark")
    theirs = evaluated(MARKET, "duckdb", tmp_path / "duckdb")
    assert ours == theirs
    for name in ("evidence.parquet", "measures.jsonl"):
        a, b = tmp_path / "spark" / name, tmp_path / "duckdb" / name
        if name.endswith("parquet"):
            assert pq.read_table(a).to_pylist() == pq.read_table(b).to_pylist()
        else:
            assert a.read_text() == b.read_text()
    refused = [pq.read_table(tmp_path / e / "quarantine.parquet").to_pylist() for e in ("spark", "duckdb")]
    what = [sorted((row["table"], row["column"], row["value"], row["reason"]) for row in rows) for rows in refused]
    assert what[0] == what[1]


def test_a_schema_without_the_tables_is_refused(tmp_path: Path) -> None:
    """A schema that does not exist has none of the tables a market needs."""
    with pytest.raises(MarketRefused, match="has no table `accounts`"):
        evaluated(Path("tables:nowhere"), "spark", tmp_path / "out")
