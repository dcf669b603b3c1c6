"""Who may do what, and how many it takes (S6)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol

from evenhand.errors import ActRefused

DECIDERS: Final = frozenset({"reviewer", "senior"})
"""Who may decide on a measure: confirm, lighten, refuse, hold, review, ease, close, decide an appeal."""

SECOND: Final = frozenset({"senior"})
"""Who gives the second of two signatures."""

ASKERS: Final = DECIDERS | {"analyst"}
"""Who may put a question to the member; an analyst prepares and does not decide."""


class Person(Protocol):
    """Somebody who acts; roles are `analyst`, `reviewer`, `senior`, `author`, `auditor` and `admin`."""

    @property
    def name(self) -> str:
        """The name under which their acts are on record."""
        ...

    @property
    def roles(self) -> Collection[str]:
        """What they are trusted with."""
        ...


def people_needed(step: str) -> int:
    """How many people must confirm a step: none for advice and education, two to suspend and to close.

    >>> [people_needed(step) for step in ("advise", "warn", "pause", "close")]
    [0, 1, 1, 2]
    """
    return {"advise": 0, "educate": 0, "suspend": 2, "close": 2}.get(step, 1)


def require(person: Person, roles: frozenset[str], deed: str, where: str) -> None:
    """Raise `ActRefused` where the person has none of the roles that the deed takes."""
    if roles.isdisjoint(person.roles):
        wanted = " or ".join(f"`{role}`" for role in sorted(roles))
        raise ActRefused(f"`{person.name}` may not {deed}", where=where, hint=f"it takes the role {wanted}")
