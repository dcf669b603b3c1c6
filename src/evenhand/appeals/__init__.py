"""What a member answered to a decision, and what came of it (R31 to R37).

`dialogue` files an appeal and carries its turns, `answering` decides it, `precedents` finds what was decided in like
cases. An appeal writes into the case it is about; standing follows from there.
"""
