"""The same market under the rules that platforms use today, and what the record says of the people they act on."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True, kw_only=True)
class Acted:
    """Whom one rule acts on: `acts_on` members. The interval of `full_share` of them holds a full fair share (odds
    ratio 1), `too_little` of them have fewer than 5 fair wins, `warned` would be warned under this policy too.
    """

    rule: str
    acts_on: int
    full_share: int
    too_little: int
    warned: int


def acted(con: duckdb.DuckDBPyConnection, rate: SiteRate) -> tuple[Acted, ...]:
    """One record for each of `NAIVE_RULES`, in their order, and a last one for this policy's own warning."""
    _draw_binomial_line(con, rate)
    rules = [*((rule.name, rule.when) for rule in NAIVE_RULES), ("this policy: evidence reaches a warning", "bites")]
    figures = ", ".join(
        f"count(*) filter ({when}), count(*) filter (({when}) and full_share),"
        f" count(*) filter (({when}) and not enough), count(*) filter (({when}) and bites)"
        for _, when in rules
    )
    (row,) = con.execute(f"select {figures} from members left join binomial_line using (proposals)").fetchall()
    return tuple(
        Acted(
            rule=name,
            acts_on=row[4 * place],
            full_share=row[4 * place + 1],
            too_little=row[4 * place + 2],
            warned=row[4 * place + 3],
        )
        for place, (name, _) in enumerate(rules)
    )


def usual_rules(rows: Sequence[Acted], heads: Headcount, window: str) -> Picture:
    """Whom each rule acts on, and how many of their intervals hold a full fair share."""
    return Picture(
        svg=bars(
            tuple(Bar(name=row.rule, number=row.acts_on, hatched=row.full_share) for row in rows),
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
                (
                    row.rule,
                    heads.of_members(row.acts_on),
                    *(Tally(count=part, total=row.acts_on) for part in (row.full_share, row.too_little, row.warned)),
                )
                for row in rows
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
