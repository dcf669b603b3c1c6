"""What the member is told: facts from the case, composed into a letter in their language (R25, R26).

`facts` reads off the case what a notice says, `compose` makes text and HTML of it and puts the letters into the moves
that cause them. A notice is a folder in `templates/` with a folder per language; words that several share stand in
`words/`. A language more is a file more in each.
"""
