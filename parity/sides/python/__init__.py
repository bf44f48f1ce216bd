"""The python side: the project's Python, run in its own interpreter."""
