"""One account's path through a market, from its proposals to the decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from evenhand.decisions.explain import Explanation, explain
from evenhand.decisions.explain_items import explain_items
from evenhand.decisions.ledger import Entry, Standing
from evenhand.decisions.reasons import stamp
from evenhand.decisions.rows import EvidenceRow
from evenhand.errors import RunRefused
from evenhand.evidence.activity.forecast import forecast
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.workflows.find_items import Find
from evenhand.workflows.propose_measures import Progress, Proposal, propose_measures, unwatched


def explain_account(
    engine: Engine,
    market: StagedMarket,
    policy: Policy,
    account_id: str,
    *,
    as_of: datetime | None = None,
    entries: Iterable[Entry] = (),
    find: Find | None = None,
    progress: Progress = unwatched,
) -> Explanation:
    """Evaluate the market and explain one account; raises `RunRefused` where `as_of` sees no such account."""
    proposal = propose_measures(engine, market, policy, as_of=as_of, entries=entries, find=find, progress=progress)
    (explained,) = explanations(engine, policy, proposal, [account_id])
    return explained


def explanations(
    engine: Engine, policy: Policy, proposal: Proposal, accounts: Collection[str]
) -> Sequence[Explanation]:
    """Explain accounts of an evaluation that has just been made with `engine`, in their order."""
    rows = [_row(engine, proposal, account_id) for account_id in accounts]
    if policy.rests_on_items:
        items, standings = engine.items(accounts), proposal.history.standings
        return [
            explain_items(row, policy, standings.get(account, Standing()), items.get(account, ()))
            for account, row in zip(accounts, rows, strict=True)
        ]
    counted, passed_over = engine.units(accounts), engine.passed_over(accounts)
    return [
        explain(
            row,
            policy,
            proposal.history.standings.get(account_id, Standing()),
            counted[account_id],
            passed_over[account_id],
            forecast(counted[account_id], policy.guarantee.floor, shortlists=proposal.measured.shortlists),
        )
        for account_id, row in zip(accounts, rows, strict=True)
    ]


def _row(engine: Engine, proposal: Proposal, account_id: str) -> EvidenceRow:
    row = engine.account(account_id)
    if row is None:
        raise RunRefused(
            f"no account `{account_id}` is seen at {stamp(proposal.as_of)}",
            hint="accounts are named as in the market's table `accounts`; a later `--as-of` sees later ones",
        )
    return row
