"""Before an appeal is decided, the account's evidence is measured as it is now (R32); then a second person decides."""

from __future__ import annotations

from datetime import datetime

from evenhand.appeals.dialogue import remeasure
from evenhand.decisions.case.case import Case
from evenhand.decisions.rows import row_as_json
from evenhand.errors import RunRefused
from evenhand.market.staging import StagedMarket
from evenhand.policy.parse import parse
from evenhand.ports import Engine
from evenhand.workflows.hear_member import running
from evenhand.workflows.office import Office
from evenhand.workflows.propose_measures import propose_measures


def remeasure_appeal(office: Office, engine: Engine, market: StagedMarket, case_id: str, now: datetime) -> Case:
    """Put the account's evidence as it is now into the open appeal, under the policy of the appealed measure.

    Raises `RunRefused` where the market does not know the account, `ActRefused` where no appeal is open.
    """
    case = office.case(case_id, now)
    appeal = running(case)
    measure = next(measure for measure in case.measures if measure.number == appeal.of)
    published = office.policy(measure.policy.hash)
    policy = parse(published.text, file=f"{published.name} {published.version}")
    propose_measures(engine, market, policy, entries=office.store.ledger(case.procedure), now=now)
    row = engine.account(case.account_id)
    if row is None:
        raise RunRefused(f"the market has no account `{case.account_id}`", where=market.name, hint="is it the market?")
    evidence = row_as_json(row)
    return office.act(case_id, lambda case, at: remeasure(case, running(case).number, evidence, at), now)
