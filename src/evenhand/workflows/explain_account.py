"""One account's path through a market, from its proposals to the decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evenhand.decisions.explain import Explanation, explain
from evenhand.decisions.ledger import Entry, Standing
from evenhand.decisions.reasons import stamp
from evenhand.errors import RunRefused
from evenhand.evidence.activity.forecast import forecast
from evenhand.market.staging import StagedMarket
from evenhand.policy.types import Policy
from evenhand.ports import Engine
from evenhand.workflows.propose_measures import Progress, Proposal, propose_measures, unwatched


def explain_account(
    engine: Engine,
    market: StagedMarket,
    policy: Policy,
    account_id: str,
    *,
    as_of: datetime | None = None,
    entries: Iterable[Entry] = (),
    progress: Progress = unwatched,
) -> Explanation:
    """Evaluate the market and explain one account; raises `RunRefused` where `as_of` sees no such account."""
    proposal = propose_measures(engine, market, policy, as_of=as_of, entries=entries, progress=progress)
    return explanation(engine, policy, proposal, account_id)


def explanation(engine: Engine, policy: Policy, proposal: Proposal, account_id: str) -> Explanation:
    """Explain one account of an evaluation that has just been made with `engine`."""
    row = engine.account(account_id)
    if row is None:
        raise RunRefused(
            f"no account `{account_id}` is seen at {stamp(proposal.as_of)}",
            hint="accounts are named as in the market's table `accounts`; a later `--as-of` sees later ones",
        )
    units = engine.units(account_id)
    return explain(
        row,
        policy,
        proposal.history.standings.get(account_id, Standing()),
        units,
        engine.passed_over(account_id),
        forecast(units, policy.guarantee.floor, shortlists=proposal.measured.shortlists),
    )
