"""Reading a large store: where a member stands, and the first page of the queue, among a million members.

    python -m benchmarks.store_reads [--members 1000000] [--rehearse]

The log is drawn by statements on whole tables, five entries per case: one real case, warned and delivered, with other
names. Its hashes are drawn too; nothing here verifies them. The result, with the plans of the database, goes to
`docs/benchmarks/store_reads.json`, the figures into `docs/benchmarks.md` between the two marks.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, DateTime, bindparam, event, text

from benchmarks.databases import Site, postgresql, sqlite
from benchmarks.publishing import publish
from benchmarks.store import percentile
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.delivering import deliver
from evenhand.decisions.case.entry import SEALED, CaseEntry
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.looking import Look, Opened
from evenhand.decisions.case.proposing import open_case, propose, rests_on
from evenhand.decisions.ledger import Standing
from evenhand.policy.load import load
from evenhand.stores.audit.chain import canonical
from evenhand.stores.sql.store import SqlStore, open_store

ROOT: Final = Path(__file__).parents[1]
AT: Final = datetime(2027, 3, 1, 9)
NOW: Final = AT + timedelta(days=30)
PAGE: Final = 50
WARM: Final = 20
CASE: Final = "CASE-NAME"
ACCOUNT: Final = "ACCOUNT-NAME"


class Reviewer:
    """Who warns in the made-up case."""

    name: str = "ana"
    roles: frozenset[str] = frozenset({"reviewer"})


def case() -> list[CaseEntry]:
    """Five entries by the acts of the story: opened, proposed, confirmed, warned, delivered."""
    policy = load(ROOT / "policies" / "activity.yaml")
    step = policy.step("warn")
    if step is None:
        raise RuntimeError("the shipped policy warns no more")
    entries = list(open_case(CASE, ACCOUNT, "mismatch", policy.profile, AT, regime="P2B").entries)
    evidence = {"decided": 200, "fair_wins": 25.0, "wins": 0, "log_e": 12.0}
    proposal = rests_on(policy, step, evidence, {"in_words": "no wins"}, "no wins where a full fair share is 25.0")
    entries += propose(fold(entries, AT), proposal, AT).entries
    look = Look(reason="nothing speaks for it", opened=(Opened(what="evidence", seconds=40),))
    moves = confirm(fold(entries, AT), Reviewer(), look, AT)
    entries += moves.entries
    entries += deliver(fold(entries, AT), moves.messages[0].id, "email", {"smtp": 250}, AT).entries
    return entries


def fill(connection: Connection, members: int) -> None:
    """Draw a case per member; one in five waits for a review, one in fifty has something due.

    The entries come one number after the other over all cases, as time brings them: those of a case lie far apart.
    """
    counted = f"with recursive s(n) as (select 0 union all select n + 1 from s where n < {members - 1})"
    rows, hashed, at = {
        "sqlite": (
            f"({counted} select n from s)",
            "randomblob(32)",
            "datetime(1803891600 + n % 200000, 'unixepoch') || '.000000'",
        ),
        "postgresql": (
            f"generate_series(0, {members - 1}) as s(n)",
            "sha256(cast(cast(n as text) as bytea))",
            "timestamp '2027-03-01' + (n % 200000) * interval '1 second'",
        ),
    }[connection.dialect.name]
    connection.execute(
        text(
            "insert into cases (case_id, account_id, procedure, step, stage, opened_at, due_at, precedence, closed,"
            " entries, hash) select 'c' || n, 'm' || n, 'mismatch', 'warn', case when n % 5 = 0 then 'review'"
            f" else 'in_force' end, {at}, case when n % 50 = 0 then {at} end, -(n % 17), false, 5, {hashed} from {rows}"
        )
    )
    for entry in case():
        body = {name: value for name, value in entry.body.items() if name not in SEALED[entry.kind]}
        body |= dict.fromkeys(SEALED[entry.kind] & entry.body.keys())
        written = {"number": entry.number, "at": entry.at, "kind": entry.kind, "author": entry.author}
        connection.execute(
            text(
                "insert into entries (case_id, number, at, kind, author, body, hash)"
                " select 'c' || n, :number, :at, :kind, :author,"
                f" replace(replace(:body, '{CASE}', 'c' || n), '{ACCOUNT}', 'm' || n), {hashed} from {rows}"
            ).bindparams(bindparam("at", type_=DateTime)),
            {**written, "body": canonical(body)},
        )


def draw(store: SqlStore, members: int) -> None:
    """Fill the store with its triggers out of the way, and put them back."""
    database = store._database  # noqa: SLF001  # a benchmark may go past the store to fill it
    with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("alter table entries disable trigger user"))
            fill(connection, members)
            connection.execute(text("alter table entries enable trigger user"))
        else:
            triggers = connection.execute(text("select name, sql from sqlite_master where type = 'trigger'")).all()
            for name, _ in triggers:
                connection.execute(text(f"drop trigger {name}"))
            fill(connection, members)
            for _, statement in triggers:
                connection.exec_driver_sql(statement)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze" if database.dialect == "postgresql" else "analyze"))


def standing(store: SqlStore, member: str) -> Standing:
    """Where a member stands: every case of theirs, read and folded."""
    (found,) = (fold(store.read(head.case_id), NOW).standing(NOW) for head in store.cases_of(member))
    return found


def timed(site: Site, deed: Callable[[int], object], repeats: int) -> dict[str, float]:
    """Milliseconds that a deed takes, warm, and of CPU: this process and the server together."""
    for place in range(WARM):
        deed(place)
    taken, used = [], site.cpu()
    for place in range(WARM, WARM + repeats):
        began = time.perf_counter()
        deed(place)
        taken.append((time.perf_counter() - began) * 1e3)
    cpu = (site.cpu() - used) * 1e3 / repeats
    return {"p50_ms": percentile(taken, 0.5), "p99_ms": percentile(taken, 0.99), "cpu_ms": cpu}


def plans(store: SqlStore, deed: Callable[[], object]) -> list[str]:
    """How the database carries out each statement of a deed, in its own words."""
    engine, asked = store._database.engine, []  # noqa: SLF001  # plans are asked for where the statements are sent

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    deed()
    event.remove(engine, "before_cursor_execute", note)
    explain = "explain (analyze, buffers) " if engine.dialect.name == "postgresql" else "explain query plan "
    found = []
    with engine.connect() as connection:
        for statement, values in asked:
            rows = connection.exec_driver_sql(explain + statement, values).all()
            found.append("\n".join([statement, *(str(row[-1]) for row in rows)]))
    return found


def measure(site: Site, members: int) -> dict[str, Any]:
    """The four reads on one database."""
    store = open_store(site.url)
    draw(store, members)
    rng = random.Random(1)  # noqa: S311  # a choice of members, no secret
    chosen = [f"m{rng.randrange(members)}" for _ in range(WARM + 1000)]
    if standing(store, chosen[0]).in_force != "warn":
        raise RuntimeError("the members were not warned")
    middle = store.queue(stage="review", after=None, limit=PAGE)[-1]
    middle = replace(middle, urgency=8)
    reads: dict[str, tuple[Callable[[int], object], int]] = {
        "standing of a member": (lambda place: standing(store, chosen[place]), 1000),
        "first page of the queue": (lambda _: store.queue(stage="review", after=None, limit=PAGE), 200),
        "a page in its middle": (lambda _: store.queue(stage="review", after=middle, limit=PAGE), 200),
        "the first hundred due": (lambda _: store.due(NOW, 100), 200),
    }
    result = {
        name: {**timed(site, deed, repeats), "plans": plans(store, lambda deed=deed: deed(0))}  # type: ignore[misc]  # bound
        for name, (deed, repeats) in reads.items()
    }
    store.close()
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for the page."""
    caption = (
        f"{result['members']:,} members, {result['members'] * 5:,} entries; Python {result['python']},"
        f" {result['cores']} cores, load before {result['load_before']}."
    )
    lines = [
        caption,
        "",
        "| | PostgreSQL: p50, p99, CPU ms | SQLite: p50, p99, CPU ms |",
        "|---|---|---|",
    ]
    databases = result["databases"]
    for name in databases["SQLite"]:
        figures = [databases[of][name] for of in ("PostgreSQL", "SQLite")]
        lines.append(
            f"| {name} | "
            + " | ".join(f"{f['p50_ms']:.1f}, {f['p99_ms']:.1f}, {f['cpu_ms']:.2f}" for f in figures)
            + " |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure both databases, publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--rehearse", action="store_true", help="print the figures, change no file")
    given = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    databases = {}
    for database in (postgresql, sqlite):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, database(Path(folder)) as site:
            databases[site.name] = measure(site, given.members)
    result = {
        "command": f"python -m benchmarks.store_reads --members {given.members}",
        "members": given.members,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": load,
        "databases": databases,
    }
    if given.rehearse:
        print(table(result))
    else:
        publish("store_reads", result, table(result))


if __name__ == "__main__":
    main()
