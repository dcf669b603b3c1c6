"""`decide.py` for a whole market: one SQL statement made from the policy.

It reads `evidence` (a row per account), `standings` (`account`, `in_force`, `pending`, `refused`: what the ledger says)
and `met` (`account`, `step`: served steps with evidence since), and yields `evidence` with the decision's columns.
Steps are compared by their rank on the ladder; `early` is what bars every step.
"""

from __future__ import annotations

from evenhand.decisions.sentences import (
    BLOCKED,
    ITEMS_MEASURE,
    MEASURE,
    NO_ITEM_LINE,
    NO_LINE,
    NOTHING_SEEN,
    TOO_LITTLE,
)
from evenhand.evidence.activity.grid import ENOUGH
from evenhand.policy.conditions.sql import sql
from evenhand.policy.types import Policy, Step
from evenhand.vocabulary import LADDER, NO_STEP, rank


def candidates_sql(policy: Policy) -> str:
    """Statement for the accounts a portfolio step would take if every account were in the portfolio (S5)."""
    steps = " or ".join(
        f"(({step.when.sql}) and not list_contains(refused, {_text(step.step)}))"
        for step in policy.steps
        if step.needs_portfolio
    )
    return f"""
        select account_id, log_e, entered_at
        from (select * replace (true as in_portfolio) from ({_judged(policy, withheld=False)}))
        where ({steps}) and early is null and array_length({_exempt(policy)}) = 0 order by account_id"""


def decided_sql(policy: Policy, *, cap: int, withheld: bool) -> str:
    """Statement for the decisions of all accounts; at most `cap` of them restrict, strongest evidence first (S8)."""
    strength = policy.strength
    restricting = f"(blocked is null and rank_open >= {rank('limit')})"
    judged = f"select *, {_blocked()} as blocked from ({_ranked(policy, withheld=withheld)})"
    # The last one within the cap, found without numbering all: what stands behind it is over the cap.
    last = f"""
        select max({strength}) as last_strength, max(account) as last_account from (
          select {strength}, account from ({judged}) where rank_reached >= {rank("limit")} and {restricting}
          order by {strength} desc, account limit 1 offset {max(cap - 1, 0)})"""
    over = f"{strength} < last_strength or ({strength} = last_strength and account > last_account)" if cap else "true"
    inner = "early, rank_reached, rank_open, blocked, final, refused, in_force, pending, last_strength, last_account"
    return f"""
        select * exclude ({inner}), {_name("rank_reached")} as reaches,
          case when final is null and rank_open >= 0 then {_name("rank_open")} else '{NO_STEP}' end as measure,
          case when rank_reached >= 0 then final end as blocked_by,
          {_why(policy)} as why
        from (select *, case when {restricting} and ({over}) then 'cap' else blocked end as final
        from ({judged}) cross join ({last}))"""


def _judged(policy: Policy, *, withheld: bool) -> str:
    """Evidence beside what the ledger says, with what bars every step."""
    return f"""
        select e.*, coalesce(s.refused, []::varchar[]) as refused, coalesce(s.in_force, '{NO_STEP}') as in_force,
          coalesce(s.pending, '{NO_STEP}') as pending,
          case when closed_at is not null then 'closed' when {str(withheld).lower()} then 'withheld'
            when {policy.veto.sql} then 'vetoed' when {sql(policy.held)} then 'held' end as early
        from evidence as e left join standings as s using (account)"""


def _ranked(policy: Policy, *, withheld: bool) -> str:
    """Ranks of the highest step reached and of the highest allowed; -1 where there is none."""
    highest = tuple(reversed(policy.steps))
    reached = " ".join(f"when {step.when.sql} then {rank(step.step)}" for step in highest)
    allowed = " ".join(f"when ({step.when.sql}) and {_allowed(step)} then {rank(step.step)}" for step in highest)
    return f"""
        select *, case when rank_reached < 0 or early is not null then -1 {allowed} else -1 end as rank_open
        from (select *, case {reached} else -1 end as rank_reached, {_exempt(policy)} as exempt
        from ({_judged(policy, withheld=withheld)}))"""


def _exempt(policy: Policy) -> str:
    """The names of the exemptions that hold; the list is made only where one does, which is faster."""
    names = ", ".join(f"case when {e.when.sql} then {_text(e.name)} end" for e in policy.exempt)
    any_holds = " or ".join(e.when.sql for e in policy.exempt) or "false"
    held = f"list_filter([{names}]::varchar[], lambda name: name is not null)"
    return f"case when {any_holds} then {held} else []::varchar[] end"


def _allowed(step: Step) -> str:
    bars = [f"not list_contains(refused, {_text(step.step)})"]
    if step.step != "advise":
        bars.append("array_length(exempt) = 0")
    if step.after is not None:
        bars.append(f"account in (select account from met where step = {_text(step.after)})")
    return " and ".join(bars)


def _blocked() -> str:
    """The code of what stands between the evidence and a measure, null where nothing does."""
    pending = _rank_of("pending")
    return f"""
        case when rank_reached < 0 then null when early is not null then early
          when rank_open >= 0 and {_rank_of("in_force")} >= rank_open then 'in_force'
          when rank_open >= 0 and {pending} >= least(rank_open, {rank("warn")}) then 'pending'
          when rank_open >= 0 then null
          when array_length(exempt) > 0 and rank_reached > {rank("advise")} then 'exempt'
          when list_contains(refused, {_name("rank_reached")}) then 'refused'
          else 'too_early' end"""


def _why(policy: Policy) -> str:
    named = {"exempt": ", array_to_string(exempt, ', ')", "in_force": ", in_force", "pending": ", pending"}
    blocked = " ".join(
        f"when '{code}' then format({_text(words)}, {_name('rank_reached')}{named.get(code, '')})"
        for code, words in BLOCKED.items()
    )
    told = _items_told() if policy.rests_on_items else _wins_told()
    return f"case {told} else case final {blocked} end end"


def _wins_told() -> str:
    counts = "wins, fair_wins, decided"
    return f"""
        when rank_reached < 0 and fair_wins < {ENOUGH} then format({_text(TOO_LITTLE)}, fair_wins)
        when rank_reached < 0 then format({_text(NO_LINE)}, {counts})
        when final is null then format({_text(MEASURE)}, {_name("rank_open")}, {counts}, exp(least(log_e, 700)))"""


def _items_told() -> str:
    return f"""
        when rank_reached < 0 and items = 0 then {_text(NOTHING_SEEN)}
        when rank_reached < 0 then format({_text(NO_ITEM_LINE)}, items)
        when final is null then format({_text(ITEMS_MEASURE)}, {_name("rank_open")}, items)"""


def _name(rank_column: str) -> str:
    steps = " ".join(f"when {rank_column} = {rank(step)} then {_text(step)}" for step in LADDER)
    return f"case when {rank_column} < 0 then '{NO_STEP}' {steps} end"


def _rank_of(step_column: str) -> str:
    steps = " ".join(f"when {step_column} = {_text(step)} then {rank(step)}" for step in LADDER)
    return f"case {steps} else -1 end"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
