"""`python -m sable`."""

from sable.cli import main

main(prog_name="sable")
