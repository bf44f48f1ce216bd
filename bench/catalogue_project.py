"""Writes entries of a catalogue as an ordinary project: modules, classes, a map, fixtures.

`python bench/catalogue_project.py FILE --out DIR [--side naive] [--inputs benign] [--domains F]
[--mended F] [--only ID ...]`. FILE is what `bench/catalogue.py` takes. An entry `int-mod` becomes
the unit `naive.int_mod:call` in `python/naive/int_mod.py`, its counterpart
`naive.int_mod.Counterpart#call` in `java/naive/int_mod/Counterpart.java`, compiled into `classes/`;
`--side correct` and `both` do the same with the correct Java, in packages `correct`. The terms of
an entry go into the map, and its `domain`, which an own key of the entry or the TOML file of
`--domains` gives; that of `--mended` puts right what the file has as correct Java.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.catalogue import (
    FORMS,
    HELPED,
    HELPER,
    Entry,
    calls,
    fixtures_of,
    is_java_body,
    parameters_of,
    read_entries,
)
from bench.project import CONFIG, fixture_lines, fixtures_file, folder_for, javac, map_text, write

INPUTS = ("benign", "revealing")
FUNCTION, COUNTERPART = "call", "Counterpart"


def unit_of(entry: Entry, side: str) -> str:
    """The id of an entry's unit in a project that is written here."""
    return f"{side}.{entry.name}:{FUNCTION}"


def read_domains(file: Path | None) -> dict[str, str]:
    """The domains of a file by the id of the entry; those of no file are none."""
    if file is None:
        return {}
    table = tomllib.loads(file.read_text("utf-8"))
    return {name: one["domain"] for name, one in table.items() if "domain" in one}


def domain_of(entry: Entry, domains: Mapping[str, str]) -> str | None:
    """The domain of an entry: its own, else the one of the domains' file."""
    own = entry.line.get("domain")
    return str(own) if own else domains.get(str(entry.line["id"]))


def mend(entries: Sequence[Entry], file: Path | None) -> list[Entry]:
    """The entries with the correct Java of a file where they have the text that it replaces."""
    table = tomllib.loads(file.read_text("utf-8")) if file is not None else {}
    return [_mended(entry, table.get(str(entry.line["id"]), {})) for entry in entries]


def _mended(entry: Entry, mended: Mapping[str, Any]) -> Entry:
    if entry.line["correct_java"].strip() != mended.get("was", "").strip():
        return entry
    changed = {name: mended[name] for name in ("correct_java", "terms") if name in mended}
    return Entry(entry.name, {**entry.line, **changed})


# ---------------------------------------------------------------- texts


def python_module(line: Mapping[str, Any]) -> str:
    """The module of an entry: its set-up, and its text as a function."""
    setup = (line.get("python_setup") or "").strip("\n")
    header = f"def {FUNCTION}({', '.join(parameters_of(line['signature']))}):\n"
    function = header + _indented_body(line["python"].strip())
    return f"{setup}\n\n\n{function}" if setup.strip() else function


def _indented_body(text: str) -> str:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        # Written anew: what stands within quotes over several lines must not be indented.
        function = ast.parse("def function(): pass")
        (inner,) = function.body
        assert isinstance(inner, ast.FunctionDef)
        inner.body = ast.parse(text).body
        return ast.unparse(ast.fix_missing_locations(function)).partition("\n")[2] + "\n"
    return f"    return (\n{text}\n    )\n" if "\n" in text else f"    return {text}\n"


def java_class(line: Mapping[str, Any], side: str, package: str, *, void: bool = False) -> str:
    """The class of an entry's counterpart; of an expression without a value where `void`."""
    text = line[f"{side}_java"].strip()
    imports = [target for name, target in HELPED.items() if calls(text, name)]
    imported = "".join(f"import {one};\n" for one in ["java.math.*", "java.util.*", *imports])
    parameters = ", ".join(f"{kind} {name}" for name, kind in _parameters(line).items())
    if void:
        text = f"{text};\n    return null;"
    elif not is_java_body(text):
        text = f"return {text};"
    body = "".join(f"    {row}\n" if row else "\n" for row in _rows(text))
    return (
        f"package {package};\n\n{imported}\n/** A counterpart. */\n"
        f"public final class {COUNTERPART} {{\n"
        f"  private {COUNTERPART}() {{}}\n\n"
        f"  public static Object {FUNCTION}({parameters}) throws Throwable {{\n{body}  }}\n}}\n"
    )


