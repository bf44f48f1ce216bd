"""Entry points that a project declares for others to load: `pyproject.toml`, `setup.cfg`,
`setup.py`, and what they were made into (`entry_points.txt`)."""

from __future__ import annotations

import ast
import configparser
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

SECTIONS: Final = frozenset({"options.entry_points", "entry_points"})
"""Where `setup.cfg` keeps them for setuptools, and for pbr."""
SCRIPTS: Final = frozenset({"console_scripts", "gui_scripts"})
"""Groups that are no plugins: programs, which are started from outside."""

Declared = tuple[str, str]
"""A group, and the thing that one of its entry points names."""


def entry_points(files: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """By group: what the entry points of these files, by name and bytes, name. What cannot be read
    declares nothing: it is not for the scan to judge it."""
    found: dict[str, dict[str, None]] = {}
    for name, data in files:
        for group, target in _declared(name, data.decode("utf-8", "replace")):
            if group not in SCRIPTS:
                found.setdefault(group, {})[target.partition("[")[0].strip()] = None
    return {group: sorted(targets) for group, targets in found.items()}


def _declared(name: str, text: str) -> Iterator[Declared]:
    if name.endswith(".toml"):
        yield from _of_toml(text)
    elif name.endswith(".py"):
        yield from _of_setup(text)
    elif name.endswith(".cfg"):
        parser = _ini(text)
        for section in SECTIONS.intersection(parser.sections()):
            for group, lines in parser.items(section):
                yield from ((group, target) for target in _targets(lines.splitlines()))
    else:
        yield from _of_ini(text)


def _of_toml(text: str) -> Iterator[Declared]:
    import tomllib  # an unchanged tree needs none of it

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for path in (("project", "entry-points"), ("tool", "poetry", "plugins")):
        table: Any = document
        for key in path:
            table = table.get(key, {}) if isinstance(table, Mapping) else {}
        for group, names in table.items() if isinstance(table, Mapping) else ():
            targets = names.values() if isinstance(names, Mapping) else ()
            yield from ((group, target) for target in targets if isinstance(target, str))


def _of_setup(text: str) -> Iterator[Declared]:
    """What a literal `entry_points=` of a call of `setup` says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.keyword) or node.arg != "entry_points":
            continue
        try:
            given = ast.literal_eval(node.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(given, str):
            yield from _of_ini(given)
        elif isinstance(given, Mapping):
            for group, lines in given.items():
                rows = lines.splitlines() if isinstance(lines, str) else lines
                yield from ((group, target) for target in _targets(rows))


def _of_ini(text: str) -> Iterator[Declared]:
    parser = _ini("\n".join(line.strip() for line in text.splitlines()))
    for group in parser.sections():
        yield from ((group, target) for _, target in parser.items(group))


def _ini(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return configparser.RawConfigParser()
    return parser


def _targets(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        _, equals, target = line.partition("=")
        if equals:
            yield target.strip()
