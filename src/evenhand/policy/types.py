"""The records of a policy, made by `load.load` or `parse.parse`; a published text is never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType

from evenhand.evidence.activity.circumstances import FieldOf
from evenhand.evidence.activity.guards.rule import Guards
from evenhand.policy.conditions.condition import Condition
from evenhand.policy.conditions.names import CONDUCT, NAMES
from evenhand.policy.conditions.nodes import Apply, Constant, Node, Read
from evenhand.policy.conditions.program import Program, compiled
from evenhand.policy.profiles import Profile
from evenhand.vocabulary import Procedure, restricts

Effect = int | bool | str
"""What one effect of a step amounts to."""


GROUP_HELD, WINS, FAIR_WINS, DECIDED, E = (
    Read(name=NAMES[name]) for name in ("group_held", "wins", "fair_wins", "decided", "e")
)
ITEMS = Read(name=CONDUCT["circumvention"]["items"])
NEVER = Constant(value=False, type="boolean")


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """What the policy promises to the innocent: those whose odds are at least `floor` of a fair share, every time.

    `per_account`: the probability that such an account is ever restricted (S6). `portfolio`: the expected share of
    such accounts among all in the portfolio; `family`: how many accounts a year may be weighed for it (S5).
    Misconduct is proven by items, of which a share of `wrong_items` at most is taken to be wrong; the floor and the
    probability are 0 there, for no odds are weighed.
    """

    floor: float
    per_account: float
    portfolio: float | None
    family: int | None
    wrong_items: float | None = None


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """While `when` is true of an account, nothing but advice follows (E5); unknown is false."""

    name: str
    when: Condition


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rung of the ladder; all clocks in days, None where the step has none.

    `after` names the step that must have been delivered before (S4). `cure_days` follow delivery of a warning,
    `notice_days` precede effect, `days` is how long it lasts, `review_days` how often somebody looks again.
    """

    step: str
    when: Condition
    after: str | None = None
    cure_days: int | None = None
    days: int | None = None
    notice_days: int | None = None
    review_days: int | None = None
    effects: Mapping[str, Effect] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def needs_portfolio(self) -> bool:
        """Whether the step waits for the market-wide set."""
        return "in_portfolio" in self.when.columns

    @property
    def restricts(self) -> bool:
        """Whether it takes anything away: `limit` or above."""
        return restricts(self.step)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of one rule, as text and as machine form (R1).

    `steps` stand as in the file, mildest first once checked; `exempt` is sorted by name. `cap_per_run` None means the
    default of S8. `evidence_from` is UTC without a zone; proposals submitted before it do not count. Jobs for which
    `exclude_jobs` is true count for nobody; `per_client` is `first` or, unsafe, `all` (E3). `guards` names the
    attributes by which groups are guarded (E4); `restart_mixture` lets evidence begin anew each month too (E3).
    `fair_share` are the circumstances it controls for, sorted, none where it is equal. `own_hosts` are the
    marketplace's own, which may be named in any message. `hash` is the sha256 of the
    machine form, in hex. `marks` holds line and column of each part, for refusals only.
    """

    name: str
    version: str
    published: date
    binds: date
    profile: Profile
    procedure: Procedure
    guarantee: Guarantee
    exempt: tuple[Exemption, ...]
    steps: tuple[Step, ...]
    cap_per_run: int | None
    settle_days: int
    evidence_from: datetime | None
    exclude_jobs: Condition | None
    per_client: str
    guards: Guards
    restart_mixture: bool
    fair_share: tuple[str, ...]
    own_hosts: tuple[str, ...]
    text: str = field(compare=False, repr=False)
    hash: str
    file: str = field(compare=False)
    marks: Mapping[str, tuple[int, int]] = field(compare=False, repr=False, hash=False)
    field: FieldOf

    @property
    def floors(self) -> tuple[float, ...]:
        """Every point at which evidence is needed, ascending: the floor and those of `e_at`."""
        conditions = [*(step.when for step in self.steps), *(exemption.when for exemption in self.exempt)]
        asked = {floor for condition in conditions for floor in condition.floors}
        return tuple(sorted(asked | {self.guarantee.floor}))

    @property
    def controls(self) -> tuple[str, ...]:
        """What the fair share is fitted to: with the list that was shown, always the places in it; none if equal."""
        return tuple(sorted({*self.fair_share, *(("position",) if self.field == "impressions" else ())}))

    @property
    def needs_portfolio(self) -> bool:
        """Whether any step waits for the market-wide set."""
        return any(step.needs_portfolio for step in self.steps)

    @property
    def columns(self) -> frozenset[str]:
        """Every evidence column that a step or an exemption reads."""
        conditions = [*(step.when for step in self.steps), *(exemption.when for exemption in self.exempt)]
        return frozenset(column for condition in conditions for column in condition.columns)

    @property
    def rests_on_items(self) -> bool:
        """Whether named items are its evidence, and not what was won (R12, R14)."""
        return self.procedure != "mismatch"

    @property
    def strength(self) -> str:
        """The column by which the strongest evidence comes first (S8)."""
        return "items" if self.rests_on_items else "log_e"

    @property
    def held(self) -> Node:
        """Whether a group of the account is held (E4); conduct is nobody's group's."""
        return NEVER if self.rests_on_items else GROUP_HELD

    @cached_property
    def veto(self) -> Condition:
        """Whether the wins are at or above the floor, so that no step follows whatever the evidence says.

        Winning is no answer to misconduct (R8).
        """
        if self.rests_on_items:
            return Condition(root=NEVER)
        floor = Constant(value=self.guarantee.floor, type="number")
        least = Apply(operator="*", type="number", children=(floor, FAIR_WINS))
        return Condition(root=Apply(operator=">=", type="boolean", children=(WINS, least)))

    @cached_property
    def program(self) -> Program:
        """Its conditions as one function of a row: exemptions, steps, the veto, then what every decision reads."""
        conditions = (*(e.when for e in self.exempt), *(s.when for s in self.steps), self.veto)
        told = (ITEMS,) if self.rests_on_items else (DECIDED, E)
        return compiled([*(condition.root for condition in conditions), self.held, *told])

    def step(self, name: str) -> Step | None:
        """The step called `name`, None if the policy has none."""
        return next((step for step in self.steps if step.step == name), None)

    def before(self, step: Step) -> tuple[Step, ...]:
        """The steps that `after` leads down to from `step`, nearest first; a ring ends where it closes."""
        path: list[Step] = []
        earlier = self.step(step.after) if step.after else None
        while earlier is not None and earlier not in path:
            path.append(earlier)
            earlier = self.step(earlier.after) if earlier.after else None
        return tuple(path)

    def where(self, *path: str) -> str:
        """`file:line:column` of a part, such as `where("steps", "limit", "when")`, or of the nearest part around it."""
        for end in range(len(path), -1, -1):
            mark = self.marks.get("/".join(path[:end]))
            if mark is not None:
                return f"{self.file}:{mark[0]}:{mark[1]}"
        return self.file
