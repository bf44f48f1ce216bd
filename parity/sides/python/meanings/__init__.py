"""What Java means by constructs that look alike: for each, what it would give in Python's place.

A meaning is named `cause/variant`; the causes are told in docs/causes.md. All of it runs in the
project's interpreter: standard library only, Python 3.8 or newer.
"""
