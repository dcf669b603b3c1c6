"""`report.html`: one honest, accessible, self-contained page, whatever the market."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import duckdb
import pytest
from playwright.sync_api import Browser

from evenhand.decisions.sentences import BLOCKED
from evenhand.evidence.account.columns import ACCOUNT_COLUMNS
from evenhand.evidence.activity.columns import ACTIVITY_COLUMNS, DECISION_COLUMNS
from evenhand.policy.load import load
from evenhand.reports import ReportInputs, render_report
from evenhand.reports.figures.reach import HELD_BACK
from evenhand.surfaces import runs
from tests.surfaces.sheet import hold_readable

ROOT: Final = Path(__file__).parents[2]

COLUMNS: Final = (
    "account_id",
    "as_of",
    *(column.name for column in (*ACCOUNT_COLUMNS, *ACTIVITY_COLUMNS, *DECISION_COLUMNS)),
    "exempt",
    "reaches",
    "measure",
    "blocked_by",
    "why",
)

# A market by arithmetic instead of chance: every account is a function of its number, so that counts can be foretold.
MARKET: Final = """
with drawn as (
    select i, (hash(i) % 10000) / 10000.0 as u, (hash(i, 'a') % 10000) / 10000.0 as v,
        (hash(i, 'b') % 10000) / 10000.0 as r
    from range($accounts) as numbers(i)
), sized as (
    select *, case when i % 10 = 9 then 0 else greatest(1, (12 / (u + 0.008))::bigint) end as proposals,
        case when v < 0.05 then 0.05 else 0.4 + 1.4 * r end as ability
    from drawn
), won as (
    select *, (proposals * 0.45)::bigint as decided, decided / 20.0 as fair_wins,
        case when $hires then floor(fair_wins * ability + r)::bigint else 0 end as wins
    from sized
), weighed as (
    select *, case when decided = 0 then 0.0 else ln((
        exp(least(700, wins * ln(0.1) + decided * ln((1 + 0.5 / 19) / (1 + 0.05 / 19))))
        + exp(least(700, wins * ln(0.5) + decided * ln((1 + 0.5 / 19) / (1 + 0.25 / 19))))) / 2) end as log_e
    from won
), judged as (
    select *, case when not $lines or log_e < ln(20) then 'none' when log_e < ln(100) then 'warn'
        when log_e < ln(1000) then 'limit' else 'pause' end as reaches,
        case when i % 7 = 0 then ['earner', 'repeat_clients'] when i % 11 = 0 then ['newcomer'] else [] end as exempt
    from weighed
)
select 'acc-' || i as account_id, timestamp '2026-01-01' as as_of,
    case when i % 10 = 9 then 'client' else 'freelancer' end as role,
    case when i % 13 = 0 then null when i % 3 = 0 then 'IN' when i % 3 = 1 then 'US' else 'C' || (i % 40) end
        as country,
    case when i % 5 < 4 then 'writing & <b>editing</b>' else 'design' end as category, 'en' as language,
    (v * 2500)::bigint as account_age_days, wins * 120.0 as earned_usd_365d, wins as contracts_365d,
    wins * 7.5 as hours_365d, wins // 3 as repeat_clients, 0 as running_contract_days,
    null::bigint as days_since_pause, false as on_break, proposals, wins as hires,
    decided, fair_wins, wins, decided as decided_shortlist, fair_wins as fair_shortlists, wins as shortlists,
    case when decided > 0 then least(8, wins / fair_wins) end as odds_ratio,
    case when decided > 0 and wins / fair_wins - 3 / sqrt(fair_wins) > 0
        then wins / fair_wins - 3 / sqrt(fair_wins) end as odds_ratio_low,
    case when fair_wins > 3 then wins / fair_wins + 3 / sqrt(fair_wins) end as odds_ratio_high,
    log_e as log_e_hire, log_e as log_e_shortlist, log_e, 0.5 as review_priority,
    false as in_portfolio, false as group_held,
    []::varchar[] as held_groups, exempt::varchar[] as exempt, reaches,
    case when reaches <> 'none' and len(exempt) = 0 then 'warn' else 'none' end as measure,
    case when reaches <> 'none' and len(exempt) > 0 then 'exempt' end as blocked_by, '' as why
from judged order by account_id
"""

QUARANTINE: Final = """
select 'proposals' as "table", 'proposals.csv' as file, 12 + i as "row", 'submitted_at' as "column",
    '<script>31.31.2020</script>' as "value", case when i < 3 then 'not a time' else 'missing' end as reason
