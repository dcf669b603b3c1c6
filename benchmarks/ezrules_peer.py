"""Durable evaluations by ezrules, in its own environment: its executor and its `eval_and_store`, without HTTP or login.

    python -m benchmarks.ezrules_peer POSTMASTER COUNT

The address of an empty database stands in `EZRULES_DB_ENDPOINT`. One rule, much as the shipped policy's
warning; every other event falls under it. Counted is the CPU of this process and of the server whose first process is
POSTMASTER.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.databases import own_cpu, server_cpu

BATCH = 200
WARM = 20


def main() -> None:
    """Prepare, measure commit by commit and in batches, check the answers, print the rates as JSON."""
    from ezrules.backend.data_utils import Event, eval_and_store
    from ezrules.backend.rule_executors.executors import LocalRuleExecutorSQL
    from ezrules.core.rule_updater import RDBRuleEngineConfigProducer, RDBRuleManager
    from ezrules.models.backend_core import AllowedOutcome, EvaluationDecision, Organisation, Rule
    from ezrules.models.database import Base, db_session, engine

    postmaster, count = int(sys.argv[1]), int(sys.argv[2])
    Base.metadata.create_all(engine)
    house = Organisation(name="bench")
    db_session.add(house)
    db_session.commit()
    db_session.add(AllowedOutcome(outcome_name="WARN", severity_rank=1, o_id=house.o_id))
    logic = "if $decided >= 100 and $log_e >= 3.0:\n\treturn !WARN"
    manager = RDBRuleManager(db=db_session, o_id=house.o_id)
    manager.save_rule(Rule(rid="warn", logic=logic, description="no wins", o_id=house.o_id))
    RDBRuleEngineConfigProducer(db=db_session, o_id=house.o_id).save_config(manager)
    executor = LocalRuleExecutorSQL(db=db_session, o_id=house.o_id)

    def evaluate(first: int, number: int, batch: int) -> dict[str, float]:
        cpu, began = own_cpu() + server_cpu(postmaster), time.perf_counter()
        for place in range(first, first + number):
            data = {"decided": 200, "fair_wins": 25.0, "wins": 0, "log_e": 12.0 * (place % 2)}
            event = Event(transaction_id=f"m{place}", effective_at=datetime(2027, 3, 1, tzinfo=UTC), event_data=data)
            eval_and_store(executor, event, commit=(place + 1 - first) % batch == 0)
        db_session.commit()
        wall, used = time.perf_counter() - began, own_cpu() + server_cpu(postmaster) - cpu
        return {"decisions": number, "per_second": number / wall, "per_cpu_second": number / used}

    evaluate(0, WARM, 1)
    result = {"single": evaluate(WARM, count, 1), "batches": evaluate(WARM + count, count, BATCH)}
    total = WARM + 2 * count
    kept = db_session.query(EvaluationDecision).count()
    hits = db_session.query(EvaluationDecision).filter(EvaluationDecision.resolved_outcome == "WARN").count()
    if (kept, hits) != (total, total // 2):
        raise RuntimeError(f"{kept} kept and {hits} warned, of {total} events of which every other one is to be")
    print(json.dumps({"version": version("ezrules"), **result}))


if __name__ == "__main__":
    main()
