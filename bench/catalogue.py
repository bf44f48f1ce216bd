"""Runs a catalogue of semantic differences: the naive Java must differ, the correct Java match.

`python bench/catalogue.py FILE [--out DIR] [--keep]`. FILE is JSON (NaN and Infinity allowed) whose
`entries` hold `id`, `signature`, `python`, `naive_java`, `correct_java`, `benign_inputs`,
`revealing_inputs` and, where needed, `python_setup` and `terms`. Of each entry two units are made:
the naive one must differ on every revealing input and match on every benign one, the correct one
must match on all. Exits with 0 where all of them do, else with 1.
"""

from __future__ import annotations

import argparse
import ast
import json
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.project import (
    CONFIG,
    ROOT,
    Told,
    fixture_lines,
    fixtures_file,
    folder_for,
    javac,
    map_text,
    name_of,
    run_parity,
    trouble_of,
    write,
)
from parity.values.form import Form, write_float

HELPER = ROOT / "bench" / "catalogue_java" / "Py.java"
HELPED = {"Py": "catalogue.Py", "fail": "static catalogue.Py.fail"}
FORMS = ("naive", "correct")
# A text of Java's grammar in which nothing counts as code: comments, strings, characters.
NO_CODE = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/',
    re.DOTALL,
)
DOUBLES = ("double", "Double", "float", "Float")
NUMBERS = ("Byte", "Short", "Integer", "Long", "BigInteger", "Boolean", *DOUBLES)
TEXT_FORMS = {
    "BigDecimal": "$decimal",
    "LocalDate": "$date",
    "LocalTime": "$time",
    "LocalDateTime": "$datetime",
    "OffsetDateTime": "$datetime",
    "ZonedDateTime": "$datetime",
    "Instant": "$datetime",
    "Duration": "$timedelta",
    "UUID": "$uuid",
    "byte[]": "$bytes",
}


@dataclass(frozen=True)
class Entry:
    """One entry: its name in the project, and what the file says of it."""

    name: str
    line: Mapping[str, Any]

    def unit(self, form: str) -> str:
        """The id of its naive or correct unit."""
        return f"{self.name}.{form}"

    @property
    def benign(self) -> int:
        """How many inputs reveal nothing."""
        return len(self.line["benign_inputs"])

    @property
    def revealing(self) -> int:
        """How many inputs show the difference."""
        return len(self.line["revealing_inputs"])


@dataclass(frozen=True)
class Deviation:
    """A unit that did something else than it should."""

    entry: Entry
    form: str
    found: str


@dataclass(frozen=True)
class Outcome:
    """What came of a catalogue; `waiting` gives the reason by entry."""

    entries: Sequence[Entry]
    deviations: Sequence[Deviation]
    waiting: Mapping[str, str]

    @property
    def line(self) -> str:
        """The last line of the output."""
        run = len(self.entries) - len(self.waiting)
        counts = {form: run - sum(one.form == form for one in self.deviations) for form in FORMS}
        told = ", ".join(f"{counts[form]} of {run} {form} as expected" for form in FORMS)
        return f"{told}, {len(self.waiting)} waiting"


def read_entries(file: Path) -> list[Entry]:
    """The entries of a file, each under a name of its own."""
    document = json.loads(file.read_text("utf-8"))
    lines = document["entries"] if isinstance(document, dict) else document
    entries: list[Entry] = []
    for line in lines:
        name = name_of(str(line["id"]), [entry.name for entry in entries])
        entries.append(Entry(name, line))
    return entries


# ---------------------------------------------------------------- texts


def parameters_of(signature: str) -> dict[str, str]:
    """Types by name, of `List<Long> a,int i`."""
    found = {}
    for parameter in split_outside(signature):
        kind, name = parameter.strip().rsplit(None, 1)
        found[name] = kind.removeprefix("final ").strip()
    return found