from range($quarantined) as numbers(i)
"""


def made_run(
    folder: Path, *, accounts: int, hires: bool = True, lines: bool = True, quarantined: int = 5
) -> ReportInputs:
    """Write the files of a run and name them; `lines` false keeps everybody below every line."""
    con = duckdb.connect()
    rows = con.sql(
        f"select * from ({MARKET})",
        params={
            "accounts": accounts,
            "hires": hires,
            "lines": lines,
        },
    ).to_arrow_table()
    assert tuple(rows.column_names) == COLUMNS
    con.register("rows", rows)
    con.execute(f"copy (from rows) to '{folder / 'evidence.parquet'}'")
    bad = con.sql(QUARANTINE, params={"quarantined": quarantined}).to_arrow_table()
    con.register("bad", bad)
    con.execute(f"copy (from bad) to '{folder / 'quarantine.parquet'}'")
    policy = load(ROOT / "policies" / "activity.yaml")
    tables = {"accounts": accounts, "jobs": 10, "proposals": 100, "contracts": 10}
    summary: Mapping[str, object] = {
        "as_of": "2026-01-01T00:00:00Z",
        "policy": policy.name,
        "policy_hash": policy.hash,
        "engine": "duckdb",
        "read": tables,
        "admitted": tables | {"proposals": 100 - quarantined},
        "quarantined": {name: quarantined if name == "proposals" else 0 for name in tables},
        "study": True,
        "blind_exemptions": {"on_break": ["on_break"]},
        "over_the_cap": 0,
        "guards": [
            {
                "name": "country=PK",
                "members": 900,
                "jobs": 4000,
                "expected": 120.5,
                "won": 40,
                "odds_ratio": 0.35,
                "log_e": 31.0,
                "held": True,
                "disadvantaged": True,
            },
            {
                "name": "country=ES",
                "members": 700,
                "jobs": 3000,
                "expected": 90.0,
                "won": 95,
                "odds_ratio": 1.0,
                "log_e": -4.0,
                "held": False,
                "disadvantaged": False,
            },
        ]
        if accounts
        else [],
        "records": {"views": False, "shortlists": True},
        "hidden_wins": 0.004,
        "late_hires": 0.02,
        "evenhand": "0.1.0",
    }
    examples = [(f"acc-{place}", ["It sent 3 proposals.", "2 counted: 'a' & <b>."]) for place in range(7)]
    return ReportInputs(
        folder=folder, summary=summary, policy=policy, market="A market & more", examples=examples if accounts else []
    )


class _Words(HTMLParser):
    """The words of a page, without its style, and every address and handler it names."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "data", "srcset"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)


def words(html: str) -> str:
    """What a reader sees, in one line."""
    reader = _Words()
    reader.feed(html)
    return re.sub(r"\s+", " ", " ".join(reader.words))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, str]:
    """The reports of a large and of an empty market, by their number of accounts."""
    return {
        accounts: render_report(made_run(tmp_path_factory.mktemp("run"), accounts=accounts)).page
        for accounts in (20_000, 0)
    }


@pytest.fixture(scope="module")
def page(pages: Mapping[int, str]) -> str:
    """The report of a market of 20,000 accounts."""
    return pages[20_000]


def test_parts_stand_in_the_order_of_a_decision(page: str) -> None:
    """How many, who, the evidence, what it rests on, what else one might do, examples, then the fine print."""
    found = re.findall(r'<h2 id="([a-z-]+)"', page)
    assert found == [
        "how-many",
        "who",
        "evidence-spread",
        "wins",
        "usual",
        "examples",
        "quarantine",
        "missing",
        "policy",
        "recompute",
    ]


