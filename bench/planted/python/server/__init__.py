"""A small server: the python side of the correct pairs."""
