"""What is wrong with the rows that were not clean: the first reason in the order of the rules, for each of them."""

from __future__ import annotations

from evenhand.engines.sql.admission.faults import Fault
from evenhand.engines.sql.admission.passage import Passage
from evenhand.engines.sql.database import text
from evenhand.market.admission import VALUE_CHARACTERS, Reason


class Judge:
    """Judges the rows that `Passage.keep_clean` left behind."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.con = passage.con
        self.table = passage.table
        self.faults = self._ordered_faults()

    def judge(self) -> int:
        """Admit those of the rest that are well after all; quarantine the others. The admitted are counted."""
        self._gather()
        self._compare()
        self._sentence()
        admitted = self._admit()
        self._quarantine()
        if self.table.name == "proposals":
            self._remember("strays", "submitted_at")
        if self.table.name == "contracts":
            self._remember("lost_contracts", "started_at")
        self.con.execute("DROP TABLE judged")
        return admitted

    def _ordered_faults(self) -> tuple[Fault, ...]:
        of_key = self.table.key[0] if self.table.key else ""
        repeated = Fault(column=of_key, condition="d.nth > 1 AND NOT d.conflicting", reason=Reason.REPEATED)
        conflicting = Fault(column=of_key, condition="d.conflicting", reason=Reason.CONFLICTING)
        unknown = (
            Fault(column=column.name, condition=f'c."{column.name} unknown"', reason=Reason.UNKNOWN)
            for column in self.passage.references
        )
        return repeated, *self.passage.faults, conflicting, *unknown

    def _gather(self) -> None:
        shared = f"{self.passage.has_key} AND {self.passage.shares}"
        unknown = "".join(
            f', {self.passage.is_unknown(column)} AS "{column.name} unknown"' for column in self.passage.references
        )
        job = ', "job_id ref".job AS "known job"' if self.table.name in {"proposals", "contracts"} else ""
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT c.*, {shared} AS shares{unknown}{job} "
            f"{self.passage.rows} WHERE NOT ({self.passage.clean})"
        )

    def _compare(self) -> None:
        content = f"[{', '.join(self.passage.content)}]"
        key = ", ".join(self.passage.key)
        self.con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE doubles AS
            WITH compared AS (
                SELECT file_no, row_no, [{key}] AS key, {content} AS content FROM suspects AS c WHERE shares)
            SELECT file_no, row_no,
                min(content) OVER of_key <> max(content) OVER of_key AS conflicting,
                row_number() OVER (PARTITION BY key, content ORDER BY file_no, row_no) AS nth
            FROM compared WINDOW of_key AS (PARTITION BY key)"""
        )

    def _sentence(self) -> None:
        cases = " ".join(f"WHEN {fault.condition} THEN {number}" for number, fault in enumerate(self.faults))
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE judged AS SELECT c.*, CASE {cases} END AS fault "
            "FROM suspects AS c LEFT JOIN doubles AS d USING (file_no, row_no)"
        )
        self.con.execute("DROP TABLE suspects; DROP TABLE doubles")

    def _admit(self) -> int:
        rows = self.passage.rows.replace(f'staged."{self.table.name}" AS c', "judged AS c", 1)
        self.con.execute(
            f"INSERT INTO {self.passage.target} SELECT {self.passage.kept_columns} {rows} WHERE c.fault IS NULL"
        )
        return int(self.con.execute("SELECT count(*) FROM judged WHERE fault IS NULL").fetchall()[0][0])

    def _quarantine(self) -> None:
        numbered = list(enumerate(self.faults))
        columns = " ".join(f"WHEN {number} THEN {text(fault.column)}" for number, fault in numbered if fault.column)
        reasons = " ".join(f"WHEN {number} THEN {text(fault.reason)}" for number, fault in numbered)
        looks = " ".join(f'WHEN {number} THEN c."{fault.column} look"' for number, fault in numbered if fault.column)
        name = text(self.table.name)
        self.con.execute(
            f"""
            INSERT INTO market.quarantine
            SELECT {name}, files.name, c.row_no, CASE c.fault {columns} END,
                {shown(f"CASE c.fault {looks} END")}, CASE c.fault {reasons} END
            FROM judged AS c JOIN staged.files AS files ON files."table" = {name} AND files.file_no = c.file_no
            WHERE c.fault IS NOT NULL"""
        )
        self.con.execute(
            f"INSERT INTO staged.refused SELECT {name}, file_no, row_no FROM judged WHERE fault IS NOT NULL"
        )

    def _remember(self, relation: str, time: str) -> None:
        """Refused rows of an admitted job weigh in its field, or void it (decision M2); an exact repeat does not.

        A refused contract of no known job is kept as well: a win that nobody can see.
        """
        faulty = " OR ".join(f"({fault.condition})" for fault in self.passage.faults if fault.column == time)
        self.con.execute(
            f'INSERT INTO market.{relation} SELECT c."known job", CASE WHEN NOT coalesce({faulty}, false) '
            f'THEN c."{time}" END FROM judged AS c '
            f'WHERE c.fault > 0 AND ({str(relation == "lost_contracts").lower()} OR c."known job" IS NOT NULL)'
        )


def shown(look: str) -> str:
    """SQL of as much of a look as the quarantine keeps."""
    return f"left({look}, {VALUE_CHARACTERS})"
