"""Conditions: SQL boolean expressions over evidence columns, with one three-valued meaning in DuckDB and in Python.

Text passes two gates (`tokens`: every word and sign is known; `grammar`: every shape is allowed and every type fits)
and becomes a tree of `nodes`. From the tree come the SQL, the compiled Python, the reason and the implied bounds.
"""
