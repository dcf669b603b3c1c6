"""A simulated market: jobs with fields of equal size, drawn set-based and written as the tables of a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tests.long.grids import Flags, Floats, Whole

START: Final = datetime(2025, 1, 1)
"""When the first job closes."""

SETTLE_DAYS: Final = 30

Cell = TypeVar("Cell", bound=np.generic)


@dataclass(frozen=True, kw_only=True)
class World:
    """Rows of the arrays are jobs, columns the seats of their fields.

    The accounts below `members` are those under test; they sit in the columns `seats`, each once per `turn`. The
    others are typical competitors. All times are in days; `submitted`, `interviewed_after` and `hire_after` count from
    the closing, negative before it, for all alike, by column or for each seat. `withdrawn` and `viewed` happen before
    the hire. A `struck` hire has a contract that no one can read. `shown` is the place in the client's list, 0 for an
    empty seat.
    """

    members: int
    seats: tuple[int, ...]
    account: Whole
    client: Whole
    turn: Whole
    closes: Floats
    hired: Flags
    submitted: Floats | float = -5.0
    interviewed_after: Floats | float = -2.0
    hire_after: Floats | float = -1.0
    withdrawn: Flags | None = None
    viewed: Flags | None = None
    interviewed: Flags | None = None
    struck: Flags | None = None
    shown: Whole | None = None

    @property
    def ends(self) -> float:
        """The day on which the last job is settled."""
        return float(self.closes.max()) + SETTLE_DAYS

    def of_members(self, cells: NDArray[Cell]) -> NDArray[Cell]:
        """`cells` of the members' seats, one row per member, in the order of their turns.

        A value per job is repeated for each member of its field.
        """
        own = self.account[:, list(self.seats)]
        spread = np.broadcast_to(cells[:, None], own.shape) if cells.ndim == 1 else cells[:, list(self.seats)]
        out = np.empty((self.members, int(self.turn.max()) + 1), dtype=cells.dtype)
        out[own, self.turn[:, None]] = spread
        return out

    def write(self, folder: Path) -> Path:
        """Write the tables as Parquet."""
        folder.mkdir(parents=True)
        with duckdb.connect(config={"threads": "2", "memory_limit": "3GB"}) as con:
            for name, query, rows in self._tables():
                con.register("rows", rows)
                con.execute(f"copy ({query}) to '{folder / name}.parquet' (format parquet)")
                con.unregister("rows")
        return folder

    def _tables(self) -> list[tuple[str, str, pa.Table]]:
        jobs, seats = self.account.shape
        accounts = int(self.account.max()) + 1
        job = np.repeat(np.arange(jobs, dtype=np.int32), seats)
        flags = {name: self._flat(name) for name in ("viewed", "withdrawn", "interviewed")}
        hires = np.nonzero(self.hired if self.struck is None else self.hired | self.struck)
        struck = np.zeros(len(hires[0]), dtype=bool) if self.struck is None else self.struck[hires]
        return [
            (
                "accounts",
                _ACCOUNTS.format(accounts=accounts, clients=int(self.client.max()) + 1),
                pa.table({"none": [0]}),
            ),
            ("jobs", _JOBS, pa.table({"job": np.arange(jobs), "client": self.client, "closes": self.closes})),
            (
                "proposals",
                _proposals([name for name, cells in flags.items() if cells is not None], ranked=self.shown is not None),
                pa.table(
                    {
                        "job": job,
                        "account": self.account.astype(np.int32).ravel(),
                        "closes": np.repeat(self.closes, seats),
                        "submitted": np.broadcast_to(self.submitted, self.account.shape).ravel(),
                        "after": np.broadcast_to(self.interviewed_after, self.account.shape).ravel(),
                        **({} if self.shown is None else {"shown_rank": self.shown.ravel()}),
                        **{name: cells for name, cells in flags.items() if cells is not None},
                    }
                ),
            ),
            (
                "contracts",
                _CONTRACTS.format(started=_at("closes + after")),
                pa.table(
                    {
                        "job": hires[0],
                        "client": self.client[hires[0]],
                        "account": self.account[hires],
                        "closes": self.closes[hires[0]],
                        "after": np.broadcast_to(self.hire_after, self.account.shape)[hires],
                        "struck": struck,
                    }
                ),
            ),
        ]

    def _flat(self, name: str) -> Flags | None:
        cells: Flags | None = getattr(self, name)
        return None if cells is None else cells.ravel()


def _at(days: str) -> str:
    return f"timestamp '{START}' + to_microseconds((({days}) * 86400000000)::bigint)"


def _proposals(flags: list[str], *, ranked: bool) -> str:
    days = {"viewed": "- 3", "withdrawn": "- 2", "interviewed": "+ after"}
    cells = "".join(f", case when {name} then {_at(f'closes {days[name]}')} end as {name}_at" for name in flags)
    listed = ", shown_rank from rows where shown_rank > 0" if ranked else " from rows"
    cells = f"{_at('closes + submitted')} as submitted_at{cells}"
    return f"select 'p' || job || 'x' || account as proposal_id, {_NAMED}, {cells}{listed}"


_NAMED = "printf('j%07d', job) as job_id, printf('a%07d', account) as account_id"
_ACCOUNTS = (
    f"select printf('a%07d', range) as account_id, 'freelancer' as role, {_at('-400')} as registered_at "
    f"from range({{accounts}}) union all select printf('c%07d', range), 'client', {_at('-400')} from range({{clients}})"
)
_JOBS = (
    f"select printf('j%07d', job) as job_id, printf('c%07d', client) as client_id, {_at('closes - 10')} as posted_at, "
    f"{_at('closes')} as closed_at, 'hired' as outcome from rows"
)
_CONTRACTS = (
    f"select 'k' || job || 'x' || account as contract_id, {_NAMED}, printf('c%07d', client) as client_id, "
    "{started} as started_at, case when struck then {started} - interval 1 day end as ended_at from rows"
)
