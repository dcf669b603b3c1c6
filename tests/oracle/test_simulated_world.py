"""The simulator keeps its word: one world per seed, admitted as it stands, in which the truth is what happens."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from evenhand import wiring
from evenhand.errors import RunRefused
from evenhand.lab.simulate import ENDS, World, load_scenario
from evenhand.market.schema import TABLES
from evenhand.surfaces import runs
from evenhand.workflows.check_market import check_market
from evenhand.workflows.propose_measures import unwatched
from tests.oracle.simulated import Made, make

SIGMAS = 4.0
"""Half the width of an interval, in standard deviations: of some dozens of intervals none should miss by chance."""

MADE = set(TABLES) - {"incidents", "profiles"}
"""Every table but those of what people report and of what they write of themselves: nobody does."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A small base world in which every job hires one, so that what each is due is exact."""
    single = load_scenario("base").varied({"hires": {"two": 0.0, "three": 0.0}})
    return make(tmp_path_factory.mktemp("base") / "market", single, accounts=4000, months=9)


def hashes(folder: Path) -> dict[str, str]:
    """What is in each file, by its path."""
    files = sorted(folder.rglob("*.parquet"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    """One thread and two write the same files; another seed shares none of them."""
    one = make(tmp_path / "one", accounts=1500, months=3, threads=1)
    two = make(tmp_path / "two", accounts=1500, months=3, threads=2)
    other = make(tmp_path / "other", accounts=1500, months=3, seed=2)
    assert hashes(one.folder) == hashes(two.folder)
    assert {path for path, content in hashes(other.folder).items() if hashes(one.folder)[path] == content} == set()


def test_a_month_lived_in_parts_is_the_same_month(tmp_path: Path) -> None:
    """How many jobs are held in memory together changes no row."""
    whole = make(tmp_path / "whole", accounts=1000, months=3)
    parts = make(tmp_path / "parts", accounts=1000, months=3, jobs_at_once=97)
    assert len(list(parts.folder.glob("jobs/*"))) > len(list(whole.folder.glob("jobs/*")))
    for table in (*MADE, "truth"):
        everything = f"select * from {table} order by all"
        assert whole.ask(everything) == parts.ask(everything), table


def test_the_product_admits_every_row(base: Made, tmp_path: Path) -> None:
    """All ten tables are there, no row is refused, and nobody proposes before registering or after closing."""
    with runs.staged(base.folder, "duckdb", tmp_path, unwatched) as parts:
        admission = check_market(*parts).admission
    assert {name for name, count in admission.tables.items() if count.present} == MADE
    assert {name: count.quarantined for name, count in admission.tables.items() if count.quarantined} == {}
    assert {name: count.read for name, count in admission.tables.items() if count.present} == {
        name: rows for name, rows in base.shape.rows.items() if name in MADE
    }
    strange = [finding for finding in admission.findings.values() if finding.count / max(1, finding.among) > 0.01]
    assert not strange


def test_the_kinds_have_their_shares(base: Made) -> None:
    """Of each kind there are as many as the scenario asks, up to chance; a duplicate names whose return it is."""
    asked = {kind: traits.get("share") for kind, traits in load_scenario("base").kinds.items()}
    counted = {kind.kind: kind.accounts for kind in base.shape.kinds}
    everybody = sum(counted.values())
    assert set(counted) == set(asked)
    for kind, share in asked.items():
        if share:
            assert abs(counted[kind] - share * everybody) < SIGMAS * math.sqrt(share * everybody) + 1, kind
    (linked,) = base.one("select count_if((kind = 'duplicate') <> (linked_to is not null)) from truth")
    assert linked == 0


def interval(wins: float, fair_wins: float) -> tuple[float, float]:
    """Bounds of the ratio of wins to fair wins, from the binomial variance of the wins (at most their mean)."""
    width = SIGMAS * math.sqrt(max(wins, 1.0))
    return (wins - width) / fair_wins, (wins + width) / fair_wins


def test_wins_agree_with_the_truth(base: Made) -> None:
    """Each kind wins what its odds ratio says; the ordinary their fair share, those of low skill less than a fifth."""
    sums = "sum(wins)::int, sum(fair_wins), sum(due_wins)"
    rows = base.ask(f"select conduct, {sums} from truth where theta >= 0 group by all")
    assert len(rows) == len(load_scenario("base").kinds) - 1, "duplicates behave as those whose return they are"
    ratios = {}
    for kind, wins, fair_wins, due_wins in rows:
        low, high = interval(wins, fair_wins)
        assert low <= due_wins / fair_wins <= high, kind
        ratios[kind] = (low, high)
    assert abs(sum(ratios["ordinary"]) / 2 - 1) < 0.1
    assert ratios["low_skill"][1] < 0.2
    assert ratios["spammer"][1] < 0.2
    assert 0.2 < sum(ratios["borderline"]) / 2 < 0.5


def test_ghosting_cancels(tmp_path: Path) -> None:
    """Where seven in ten jobs end without a hire, and where two do, the odds of ordinary members are the same."""
    won = []
    for share in (0.2, 0.7):
        ghosting = {"categories": {"ghosting_low": share, "ghosting_high": share}, "hires": {"two": 0.0, "three": 0.0}}
        world = load_scenario("base").varied(ghosting)
        made = make(tmp_path / f"ghosting-{share}", world, accounts=2000, months=6)
        wins, fair_wins, sent = made.one(
            "select sum(wins)::int, sum(fair_wins), sum(proposals) from truth where kind = 'ordinary'"
        )
        low, high = interval(wins, fair_wins)
        assert low < 1 < high
        won.append(wins / sent)
    assert won[1] < 0.5 * won[0]


def test_an_agency_is_one_in_truth(base: Made) -> None:
    """To the evidence the accounts of an agency are one unit, so they are of one kind, of one worth, of one change."""
    agencies, mixed = base.one(
        "with agencies as (select agency_id, count(distinct (kind, theta, theta_after, changed_at)) as many"
        " from accounts join truth using (account_id) where agency_id is not null group by agency_id)"
        " select count(*), count_if(many > 1) from agencies"
    )
    assert agencies > 5
    assert mixed == 0


def test_the_evidence_sees_who_is_who(base: Made, tmp_path: Path) -> None:
    """Over what the product counts, the ordinary win at least their fair share, the far below less than half of it.

    The safe field understates everybody's share, so the ordinary stand above 1. Nobody innocent reaches a limit.
    """
    policy = runs.judged(wiring.shipped("policies") / "activity.yaml")
    asked = runs.Evaluation(market=base.folder, policies=[policy], out=tmp_path / "out", as_of=ENDS)
    runs.evaluate(asked, unwatched)
    evidence = f"read_parquet('{tmp_path / 'out' / 'evidence.parquet'}')"
    counted = dict(
        base.ask(
            "select conduct, [sum(e.wins), sum(e.fair_wins)]::double[]"
            f" from truth join {evidence} as e using (account_id) where theta >= 0 group by all"
        )
    )
    assert interval(*counted["ordinary"])[0] > 1
    assert interval(*counted["low_skill"])[1] < 0.5
    assert interval(*counted["spammer"])[1] < 0.5
    (touched,) = base.one(
        f"select count(*) from truth join {evidence} as e using (account_id)"
        " where theta >= 0.5 and theta_after is null and e.reaches in ('limit', 'pause')"
    )
    assert touched == 0


def test_whoever_turned_bad_wins_less_afterwards(base: Made) -> None:
    """Before the change theirs are typical odds, afterwards a fraction of them."""
    before, after = base.one(
        "select count(c.contract_id) filter (p.submitted_at < changed_at - interval 14 day)"
        " / count_if(p.submitted_at < changed_at - interval 14 day),"
        " count(c.contract_id) filter (p.submitted_at > changed_at) / count_if(p.submitted_at > changed_at)"
        " from truth join proposals as p using (account_id) left join contracts as c using (job_id, account_id)"
        " where changed_at is not null"
    )
    assert after < 0.4 * before


def test_diverted_wins_leave_a_chat_and_no_hire(base: Made) -> None:
    """Where a circumventer's client writes that it saves the fee, the job is over and nobody was hired."""
    chats, hires, others = base.one(
        "select count(distinct m.thread_id), count(c.contract_id), count_if(t.conduct <> 'circumventer')"
        " from messages as m join truth as t on t.account_id = m.recipient_id"
        " left join contracts as c using (job_id) where m.text like '%saves us the fee%'"
    )
    assert chats > 0
    assert (hires, others) == (0, 0)


def test_details_are_named_by_whom_the_scenario_says(base: Made) -> None:
    """Of the diverted wins some show nothing and some are the client's doing; few other talks name a detail."""
    contacts = {name: float(value) for name, value in load_scenario("base").settings["contacts"].items()}
    says = {
        "leaves": "(Got it, I have|Ok, saves us|Added you|Thanks, see you)",
        "member": "(Easier to talk|I answer faster|Please write to me|For the files)",
        "client": ".*(easier elsewhere|reach me here)",
        "declined": "(I would rather|I.d prefer)",
    }
    flags = ", ".join(f"bool_or(text ~ '{words}.*') as {name}" for name, words in says.items())
    rows = base.ask(
        "select leaves, count(*), count_if(member), count_if(client), count_if(declined)"
        f" from (select {flags} from messages where sent_at < '2025-12-01' group by thread_id)"
        " group by all order by all"
    )
    (_, talks, members, clients, declined), (_, diverted, written, followed, _) = rows
    once = (1 - contacts["habitual"]) * contacts["others"] + contacts["habitual"] * contacts["habit"]
    gave = (1 - contacts["declined"]) / 2
    expected = (
        (members, talks, once + (1 - once) * contacts["clients"] * gave),
        (clients, talks, (1 - once) * contacts["clients"] * (1 - gave) / 2),
        (declined, talks, (1 - once) * contacts["clients"] * contacts["declined"]),
        (written, diverted, 1 - contacts["unseen"] - contacts["by_client"]),
        (followed, diverted, contacts["by_client"]),
    )
    for counted, of, share in expected:
        # habits make the counts of talks cluster by member: twice the width of single ones
        assert abs(counted - of * share) < 2 * SIGMAS * math.sqrt(of * share * (1 - share)), (counted, of, share)


def test_duplicates_return_after_the_closing_with_some_of_their_papers(base: Made) -> None:
    """Each comes after the account it continues was closed, never has all of its papers, and most share some."""
    rows = base.ask(
        "select new.registered_at > old.closed_at, mine.name = theirs.name and mine.phone = theirs.phone"
        " and mine.document_hash = theirs.document_hash and mine.payout_hash = theirs.payout_hash"
        " and mine.email = theirs.email,"
        " mine.birth_date = theirs.birth_date or mine.document_hash = theirs.document_hash"
        " from truth join accounts as new using (account_id) join accounts as old on old.account_id = linked_to"
        " join identities as mine on mine.account_id = new.account_id"
        " join identities as theirs on theirs.account_id = old.account_id"
    )
    assert len(rows) > 10
    assert all(later and not same for later, same, _ in rows)
    assert sum(shares for _, _, shares in rows) > len(rows) / 2


def test_newcomers_are_chosen_less_until_their_first_review(base: Made) -> None:
    """Members without a review at the opening win less of what they are read for in the first months."""
    opening, later = "timestamp '2025-04-01'", "timestamp '2025-06-01'"
    bare, reviewed = base.ask(
        "select avg((contract_id is not null)::int), account_id in (select account_id from contracts"
        f" join feedback using (contract_id) where given_at < {opening}) as reviewed"
        " from proposals join truth using (account_id) left join contracts using (job_id, account_id)"
        f" where kind = 'ordinary' and viewed_at is not null and submitted_at between {opening} and {later}"
        " group by reviewed order by reviewed"
    )
    assert 0.3 < bare[0] / reviewed[0] < 0.85


def test_what_cannot_be_made_up_is_refused() -> None:
    """An unknown scenario or setting is refused with the known names, a size out of range with the range."""
    with pytest.raises(RunRefused, match=r"(?s)no scenario is called `mars`.*`base`, `client_taste`") as refused:
        load_scenario("mars")
    assert refused.value.where == "--scenario"
    base = load_scenario("base")
    for changes, what in (
        ({"weather": {"rain": 1.0}}, "no group is called `weather`"),
        ({"choice": {"luck": 1.0}}, "no setting of `choice` is called `luck`"),
        ({"kinds": {"genius": {"share": 1.0}}}, "no kind is called `genius`"),
        ({"kinds": {"spammer": {"charm": 1.0}}}, "no trait is called `charm`"),
        ({"kinds": {"spammer": {"share": 0.9}}}, "add up to 1.17"),
    ):
        with pytest.raises(RunRefused, match=what):
            base.varied(changes)
    for sizes in ({"accounts": 0}, {"months": 0}, {"seed": -1}):
        with pytest.raises(RunRefused, match="out of range"):
            World(**{"seed": 1, "accounts": 10, "months": 1, **sizes}, scenario=base)


def test_a_market_of_one_member_is_a_market(tmp_path: Path) -> None:
    """The smallest world has all tables."""
    made = make(tmp_path / "tiny", accounts=1, months=1)
    assert set(made.shape.rows) == {*MADE, "truth"}
