"""Find linked accounts in a market and write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evenhand.ports import Linkage
from evenhand.workflows.propose_measures import Progress

RESULTS: Final = frozenset({"links.parquet", "clusters.parquet"})
"""What it writes beside the summary."""


@dataclass(frozen=True, kw_only=True)
class Links:
    """How many accounts were compared, how many pairs are linked, by grade, and in how many clusters.

    `returned` counts the pairs, said to be one person's, of which one was closed before the other one registered;
    `left_out` by column the accounts whose value more than fifty have, which is nobody's own.
    """

    accounts: int
    links: int
    clusters: int
    returned: int
    grades: Mapping[str, int]
    left_out: Mapping[str, int]


def link_accounts(linkage: Linkage, folder: Path, progress: Progress) -> Links:
    """Compare all accounts; raises `RunRefused` where there are too few to learn from."""
    progress("compare the accounts")
    linkage.link()
    linkage.write(folder)
    return Links(**linkage.tally())
