"""Durable decisions with their notice: in batches, one by one, at a given rate, and by ever more clients at once.

    python -m benchmarks.store [--rehearse] [--ezrules PYTHON]

The result goes to `docs/benchmarks/store.json` and, as a table, into `docs/benchmarks.md` between the two marks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, make_url, text

from benchmarks.databases import Site, postgresql, sqlite
from benchmarks.durable import AT, decide, office, opened
from benchmarks.publishing import publish
from evenhand.decisions.case.case import Case
from evenhand.stores.sql.store import SqlStore, open_store

BATCH: Final = 200
CLIENTS: Final = (1, 8, 64)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def prepared(site: Site, cases: int) -> tuple[SqlStore, list[Case]]:
    """A store in which so many cases wait for a decision."""
    store = open_store(site.url)
    store.add_person("ana", ["reviewer"], "a passphrase", AT)
    waiting = []
    for first in range(0, cases, 1000):
        made = [opened(f"c{n:06d}", f"m{n:06d}") for n in range(first, min(cases, first + 1000))]
        store.append_all([act for _, act in made])
        waiting += [case for case, _ in made]
    return store, waiting


def timed(site: Site, work: Callable[[], None], decisions: int) -> dict[str, float]:
    """Decisions per second of wall time and per second of CPU, client and server together."""
    cpu, began = site.cpu(), time.perf_counter()
    work()
    wall, used = time.perf_counter() - began, site.cpu() - cpu
    return {"decisions": decisions, "per_second": decisions / wall, "per_cpu_second": decisions / used}


def in_batches(site: Site, store: SqlStore, cases: Sequence[Case]) -> dict[str, float]:
    """Two hundred decisions per commit, each decided and its letter written here, on cases read before."""
    kept = office(store).kept

    def work() -> None:
        for first in range(0, len(cases), BATCH):
            store.append_all([kept(case, decide(case, AT)) for case in cases[first : first + BATCH]])

    return timed(site, work, len(cases))


def by_clients(site: Site, store: SqlStore, cases: Sequence[Case], clients: int) -> dict[str, float]:
    """One decision per commit, from reading the case on, as fast as so many clients can."""
    at = office(store)
    latencies: list[float] = []

    def act(case: Case) -> None:
        began = time.perf_counter()
        at.act(case.case_id, decide, AT)
        latencies.append(time.perf_counter() - began)

    def work() -> None:
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(act, cases))

    rates = timed(site, work, len(cases))
    return {**rates, "p50_ms": percentile(latencies, 0.5) * 1e3, "p99_ms": percentile(latencies, 0.99) * 1e3}


def at_a_rate(site: Site, store: SqlStore, cases: Sequence[Case], per_second: int) -> dict[str, float]:
    """Decisions at fixed times, whether or not the ones before are done; late starts count as waiting.

    Beside them one thread writes 8 kB and syncs, twenty times a second: what the disk itself takes at that moment.
    """
    at = office(store)
    latencies: list[float] = []
    done = threading.Event()
    began = time.perf_counter() + 0.1

    def act(place: int) -> None:
        due = began + place / per_second
        time.sleep(max(0.0, due - time.perf_counter()))
        at.act(cases[place].case_id, decide, AT)
        latencies.append(time.perf_counter() - due)

    with ThreadPoolExecutor(33) as pool:
        probe = pool.submit(_syncs, site.folder, done)
        list(pool.map(act, range(len(cases))))
        done.set()
        syncs = probe.result()
    return {
        "per_second": per_second,
        "p50_ms": percentile(latencies, 0.5) * 1e3,
        "p99_ms": percentile(latencies, 0.99) * 1e3,
        "fsync_p50_ms": percentile(syncs, 0.5) * 1e3,
        "fsync_p99_ms": percentile(syncs, 0.99) * 1e3,
    }


def _syncs(folder: Path, done: threading.Event) -> list[float]:
    taken = []
    with (folder / "probe").open("wb", buffering=0) as file:
        while not done.wait(0.05):
            began = time.perf_counter()
            file.write(bytes(8192))
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return taken


def measure(site: Site, size: int) -> dict[str, Any]:
    """Everything, on one database."""
    store, cases = prepared(site, size * (4 + len(CLIENTS)))
    parts = [cases[first : first + size] for first in range(0, len(cases), size)]
    result: dict[str, Any] = {"batches": in_batches(site, store, parts[0] + parts[1])}
    result["rate"] = at_a_rate(site, store, parts[2] + parts[3], 200)
    result["clients"] = {
        str(clients): by_clients(site, store, part, clients) for clients, part in zip(CLIENTS, parts[4:], strict=True)
    }
    began = time.perf_counter()
    audit = store.verify()
    result["verified_per_second"] = audit.entries / (time.perf_counter() - began)
    if audit.findings:
        raise RuntimeError(str(audit.findings[0]))
    store.close()
    return result


def ezrules(site: Site, python: str, decisions: int) -> dict[str, Any]:
    """The same number of durable evaluations by ezrules in the same server, in a database of its own."""
    with create_engine(make_url(site.url).set(drivername="postgresql+psycopg")).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("create database ezrules"))
    url = make_url(site.url).set(database="ezrules", drivername="postgresql+psycopg2")
    address = url.render_as_string(hide_password=False)
    done = subprocess.run(
        [python, "-m", "benchmarks.ezrules_peer", str(site.postmaster), str(decisions)],
        env={**os.environ, "EZRULES_DB_ENDPOINT": address, "EZRULES_APP_SECRET": "bench"},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(result: dict[str, Any]) -> str:
    """The result as a table for the page."""
    caption = (
        f"{result['size'] * 2:,} decisions in batches of {BATCH}, {result['size']:,} by each number of clients;"
        f" Python {result['python']}, {result['cores']} cores, load before {result['load_before']}."
    )
    lines = [
        caption,
        "",
        "| | batches: per CPU-second | per second | 200 per second: p50, p99 ms | fsync p50, p99 ms |",
        "|---|---|---|---|---|",
    ]
    for name, found in result["databases"].items():
        batches, rate = found["batches"], found["rate"]
        lines.append(
            f"| {name} | {batches['per_cpu_second']:,.0f} | {batches['per_second']:,.0f}"
            f" | {rate['p50_ms']:.1f}, {rate['p99_ms']:.1f} | {rate['fsync_p50_ms']:.1f}, {rate['fsync_p99_ms']:.1f} |"
        )
    lines += [
        "",
        "| one by one | clients | per second | per CPU-second | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in result["databases"].items():
        lines += [
            f"| {name} | {clients} | {run['per_second']:,.0f} | {run['per_cpu_second']:,.0f}"
            f" | {run['p50_ms']:.1f} | {run['p99_ms']:.1f} |"
            for clients, run in found["clients"].items()
        ]
    if peer := result["ezrules"]:
        lines += [
            "",
            f"| ezrules {peer['version']}, PostgreSQL | per second | per CPU-second |",
            "|---|---|---|",
            *(
                f"| {name} | {peer[of]['per_second']:,.0f} | {peer[of]['per_cpu_second']:,.0f} |"
                for name, of in (("one by one, 1 client", "single"), (f"batches of {BATCH}", "batches"))
            ),
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure both databases, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--rehearse", action="store_true", help="print the table, change no file")
    parser.add_argument("--ezrules", metavar="PYTHON", help="of an environment with ezrules, to measure beside")
    given = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    databases, peer = {}, None
    for database in (postgresql, sqlite):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, database(Path(folder)) as site:
            databases[site.name] = measure(site, given.size)
            if given.ezrules and site.postmaster:
                peer = ezrules(site, given.ezrules, given.size)
    result = {
        "command": f"python -m benchmarks.store --size {given.size}",
        "size": given.size,
        "evenhand": version("evenhand"),
        "sqlalchemy": version("sqlalchemy"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
        "databases": databases,
        "ezrules": peer,
    }
    if given.rehearse:
        print(table(result))
    else:
        publish("store", result, table(result))


if __name__ == "__main__":
    main()
