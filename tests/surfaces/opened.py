"""A house in which cases are open already, so that a test of one command begins where that command does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from evenhand.decisions.case.case import Case
from evenhand.decisions.case.fold import fold
from evenhand.decisions.case.kept import PublishedPolicy
from evenhand.decisions.case.proposing import open_case, propose
from evenhand.vocabulary import Procedure
from evenhand.wiring.offices import opened, read_settings
from evenhand.workflows.office import Office
from tests.journeys.doors import Doors
from tests.story.process.world import POLICIES, proposal


class OpenedDoors(Doors):
    """A house under two published policies, with whatever cases a test opens in it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with self.inside() as office:
            for policy in POLICIES.values():
                office.store.put_policy(
                    PublishedPolicy(
                        hash=policy.hash,
                        name=policy.name,
                        version=policy.version,
                        procedure=policy.procedure,
                        text=policy.text,
                        dry_run="{}",
                        published_by=("art",),
                        published_at=self.now,
                    )
                )

    @contextmanager
    def inside(self) -> Iterator[Office]:
        """The office over the store."""
        with opened(self.store, read_settings(self.folder / "evenhand.toml")) as office:
            yield office

    def propose(self, case: str, procedure: Procedure, step: str, *, urgent: str | None = None) -> str:
        """A step is proposed on strong evidence, in a case of the account of that name, opened where there is none."""
        with self.inside() as office:
            entries = office.store.read(case)
            opening = open_case(case, case, procedure, POLICIES[procedure].profile, self.now, regime="terms")
            found = office.tick(case, self.now) if entries else fold(opening.entries, self.now)
            made = proposal(procedure, step, urgent=urgent)
            kept, head = office.kept(found, propose(found, made, self.now))
            office.store.append_all([(kept if entries else opening + kept, head)])
        return case

    def stands(self, case: str) -> Case:
        """The case, by its entries."""
        with self.inside() as office:
            return office.case(case, self.now)

    def wait(self, days: float) -> None:
        """Let time pass, and the clocks run."""
        self.now += timedelta(days=days)
        self.said("tick")

    def limited(self, case: str) -> str:
        """Warned, three months later asked, unanswered, limited, noticed: in force, and every letter was opened."""
        self.propose(case, "mismatch", "warn")
        self.decide("confirm", case, "rex", "no win in two hundred")
        self.read(case, "warning")
        self.wait(91)
        self.propose(case, "mismatch", "limit")
        self.read(case, "hearing")
        self.wait(15)
        self.decide("confirm", case, "rex", "nothing has changed since")
        self.read(case, "notice")
        self.wait(31)
        self.read(case, "in_force")
        return case

    def read(self, case: str, notice: str) -> str:
        """The member opens the link in their latest letter of a kind; its token."""
        token = self.token(case, notice)
        self.said("appeal", "show", "--token", token)
        return token
