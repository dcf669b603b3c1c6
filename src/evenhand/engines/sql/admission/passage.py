"""The way of one table through admission: repeated keys found, clean rows kept, surrogates given."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.engines.sql.admission.faults import Fault, cell_faults
from evenhand.engines.sql.admission.relations import KEPT_APART, RELATIONS, SURROGATES
from evenhand.engines.sql.database import Connection
from evenhand.market.schema import TABLES
from evenhand.market.table import Column, Table


class Passage:
    """The statements of one table; `present` names the known columns that some file has.

    `shares_hashes` says, once clean rows are kept, whether any two rows may have the same key. In all statements `c` is
    a row of the staged view, `"<column> ref"` the admitted row it refers to.
    """

    def __init__(self, con: Connection, table: Table, present: frozenset[str]) -> None:
        self.con = con
        self.table = table
        self.relation = RELATIONS[table.name]
        self.faults: tuple[Fault, ...] = cell_faults(table, present)
        self.references = tuple(c for c in table.columns if c.references and (c.required or c.name in present))
        self.target = f"staged.kept_{table.name}" if table.name in KEPT_APART else f"market.{table.name}"
        if self.relation.numbered:
            self.target = "admitted"
        self.shares_hashes = False

    def keep_clean(self) -> int:
        """Keep every row that shares its key's hash with none, has no fault and finds what it refers to."""
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE shared_hashes AS SELECT {self.key_hash} AS hash "
            f'FROM staged."{self.table.name}" AS c WHERE {self.has_key} GROUP BY ALL HAVING count(*) > 1'
        )
        self.shares_hashes = bool(self.con.execute("SELECT 1 FROM shared_hashes LIMIT 1").fetchall())
        temporary = "TEMP " if self.target == "admitted" else ""
        self.con.execute(
            f"CREATE {temporary}TABLE {self.target} AS SELECT {self.kept_columns} {self.rows} WHERE {self.clean}"
        )
        counted = self.con.execute(f"SELECT count(*) FROM {self.target}").fetchall()
        return int(counted[0][0])

    def finish(self) -> None:
        """Number the admitted rows where others refer to them; drop what only this table needed."""
        if self.relation.numbered:
            self.con.execute(f"CREATE TABLE market.{self.table.name} AS {self.relation.numbered}")
            self.con.execute("DROP TABLE admitted")
        self.con.execute("DROP TABLE shared_hashes")

    @property
    def kept_columns(self) -> str:
        """What is kept of an admitted row."""
        return ", ".join(f'{sql} AS "{name}"' for name, sql in self.relation.columns.items())

    @property
    def rows(self) -> str:
        """`FROM` clause: staged rows beside what they refer to, and beside the hash that they share with others."""
        joins = [
            f'LEFT JOIN market.{column.references} AS "{column.name} ref" '
            f'ON "{column.name} ref".{TABLES[column.references].key[0]} = c."{column.name}"'
            for column in self._all_references
        ]
        if self.shares_hashes:
            joins.append(f"LEFT JOIN shared_hashes AS s ON s.hash = {self.key_hash}")
        return f'FROM staged."{self.table.name}" AS c {" ".join(joins)}'

    @property
    def shares(self) -> str:
        """Condition: some other row may have the same key."""
        return "s.hash IS NOT NULL" if self.shares_hashes else "false"

    @property
    def clean(self) -> str:
        """Condition: nothing is wrong with the row, and nobody shares its key's hash."""
        faulty = " OR ".join(f"({fault.condition})" for fault in self.faults)
        found = " AND ".join(self._found(column) for column in self.references) or "true"
        return f"NOT coalesce({faulty}, false) AND {found} AND NOT ({self.shares})"

    @property
    def key_hash(self) -> str:
        """Hash of what makes a row the same as another: candidates only, strings decide."""
        return f"hash({', '.join(self.key)})"

    @property
    def key(self) -> tuple[str, ...]:
        """The key's cells; the whole content where the table has none."""
        if self.table.key:
            return tuple(f'c."{name}"' for name in self.table.key)
        return tuple(self.content)

    @property
    def content(self) -> Iterator[str]:
        """What a row says, cell by cell as text: the meaning where there is one, else the look."""
        for name in self.table.content:
            yield f"""coalesce('=' || c."{name}"::VARCHAR, '?' || c."{name} look")"""

    @property
    def has_key(self) -> str:
        """Condition: the row has a key that can be read."""
        faults = [f"({fault.condition})" for fault in self.faults if fault.column in self.table.key]
        return f"NOT coalesce({' OR '.join(faults)}, false)" if faults else "true"

    def is_unknown(self, column: Column) -> str:
        """Condition: the row refers through `column` to nothing admitted."""
        return f"NOT ({self._found(column)})"

    def _found(self, column: Column) -> str:
        found = f'"{column.name} ref".{SURROGATES[column.references]} IS NOT NULL'
        return found if column.required else f'(c."{column.name}" IS NULL OR {found})'

    @property
    def _all_references(self) -> tuple[Column, ...]:
        return tuple(column for column in self.table.columns if column.references)
