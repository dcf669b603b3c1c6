"""What we said would follow: a policy file read, checked, hashed and compared (third word of the story).

`load` reads a file, `checks.run` holds it to its claims, `diff` says in sentences what a new version changes.
"""
