"""What runs inside of a recorded program: standard library only, Python 3.6 or newer."""
