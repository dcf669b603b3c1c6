"""The laboratory: made-up markets whose truth is known, against which everything else is tried."""
