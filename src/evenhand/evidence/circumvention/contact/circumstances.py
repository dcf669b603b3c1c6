"""What a detail is named under, and which circumstances allow it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenhand.evidence.circumvention.contact.hosts import group_of
from evenhand.evidence.circumvention.contact.item import Find, Kind


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known of the two who write to each other, and of the job they write about.

    `contract_since` is when a contract between them began (UTC), none without one. `enterprise` clients may be written
    to elsewhere by agreement with the platform; a `code_job` is about code; `own_hosts` are the platform's own.
    """

    contract_since: datetime | None = None
    enterprise: bool = False
    code_job: bool = False
    own_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """A reason for which a detail is no matter: `holds` for a find under circumstances, a contract running or not."""

    name: str
    doc: str
    kinds: frozenset[Kind]
    holds: Callable[[Find, Circumstances, bool], bool]


def host_of(find: Find) -> str:
    """The host of a page or an address for mail.

    >>> host_of(Find(kind="url", start=0, end=9, value="janedoe.com/work", confidence=1))
    'janedoe.com'
    """
    return find.value.partition("/")[0].partition("?")[0].rpartition("@")[2]


def _is_own(find: Find, around: Circumstances, _runs: bool) -> bool:
    host = host_of(find)
    return any(host == own or host.endswith(f".{own}") for own in around.own_hosts)


_ANY: Final[frozenset[Kind]] = frozenset({"phone", "email", "url", "handle", "payment", "meeting"})
_ADDRESSES: Final[frozenset[Kind]] = _ANY - {"payment"}

ALLOWANCES: Final = (
    Allowance(name="own_host", doc="it leads to the platform itself", kinds=_ANY - {"phone"}, holds=_is_own),
    Allowance(
        name="running_contract",
        doc="a contract between the two is running",
        kinds=_ADDRESSES,
        holds=lambda _find, _around, runs: runs,
    ),
    Allowance(
        name="enterprise_client",
        doc="the client has an agreement with the platform to write elsewhere",
        kinds=_ADDRESSES,
        holds=lambda _find, around, _runs: around.enterprise,
    ),
    Allowance(
        name="repository",
        doc="it is a repository of code, in a job about code",
        kinds=frozenset({"url"}),
        holds=lambda find, around, _runs: around.code_job and group_of(host_of(find)) == "repository",
    ),
    Allowance(
        name="reference",
        doc="it is a page that everybody reads and nobody answers",
        kinds=frozenset({"url"}),
        holds=lambda find, _around, _runs: group_of(host_of(find)) not in {"", "repository"},
    ),
)
"""In the order in which they are tried. A way to pay past the platform is allowed under none but its own host."""


def allowance(find: Find, around: Circumstances, *, runs: bool) -> str:
    """The name of the first allowance that holds, empty where none does."""
    fitting = (one for one in ALLOWANCES if find.kind in one.kinds and one.holds(find, around, runs))
    return next((one.name for one in fitting), "")
