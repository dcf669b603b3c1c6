"""`decide.py` for a whole market: one SQL statement made from the policy.

It reads `evidence` (a row per account), `standings` (`account`, `in_force`, `pending`, `refused`: what the ledger says)
and `met` (`account`, `step`: served steps with evidence since), and yields `evidence` with the decision's columns.
"""

from __future__ import annotations

from evenhand.decisions.sentences import BLOCKED, ENOUGH, MEASURE, NO_LINE, TOO_LITTLE
from evenhand.policy.types import Policy, Step
from evenhand.vocabulary import LADDER, NO_STEP, rank

_EARLY = ("closed", "withheld", "vetoed", "held")


def candidates_sql(policy: Policy) -> str:
    """Statement for the accounts a portfolio step would take if every account were in the portfolio (S5)."""
    steps = " or ".join(
        f"(({step.when.sql}) and not list_contains(refused, {_text(step.step)}))" for step in policy.steps if step.needs_portfolio
    )
    return (
        f"select account_id, log_e, entered_at from (select * replace (true as in_portfolio) from ({_judged(policy, False)})) "
        f"where ({steps}) and len(exempt) = 0 and early is null order by account_id"
    )


def decided_sql(policy: Policy, *, cap: int, withheld: bool) -> str:
    """Statement for the decisions of all accounts; at most `cap` of them restrict, strongest evidence first (S8)."""
    restricting = f"(blocked is null and rank_open >= {rank('limit')})"
    return (
        f"select * exclude (early, rank_reached, rank_open, blocked, final, refused, in_force, pending, nth, entered_at), "
        f"{_name('rank_reached')} as reaches, "
        f"case when final is null and rank_open >= 0 then {_name('rank_open')} else '{NO_STEP}' end as measure, "
        f"case when rank_reached >= 0 then final end as blocked_by, {_why()} as why "
        f"from (select *, case when {restricting} and nth > {cap} then 'cap' else blocked end as final "
        f"from (select *, row_number() over (partition by {restricting} order by log_e desc, account) as nth "
        f"from ({_weighed(policy, withheld)})))"
    )


def _judged(policy: Policy, withheld: bool) -> str:
    """Evidence with its exemptions and what bars every step."""
    exempt = ", ".join(f"case when {e.when.sql} then {_text(e.name)} end" for e in policy.exempt)
    return (
        f"select e.*, coalesce(s.refused, []::varchar[]) as refused, coalesce(s.in_force, '{NO_STEP}') as in_force, "
        f"coalesce(s.pending, '{NO_STEP}') as pending, "
        f"list_filter([{exempt}]::varchar[], lambda name: name is not null) as exempt, "
        f"case when closed_at is not null then 'closed' when {str(withheld).lower()} then 'withheld' "
        f"when wins >= {policy.guarantee.floor!r}e0 * fair_wins then 'vetoed' when group_held then 'held' end as early "
        f"from evidence as e left join standings as s using (account)"
    )


def _weighed(policy: Policy, withheld: bool) -> str:
    """Ranks of the highest step reached and of the highest allowed, and the code of what stands in between."""
    reached = " ".join(f"when {step.when.sql} then {rank(step.step)}" for step in reversed(policy.steps))
    allowed = " ".join(f"when {step.when.sql} and {_allowed(step)} then {rank(step.step)}" for step in reversed(policy.steps))
    open_rank = f"case when early is not null then -1 {allowed} else -1 end"
    blocked = (
        f"case when early is not null then early "
        f"when rank_open >= 0 and {_rank_of('in_force')} >= rank_open then 'in_force' "
        f"when rank_open >= 0 and {_rank_of('pending')} >= rank_open then 'pending' "
        f"when rank_open >= 0 then null "
        f"when len(exempt) > 0 and rank_reached > {rank('advise')} then 'exempt' "
        f"when list_contains(refused, {_name('rank_reached')}) then 'refused' else 'too_early' end"
    )
    return (
        f"select *, {blocked} as blocked from (select *, case {reached} else -1 end as rank_reached, "
        f"{open_rank} as rank_open from ({_judged(policy, withheld)}))"
    )


def _allowed(step: Step) -> str:
    bars = [f"not list_contains(refused, {_text(step.step)})"]
    if step.step != "advise":
        bars.append("len(exempt) = 0")
    if step.after is not None:
        bars.append(f"account in (select account from met where step = {_text(step.after)})")
    return " and ".join(bars)


def _why() -> str:
    blocked = " ".join(
        f"when '{code}' then format({_text(words)}, {_name('rank_reached')}, {_named(code)})" if words.count("{}") == 2
        else f"when '{code}' then format({_text(words)}, {_name('rank_reached')})"
        for code, words in BLOCKED.items()
    )
    return (
        f"case when rank_reached < 0 and fair_wins < {ENOUGH} then format({_text(TOO_LITTLE)}, fair_wins) "
        f"when rank_reached < 0 then format({_text(NO_LINE)}, wins, fair_wins, decided) "
        f"when final is null then format({_text(MEASURE)}, {_name('rank_open')}, wins, fair_wins, decided, "
        f"exp(least(log_e, 700))) else case final {blocked} end end"
    )


def _named(code: str) -> str:
    return {"exempt": "array_to_string(exempt, ', ')"}.get(code, code)


def _name(rank_column: str) -> str:
    return f"case {' '.join(f'when {rank_column} = {rank(step)} then {_text(step)}' for step in LADDER)} else '{NO_STEP}' end"


def _rank_of(step_column: str) -> str:
    return f"case {' '.join(f'when {step_column} = {_text(step)} then {rank(step)}' for step in LADDER)} else -1 end"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
