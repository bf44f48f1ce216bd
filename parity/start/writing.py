"""A config and a map with a comment on every line that somebody may want to change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parity.counterparts import Candidate, Odd
from parity.start.looking import Layout

ASKED = {"aws": "AWS", "http": "other servers", "sql": "databases"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the map is to say of a unit; where `left_out` says why, it says it as a comment only."""

    candidate: Candidate
    left_out: str = ""
    notes: Sequence[str] = field(default=())
    """Lines that would be added, with the reason."""


def config_text(layout: Layout, fixtures: str) -> str:
    """The config, with what else it may say."""
    java = layout.java
    lines = [
        "# What `parity` reads of this project: docs/config.md has all keys. By `parity init`.",
        f"sources = {_value(list(layout.sources))}  # on sys.path; {layout.modules} Python files",
        'map = "parity.map.toml"  # which Java replaces which unit',
        f"fixtures = {_value(fixtures)}  # inputs, one file a unit; to be read and committed",
        'evidence = "tests/evidence"  # what `parity run --evidence` writes, to be committed',
        *([f"tests = {_value(_tests(layout))}  # the project's own"] if layout.tests else []),
        "",
        "[python]",
        _interpreter(layout),
        '# env_pass = ["HOME"]  # what else of the environment the python side may see',
        "",
        "[java]",
        _java(layout),
        '# home = "/path/of/a/jdk"  # else JAVA_HOME, else the `java` on PATH',
        '# jvm_args = ["-Xmx512m"]',
    ]
    if java.others:
        lines.insert(-2, f"# also there, and left alone: {', '.join(java.others)}")
    return "\n".join(lines) + "\n"


def map_text(proposals: Sequence[Proposal], near: Sequence[Odd], ports: Sequence[str] = ()) -> str:
    """The map: tables that are in use, then guesses that are not, then near misses, as comments."""
    used = [one for one in proposals if not one.left_out]
    unused = [one for one in proposals if one.left_out]
    blocks = [
        "# Which Java replaces which unit, and on what terms: docs/map.md. By `parity init`,\n"
        "# from names, signatures and what both sides did on the first inputs. Look at each: the\n"
        "# tool cannot know what was meant.\nschema = 1\n"
    ]
    if ports:
        blocks.append(
            "# What units ask of these is answered from fixtures, and compared: docs/effects.md\n"
            + "".join(f"[port.{one}]  # {ASKED[one]}\n" for one in ports)
        )
    blocks += [_table(one) for one in sorted(used, key=lambda one: one.candidate.unit)]
    if unused:
        blocks.append("# ---- guesses that are not in use: take away the `#` of the right ones\n")
        blocks += [
            "".join(
                f"{line if line.startswith('#') else f'#{line}'}\n"
                for line in _table(one).splitlines()
            )
            for one in sorted(unused, key=lambda one: one.candidate.unit)
        ]
    if near:
        blocks.append(
            "# ---- near misses: `parity map` tells more\n"
            + "".join(f"# {one.unit or one.java}: {one.why}\n" for one in near)
        )
    return "\n".join(blocks)


def _tests(layout: Layout) -> list[str]:
    return [layout.interpreter or "python", *layout.tests]


def _interpreter(layout: Layout) -> str:
    if layout.interpreter is None:
        return '# interpreter = ".venv/bin/python"  # 3.8 or newer; else the one that runs parity'
    return f"interpreter = {_value(layout.interpreter)}  # 3.8 or newer; it runs the python side"


def _java(layout: Layout) -> str:
    java = layout.java
    match java.how:
        case "maven":
            return f"maven = {_value(java.what[0])}  # built whenever a source has changed"
        case "gradle":
            return f"gradle = {_value(java.what[0])}  # built by gradlew, or the gradle on PATH"
        case _:
            return f"classpath = {_value(list(java.what))}  # folders of classes, and jars"


def _table(proposal: Proposal) -> str:
    one = proposal.candidate
    where = f"  {one.file}:{one.line}" if one.file else ""
    lines = []
    if proposal.left_out:
        lines.append(f"# left out: {proposal.left_out}")
    lines += [f"# python  {one.python_signature}{where}", f"# java    {one.java_signature}"]
    lines.append(f"[unit.{_key(one.unit)}]")
    lines += [f"{name} = {_value(value)}" for name, value in one.table.items()]
    lines += [f"# {note}" for note in proposal.notes]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value as TOML has it."""
    match value:
        case Mapping():
            inside = ", ".join(f"{name} = {_value(one)}" for name, one in value.items())
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[{', '.join(_value(one) for one in value)}]"
        case bool():
            return "true" if value else "false"
        case _:
            return json.dumps(value, ensure_ascii=False)
