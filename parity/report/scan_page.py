"""A scan as a folder of files that a browser opens from wherever they lie: no server, no network.

The list of units is one file; what belongs to the units of a source, and its text, is another,
read when one of them is opened: thousands of units open as fast as a few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.report.html import PAGE, script_of
from parity.scanned import LADDER

PLAIN: Final = ("page.css", "scan.css", "elements.js", "graph.js", "scan.js")
OUTWARD: Final = (
    *("file", "console", "network", "db", "process", "thread"),
    *("clock", "random", "env"),
)
"""Kinds of effect that lead out of the project."""
TAKES: Final = {
    "pure": "nothing: it returns or raises",
    "stateful": "its state has to move with it",
    "seedable": "clock, randomness and environment become parameters",
    "port": "its I/O goes behind a port",
    "opaque": "someone has to look: it does what is not known",
}
NOTES_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """What the project says of a unit: what replaces it, where that stands, who owns it."""

    java: str = ""
    state: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """All that is shown: the report of `parity scan --json`, what stands beside its units, and
    the texts of its files."""

    title: str
    scan: Mapping[str, Any]
    text_of: Callable[[str], str]
    beside: Mapping[str, Beside] = field(default_factory=dict)


def write_scan_page(page: ScanPage, folder: Path) -> list[Path]:
    """Writes index.html and what belongs to it into a folder; what is there of it is replaced."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    inside = folder / "files"
    inside.mkdir(parents=True, exist_ok=True)
    for stale in inside.glob("*.js"):
        stale.unlink()
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
    )
    index = folder / "index.html"
    index.write_text(environment.get_template("scan.html.j2").render(**_words(page)), "utf-8")
    for name in PLAIN:
        (folder / name).write_bytes((PAGE / name).read_bytes())
    listed = _Listed(page)
    (folder / "scanned.js").write_text(f"parityScan({script_of(listed.whole())});\n", "ascii")
    written = [index, folder / "scanned.js", *(folder / name for name in PLAIN)]
    for number, file in enumerate(listed.files):
        written.append(inside / f"{number}.js")
        told = script_of(listed.details(file))
        written[-1].write_text(f"parityFile({number},{told});\n", "ascii")
    return written


def _words(page: ScanPage) -> dict[str, Any]:
    scan, totals = page.scan, page.scan["totals"]
    resolved, unresolved = totals["calls"]["resolved"], totals["calls"]["unresolved"]
    share = resolved / max(1, resolved + unresolved)
    notes = scan["notes"]
    return {
        "title": page.title,
        "told": f"{len(scan['units']):,} units in {scan['files']:,} files, {scan['lines']:,} lines",
        "calls": f"{resolved:,} of {resolved + unresolved:,} calls within it have a target "
        f"({share:.1%}); {totals['calls']['outside']:,} leave it",
        "ladder": [(k, TAKES[k], totals["class"][k], totals["own_class"][k]) for k in LADDER],
        "notes": notes[:NOTES_SHOWN],
        "more_notes": max(0, len(notes) - NOTES_SHOWN),
    }


class _Listed:
    """Units by number, with the ports of their own bodies."""

    def __init__(self, page: ScanPage) -> None:
        self.page = page
        self.units: list[Mapping[str, Any]] = page.scan["units"]
        self.numbers = {unit["id"]: at for at, unit in enumerate(self.units)}
        self.by_file: dict[str, list[int]] = {}
        for at, unit in enumerate(self.units):
            self.by_file.setdefault(unit["file"], []).append(at)
        self.files = list(self.by_file)
        self.places = {file: at for at, file in enumerate(self.files)}
        self.couplings: dict[str, list[Mapping[str, Any]]] = {}
        for one in page.scan["couplings"]:
            self.couplings.setdefault(one["unit"], []).append(one)
        self.ports: dict[tuple[str, str], int] = {}

    def whole(self) -> dict[str, Any]:
        """What is read at once."""
        rows = [self._row(unit) for unit in self.units]
        ports = [list(port) for port in self.ports]
        return {"units": rows, "ports": ports, "files": self.files, "ladder": list(LADDER)}

    def _row(self, unit: Mapping[str, Any]) -> list[Any]:
        beside = self.page.beside.get(unit["id"], Beside())
        calls = sorted({self.numbers[c["to"]] for c in unit["calls"] if c["to"] in self.numbers})
        ports = sorted(
            {
                self.ports.setdefault((one["kind"], _library(one["api"])), len(self.ports))
                for one in unit["effects"]
                if not one["via"] and one["kind"] in OUTWARD
            }
        )
        kinds = sorted({one["kind"] for one in self.couplings.get(unit["id"], ())})
        where = [self.places[unit["file"]], unit["line"], unit["class"], unit["own_class"]]
        entry = unit["entry"][0] if unit["entry"] else ""
        return [unit["id"], *where, entry, calls, ports, kinds, beside.java, beside.state,
                beside.owner]  # fmt: skip

    def details(self, file: str) -> dict[str, Any]:
        """What is read when a unit of a file is opened."""
        told = {}
        for at in self.by_file[file]:
            unit = self.units[at]
            kept = {key: value for key, value in unit.items() if key not in ("id", "file", "hash")}
            told[str(at)] = {**kept, "couplings": self.couplings.get(unit["id"], [])}
        return {"units": told, "text": self.page.text_of(file)}


def _library(api: str) -> str:
    """What people call the other side of a port: the library, not each of its functions."""
    top = api.partition(".")[0].partition("(")[0].lstrip("?")
    if top == "builtins":
        return api.removeprefix("builtins.").partition("(")[0].partition(".")[0]
    return top or f"a method {api.lstrip('?.')}"
