"""Linked accounts at size: the run beside plain Splink on the same blocks, and one registration against all accounts.

    python -m benchmarks.linkage [--accounts 1000000]

Both sides read the same records, train, score and cluster, one after the other on two threads; what is learnt differs
only in how strangers are sampled. Registrations are those of accounts drawn by a seed, after a thousand to warm up.
"""

from __future__ import annotations

import argparse
import logging
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from evenhand.engines.duckdb.linkage import TRAINED_ON, DuckDBLinkage, _settings, records_sql
from evenhand.evidence.linkage.weights import LINK
from evenhand.lab.linkage import populate
from evenhand.stores.linkage_index import LinkageIndex, write_index

WARM, ASKED = 1_000, 5_000


def opened(market: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a market, on two threads."""
    con = duckdb.connect(config={"threads": 2, "memory_limit": "4GB"})
    for table in ("identities", "devices", "accounts"):
        con.execute(f"create view {table} as from read_parquet('{market}/{table}.parquet')")
    return con


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall time and of CPU."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plain(con: duckdb.DuckDBPyConnection, ours: DuckDBLinkage) -> None:
    """What Splink does by itself: sample strangers, train, predict, cluster."""
    from splink import DuckDBAPI, Linker, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    con.execute(f"create table records as {records_sql()}")
    records = DuckDBAPI(con).register("records")
    linker = Linker(records, _settings(ours.weights), log_level=None, validate_settings=False)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("document"), block_on("email", "birth_date")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for columns in TRAINED_ON:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), fix_probability_two_random_records_match=True
        )
    pairs = linker.inference.predict(threshold_match_weight=LINK)
    linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_weight=LINK)


def registrations(ours: DuckDBLinkage, file: Path) -> list[float]:
    """Seconds that each of many registrations took, the shortest first."""
    write_index(file, ours.weights, ours.known(), ours.shares())
    index = LinkageIndex(file)
    everybody = [known.record for known in ours.known()]
    records = random.Random(1).sample(everybody, WARM + ASKED)  # noqa: S311  # a seed, no secret
    taken = []
    for record in records:
        began = time.perf_counter()
        index.judge(record)
        taken.append(time.perf_counter() - began)
    return sorted(taken[WARM:])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        market = Path(folder) / "market"
        populate(market, given.accounts, seed=1)
        with opened(market) as con, opened(market) as other:
            ours = DuckDBLinkage(con)
            own, splinks = timed(ours.link), timed(lambda: plain(other, ours))
            taken = registrations(ours, Path(folder) / "accounts.idx")
    print(f"{given.accounts:,} accounts, 2 threads: {own[0]:.1f} s, {own[1]:.1f} CPU-s")
    print(
        f"plain Splink on the same blocks: {splinks[0]:.1f} s, {splinks[1]:.1f} CPU-s; ratio {own[0] / splinks[0]:.2f}"
    )
    print(f"one registration: p50 {taken[ASKED // 2] * 1e3:.2f} ms, p99 {taken[ASKED * 99 // 100] * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
