"""Admission in SQL: staged files in, typed relations with integer surrogates out, refused rows in quarantine."""

from evenhand.engines.sql.admission.admit import admit, count_later

__all__ = ["admit", "count_later"]
