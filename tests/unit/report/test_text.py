"""The table of a run: a line for each unit, its columns below one another."""

from __future__ import annotations

import io

from rich.console import Console

from parity.model import Against, Difference, Finding, RunReport, Trouble, Unit, UnitReport, Verdict
from parity.report.advice import next_command
from parity.report.text import print_run

UNITS = {
    "shop.prices:total": "com.example.Prices#total(long,java.util.Map<String,List<Integer>>)",
    "größe.名前:f": "a.B",
    "c:d": "x\n  + y",
}


def printed(width: int, *, terminal: bool = False) -> list[str]:
    reports = [
        UnitReport(Unit(name, "", java=java), Verdict.DIFFERS, {Verdict.DIFFERS: 1200}, ())
        for name, java in UNITS.items()
    ]
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, force_terminal=terminal)
    print_run(RunReport(tuple(reports), {}), console, lambda python, java: [])
    return out.getvalue().splitlines()


def test_columns_stand_below_one_another() -> None:
    head, *rows, last = printed(140)
    assert len(rows) == len(UNITS)
    wide = rows[1].replace("名前", "名前__")  # two cells each
    places = [row.index("1200") for row in (rows[0], wide, rows[2])]
    assert len(set(places)) == 1
    assert head.index("fixtures") + len("fixtures") == places[0] + 4
    assert all(row.endswith("  differs") for row in rows)
    assert last == "differs: 3 units on 3600 fixtures: 3 differs"


def test_a_long_counterpart_is_cut_and_a_unit_never() -> None:
    for width in (140, 100, 80, 20):
        rows = printed(width)[1 : 1 + len(UNITS)]  # a line that is too long is not broken
        assert [row.split("  ")[0].strip() for row in rows] == list(UNITS)
        assert "…" in rows[0]
        assert "x + y" in rows[2]
    assert max(len(row) for row in printed(100)[:-1]) <= 100


def test_a_body_of_java_is_named_in_one_line() -> None:
    unit = Unit("a:b", "", java_body="int n = 1;\n" * 60 + "return n;")
    finding = Finding("one", Verdict.DIFFERS, Difference("$", "changed", 1, 2), again="")
    out = io.StringIO()
    report = RunReport((UnitReport(unit, Verdict.DIFFERS, {}, (finding,)),), {})
    print_run(report, Console(file=out, width=100), lambda python, java: [])
    first, second, *_ = out.getvalue().splitlines()
    assert first.startswith("a:b  against  int n = 1; int n = 1;")
    assert len(first) < 200
    assert second.split() == ["fixture", "one"]


def test_colour_only_repeats_the_word() -> None:
    plain, coloured = printed(100), printed(100, terminal=True)
    assert "\x1b[31mdiffers\x1b[0m" in coloured[1]
    assert "\x1b" not in "".join(plain)


def test_what_is_wrong_with_a_unit_is_not_broken_into_lines_where_it_is_copied_from() -> None:
    hint = f"name the parameter types: {', '.join(f'`f(int{n})`' for n in range(40))}"
    trouble = Trouble("it is overloaded", None, "there are many", hint, "overloaded")
    report = UnitReport(Unit("a:f", "", java="A#f"), Verdict.UNKNOWN, {}, (), trouble=trouble)
    out = io.StringIO()
    console = Console(file=out, width=80, highlight=False)
    print_run(RunReport((report,), {}), console, lambda python, java: [])
    assert f"hint: {hint}" in out.getvalue().splitlines()


def test_elements_of_a_list_are_one_place() -> None:
    paths = [f"$.rows[{number}].{name}" for number in range(9) for name in ("key", "net")]
    findings = tuple(
        Finding(path, Verdict.DIFFERS, Difference(path, "changed", 1, 2), again="")
        for path in paths
    )
    unit = UnitReport(
        Unit("a:b", "", java="c.D"), Verdict.DIFFERS, {}, findings, more_findings=1234
    )
    out = io.StringIO()
    print_run(RunReport((unit,), {}), Console(file=out, width=100), lambda python, java: [])
    lines = out.getvalue().splitlines()
    shown = [line.split()[1] for line in lines if line.startswith("  where")]
    assert shown == ["$.rows[0].key", "$.rows[1].key", "$.rows[0].net", "$.rows[1].net"]
    more = [line.strip() for line in lines if line.startswith("  …")]
    assert more == [
        "… and 7 more of kind changed at $.rows[*].key",
        "… and 7 more of kind changed at $.rows[*].net",
        "… and 1,234 more differences, which are only counted",
    ]


def test_what_is_worse_than_at_a_commit_is_looked_at_first() -> None:
    def differing(name: str) -> UnitReport:
        difference = Difference("$", "changed", 1, 2)
        finding = Finding("one", Verdict.DIFFERS, difference, again=f"see {name}")
        return UnitReport(Unit(name, ""), Verdict.DIFFERS, {}, (finding,))

    reports = [differing(name) for name in ("a:old", "b:new")]
    assert next_command(RunReport(tuple(reports), {})) == "see a:old"
    against = Against("main", "0" * 12, {"b:new": "1 fixture differed, and 2 do"})
    assert next_command(RunReport(tuple(reports), {}, against=against)) == "see b:new"
