"""A report as a folder of files that a browser opens from wherever they lie: no server, no network.

The list of units is one file, the findings of each unit another, read when the unit is opened: a
report of 100,000 findings opens as fast as a small one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.aws.asl import Machine
from parity.counterparts import Forecast, Point
from parity.model import Verdict
from parity.report.burndown import chart
from parity.report.state_map import Step, drawing_of, steps_of
from parity.values.form import dumps

PAGE: Final = Path(__file__).parent / "page"
PLAIN: Final = ("page.css", "elements.js", "page.js")
LONGEST: Final = 2_000
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """A side's source: the file from the root of the project, its text from a line on."""

    file: str
    line: int
    text: str
    marks: tuple[int, ...] = ()
    """Lines that findings point at."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit as a report tells of it, and what the project says beside it."""

    told: Mapping[str, Any]
    """Its part of the JSON report."""
    owner: str = ""
    workflows: tuple[str, ...] = ()
    state: str = ""
    why: str = ""
    """Why it is in that state."""
    python: Source | None = None
    java: Source | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What fixtures give, by their id: of those that findings are on."""
    expires: Mapping[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    """Day, owner and reason of each allowance, by path and kind."""
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A workflow that ran on both sides, and its machine."""

    told: Mapping[str, Any]
    """The report of `parity run --workflow`."""
    machine: Machine | None = None
    without: str = ""
    """Why there is no machine, where there should be one."""

    @property
    def steps(self) -> list[Step]:
        """Its states in their order."""
        return steps_of(self.machine, self.told)

    @property
    def drawing(self) -> str:
        """Its map as an SVG; empty where it cannot be drawn."""
        return drawing_of(self.machine, self.told)


@dataclass(frozen=True, slots=True)
class Page:
    """All that a report shows."""

    title: str
    verdict: str
    units: tuple[Shown, ...]
    workflows: tuple[Flow, ...] = ()
    burndown: tuple[Point, ...] = ()
    forecast: Forecast | None = None


def write_html(page: Page, folder: Path) -> list[Path]:
    """Writes index.html and what belongs to it into a folder; what is there of it is replaced."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder.mkdir(parents=True, exist_ok=True)
    inside = folder / "units"
    inside.mkdir(exist_ok=True)
    for stale in inside.glob("*.js"):
        stale.unlink()
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
    )
    index = environment.get_template("index.html.j2").render(**_words(page))
    written = [folder / "index.html", folder / "units.js", *(folder / one for one in PLAIN)]
    written[0].write_text(index, "utf-8")
    rows = [_row(one) for one in page.units]
    written[1].write_text(f"parityReport({script_of({'units': rows})});\n", "ascii")
    for name in PLAIN:
        (folder / name).write_bytes((PAGE / name).read_bytes())
    for number, one in enumerate(page.units):
        file = inside / f"{number}.js"
        file.write_text(f"parityUnit({number},{script_of(_details(one))});\n", "ascii")
    return written


def cause_of(finding: Mapping[str, Any]) -> str:
    """The cause of a finding; where it has none, its kind and place."""
    cause = finding["cause"]
    return str(cause["id"]) if cause else f"{finding['kind']} at {finding['path']}"


def whole(page: Page) -> str:
    """The report in one line."""
    fixtures = sum(one.told["fixtures"] for one in page.units)
    differing = sum(one.told["differs"] for one in page.units)
    ending = "differs" if differing == 1 else "differ"
    told = f"{_count(len(page.units), 'unit')} on {_count(fixtures, 'fixture')}"
    return f"{told}, {differing:,} of which {ending}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def counts(page: Page) -> list[tuple[str, int]]:
    """How many units have each verdict, the worst first."""
    found = Counter(one.told["verdict"] for one in page.units)
    return [(one.value, found[one.value]) for one in sorted(Verdict, key=lambda one: -one.rank)]


def _words(page: Page) -> dict[str, Any]:
    states = Counter(one.state for one in page.units if one.state)
    known = sum(states.values())
    return {
        "title": page.title,
        "verdict": page.verdict,
        "told": whole(page),
        "counts": counts(page),
        "strength": any(one.strength is not None for one in page.units),
        "allowances": [row for one in page.units for row in _allowances(one)],
        "workflows": page.workflows,
        "stale": [one for one in page.units if one.state.startswith("drifted")],
        "chart": chart(page.burndown, page.forecast),
        "states": [(name, count, round(count / known, 3)) for name, count in states.most_common()],
    }


def _allowances(one: Shown) -> list[dict[str, str]]:
    rows = []
    for told in one.told.get("allowances", ()):
        expires, owner, reason = one.expires.get((told["path"], told["kind"]), ("", "", ""))
        row = {"unit": one.told["id"], "path": told["path"], "kind": told["kind"]}
        rows.append(
            row | {"state": told["state"], "expires": expires, "owner": owner, "reason": reason}
        )
    return rows


def _row(one: Shown) -> list[Any]:
    told = one.told
    causes = sorted({cause_of(finding) for finding in told["findings"]})
    share = f"{one.strength:.0%}" if one.strength is not None else "–"
    java = " ".join(told["java"].split())
    numbers = [told["fixtures"], told["differs"]]
    beside = [one.owner, list(one.workflows), one.state, share]
    return [told["id"], java, told["verdict"], *numbers, causes, *beside]


def _details(one: Shown) -> dict[str, Any]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for finding in one.told["findings"]:
        groups.setdefault(cause_of(finding), []).append(finding)
    begin = _begin(one.told["findings"])
    return {
        "again": begin,
        "error": one.told.get("error"),
        "python": _source(one.python),
        "java": _source(one.java),
        "more": one.told.get("more_findings", 0),
        "groups": [_group(name, found, one.inputs, begin) for name, found in groups.items()],
    }


def _group(
    name: str, found: Sequence[Mapping[str, Any]], inputs: Mapping[str, str], begin: str
) -> dict[str, Any]:
    cause = found[0]["cause"]
    given = [one for one in (_input(finding, inputs) for finding in found) if one]
    return {
        "name": name,
        "proven": cause["proven"] if cause else None,
        "fix": cause.get("fix") if cause else None,
        "smallest": min(given, key=lambda one: (len(one), one), default=None),
        "findings": [_finding(one, begin) for one in found],
    }


def _begin(findings: Sequence[Mapping[str, Any]]) -> str:
    """What the commands of findings begin with; most end with the id of the fixture."""
    first = findings[0] if findings else {"again": "", "fixture": ""}
    return str(first["again"]).removesuffix(first["fixture"])


def _input(finding: Mapping[str, Any], inputs: Mapping[str, str]) -> str | None:
    if "fixture_args" in finding:
        return _cut(dumps(finding["fixture_args"]))
    given = inputs.get(finding["fixture"])
    return _cut(given) if given is not None else None


def _finding(one: Mapping[str, Any], begin: str) -> list[str]:
    again = "" if one["again"] == begin + one["fixture"] else one["again"]
    values = [_cut(dumps(one["python"])), _cut(dumps(one["java"]))]
    where = [one["fixture"], one["path"], one["kind"], one["verdict"]]
    return [*where, *values, one.get("note", ""), again]


def _source(one: Source | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"file": one.file, "line": one.line, "text": one.text, "marks": list(one.marks)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def script_of(value: Any) -> str:
    """A value as a script holds it: nothing in it can end the script."""
    return json.dumps(value, separators=(",", ":")).replace("</", "<\\/")