def _rows(text: str) -> list[str]:
    return [text] if '"""' in text else text.split("\n")


def _parameters(line: Mapping[str, Any]) -> dict[str, str]:
    return parameters_of(line["signature"])


# ---------------------------------------------------------------- project


def write_project(
    folder: Path,
    entries: Sequence[Entry],
    *,
    sides: Collection[str] = ("naive",),
    inputs: Collection[str] = ("benign",),
    domains: Mapping[str, str] = {},
) -> dict[str, str]:
    """Writes and compiles a project; the units whose Java does not compile, with the reason."""
    files = {"parity.toml": CONFIG}
    units = {}
    for side in sides:
        files[f"python/{side}/__init__.py"] = ""
        for entry in entries:
            package = f"{side}.{entry.name}"
            files[f"python/{side}/{entry.name}.py"] = python_module(entry.line)
            files[_source(entry, side)] = java_class(entry.line, side, package)
            kinds = ",".join(_parameters(entry.line).values())
            units[unit_of(entry, side)] = {
                "java": f"{package}.{COUNTERPART}#{FUNCTION}({kinds})",
                **_terms(entry, domains),
            }
            chosen = [one for one in fixtures_of(entry) if str(one["id"]).split("-")[0] in inputs]
            if chosen:
                files[fixtures_file(unit_of(entry, side))] = fixture_lines(chosen)
    files["parity.map.toml"] = map_text(units)
    write(folder, files)
    helper = folder / "java" / "catalogue" / HELPER.name
    helper.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HELPER, helper)
    return _compile(folder, entries, sides)


def _terms(entry: Entry, domains: Mapping[str, str]) -> dict[str, Any]:
    terms = dict(entry.line.get("terms") or {})
    domain = domain_of(entry, domains)
    return {**terms, "domain": domain} if domain else terms


def _source(entry: Entry, side: str) -> str:
    return f"java/{side}/{entry.name}/{COUNTERPART}.java"


def _compile(folder: Path, entries: Sequence[Entry], sides: Collection[str]) -> dict[str, str]:
    broken = javac(folder)
    for side in sides:
        for entry in entries:
            source = folder / _source(entry, side)
            if "void" in broken.get(source, ""):
                package = f"{side}.{entry.name}"
                text = java_class(entry.line, side, package, void=True)
                source.write_text(text, "utf-8")
    if any("void" in why for why in broken.values()):
        broken = javac(folder)
    return {
        unit_of(entry, side): broken[folder / _source(entry, side)]
        for side in sides
        for entry in entries
        if folder / _source(entry, side) in broken
    }


def chosen_entries(file: Path, only: Sequence[str]) -> list[Entry]:
    """The entries of a file, or those of these ids. Raises SystemExit where one is not there."""
    entries = read_entries(file)
    missing = sorted(set(only) - {str(entry.line["id"]) for entry in entries})
    if missing:
        raise SystemExit(f"error: {file} has no entry {', '.join(missing)}")
    return [entry for entry in entries if not only or str(entry.line["id"]) in only]


def main() -> int:
    """Writes the project that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder of the project")
    parser.add_argument("--side", choices=(*FORMS, "both"), default="naive")
    parser.add_argument("--inputs", choices=(*INPUTS, "both"), default="benign")
    parser.add_argument("--domains", type=Path, help="TOML file: a domain by the entry's id")
    parser.add_argument("--mended", type=Path, help="TOML file: correct Java that is put right")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    options = parser.parse_args()
    entries = mend(chosen_entries(options.file, options.only), options.mended)
    with folder_for(options.out) as folder:
        broken = write_project(
            folder,
            entries,
            sides=FORMS if options.side == "both" else (options.side,),
            inputs=INPUTS if options.inputs == "both" else (options.inputs,),
            domains=read_domains(options.domains),
        )
    for unit, why in broken.items():
        print(f"error: the Java of {unit} does not compile: {why}", file=sys.stderr)
    return 2 if broken or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
