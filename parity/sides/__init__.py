"""The two sides: python and java, each in a worker process of its own."""
