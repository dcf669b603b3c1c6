"""Links beside the truth: how many are right, how many of all there are were found, and how many could have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

STATEMENT: Final = Path(__file__).with_name("judge.sql")
ONE_PERSON: Final = "one person"


@dataclass(frozen=True, kw_only=True)
class Found:
    """`count` of `of` pairs."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """The share as a fraction; 1 of nothing: nothing was missed, nothing is wrong."""
        return self.count / self.of if self.of else 1.0


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Counts of unordered pairs of accounts.

    `precision`: links between accounts of one person, of all links; `grades`: the same by grade. `recall`: pairs of one
    person that are linked, of all such pairs. `ceiling`: those of them that were looked at, which recall cannot exceed.
    `changed`: recall by what a pair's accounts changed, `careful` (everything) among it; a pair counts under each.
    `between`: wrong links by what their two people share: `household`, `agency`, `strangers` (nothing).
    """

    precision: Found
    recall: Found
    ceiling: Found
    grades: Mapping[str, Found]
    changed: Mapping[str, Found]
    between: Mapping[str, int]


def judge(market: Path, links: Path, candidates: Path, *, threads: int = 2, memory_gb: float = 4) -> Judged:
    """Judge links found in a market that `populate` wrote; `candidates` are the pairs that were looked at.

    Both are Parquet files of pairs `account_id_l`, `account_id_r` in either order; `links` has a `grade` beside them.
    """
    with duckdb.connect(config={"threads": threads, "memory_limit": f"{memory_gb:g}GB"}) as con:
        files = {"truth": market / "truth.parquet", "accounts": market / "accounts.parquet"}
        for name, path in {**files, "links": links, "candidates": candidates}.items():
            con.execute(f"set variable {name}_file = ?::varchar", [str(path)])
        con.execute(STATEMENT.read_text(encoding="utf-8"))
        return _read(con)


def _read(con: duckdb.DuckDBPyConnection) -> Judged:
    right = f"count_if(between = '{ONE_PERSON}')"
    (precision,) = _found(con, f"select 'all', {right}, count(*) from judged_links").values()
    (recall,) = _found(con, "select 'all', count_if(found), count(*) from judged_pairs").values()
    (ceiling,) = _found(con, "select 'all', count_if(reachable), count(*) from judged_pairs").values()
    changes = (
        "select what, count_if(found), count(*) from (select found, unnest(changed || if(careful, ['careful'], []))"
        " as what from judged_pairs) group by what order by what"
    )
    wrong = (
        f"select between, count(*) from judged_links where between <> '{ONE_PERSON}' group by between order by between"
    )
    return Judged(
        precision=precision,
        recall=recall,
        ceiling=ceiling,
        grades=_found(con, f"select grade, {right}, count(*) from judged_links group by grade order by grade"),
        changed=_found(con, changes),
        between=dict(con.execute(wrong).fetchall()),
    )


def _found(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, Found]:
    return {name: Found(count=count, of=of) for name, count, of in con.execute(query).fetchall()}
