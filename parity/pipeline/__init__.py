"""One function per verb, in a module of its own: the only place where the stages meet.

Nothing is imported here: `parity map` has no use for what runs units.
"""
