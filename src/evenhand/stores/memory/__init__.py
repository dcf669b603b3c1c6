"""The store in memory: the quiet twin of the databases, for tests, rehearsals and the simulator."""
