"""A program that does one duty of a house until it is done, or until it kills itself: what the crash tests run.

    python -m tests.conformance.duty URL JOB DAY POINT MARKET

JOB is `evaluate` (the market becomes cases), `decide` (32 reviewers at every case that waits for one) or `tick`. DAY
moves the clock. At the POINT-th call to the database the program kills itself as `kill -9` does; never, if POINT is 0.
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from evenhand import wiring
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.deciding import confirm
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.looking import Look, Opened
from evenhand.errors import ActRefused
from evenhand.notices.facts import House
from evenhand.policy.parse import parse
from evenhand.ports import Store
from evenhand.stores.audit.checkpoint import Signer
from evenhand.stores.sql.store import open_store
from evenhand.workflows import open_cases, tick
from evenhand.workflows.binding import check_binding, check_run
from evenhand.workflows.form_portfolio import heads
from evenhand.workflows.office import Office
from evenhand.workflows.propose_measures import propose_measures
from tests.conformance.worker import die_at

BEGAN = datetime(2025, 7, 1, 9)
POLICY = parse(
    """
name: low lines
version: test
published: 2024-01-01
binds: 2024-06-01
profile: minimal
guarantee: {floor: 0.5, per_account: 0.9}
procedure: mismatch
steps:
  - {step: warn, when: "e >= 1.1", cure_days: 30}
""",
    file="low.yaml",
)
REVIEWERS = 32
HOUSE = House(marketplace="Fairlance", contact="p@f.example", appeal_link="https://f.example/{token}")


def office(store: Store) -> Office:
    """The office over a store."""
    return Office(store=store, house=HOUSE, secret=b"secret")


def evaluate(at: Office, market: Path, now: datetime) -> None:
    """A run that binds, kept in small batches so that a kill can come between two."""
    open_cases.BATCH = 3  # type: ignore[misc]  # smaller than a market of a test
    check_binding(at.store, POLICY, now)
    with tempfile.TemporaryDirectory() as folder, wiring.engine("duckdb", Path(folder)) as engine:
        staged = wiring.source(market, engine).stage(Path(folder))
        proposal = propose_measures(engine, staged, POLICY, entries=at.store.ledger(POLICY.procedure), now=now)
        check_run(POLICY, proposal, now)
        regimes = open_cases.Regimes(usual="terms", by_country={})
        open_cases.open_cases(at, engine, POLICY, proposal, regimes, now)


def decide(at: Office, now: datetime) -> None:
    """Everybody tries to confirm whatever waits; of each case one of them does."""
    waiting = [head.case_id for head in heads(at, "review")]
    people = {person.name: person for person in at.store.people()}

    def work(name: str) -> None:
        look = Look(reason=f"{name} sees no win in all of it", opened=(Opened(what="evidence", seconds=9),))

        def deed(case: Case, moment: datetime) -> Moves:
            return confirm(case, people[name], look, moment)

        for case_id in waiting:
            with suppress(ActRefused):
                at.act(case_id, deed, now)

    with ThreadPoolExecutor(REVIEWERS) as pool:
        list(pool.map(work, sorted(people)))


def main() -> None:
    """Do one duty."""
    url, job, day, point, market = sys.argv[1:]
    store = open_store(url, signer=Signer.new())
    die_at(store, int(point))
    now = BEGAN + timedelta(days=int(day))
    if job == "evaluate":
        evaluate(office(store), Path(market), now)
    elif job == "decide":
        decide(office(store), now)
    else:
        tick.tick_all(office(store), now)
    store.close()


if __name__ == "__main__":
    main()
