"""Accounts that may belong to one person: what is compared, how, and what a resemblance may be called (R15).

`records.sql` brings identities and devices into one row per account, `comparisons` declares what is compared and which
pairs are looked at, `weights` how much each outcome weighs once trained, `grades` what a link may be called.
"""
