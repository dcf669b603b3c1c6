"""One file per revision, oldest first; what was published is never edited."""
