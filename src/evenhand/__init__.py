"""Evenhand finds the accounts of a marketplace that show no work activity, under a published policy.

The story is six words in the order the data flows: `market`, `evidence`, `policy`, `decisions`, later notices and
appeals. Importing this package imports none of them.
"""

__version__ = "0.1.0"
