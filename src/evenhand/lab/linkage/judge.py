"""Links beside the truth: how many are right, how many of all there are were found, and how many could have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import duckdb

from evenhand.evidence.linkage.comparisons import BLOCKS
from evenhand.evidence.linkage.grades import CLAIMS

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

    `precision`: links between accounts of one person, of all links whose grade claims it; `grades`: the same for every
    grade, `none` where there is none. `recall`: pairs of one person that are so linked, of all such pairs. `ceiling`:
    those of them that the blocks let be looked at, which recall cannot exceed. `changed`: recall by what a pair's
    accounts changed, `careful` (everything) among it; a pair counts under each. `between`: wrong links by what two
    people share (`household`, `agency`; `strangers`: nothing), and by grade.
    """

    precision: Found
    recall: Found
    ceiling: Found
    grades: Mapping[str, Found]
    changed: Mapping[str, Found]
    between: Mapping[str, Mapping[str, int]]


def judge(market: Path, links: Path, *, threads: int = 2, memory_gb: float = 4) -> Judged:
    """Judge the links found in a market that `populate` wrote.

    `links` is a Parquet file of pairs `account_id_l`, `account_id_r`, in either order, and the `grade` of each.
    """
    with duckdb.connect(config={"threads": threads, "memory_limit": f"{memory_gb:g}GB"}) as con:
        for name, path in (("market", market), ("links", links)):
            con.execute(f"set variable {name} = ?::varchar", [str(path)])
        con.execute(STATEMENT.read_text(encoding="utf-8").format(records=_records(), blocked=_blocked(), claims=CLAIMS))
        return _read(con)


def _records() -> str:
    return resources.files("evenhand.evidence.linkage").joinpath("records.sql").read_text(encoding="utf-8")


def _blocked() -> str:
    """SQL for: two records agree in all columns of one block."""
    blocks = (" and ".join(f"l.{column} = r.{column}" for column in block) for block in BLOCKS)
    return "(" + " or ".join(blocks) + ")"


def _read(con: duckdb.DuckDBPyConnection) -> Judged:
    right = f"count_if(between = '{ONE_PERSON}')"
    (precision,) = _found(con, f"select 'all', {right}, count(*) from judged_links where grade in {CLAIMS!r}").values()
    (recall,) = _found(con, "select 'all', count_if(found), count(*) from judged_pairs").values()
    (ceiling,) = _found(con, "select 'all', count_if(reachable), count(*) from judged_pairs").values()
    changes = (
        "select what, count_if(found), count(*) from (select found, unnest(changed || if(careful, ['careful'], []))"
        " as what from judged_pairs) group by what order by what"
    )
    wrong: dict[str, dict[str, int]] = {}
    for between, grade, count in con.execute(
        f"select between, grade, count(*) from judged_links where between <> '{ONE_PERSON}' group by all order by all"
    ).fetchall():
        wrong.setdefault(between, {})[grade] = count
    return Judged(
        precision=precision,
        recall=recall,
        ceiling=ceiling,
        grades=_found(con, f"select grade, {right}, count(*) from judged_links group by grade order by grade"),
        changed=_found(con, changes),
        between=wrong,
    )


def _found(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, Found]:
    return {name: Found(count=count, of=of) for name, count, of in con.execute(query).fetchall()}
