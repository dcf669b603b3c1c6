"""Fitted fair shares on DuckDB: the field's rows go out sorted in batches, one table of weights comes back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from evenhand.engines.sql.database import Connection
from evenhand.engines.sql.statements import run
from evenhand.evidence.activity.circumstances import CIRCUMSTANCES, variants
from evenhand.evidence.activity.fair_share import Columns, Design, Fit
from evenhand.evidence.activity.fitted import FairShares
from evenhand.evidence.statements import Piece, Value


def fit(con: Connection, controls: tuple[str, ...], values: Mapping[str, Value]) -> FairShares:
    """From the table `proposed` to `field`, `contests`, `members` and `scored`; the odds in it are the least of all
    audited models, the other three are left as the full model has them.
    """
    design = Design(controls=controls, labels=tuple(_labels(con, control) for control in controls))
    run(
        con,
        "activity/fitted.sql",
        {**values, "combination": Piece(_combination(design)), "joins": Piece(_joins(controls))},
    )
    fitted = Fit(design=design)
    cells = _columns(pa.Table.from_batches(con.batches("select * from cells")))
    lessons = (_columns(pa.Table.from_batches([batch])) for batch in con.batches("select * from lessons"))
    weights = fitted.weights(cells, lessons)
    con.register("weights_made", pa.table({name: pa.array(column) for name, column in weights.items()}))
    con.execute("create or replace temp table shares as from weights_made")
    con.unregister("weights_made")
    audited = len(variants(controls))
    for number in reversed(range(audited)):
        run(con, "activity/weighed.sql", {"variant": number})
        run(con, "activity/contests.sql", values)
        if audited > 1:
            first = number == audited - 1
            con.execute(
                "create or replace temp table rated as from scored" if first else "insert into rated from scored"
            )
    if audited > 1:
        con.execute(
            "create or replace temp table scored as select shortlist, account, client, job, won, submitted_at, "
            "min(odds) as odds from rated group by all"
        )
        con.execute("drop table rated")
    con.execute("drop table placed")
    return fitted.outcome()


def _labels(con: Connection, control: str) -> tuple[str, ...]:
    """The levels of a circumstance by number; those of an open one are the values that are there."""
    if CIRCUMSTANCES[control].levels:
        return CIRCUMSTANCES[control].levels
    found = con.execute(f"select distinct {control} from seen_accounts order by {control} nulls last").fetchall()
    return tuple("not said" if value is None else value for (value,) in found)


def _combination(design: Design) -> str:
    """SQL for the number of a proposal's combination, as `Design` counts."""
    code = "0"
    for control, labels in zip(design.controls, design.labels, strict=True):
        code = f"({code}) * {len(labels)} + {CIRCUMSTANCES[control].level}"
    return f"({code})::bigint"


def _joins(controls: tuple[str, ...]) -> str:
    return " ".join(CIRCUMSTANCES[control].join for control in controls)


def _columns(table: pa.Table) -> Columns:
    return {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
