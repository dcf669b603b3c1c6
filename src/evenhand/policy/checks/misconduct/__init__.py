"""What a policy claims whose evidence is named items (R14)."""
