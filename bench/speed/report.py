"""Writes the page and the chart of what was measured."""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.speed.criteria import Criterion

SUBJECTS = {"a": "by hand, pytest (A)", "b": "by hand, shortest (B)", "parity": "parity run"}
COLOURS = {"a": "#b0b0b0", "b": "#6c8ebf", "parity": "#d05a2c"}
CHART = "bench.svg"
HEAD = """\
# How fast it is

`make bench` made this page and its chart. All subjects ran in turn, on the same fixtures, round by
round; a figure is the median of its rounds, a ratio the median of the ratios of single rounds.

| | |
|---|---|
"""
SUBJECT_TEXT = """
- **A** is what a team writes first: pytest parametrised over the fixtures, JPype value by value,
  DeepDiff for each.
- **B** is the shortest fair loop: a script, JPype, one JSON text into Java and one back, `==`
  first. It is neither strict (1 equals 1.0, True equals 1) nor isolated, and runs nothing twice.
- **parity run** runs with everything on: isolation, the journal, the second run of a sample of what
  matched and of all that did not. The bench fails where the report says that this did not happen.
- The **limit** is the time of both functions alone: python plus java, warm, arguments ready.

The units: *tiny* (three sums on a call of 30 bytes), *medium* (a plan of moves, 0.5 KB in, 1.7 KB
out), *heavy* (an edit distance, tens of milliseconds of Python). *method* is a static method, *map*
a `RequestHandler` of maps, *pojo* one of beans; *naive* the port that is wrong on each tenth
fixture.
"""


def write_docs(told: Mapping[str, Any], folder: Path) -> None:
    """`bench.md` and `bench.svg` in a folder; the same figures give the same bytes."""
    (folder / "bench.md").write_text(page(told), "utf-8")
    chart(told, folder / CHART)


def page(told: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    machine = "".join(f"| {key} | {value} |\n" for key, value in told["machine"].items())
    command = f"| command | `{told['command'].strip()}` |\n"
    parts = [
        HEAD + machine + command + SUBJECT_TEXT,
        f"\n![Seconds of the whole process]({CHART})\n",
    ]
    criteria = [Criterion(**one) for one in told["criteria"]]
    if criteria:
        parts.append(
            "\n## What must be shown\n"
            "| line | what | must be | is | | |\n|---|---|---|---|---|---|\n"
        )
        parts += [
            f"| {one.line} | {one.what} | {one.wanted} | {one.got} | {one.told} | {one.note} |\n"
            for one in criteria
        ]
    parts.append("\n## Figures\nSeconds where nothing else is said.\n\n")
    parts.append("| case | what | median | least | most | rounds |\n|---|---|---|---|---|---|\n")
    for case, subjects in told["cases"].items():
        for subject, figures in subjects.items():
            shown = [f"{of(figures):.3g}" for of in (statistics.median, min, max)]
            name = SUBJECTS.get(subject, subject)
            parts.append(f"| {case} | {name} | {' | '.join(shown)} | {len(figures)} |\n")
    return "".join(parts)


def _pygal() -> tuple[Any, Any]:
    """The library without the finder of modules that it leaves in sys.meta_path: that one lacks
    `find_spec`, and pytest falls over it."""
    import pygal
    from pygal.style import CleanStyle

    sys.meta_path[:] = [one for one in sys.meta_path if hasattr(one, "find_spec")]
    return pygal, CleanStyle


def chart(told: Mapping[str, Any], file: Path) -> None:
    """Seconds of whole processes as bars, on a logarithmic scale."""
    pygal, style = _pygal()
    cases = {
        case: {one: statistics.median(subjects[one]) for one in SUBJECTS if one in subjects}
        for case, subjects in told["cases"].items()
        if set(SUBJECTS) & set(subjects)
    }
    bars = pygal.HorizontalBar(
        height=100 + 62 * max(1, len(cases)),
        width=900,
        js=[],  # a picture, it need not move
        legend_at_bottom=True,
        logarithmic=True,
        print_values=True,
        print_values_position="top",
        show_y_guides=True,
        style=style(colors=tuple(COLOURS.values()), value_font_size=10),
        title="seconds of the whole process, logarithmic; less is better",
        value_formatter=lambda seconds: f"{seconds:.3g} s",
    )
    bars.uuid = "bench"  # else a new one each time
    bars.x_labels = list(reversed(cases))
    for subject, name in SUBJECTS.items():
        bars.add(name, [cases[case].get(subject) for case in reversed(cases)])
    drawn = bars.render(is_unicode=True)
    file.write_text(re.sub(r" on \d{4}-\d\d-\d\d(?=-->)", "", drawn) + "\n", "utf-8")
