"""Before an appeal is decided, the account's evidence is measured as it is now (R32); then a second person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, cast, get_args

from evenhand.appeals.answering import Flaw, grant_partly, reverse, uphold
from evenhand.appeals.dialogue import remeasure
from evenhand.appeals.precedents import differs
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.entry import Moves
from evenhand.decisions.case.looking import Look
from evenhand.decisions.case.people import Person
from evenhand.decisions.rows import row_as_json
from evenhand.errors import RunRefused
from evenhand.market.staging import StagedMarket
from evenhand.policy.parse import parse
from evenhand.ports import Engine
from evenhand.workflows.find_items import Find
from evenhand.workflows.hear_member import running
from evenhand.workflows.office import Office
from evenhand.workflows.precedents import shown, sweep_like
from evenhand.workflows.propose_measures import propose_measures

OUTCOMES: Final = ("uphold", "partly", "reverse")
FLAWS: Final = get_args(Flaw)
"""How an appeal is answered, and what was wrong with a decision that is reversed."""


def remeasure_appeal(
    office: Office, engine: Engine, market: StagedMarket, case_id: str, find: Find, now: datetime
) -> Case:
    """Put the account's evidence as it is now into the open appeal, under the policy of the appealed measure.

    Raises `RunRefused` where the market does not know the account, `ActRefused` where no appeal is open.
    """
    case = office.case(case_id, now)
    appeal = running(case)
    measure = next(measure for measure in case.measures if measure.number == appeal.of)
    published = office.policy(measure.policy.hash)
    policy = parse(published.text, file=f"{published.name} {published.version}")
    propose_measures(engine, market, policy, entries=office.store.ledger(case.procedure), now=now, find=find)
    row = engine.account(case.account_id)
    if row is None:
        raise RunRefused(f"the market has no account `{case.account_id}`", where=market.name, hint="is it the market?")
    evidence = row_as_json(row)
    return office.act(case_id, lambda case, at: remeasure(case, running(case).number, evidence, at), now)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to an appeal, by who saw `seen` entries of it; `flaw` goes with a reversal, `until` with `partly`."""

    outcome: str
    person: Person
    look: Look
    seen: int
    flaw: str
    until: datetime | None


def decide_appeal(office: Office, case_id: str, answer: Answer, now: datetime) -> tuple[Case, str | None]:
    """Answer the open appeal; returns the case, and a warning where most like cases were answered otherwise (R33).

    After a reversal, like cases are flagged (R36); broken off before that, the next tick does it. Raises `ActRefused`.
    """
    warning = _differs(office, office.tick(case_id, now), answer, now)
    case = office.act_on(case_id, answer.seen, partial(_answered, answer), now)
    if answer.outcome == "reverse":
        sweep_like(office, case_id, now)
    return case, warning


def _answered(answer: Answer, case: Case, now: datetime) -> Moves:
    number = running(case).number
    if answer.outcome == "uphold":
        return uphold(case, number, answer.person, answer.look, now)
    if answer.outcome == "partly":
        return grant_partly(case, number, answer.person, answer.look, now, until=answer.until)
    return reverse(case, number, answer.person, answer.look, cast("Flaw", answer.flaw), now)


def _differs(office: Office, case: Case, answer: Answer, now: datetime) -> str | None:
    appeal = running(case)
    measure = next(measure for measure in case.measures if measure.number == appeal.of)
    evidence = measure.evidence if appeal.evidence is None else appeal.evidence
    word = {"uphold": "upheld", "partly": "partly", "reverse": "reversed"}[answer.outcome]
    return differs(word, shown(office, case, measure, evidence, now), evidence)
