"""A folder for PYTHONPATH: what watches a program from within, of Python 3.8 or later."""
