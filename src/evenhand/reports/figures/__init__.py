"""The numbers of the report, one question to the evidence per file; every one is set-based."""
