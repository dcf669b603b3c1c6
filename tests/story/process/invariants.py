"""What must hold of a case after every step, whatever happened: each read off the bare entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evenhand.decisions import ledger
from evenhand.decisions.case.case import Case
from evenhand.decisions.case.clock import tick
from evenhand.decisions.case.entry import KINDS, CaseEntry, Message
from evenhand.decisions.case.fold import advance, fold
from evenhand.decisions.case.lines import lines
from evenhand.decisions.effects import EFFECTS
from evenhand.decisions.reasons import stamp
from evenhand.notices.compose import compose
from evenhand.notices.facts import facts
from evenhand.notices.language import known
from evenhand.vocabulary import restricts
from tests.story.process.world import LETTERHEAD, POLICIES

Entries = Sequence[CaseEntry]
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A case at a time: its entries as they are, and as they are once the clock has done what is due."""

    now: datetime
    entries: Entries
    case: Case
    ticked: Entries
    after: Case

    @classmethod
    def at(cls, entries: Entries, now: datetime) -> Look:
        """Look at a case."""
        case = fold(entries, now)
        moves = tick(case, now)
        return cls(now=now, entries=entries, case=case, ticked=[*entries, *moves.entries], after=advance(case, moves))


def of_kind(entries: Entries, *kinds: str) -> list[CaseEntry]:
    """The entries of some kinds."""
    return [entry for entry in entries if entry.kind in kinds]


def proposal_of(entries: Entries, entry: CaseEntry) -> CaseEntry:
    """The proposal that an entry is about."""
    return entries[int(str(entry.body["of"])) - 1]


def delivered_at(entries: Entries, notice_of: CaseEntry) -> datetime | None:
    """When the message that an entry sent was first shown to have arrived."""
    name = f"{notice_of.case_id}/{notice_of.number}/{notice_of.body['notice']}"
    return next((e.at for e in of_kind(entries, "delivered") if e.body["message"] == name), None)


def what_a_server_took_counts_only_in_time_and_unless_it_came_back(entries: Entries) -> None:
    """An accepted message is delivered three days later, never if it bounced meanwhile (P1)."""
    for arrived in of_kind(entries, "delivered"):
        before = [e for e in entries[: arrived.number - 1] if e.body.get("message") == arrived.body["message"]]
        if arrived.body["proof"] == {"smtp": 250}:
            assert [e.kind for e in before][-1:] == ["accepted"]
            assert before[-1].at + 3 * DAY <= arrived.at


def urgent(entries: Entries, proposal: CaseEntry) -> bool:
    """Whether a listed urgency holds: named at the proposal, and nobody was asked since."""
    asked = [e for e in of_kind(entries, "asked") if e.body["of"] == proposal.number]
    listed = entries[0].body["urgent_grounds"]
    assert isinstance(listed, list)
    return proposal.body["urgent"] in listed and not asked and entries[0].body["procedure"] == "circumvention"


def restrictions(entries: Entries) -> list[CaseEntry]:
    """Entries by which something was taken away."""
    return [e for e in of_kind(entries, "imposed") if restricts(str(proposal_of(entries, e).body["step"]))]


def no_measure_without_a_delivered_warning_and_elapsed_cure(entries: Entries) -> None:
    """Before every restriction but a listed urgent one, a warning had arrived and its time to change had run (R18)."""
    for imposed in restrictions(entries):
        if urgent(entries, proposal_of(entries, imposed)):
            continue
        cured = []
        for warned in of_kind(entries, "warned"):
            terms = proposal_of(entries, warned).body["terms"]
            assert isinstance(terms, dict)
            arrived = delivered_at(entries, warned)
            cured.append(arrived is not None and arrived + int(str(terms["cure_days"])) * DAY <= imposed.at)
        assert any(cured)


def no_step_is_built_on_one_that_was_taken_back(entries: Entries) -> None:
    """At its confirmation, the step that a restriction follows stood: not eased, lapsed or reversed (R24)."""
    for confirmed in of_kind(entries, "confirmed"):
        proposal = proposal_of(entries, confirmed)
        if not restricts(str(proposal.body["step"])) or urgent(entries, proposal):
            continue
        before, terms = entries[: confirmed.number - 1], proposal.body["terms"]
        gone = {
            e.body["of"] for e in of_kind(before, "eased", "lapsed", "partly", "reversed") if not e.body.get("until")
        }
        taken = {e.body["of"]: proposal_of(entries, e).body["step"] for e in of_kind(before, "warned", "imposed")}
        assert isinstance(terms, dict)
        assert terms["after"] in {step for of, step in taken.items() if of not in gone}


