"""Pairs of bench/unseen.py that are whole files: a module, a class, a map's table, fixtures."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.catalogue import Entry
from bench.catalogue_project import unit_of
from bench.project import fixture_lines, fixtures_file, map_text, name_of, write
from bench.speed.cases import COPY

SIDE: Final = "naive"


def entry_of(name: str, pair: Mapping[str, Any]) -> Entry:
    """A pair with a `module` as an entry of a catalogue: its inputs are fixtures without an id."""
    line = {
        "id": name,
        "pair": pair,
        "benign_inputs": pair["agree"],
        "revealing_inputs": pair["differ"],
        "causes": pair["causes"],
    }
    return Entry(name_of(name), line)


def unit_id(entry: Entry) -> str:
    """The id of an entry's unit, be it a whole module or not."""
    pair = entry.line.get("pair")
    return (
        unit_of(entry, SIDE).partition(":")[0] + f":{pair['unit']}"
        if pair
        else unit_of(entry, SIDE)
    )


def write_services(folder: Path, entries: Sequence[Entry]) -> None:
    """Adds these entries to a project that is there; its Java is not compiled here."""
    files, units = {}, {}
    ports: dict[str, dict[str, str]] = {"aws": {}}
    for entry in entries:
        pair, package = entry.line["pair"], f"{SIDE}.{entry.name}"
        simple = pair["target"].partition("#")[0]
        files[f"python/{SIDE}/{entry.name}.py"] = pair["module"]
        files[f"java/{SIDE}/{entry.name}/{simple}.java"] = f"package {package};\n{pair['source']}"
        units[unit_id(entry)] = {"java": f"{package}.{pair['target']}", **pair.get("terms", {})}
        files[fixtures_file(unit_id(entry))] = fixture_lines(_fixtures(entry, package))
        for python, java in pair.get("ports", {}).items():
            nested = java.replace(".", "$")
            ports[f"{package}:{python}"] = {"java": f"{package}.{nested}"}
    write(folder, files)
    table = folder / "parity.map.toml"
    added = map_text(units).partition("\n")[2]
    named = [
        f'[port."{name}"]\n' + "".join(f'{k} = "{v}"\n' for k, v in one.items())
        for name, one in ports.items()
    ]
    table.write_text(table.read_text("utf-8") + added + "\n" + "\n".join(named), "utf-8")


def _fixtures(entry: Entry, package: str) -> list[dict[str, Any]]:
    ports = entry.line["pair"].get("ports", {})
    return [
        {"id": f"{word}-{number}", **_filled(given, package, ports)}
        for word in ("benign", "revealing")
        for number, given in enumerate(entry.line[f"{word}_inputs"], 1)
    ]


def _filled(value: Any, package: str, ports: Mapping[str, str]) -> Any:
    """An input with nulls, which TOML has not, and the names of its module and ports."""
    match value:
        case {"$none": _}:
            return None
        case {"port": name, "call": _, **rest}:
            named = {**value, "port": f"{package}:{name}" if name in ports else name}
            if not {"returned", "raised"} & rest.keys():
                named["returned"] = None
            return {key: _filled(one, package, {}) for key, one in named.items()}
        case dict():
            return {key: _filled(one, package, ports) for key, one in value.items()}
        case list():
            return [_filled(one, package, ports) for one in value]
        case str():
            return value.replace("MODULE:", f"{package}:")
    return value


def fetched_whole(artifacts: Sequence[str], folder: Path) -> None:
    """Puts these Maven artifacts and all that they need into a folder, once."""
    mark = folder / ".whole"
    if not artifacts or (mark.is_file() and mark.read_text("utf-8") == str(artifacts)):
        return
    folder.mkdir(parents=True, exist_ok=True)
    tags = ("groupId", "artifactId", "version")
    needed = "".join(
        "<dependency>"
        + "".join(f"<{tag}>{one}</{tag}>" for tag, one in zip(tags, name.split(":"), strict=True))
        + "</dependency>"
        for name in artifacts
    )
    pom = folder / "pom.xml"
    pom.write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>bench</groupId>"
        "<artifactId>unseen</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{needed}</dependencies></project>",
        "utf-8",
    )
    to = f"-DoutputDirectory={folder}"
    subprocess.run(["mvn", "-q", "-B", "-ntp", "-f", str(pom), COPY, to], check=True)
    mark.write_text(str(artifacts), "utf-8")
