"""The table "Lists read in order" by simulation: every rank of the list by itself (`make check-long`)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.long.grids import NOMINAL
from tests.long.intervals import Share
from tests.long.judged import breaks, ever
from tests.long.page import must_show
from tests.long.rank_order import LONGEST, Clients, highest, odds_of, read_lists

pytestmark = pytest.mark.long

VARYING = tuple(range(3, LONGEST + 1))
PER_RANK = 150
TURNS = 250

WORLDS: dict[str, Clients] = {
    "20 in the list, one hire": Clients(),
    "3 to 20 in the list, one hire": Clients(lengths=VARYING),
    "20 in the list, one to three hires": Clients(hires=(1, 1, 2, 3)),
    "3 to 20 in the list, one to three hires": Clients(lengths=VARYING, hires=(1, 1, 2, 3)),
    "clients differ: .03, .1, .4": Clients(lengths=VARYING, rates=(0.03, 0.1, 0.4), hires=(1, 1, 2, 3)),
    "the ranking knows who is good": Clients(lengths=VARYING, merit=True),
}


@pytest.mark.parametrize("name", WORLDS)
def test_no_rank_is_reached_too_often(name: str) -> None:
    """At the exact boundary e reaches 20 for at most 5 % and 100 for at most 1 % of the members, at every rank."""
    lists = read_lists(np.random.default_rng(50), WORLDS[name], per_rank=PER_RANK, turns=TURNS)
    odds = odds_of(lists)
    for views in (False, True):
        e = highest(lists, odds, views=views)
        ranks = [ever(e[lists.rank == rank]) for rank in range(LONGEST)]
        broken = [rank + 1 for rank, shares in enumerate(ranks) if breaks(shares)]
        assert broken == []
        worst = max(range(LONGEST), key=lambda rank: ranks[rank][0].value)
        must_show((name, "yes" if views else "no", len(e), *ever(e), worst + 1, ranks[worst][0]))


def test_clients_who_differ_with_their_lists_are_a_limit() -> None:
    """Eager clients of short lists, picky ones of long lists: without views some ranks break, with views none does."""
    clients = Clients(lengths=VARYING, rates=(0.03, 0.3), eager_lists=True)
    lists = read_lists(np.random.default_rng(50), clients, per_rank=60, turns=250)
    odds = odds_of(lists)
    for views in (False, True):
        e = highest(lists, odds, views=views)
        ranks = [ever(e[lists.rank == rank]) for rank in range(LONGEST)]
        assert any(breaks(shares) for shares in ranks) is not views
        worst = max(range(LONGEST), key=lambda rank: ranks[rank][0].value)
        shown = ("clients of short lists are eager", "yes" if views else "no", len(e))
        must_show((*shown, *ever(e), worst + 1, ranks[worst][0]))


def test_places_alone_are_not_enough_where_the_ranking_knows() -> None:
    """Without the model that lacks the places, the top of a list that knows who is good breaks: why there are two."""
    lists = read_lists(np.random.default_rng(50), WORLDS["the ranking knows who is good"], per_rank=60, turns=200)
    e = highest(lists, odds_of(lists, least=False), views=True)
    top = Share(count=int((e[lists.rank == 0] >= np.log(20)).sum()), total=60)
    assert top.exceeds(NOMINAL[0])
    must_show(("the ranking knows who is good, places alone", "yes", 60, top))