def split_outside(text: str) -> list[str]:
    """The text at its commas, but for those inside of angle brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip()]


def java_entry(text: str) -> dict[str, Any]:
    """The Java text as an expression or a body, and what it imports."""
    imports = [target for name, target in HELPED.items() if calls(text, name)]
    key = "java_body" if is_java_body(text) else "java_expression"
    return {"java_imports": imports, key: text} if imports else {key: text}


def calls(text: str, name: str) -> bool:
    """Whether the code names something that it does not get from elsewhere."""
    return re.search(rf"(?<![\w.]){name}\s*[.(]", NO_CODE.sub('""', text)) is not None


def is_java_body(text: str) -> bool:
    """Whether a Java text is statements: a `;` outside of brackets, or a block that returns."""
    code = NO_CODE.sub('""', text).strip()
    depth = 0
    for character in code:
        depth += (character in "([{") - (character in ")]}")
        if character == ";" and depth == 0:
            return True
    return code.endswith("}") and re.search(r"\breturn\b", code) is not None


def python_entry(text: str, setup: str) -> dict[str, str]:
    """The Python text as an expression, or with its set-up as a body."""
    try:
        ast.parse(text.strip(), mode="eval")
        statement = f"return (\n{text}\n)"
        if not setup.strip():
            return {"python": text}
    except SyntaxError:
        statement = text.strip("\n")
    return {"python_body": f"{setup.rstrip()}\n{statement}" if setup.strip() else statement}


# ---------------------------------------------------------------- inputs


def form_of(value: Any, kind: str) -> Form:
    """An input in fixture form, as its Java type means it: `1` is 1.0 where that says double."""
    if value is None or (isinstance(value, dict) and any(key.startswith("$") for key in value)):
        return value
    raw, inner = generic(kind)
    if isinstance(value, bool):
        return value
    if isinstance(value, float) or (isinstance(value, int) and raw in DOUBLES):
        return write_float(float(value))
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else {"$int": str(value)}
    if isinstance(value, str):
        return {TEXT_FORMS[raw]: value} if raw in TEXT_FORMS else value
    if isinstance(value, dict):
        entries = [(key_of(key, inner[0]), form_of(one, inner[-1])) for key, one in value.items()]
        plain = all(isinstance(key, str) for key, _ in entries)
        return dict(entries) if plain else {"$dict": [list(entry) for entry in entries]}
    items = [form_of(one, inner[0]) for one in value]
    return {"$set": items} if raw.endswith("Set") else items


def key_of(key: str, kind: str) -> Form:
    """A key of a JSON object as the key type of its Map means it."""
    return form_of(json.loads(key), kind) if kind in NUMBERS else key


def generic(kind: str) -> tuple[str, list[str]]:
    """`Map<String, Long>` as its raw name and arguments; an array's argument is its component."""
    if kind.endswith("[]") and kind != "byte[]":
        return "array", [kind.removesuffix("[]")]
    raw, _, inner = kind.partition("<")
    arguments = [one.strip() for one in split_outside(inner.strip().removesuffix(">"))]
    return raw.strip().rpartition(".")[2], arguments or ["Object"]


def fixtures_of(entry: Entry) -> Iterator[dict[str, Form]]:
    """The inputs of an entry, `benign-1`, `revealing-1` and so on."""
    kinds = list(parameters_of(entry.line["signature"]).values())
    for word in ("benign", "revealing"):
        for number, given in enumerate(entry.line[f"{word}_inputs"], 1):
            args = [form_of(value, kind) for value, kind in zip(given, kinds, strict=True)]
            yield {"id": f"{word}-{number}", "args": args}


# ---------------------------------------------------------------- project


def write_project(folder: Path, entries: Sequence[Entry]) -> None:
    """Writes the project of these entries, with the class that their texts may call."""
    files = {"parity.toml": CONFIG, "python/__init__.py": ""}
    units = {}
    for entry in entries:
        line = entry.line
        python = python_entry(line["python"], line.get("python_setup") or "")
        for form in FORMS:
            units[entry.unit(form)] = {
                "parameters": parameters_of(line["signature"]),
                **python,
                **java_entry(line[f"{form}_java"]),
                **line.get("terms", {}),
            }
            files[fixtures_file(entry.unit(form))] = fixture_lines(fixtures_of(entry))
    files["parity.map.toml"] = map_text(units)
    write(folder, files)
    helper = folder / "java" / "catalogue" / HELPER.name
    helper.parent.mkdir(parents=True)
    shutil.copyfile(HELPER, helper)
    broken = javac(folder, "-Xlint:all", "-Werror")
    if broken:
        raise SystemExit(f"error: {HELPER} does not compile: {broken}")


