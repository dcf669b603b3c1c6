"""A case: an append-only list of entries, from which everything else is derived (one case, one episode of one account).

`entry` says what may be written, `fold` what it amounts to, `case` what can be asked of that. Every act is a pure
function of the case, the act and the time: `proposing`, `deciding`, `holding`, `reviewing`, `delivering`. What nobody
does in time is done by `clock`.
"""
