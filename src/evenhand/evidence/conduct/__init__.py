"""Misconduct as items: what was seen, when, by whom, which side did it (R14); a row per item, then one per account.

`item` declares an item, `items.sql` says which of those that were found or reported count, `columns` and one `.sql` per
procedure count them.
"""