def judge(folder: Path, entries: Sequence[Entry]) -> Outcome:
    """Runs the entries; those whose Java calls what the helper class does not have are waiting."""
    write_project(folder, entries)
    told = run_parity(folder)
    waiting: dict[str, str] = {}
    found: list[Deviation] = []
    for entry in entries:
        reason = next(filter(None, (waits(told, entry, form) for form in FORMS)), None)
        if reason is not None:
            waiting[str(entry.line["id"])] = reason
            continue
        for form in FORMS:
            wrong = deviation(told, entry, form)
            if wrong is not None:
                found.append(Deviation(entry, form, wrong))
    return Outcome(entries, found, waiting)


def waits(told: Told, entry: Entry, form: str) -> str | None:
    """Why an entry waits: its text calls something of the helper class that is not there."""
    unit = told.units.get(entry.unit(form))
    helped = any(calls(entry.line[f"{form}_java"], name) for name in HELPED)
    if unit is None or not helped or "error" not in unit:
        return None
    missing = unit["error"]["code"] == "java_does_not_compile"
    return trouble_of(unit) if missing else None


def deviation(told: Told, entry: Entry, form: str) -> str | None:
    """What a unit did that it should not have; None where it did as expected."""
    unit = told.units.get(entry.unit(form))
    if unit is None:
        return told.errors or "it is not in the report"
    differing = entry.revealing if form == "naive" else 0
    wanted = entry.benign + entry.revealing - differing
    wrong = [one for one in unit["findings"] if form == "correct" or unexpected(one)]
    if unit["differs"] == differing and unit["matched"] == wanted and not wrong:
        return None
    ids = {one["fixture"] for one in unit["findings"]}
    told_nothing = [one["id"] for one in fixtures_of(entry) if one["id"] not in ids]
    counts = f"{unit['matched']} matched, {unit['differs']} differ, {unit['unknown']} unknown"
    if trouble_of(unit):
        return f"{counts}: {trouble_of(unit)}"
    if wrong:
        values = f"python {wrong[0]['python']!r}, java {wrong[0]['java']!r}"
        return f"{counts}: {wrong[0]['fixture']} {wrong[0]['kind']} {wrong[0]['path']}, {values}"
    return f"{counts}: no difference on {', '.join(map(str, told_nothing))}"


def unexpected(finding: Mapping[str, Any]) -> bool:
    """Whether a naive unit should not have had this finding."""
    return finding["verdict"] != "differs" or not finding["fixture"].startswith("revealing-")


def main() -> int:
    """Runs a file and prints what is not as expected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    parser.add_argument("--keep", action="store_true", help="keep the project")
    options = parser.parse_args()
    with folder_for(options.out, keep=options.keep) as folder:
        outcome = judge(folder, read_entries(options.file))
    console = Console(width=150, highlight=False, markup=False)
    if outcome.deviations:
        table = Table("entry", "Java", "parity says", box=None, pad_edge=False)
        for one in outcome.deviations:
            table.add_row(str(one.entry.line["id"]), one.form, one.found)
        console.print(table)
        document = json.loads(options.file.read_text("utf-8"))
        made_on = document.get("python") if isinstance(document, dict) else None
        if made_on and made_on != platform.python_version():
            here = platform.python_version()
            print(
                f"hint: the file was verified on Python {made_on}, this is {here}", file=sys.stderr
            )
    for name, why in outcome.waiting.items():
        console.print(f"waiting: {name}: {why}")
    console.print(outcome.line)
    return 0 if outcome.entries and not outcome.deviations else 1


if __name__ == "__main__":
    sys.exit(main())
