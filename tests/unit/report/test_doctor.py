"""What `parity doctor` prints."""

from __future__ import annotations

import io

from rich.console import Console

from parity.health import Check
from parity.report.doctor import print_checks


def test_a_cure_stands_on_one_line_without_blanks_behind_it() -> None:
    cure = "rm " + "/a/long/folder" * 12
    checks = [Check("parity", "well", "3.11", ""), Check("archive of classes", "note", "no", cure)]
    out = io.StringIO()
    print_checks(checks, Console(file=out, width=80, highlight=False))
    lines = out.getvalue().splitlines()
    assert lines[0] == "well   parity              3.11"
    assert lines[1] == "note   archive of classes  no"
    assert lines[2] == " " * 27 + f"cure: {cure}"