def no_measure_without_proof_of_notice(entries: Entries) -> None:
    """Notice had arrived, and its days had run, before a restriction took effect, unless it was urgent (R18, P1)."""
    for imposed in restrictions(entries):
        proposal = proposal_of(entries, imposed)
        sent = [
            e
            for e in of_kind(entries, "confirmed", "admitted")
            if e.body["notice"] and proposal_of(entries, e) is proposal
        ]
        if not urgent(entries, proposal):
            terms = proposal.body["terms"]
            assert isinstance(terms, dict)
            arrived = delivered_at(entries, sent[0])
            assert arrived is not None
            assert arrived + int(str(terms["notice_days"])) * DAY <= imposed.at


def no_imposed_measure_without_a_person(entries: Entries) -> None:
    """Every warning and restriction was confirmed: by one person, to suspend or close by two (S6)."""
    for taken in of_kind(entries, "warned", "imposed"):
        proposal = proposal_of(entries, taken)
        people = {
            e.person for e in of_kind(entries[: taken.number - 1], "confirmed") if e.body["of"] == proposal.number
        }
        assert len(people - {None}) >= (2 if proposal.body["step"] in {"suspend", "close"} else 1)


def no_appeal_decided_by_who_took_part(entries: Entries) -> None:
    """Who decides an appeal wrote nothing in the case before, but for turns of the dialogue (R32)."""
    for answer in of_kind(entries, "upheld", "partly", "reversed"):
        assert answer.person is not None
        assert answer.person not in {e.person for e in entries[: answer.number - 1] if e.kind != "spoke"}


def no_closure_of_proposing_for_mismatch_without_the_earlier_steps(entries: Entries) -> None:
    """Where nobody is at fault, proposing never rests before a warning and a limit, and nothing more follows (R13)."""
    if entries[0].body["procedure"] != "mismatch":
        return
    for imposed in of_kind(entries, "imposed"):
        step = proposal_of(entries, imposed).body["step"]
        assert step in {"limit", "pause"}
        if step == "pause":
            before = entries[: imposed.number - 1]
            limits = [e for e in of_kind(before, "imposed") if proposal_of(entries, e).body["step"] == "limit"]
            assert of_kind(before, "warned")
            assert limits


def every_restriction_ends(entries: Entries) -> None:
    """Every restriction has an end or the day of a review (R30)."""
    assert all(e.body["until"] or e.body["review_at"] for e in of_kind(entries, "imposed"))


def a_missed_clock_has_a_consequence(look: Look) -> None:
    """Ticked, no appeal is unanswered after its days, no review missed, no undelivered or undecided step left (R34)."""
    ticked, now, clocks = look.ticked, look.now, look.case.clocks
    for appealed in of_kind(ticked, "appealed"):
        answers = [e for e in of_kind(ticked, "upheld", "partly", "reversed") if e.body["appeal"] == appealed.number]
        lapses = [e for e in of_kind(ticked[appealed.number :], "lapsed") if e.body["of"] == appealed.body["of"]]
        assert answers or lapses or now < appealed.at + clocks.appeal_answer_days * DAY
    for m in look.after.measures:
        over = m.ended_at is not None
        assert over or m.review_at is None or now < m.review_at
        assert over or m.until is None or now < m.until
        assert over or m.delivered_at or m.sent_at is None or now < m.sent_at + clocks.delivery_days * DAY
        assert (
            over or m.confirmed_at or m.ready_at is None or now < m.ready_at + clocks.decision_days * DAY or m.taken_at
        )
        waits = over or m.taken_at or m.delivered_at is None or look.after.open_appeal(m.number)
        assert waits or now < (m.delivered_at or now) + m.terms.notice_days * DAY
        assert over or m.flagged_at is None or now < m.flagged_at + clocks.recheck_days * DAY


def a_second_tick_adds_nothing(look: Look) -> None:
    """What is due happens once (`tick` is idempotent)."""
    assert not tick(look.after, look.now).entries


def standing_is_that_of_the_ledger(look: Look) -> None:
    """The case and the ledger's fold agree on where the account stands (S3)."""
    told = list(lines(look.case))
    if told:
        ours, theirs = look.case.standing(look.now), ledger.standing(told, POLICIES[look.case.procedure], look.now)
        assert (ours.in_force, ours.pending, ours.episode) == (theirs.in_force, theirs.pending, theirs.episode)
        assert (dict(ours.served), ours.refused) == (dict(theirs.served), theirs.refused)


def what_has_ended_is_undone(look: Look) -> None:
    """Of what ended, every acknowledged effect that does not last has its undoing, and the rest is withdrawn."""
    case = look.case
    ended = {m.number for m in case.measures if m.ended_at} | {h.number for h in case.holds if h.released_at}
    undone = {i.event.undoes for i in case.effects}
    for issued in case.effects:
        if issued.of in ended and issued.event.undoes is None and not EFFECTS[issued.event.name].lasting:
            assert issued.event.id in undone or (issued.withdrawn and issued.acknowledged_at is None)


def what_runs_is_not_undone(look: Look) -> None:
    """While a measure or a hold is on, none of its effects is undone or withdrawn."""
    case = look.case
    running = {m.number for m in case.measures if not m.ended_at} | {h.number for h in case.holds if not h.released_at}
    undone = {i.event.undoes for i in case.effects}
    assert not [i for i in case.effects if i.of in running and (i.withdrawn or i.event.id in undone)]


