"""Linked accounts on DuckDB, by Splink: trained without labels, deterministic by its seed (L3)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb

from evenhand.errors import TooFew
from evenhand.evidence.linkage.comparisons import BLOCKS, COMPARISONS, Comparison
from evenhand.evidence.linkage.grades import ASKED, CLAIMS, grade_sql
from evenhand.evidence.linkage.record import Record
from evenhand.evidence.linkage.registration import Known
from evenhand.evidence.linkage.weights import LINK, RAREST, Outcome, Weights, outcome_sql

SHIFTS: Final = (1, 2)
"""Each account is compared with the ones so many places further on, in the order of a hash: pairs of strangers."""

FREQUENCY_WEIGHED: Final = tuple(c.name for c in COMPARISONS if any(level.by_frequency for level in c.levels))
"""Columns whose values weigh less the more accounts have them."""

CROWDED: Final = ("email", "phone", "birth_date", "address", "document", "payout")
"""Columns in which `records` leaves out what more than fifty accounts have."""

LINKS: Final = "links.parquet"
CLUSTERS: Final = "clusters.parquet"
"""The files of a run."""

FEWEST: Final = 100
"""Accounts below which nothing can be learnt."""

FEWEST_PAIRS: Final = 50
"""Pairs below which a rule of `TRAINED_ON` teaches nothing: what is declared of one person's accounts stands."""

RECALL: Final = 0.7
"""Of one person's pairs, the share taken to agree in a document, or in e-mail and date of birth; it sets the prior."""

TRAINED_ON: Final = (("name", "birth_date"), ("document",))
"""Pairs that agree in these are mostly one person's: on them it is learnt how the rest agrees (EM, without labels)."""


