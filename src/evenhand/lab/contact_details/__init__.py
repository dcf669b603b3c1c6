"""The corpus of contact details: messages written to try the detectors, and how well they do on them."""
