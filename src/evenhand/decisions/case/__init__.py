"""A case: an append-only list of entries, from which everything else is derived."""
