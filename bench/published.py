"""Fuzzes two published library pairs, and shows again all that is listed of them: line 5.7.

`python bench/published.py [--seconds S] [--only PROJECT] [--listed] [--docs]`. Each project of
bench/published is fuzzed for S seconds in all (300), its units one after the other. What was found
so far stands in bench/published/findings.toml, with its cause: each is seen again by its command.
`--listed` does that alone, `--docs` writes them into docs/published.md. Exits with 0 where each
finding, listed or new, shows itself again, else with 1.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fuzzing import Fuzzed, cause_of, fuzz_together, parity, shows_again
from bench.project import ROOT
from parity.values.form import dumps

FOLDER = ROOT / "bench" / "published"
LISTED = FOLDER / "findings.toml"
DOCS = ROOT / "docs" / "published.md"
BEGIN, END = "<!-- findings: bench/published.py --docs -->\n", "<!-- end of findings -->\n"
SHOWN = 110


@dataclass(frozen=True)
class Listed:
    """One finding that is known: where it is, an input that shows it, and why it is so."""

    project: str
    unit: str
    path: str
    kind: str
    input: str
    python: str
    java: str
    cause: str

    @property
    def command(self) -> str:
        """The command that shows it, in the folder of its project."""
        return f"parity compare {shlex.quote(self.unit)} --input {shlex.quote(self.input)}"

    def trouble(self) -> str:
        """What is wrong where its command does not show it; else nothing."""
        told = parity(FOLDER / self.project, *shlex.split(self.command)[1:], "--json")
        found = told.units.get(self.unit, {}).get("findings", [])
        same = [one for one in found if (one["path"], one["kind"]) == (self.path, self.kind)]
        if told.status == 1 and same:
            return ""
        seen = ", ".join(f"{one['kind']} at {one['path']}" for one in found) or told.errors
        return f"ended with {told.status}: {seen or 'no difference'}"


def listed() -> list[Listed]:
    """What findings.toml says, in its order."""
    return [Listed(**one) for one in tomllib.loads(LISTED.read_text("utf-8"))["finding"]]


def units_of(project: Path) -> list[str]:
    """The units of a project's map."""
    return sorted(tomllib.loads((project / "parity.map.toml").read_text("utf-8"))["unit"])


def show_listed(known: Sequence[Listed]) -> bool:
    """Executes the command of each listed finding and says what it showed."""
    fine = True
    for one in known:
        trouble = one.trouble()
        fine = fine and not trouble
        print(f"{'NOT SEEN' if trouble else 'seen'}  {one.project}: {one.command}  {trouble}")
    return fine


def show_found(project: Path, found: Sequence[Fuzzed], known: Sequence[Listed]) -> bool:
    """Prints what a search came to, and sees each finding again."""
    fine = True
    names = {(one.project, one.unit, one.path, one.kind) for one in known}
    for one in found:
        unit = str(one.unit["id"])
        print(f"{unit}: {one.inputs} inputs, {len(one.findings)} findings {one.trouble}")
        fine = fine and not one.trouble
        for finding in one.findings:
            name = (project.name, unit, finding["path"], finding["kind"])
            again = shows_again(project, finding)
            fine = fine and not again
            print(
                f"  {finding['kind']} at {finding['path']}: {_cut(finding['fixture_args'])}"
                f"  python {_cut(finding['python'])}  java {_cut(finding['java'])}"
                f"  cause {cause_of(finding) or '-'}{'' if name in names else '  not listed'}"
                f"{f'  NOT SEEN AGAIN: {again}' if again else ''}"
            )
    return fine


def _cut(value: Any) -> str:
    text = dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def table(known: Sequence[Listed]) -> str:
    """The listed findings as the page has them."""
    lines: list[str] = []
    for project in dict.fromkeys(one.project for one in known):
        lines += [f"### `{project}`", ""]
        for one in known:
            if one.project == project:
                lines += [
                    f"- **`{one.unit}`**, {one.kind} at `{one.path}`: {one.cause}",
                    "",
                    f"  Python {one.python}; Java {one.java}.",
                    "  ```",
                    f"  {one.command}",
                    "  ```",
                ]
        lines.append("")
    return "\n".join(lines)


def write_docs(known: Sequence[Listed]) -> None:
    """Puts the findings between their marks on the page."""
    before, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCS.write_text(f"{before}{BEGIN}{table(known)}{END}{after}", "utf-8")


def search(
    project: Path, seconds: float, known: Sequence[Listed]
) -> tuple[bool, Mapping[str, Any]]:
    """Fuzzes all units of a project for so long together."""
    units = units_of(project)
    share = seconds / len(units)
    print(f"{project.name}: {len(units)} units, {share:.0f} s each", flush=True)
    found = fuzz_together(project, units, ["--seconds", f"{share:.1f}"])
    return show_found(project, found, known), {project.name: [dict(one.unit) for one in found]}


def main() -> int:
    """Shows what is listed again, then looks for more."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0, help="for each project")
    parser.add_argument("--only", metavar="PROJECT")
    parser.add_argument("--listed", action="store_true", help="look for nothing new")
    parser.add_argument("--docs", action="store_true", help="write the page, and do nothing else")
    parser.add_argument("--write", type=Path, help="write all that was told as JSON")
    options = parser.parse_args()
    known = [one for one in listed() if options.only in (None, one.project)]
    if options.docs:
        write_docs(known)
        return 0
    fine = show_listed(known)
    told: dict[str, Any] = {}
    for project in sorted(one.parent for one in FOLDER.glob("*/parity.toml")):
        if not options.listed and options.only in (None, project.name):
            good, found = search(project, options.seconds, known)
            fine = fine and good
            told |= found
    if options.write:
        options.write.write_text(json.dumps(told), "utf-8")
    print("each finding shows itself again" if fine else "NOT MET: see above")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
