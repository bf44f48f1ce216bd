"""The switch in a legacy server: two files that run in its processes, by themselves."""
