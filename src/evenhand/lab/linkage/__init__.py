"""Made-up identities with known persons, for judging how well linked accounts are found."""