def what_is_restored_is_restored_in_full(look: Look) -> None:
    """A reversed case is called restored only when the marketplace has undone all it had done (R35)."""
    for restored in of_kind(look.entries, "restored"):
        case = fold(look.entries[: restored.number], look.now)
        on = {
            i.event.id
            for i in case.effects
            if i.acknowledged_at and not i.event.undoes and not EFFECTS[i.event.name].lasting
        }
        assert on == {i.event.undoes for i in case.effects if i.acknowledged_at and i.event.undoes}
        assert isinstance(restored.body["lost"], list)
        assert case.standing(look.now).in_force == "none"


def the_member_was_heard(entries: Entries) -> None:
    """Nothing that restricts was confirmed before the member answered or had the time to, or it is urgent (R23)."""
    for confirmed in of_kind(entries, "confirmed"):
        proposal = proposal_of(entries, confirmed)
        if restricts(str(proposal.body["step"])) and not urgent(entries, proposal):
            heard = {proposal.number, proposal.body["heard_as"]}
            assert [e for e in of_kind(entries[: confirmed.number], "answered", "unanswered") if e.body["of"] in heard]


def holds_end_after_seven_business_days(look: Look) -> None:
    """No hold lasts longer, there is one per case, and only where a listed ground was named."""
    held = of_kind(look.entries, "held")
    assert len(held) <= 1
    for hold in held:
        until = hold.at
        for _ in range(7):
            until += DAY
            until += max(0, 7 - until.weekday()) * DAY if until.weekday() >= 5 else timedelta()
        assert hold.body["until"] == stamp(until)
        assert of_kind(look.ticked, "released") or look.now < until
        assert hold.body["ground"] in look.case.urgent_grounds


def entries_have_their_shape(entries: Entries) -> None:
    """Numbered without a gap, in the order of time, each with the fields of its kind; one procedure, named once."""
    assert [e.number for e in entries] == list(range(1, len(entries) + 1))
    assert [e.at for e in entries] == sorted(e.at for e in entries)
    assert all(set(e.body) == KINDS[e.kind].fields for e in entries)
    assert [e.number for e in of_kind(entries, "opened")] == [1]


def nothing_is_proposed_twice(look: Look) -> None:
    """At most one measure waits, and a step that waits is not proposed again (S1)."""
    assert len([m for m in look.case.measures if m.open]) <= 1


def reasons_are_peoples_own(entries: Entries) -> None:
    """Every decision of a person says what they opened and why (R22)."""
    for decided in of_kind(
        entries, "confirmed", "refused", "eased", "reviewed", "upheld", "partly", "reversed", "held"
    ):
        assert decided.person
        assert decided.body["opened"]
        assert str(decided.body["reason"]).strip()


def statements_are_complete(look: Look, message: Message) -> None:
    """What is sent can be written in every language, with every part that a statement needs (R25, R26)."""
    told = facts(look.case, int(str(message.notice["entry"])), LETTERHEAD)
    letters = [compose(told, tag) for tag in known()]
    assert [letter.language for letter in letters] == list(known())
    assert all(letter.text and LETTERHEAD.contact in letter.text for letter in letters)


def nothing_is_sent_twice(sent: Sequence[str]) -> None:
    """Every message and every effect has its own name (P1)."""
    assert not [name for name, count in Counter(sent).items() if count > 1]


OF_ENTRIES: tuple[Callable[[Entries], None], ...] = (
    what_a_server_took_counts_only_in_time_and_unless_it_came_back,
    no_measure_without_a_delivered_warning_and_elapsed_cure,
    no_step_is_built_on_one_that_was_taken_back,
    no_measure_without_proof_of_notice,
    no_imposed_measure_without_a_person,
    no_appeal_decided_by_who_took_part,
    no_closure_of_proposing_for_mismatch_without_the_earlier_steps,
    every_restriction_ends,
    the_member_was_heard,
    entries_have_their_shape,
    reasons_are_peoples_own,
)
OF_TIME: tuple[Callable[[Look], None], ...] = (
    standing_is_that_of_the_ledger,
    a_missed_clock_has_a_consequence,
    a_second_tick_adds_nothing,
    what_has_ended_is_undone,
    what_runs_is_not_undone,
    what_is_restored_is_restored_in_full,
    holds_end_after_seven_business_days,
    nothing_is_proposed_twice,
)


def hold_all(entries: Entries, now: datetime, messages: Sequence[Message]) -> None:
    """Every invariant of one case, and of the messages that it sent since the last look."""
    for of_entries in OF_ENTRIES:
        of_entries(entries)
    look = Look.at(entries, now)
    for of_time in OF_TIME:
        of_time(look)
    for message in messages:
        statements_are_complete(look, message)
