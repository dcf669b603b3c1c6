"""What a policy claims whose evidence is what was won."""