class DuckDBLinkage:
    """One run over the tables `accounts`, `identities` and `devices` of a connection."""

    weights: Weights

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def link(self) -> None:
        """Train and fill `links` and `clusters`. Raises `RunRefused` where there are too few accounts to learn from.

        `links`: `account_id_l` < `account_id_r`, `weight` in bits, the `grade`, and by comparison its outcome and its
        bits. `clusters`: `account_id` and `cluster`, the smallest account of it, for all that are linked to any.
        """
        self._con.execute(f"create or replace temp table records as {records_sql()}")
        self.weights = self._train()
        pairs = self._linker(self.weights).inference.predict(threshold_match_weight=LINK).physical_name
        self._con.execute(f"create or replace temp table links as {_links_sql(pairs)}")
        self._cluster()

    def _linker(self, weights: Weights) -> Any:
        from splink import DuckDBAPI, Linker

        logging.getLogger("splink").setLevel(logging.ERROR)
        records = DuckDBAPI(self._con).register("records")
        return Linker(records, _settings(weights), log_level=None, validate_settings=False)

    def _train(self) -> Weights:
        """The prior by rules that most of one person's pairs keep, `u` by counting, `m` by EM without labels."""
        from splink import block_on

        strangers = self._strangers()
        linker = self._linker(strangers)
        rules = [block_on("document"), block_on("email", "birth_date")]
        linker.training.estimate_probability_two_random_records_match(rules, recall=RECALL)
        for columns in TRAINED_ON:
            if self._alike(columns)[0] >= FEWEST_PAIRS:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    block_on(*columns), fix_probability_two_random_records_match=True
                )
        return _read_model(linker.misc.save_model_to_json(None), least=strangers.prior)

    def _alike(self, columns: Sequence[str]) -> tuple[int, int]:
        """How many pairs agree in all of these columns, of how many in which all of them are known."""
        known = " and ".join(f"{column} is not null" for column in columns)
        counted = self._con.execute(
            "select coalesce(sum(n * (n - 1)), 0)::bigint // 2, coalesce(sum(n) * (sum(n) - 1), 0)::bigint // 2 "
            f"from (select count(*) as n from records where {known} group by {', '.join(columns)})"
        )
        agree, pairs = counted.fetchall()[0]
        return agree, pairs

    def _strangers(self) -> Weights:
        """How often strangers agree; `m` as declared, and of all pairs one that is one person's.

        Counted over all pairs where it is one value that agrees, else over pairs at fixed distances.
        """
        self._con.execute(
            "create or replace temp table shuffled as "
            "select *, row_number() over (order by hash(account_id), account_id) as place from records"
        )
        count = self._con.execute("select count(*) from records").fetchall()[0][0]
        if count < FEWEST:
            raise TooFew(
                f"{count} accounts have an identity or a device", where="identities", hint=f"it takes {FEWEST} to train"
            )
        pairs = " union all ".join(
            f"select {_both()} from shuffled as l join shuffled as r on r.place = 1 + (l.place + {shift} - 1) % {count}"
            for shift in SHIFTS
        )
        levels = [(c.name, level.name) for c in COMPARISONS for level in c.levels]
        seen = ", ".join(f"avg(({outcome_sql(name)} = '{level}')::double)" for name, level in levels)
        found = self._con.execute(f"select {seen} from ({pairs})").fetchall()[0]
        shares = {key: share or 1 / (len(SHIFTS) * count) for key, share in zip(levels, found, strict=True)}
        for name, level in levels:
            if level == "same":
                agree, of = self._alike([name])
                shares[name, level] = agree / max(of, 1)
        return Weights(prior=2 / (count * (count - 1)), outcomes={c.name: _outcomes(c, shares) for c in COMPARISONS})

    def _cluster(self) -> None:
        """What claims to be one person's hangs together: the smallest neighbour is passed on until nothing changes."""
        self._con.execute(
            "create or replace temp table clusters as select account_id, account_id as cluster from ("
            f"select account_id_l as account_id from {_CLAIMED} union select account_id_r from {_CLAIMED})"
        )
        while True:
            changed = self._con.execute(
                "update clusters set cluster = n.least_cluster from ("
                "  select e.account_id, min(c.cluster) as least_cluster from ("
                f"    select account_id_l as account_id, account_id_r as other from {_CLAIMED}"
                f"    union all select account_id_r, account_id_l from {_CLAIMED}) as e"
                "  join clusters as c on c.account_id = e.other group by e.account_id) as n "
                "where clusters.account_id = n.account_id and n.least_cluster < clusters.cluster"
            ).fetchall()[0][0]
            if not changed:
                return

    def known(self) -> Iterator[Known]:
        """Every account as it was compared, by account; closed ones are told from `accounts.closed_at`."""
        columns = ", ".join(f"r.{name}" for name in Record._fields)
        found = self._con.execute(
            f"select r.account_id, a.closed_at is not null, {columns} from records as r "
            "left join accounts as a using (account_id) order by r.account_id"
        )
        while batch := found.fetchmany(1000):
            for name, closed, *values in batch:
                yield Known(name, closed, Record._make(tuple(v) if isinstance(v, list) else v for v in values))

    def write(self, folder: Path) -> None:
        """Write `links.parquet` and `clusters.parquet`, sorted; `closed_l` and `closed_r` say whose account is closed.

        `returned` is the account of a pair that registered after the other one was closed, null where neither did, or
        where the grade does not claim that both are one person's; `later` the one that registered later, of two at once
        the one whose name is later.
        """
        self._con.execute(
            f"copy (select k.*, l.closed_at is not null as closed_l, r.closed_at is not null as closed_r, {_RETURNED} "
            f"as returned, {_LATER} as later from {_PAIRS} order by account_id_l, account_id_r) "
            f"to {_quoted(folder / LINKS)}"
        )
        self._con.execute(f"copy (from clusters order by account_id) to {_quoted(folder / CLUSTERS)}")

    def tally(self) -> Mapping[str, Any]:
        """See `ports.Linkage.tally`."""
        counted = {
            "accounts": "count(*) from records",
            "links": "count(*) from links",
            "clusters": "count(distinct cluster) from clusters",
            "returned": f"count({_RETURNED}) from {_PAIRS}",
        }
        selected = ", ".join(f"(select {what}) as {name}" for name, what in counted.items())
        values = self._con.execute(f"select {selected}").fetchall()[0]
        grades = self._con.execute("select grade, count(*) from links group by 1 order by 2 desc, 1").fetchall()
        many = self._con.execute(f"select {', '.join(f'count_if(many_{name})' for name in CROWDED)} from records")
        left_out = {name: count for name, count in zip(CROWDED, many.fetchall()[0], strict=True) if count}
        return {**dict(zip(counted, values, strict=True)), "grades": dict(grades), "left_out": left_out}

    def shares(self) -> Iterator[tuple[str, str, float]]:
        """How common the values are that weigh by it: column, value, share of the accounts that have one."""
        for column in FREQUENCY_WEIGHED:
            found = self._con.execute(
                f"select '{column}', {column}, count(*)::double / sum(count(*)) over () from records "
                f"where {column} is not null group by 2"
            )
            while batch := found.fetchmany(1000):
                yield from batch


