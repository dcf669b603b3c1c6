"""The same market under the rules that platforms use today, and what the record says of the people they act on."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from evenhand.evidence.activity.naive_rules import NAIVE_RULES, too_few_hires
from evenhand.reports.figures.reach import Headcount
from evenhand.reports.intervals import Tally
from evenhand.reports.pictures.shares import Bar, bars
from evenhand.reports.pictures.svg import Picture
from evenhand.reports.tables import Table


@dataclass(frozen=True, kw_only=True)
class SiteRate:
    """`hires` over `proposals` of all members: the rate that the binomial test holds everybody against."""

    hires: int
    proposals: int

    @property
    def rate(self) -> float:
        """Hires per proposal, at most 1, 0 where nobody proposed."""
        return min(self.hires / self.proposals, 1.0) if self.proposals else 0.0


def site_rate(con: duckdb.DuckDBPyConnection) -> SiteRate:
    """The raw hire rate of the whole site, all proposals and contracts ever, counted or not."""
    hires, proposals = con.execute(
        "select coalesce(sum(hires), 0)::bigint, coalesce(sum(proposals), 0)::bigint from members"
    ).fetchall()[0]
    return SiteRate(hires=hires, proposals=proposals)


def usual_rules(con: duckdb.DuckDBPyConnection, heads: Headcount, rate: SiteRate, window: str) -> Picture:
    """Whom each usual rule acts on, and how many of their intervals hold a full fair share (odds ratio 1)."""
    _draw_binomial_line(con, rate)
    rules = [*((rule.name, rule.when) for rule in NAIVE_RULES), ("this policy: evidence reaches a warning", "bites")]
    figures = ", ".join(
        f"count(*) filter ({when}), count(*) filter (({when}) and full_share),"
        f" count(*) filter (({when}) and not enough), count(*) filter (({when}) and bites)"
        for _, when in rules
    )
    (row,) = con.execute(f"select {figures} from members left join binomial_line using (proposals)").fetchall()
    found = [(name, *row[4 * place : 4 * place + 4]) for place, (name, _) in enumerate(rules)]
    return Picture(
        svg=bars(
            tuple(Bar(name=name, number=acts, hatched=full) for name, acts, full, _, _ in found),
            title="Whom each rule acts on",
            hatching="interval holds a full fair share",
        ),
        caption="Members each rule acts on; the hatched part are those whose 95 % confidence interval holds a full "
        f"fair share, so that the record is no evidence of winning less than others would have; {window}.",
        table=Table(
            caption=f"The same market under each rule, of all members; {window}.",
            heads=(
                "Rule",
                "Acts on",
                "Of these, interval holds a full fair share",
                "Of these, fewer than 5 fair wins",
                "Of these, this policy would warn too",
            ),
            rows=tuple(
                (name, heads.of_members(acts), *(Tally(count=number, total=acts) for number in (full, thin, both)))
                for name, acts, full, thin, both in found
            ),
        ),
    )


def _draw_binomial_line(con: duckdb.DuckDBPyConnection, rate: SiteRate) -> None:
    """One line per distinct number of proposals, joined to the members, so that no account is looked at one by one."""
    sizes = [size for (size,) in con.execute("select distinct proposals from members order by 1").fetchall()]
    con.execute(
        "create temp table binomial_line as select unnest($sizes::bigint[]) as proposals,"
        " unnest($lines::bigint[]) as too_few_hires",
        {"sizes": sizes, "lines": [too_few_hires(size, rate.rate) for size in sizes]},
    )