def test_the_page_asks_for_nothing_from_outside(page: str) -> None:
    """No script, no style but its own, no address but places on the page itself."""
    reader = _Words()
    reader.feed(page)
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(reader.tags)
    assert all(address.startswith("#") for address in reader.addresses)
    assert "url(http" not in page
    assert "@import" not in page


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the moment or of the machine is on the page."""
    run = made_run(tmp_path, accounts=500)
    assert render_report(run) == render_report(run)


def test_what_a_market_says_of_itself_cannot_become_markup(page: str) -> None:
    """Names of categories and countries, sentences and titles are escaped; quarantined values are not shown at all."""
    assert "writing &amp; &lt;b&gt;editing&lt;/b&gt;" in page
    assert "A market &amp; more" in page
    assert "31.31.2020" not in page


def test_counts_are_those_of_the_evidence(tmp_path: Path) -> None:
    """The page's counts of members, reached, proposed and held back are a plain recount of `evidence.parquet`."""
    run = made_run(tmp_path, accounts=20_000)
    text = words(render_report(run).page)
    evidence = f"read_parquet('{tmp_path / 'evidence.parquet'}')"
    members, warned, given, exempted, zero, full = duckdb.execute(
        f"""select count(*), count(*) filter (reaches <> 'none'), count(*) filter (measure <> 'none'),
            count(*) filter (reaches <> 'none' and len(exempt) > 0), count(*) filter (hires = 0 and proposals >= 50),
            count(*) filter (hires = 0 and proposals >= 50
                and (odds_ratio_low is null or odds_ratio_low <= 1)
                and (odds_ratio_high is null or odds_ratio_high >= 1))
        from {evidence} where proposals > 0"""
    ).fetchall()[0]
    assert min(warned, given, exempted, zero, full) > 0
    assert f"Accounts 20,000 {members:,} of them are members" in text
    assert re.search(rf"Evidence reaches a warning or more {warned:,} ", text)
    assert re.search(rf"A warning or more is proposed {given:,} ", text)
    assert re.search(rf"An exemption {exempted:,} ", text)
    assert f"0 hires in 50 proposals {full:,} of {zero:,}" in text


def test_small_groups_are_folded_and_lists_bounded(page: str) -> None:
    """40 countries become the 15 largest, one line for the others with their number, and those without one."""
    table = page.partition("<h3>Country</h3>")[2].partition("<h3>")[0]
    names = re.findall(r'<th scope="row">(.*?)</th>', table)
    assert len(names) == 17
    assert sorted(names[-2:]) == ["not given", "others (23 groups)"]


def test_every_reason_that_holds_a_measure_back_has_words() -> None:
    """The report knows each code that a decision can carry."""
    assert HELD_BACK.keys() == BLOCKED.keys()


@pytest.mark.parametrize(
    ("accounts", "hires", "lines", "says"),
    [
        (0, True, True, "no member with a proposal yet"),
        (1, True, True, "carries enough evidence for a warning"),
        (400, False, False, "carries enough evidence for a warning"),
        (400, False, True, "0 hires in"),
    ],
    ids=["empty market", "one account", "nobody reached", "no hires at all"],
)
def test_an_odd_market_gets_an_honest_page(tmp_path: Path, accounts: int, hires: bool, lines: bool, says: str) -> None:
    """Nothing breaks and nothing is pretended where there is little to see."""
    text = words(render_report(made_run(tmp_path, accounts=accounts, hires=hires, lines=lines, quarantined=0)).page)
    assert says in text
    assert "Nothing was quarantined." in text
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text)


def test_the_page_stays_small(tmp_path: Path) -> None:
    """200,000 accounts need hardly more than 20,000, and far less than 600 kB."""
    assert len(render_report(made_run(tmp_path, accounts=200_000)).page.encode()) < 200_000


def test_the_real_market_gets_the_honest_answer(tmp_path: Path) -> None:
    """Over the tenders nobody reaches a warning, while today's rules would act on people whose record says nothing."""
    policy = runs.alone([ROOT / "policies" / "activity.yaml"])
    asked = runs.Evaluation(market=ROOT / "markets" / "worldbank", policies=[policy], out=tmp_path / "out")
    runs.evaluate(asked, lambda stage: None)
    text = words((tmp_path / "out" / runs.REPORT).read_text(encoding="utf-8"))
    assert "carries enough evidence for a warning" in text
    assert "0 hires in 20 proposals 7 of 7" in text
    assert re.search(r"proposals missing 70 0\.51 % \(0\.40 to 0\.64 %\) proposals\.parquet, row 430", text)
    assert "No openings are recorded" in text


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1200, "dark"), (1200, "light")])
@pytest.mark.parametrize("accounts", [20_000, 0])
def test_everybody_can_read_it(
    tmp_path: Path, pages: Mapping[int, str], browser: Browser, width: int, scheme: str, accounts: int
) -> None:
    """axe-core finds no violation of WCAG 2.2 AA with every part unfolded, nothing is fetched, nothing overflows."""
    file = tmp_path / "report.html"
    file.write_text(pages[accounts], encoding="utf-8")
    hold_readable(browser, file, width=width, dark=scheme == "dark")
