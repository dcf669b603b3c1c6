"""What is admitted but strange, counted over the admitted relations."""

from __future__ import annotations

from collections.abc import Mapping

from evenhand.engines.sql.database import Connection
from evenhand.market.admission import Finding, findings

_PROPOSALS = """
    SELECT count(*) FILTER (p.submitted_at < a.registered_at), count(*) FILTER (p.submitted_at > a.closed_at),
        count(*) FILTER (p.submitted_at < j.posted_at), count(*)
    FROM market.proposals AS p JOIN market.accounts AS a USING (account) JOIN market.jobs AS j USING (job)"""

_CONTRACTS = """
    SELECT count(*) FILTER (c.job IS NULL), count(*) FILTER (c.started_at > j.closed_at + INTERVAL 30 DAY), count(*)
    FROM market.contracts AS c LEFT JOIN market.jobs AS j USING (job)"""

_ACCOUNTS = """
    SELECT count(*) FILTER (NOT regexp_full_match(country, '[A-Z]{2}')), count(country) FROM market.accounts"""


def count_findings(con: Connection) -> Mapping[str, Finding]:
    """All findings of an admitted market, by name."""
    ((early, late, unposted, proposals),) = con.execute(_PROPOSALS).fetchall()
    ((jobless, late_hires, contracts),) = con.execute(_CONTRACTS).fetchall()
    ((odd, countries),) = con.execute(_ACCOUNTS).fetchall()
    return findings(
        {
            "proposals_before_registration": (early, proposals),
            "proposals_after_account_closed": (late, proposals),
            "proposals_before_posting": (unposted, proposals),
            "contracts_without_job": (jobless, contracts),
            "late_hires": (late_hires, contracts),
            "accounts_of_unknown_country": (odd, countries),
        }
    )