_CLAIMED: Final = f"(from links where grade in {CLAIMS!r})"
_PAIRS: Final = (
    "links as k left join accounts as l on l.account_id = account_id_l "
    "left join accounts as r on r.account_id = account_id_r"
)
_RETURNED: Final = (
    f"case when grade not in {CLAIMS!r} then null when r.registered_at > l.closed_at then account_id_r "
    "when l.registered_at > r.closed_at then account_id_l end"
)

_LATER: Final = "case when l.registered_at > r.registered_at then account_id_l else account_id_r end"


def records_sql() -> str:
    """One row per account, written alike."""
    return resources.files("evenhand.evidence.linkage").joinpath("records.sql").read_text(encoding="utf-8")


def _quoted(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def _both() -> str:
    """Every column of two records, each with its suffix."""
    columns = sorted({column for comparison in COMPARISONS for column in comparison.columns})
    return ", ".join(f"{side}.{column} as {column}_{side}" for side in "lr" for column in columns)


def _outcomes(comparison: Comparison, shares: Mapping[tuple[str, str], float]) -> dict[str, Outcome]:
    """The levels of a comparison with their share among strangers; one that was never seen is rare."""
    found = {x.name: Outcome(m=x.m, u=max(shares[comparison.name, x.name], RAREST)) for x in comparison.levels}
    m, u = (max(1 - sum(shown), RAREST) for shown in zip(*((o.m, o.u) for o in found.values()), strict=True))
    return {**found, "differs": Outcome(m=m, u=u)}


def _settings(weights: Weights) -> Any:
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="account_id",
        probability_two_random_records_match=weights.prior,
        comparisons=[_comparison(comparison, weights) for comparison in COMPARISONS],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )


def _comparison(comparison: Comparison, weights: Weights) -> Any:
    import splink.comparison_level_library as levels
    from splink.comparison_library import CustomComparison

    outcomes = weights.outcomes[comparison.name]
    made: list[Any] = [levels.CustomLevel(comparison.unknown, "unknown").configure(is_null_level=True)]
    for level in comparison.levels:
        known = _known(outcomes[level.name])
        if level.by_frequency:
            known["tf_adjustment_column"] = comparison.name
        made.append(levels.CustomLevel(level.sql, level.name).configure(**known))
    made.append(levels.ElseLevel().configure(**_known(outcomes["differs"])))
    return CustomComparison(made, output_column_name=comparison.name)


def _known(outcome: Outcome) -> dict[str, Any]:
    return {"m_probability": outcome.m, "u_probability": outcome.u, "fix_u_probability": True}


def _read_model(model: Mapping[str, Any], least: float) -> Weights:
    """The trained model; what the pairs never showed keeps at least the rarest frequency (a zero would decide all).

    `least` is the smallest prior: of all pairs, one.
    """
    outcomes = {}
    for comparison, trained in zip(COMPARISONS, model["comparisons"], strict=True):
        names = [*(level.name for level in comparison.levels), "differs"]
        seen = [level for level in trained["comparison_levels"] if not level.get("is_null_level")]
        outcomes[comparison.name] = {
            name: Outcome(m=_rounded(level["m_probability"]), u=_rounded(level["u_probability"]))
            for name, level in zip(names, seen, strict=True)
        }
    prior = max(model["probability_two_random_records_match"], least)
    return Weights(prior=float(f"{prior:.6g}"), outcomes=outcomes)


def _rounded(frequency: float) -> float:
    """To six digits: the sums of a parallel engine differ in the last ones from run to run."""
    return max(round(frequency, 6), RAREST)


def _links_sql(pairs: str) -> str:
    """Splink's pairs with their outcomes and grades, sorted."""
    outcomes = ", ".join(f"{outcome_sql(c.name)} as {c.name}" for c in COMPARISONS)
    bits = ", ".join(
        f"mw_{c.name}{f' + mw_tf_adj_{c.name}' if c.name in FREQUENCY_WEIGHED else ''} as {c.name}_bits"
        for c in COMPARISONS
    )
    return f"""
        select account_id_l, account_id_r, weight, grade,
          {", ".join(f"{c.name}, {c.name}_bits" for c in COMPARISONS)}
        from (
          select *, {grade_sql()} as grade from (
          select account_id_l, account_id_r, match_weight as weight, {outcomes}, {bits}
          from (
            select p.*, {_both()} from {pairs} as p
            join records as l on l.account_id = p.account_id_l join records as r on r.account_id = p.account_id_r)))
        where grade in {ASKED!r} order by account_id_l, account_id_r"""
