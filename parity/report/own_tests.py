"""Findings as tests of each side's own kind, JUnit and pytest, that know nothing of `parity`.

The pytest test says what python does, and passes; the JUnit test asks Java for the same, and fails
until Java does it. What cannot be written as plain code is told, with the reason.
"""

from __future__ import annotations

import base64
import datetime
import json
import keyword
import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.report.html import PAGE
from parity.values.form import dumps

STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['((?:[^'\\]|\\['\\])*)'\]")
WHOLE: Final = {
    "byte": 8, "java.lang.Byte": 8, "short": 16, "java.lang.Short": 16,
    "int": 32, "java.lang.Integer": 32, "long": 64, "java.lang.Long": 64,
}  # fmt: skip
DOUBLES: Final = ("double", "java.lang.Double")
FLOATS: Final = ("float", "java.lang.Float")
LISTS: Final = (
    "java.util.List", "java.util.Collection", "java.lang.Iterable", "java.util.ArrayList",
)  # fmt: skip
MAPS: Final = ("java.util.Map", "java.util.HashMap", "java.util.LinkedHashMap")
PARSED: Final = {
    "$date": ("java.time.LocalDate", "java.time.LocalDate.parse"),
    "$uuid": ("java.util.UUID", "java.util.UUID.fromString"),
    "$decimal": ("java.math.BigDecimal", "new java.math.BigDecimal"),
}
WRITTEN: Final = ("changed", "missing", "type", "raised")
OBJECT: Final = "java.lang.Object"


class Unwritable(Exception):
    """What cannot be said in plain code, and why."""


@dataclass(frozen=True, slots=True)
class JavaCall:
    """How a counterpart is called: `types` are those of its parameters, with their arguments."""

    owner: str
    method: str
    is_static: bool
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PythonCall:
    """How a unit is called: a function of a module."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Given:
    """A finding with the input that it is on, in the order of python's parameters."""

    told: Mapping[str, Any]
    args: Sequence[Any]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    """Why there is no such input."""


@dataclass(frozen=True, slots=True)
class Case:
    """A test: its name, what it is about, the call, and what is to come of it."""

    name: str
    about: str
    call: str
    path: str
    wanted: str
    """Empty where the call is to raise."""
    raised: str = ""


@dataclass(slots=True)
class Tests:
    """What was written, and what could not be: a line each."""

    files: list[Path] = field(default_factory=list)
    cases: int = 0
    left_out: list[str] = field(default_factory=list)


def write_pytest(
    unit: str, call: PythonCall, given: Sequence[Given], folder: Path, tests: Tests
) -> None:
    """A module of tests for a unit: what python does on each input that a finding is on."""
    cases = _cases(unit, "pytest", given, tests, lambda one: _python_case(call, one))
    if cases:
        name = f"test_{_plain_name(unit)}.py"
        _write("test.py.j2", folder / name, tests, unit=unit, call=call, cases=cases)


def write_junit_test(
    unit: str, call: JavaCall, given: Sequence[Given], folder: Path, tests: Tests
) -> None:
    """A class of tests for a unit's counterpart, in its package: it is to do as python does."""
    cases = _cases(unit, "JUnit", given, tests, lambda one: _java_case(call, one))
    if cases:
        package = call.owner.rpartition(".")[0]
        words = re.split(r"[\W_]+", unit)
        name = "".join(word[:1].upper() + word[1:] for word in words) + "ParityTest"
        place = folder.joinpath(*package.split("."), f"{name}.java")
        _write("Test.java.j2", place, tests, unit=unit, package=package, name=name, cases=cases)


def _cases(unit: str, kind: str, given: Sequence[Given], tests: Tests, make: Any) -> list[Case]:
    cases: dict[str, Case] = {}
    for one in given:
        try:
            if one.why:
                raise Unwritable(one.why)
            case = make(one)
        except Unwritable as why:
            tests.left_out.append(f"{kind}: {unit} on {one.told['fixture']}: {why}")
            continue
        name = case.name
        for number in range(2, len(given) + 2):
            if name not in cases:
                break
            name = f"{case.name}_{number}"
        cases[name] = Case(name, case.about, case.call, case.path, case.wanted, case.raised)
    tests.cases += len(cases)
    return [*cases.values()]


def _write(template: str, file: Path, tests: Tests, **words: Any) -> None:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(PAGE.parent / "own"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(environment.get_template(template).render(**words) + "\n", "utf-8")
    tests.files.append(file)


def _wanted(one: Given) -> tuple[Any, str]:
    """What python gave at the path, or the class of what it raised."""
    kind, python = one.told["kind"], one.told["python"]
    if kind not in WRITTEN or one.told["verdict"] == "unknown":
        raise Unwritable(f"a finding of kind `{kind}` is no value of the result")
    if isinstance(python, dict) and {"cut", "sha256"} <= python.keys():
        raise Unwritable("the report has cut the value")
    if kind != "raised":
        return python, ""
    if not isinstance(python, dict) or not {"raised", "returned"} & python.keys():
        raise Unwritable("python did neither return nor raise")
    if "returned" in python:
        return python["returned"], ""
    return None, str(python["raised"]["class"])


def _about(told: Mapping[str, Any]) -> str:
    cause = f" ({told['cause']['id']})" if told["cause"] else ""
    text = f"{told['kind']} at {told['path']}{cause}: python {dumps(told['python'])}, "
    text += f"java {dumps(told['java'])}"
    return text.replace("\\", "").replace("*/", "* /").replace('"""', "'''")[:180] + "."


def _path(told: Mapping[str, Any]) -> list[str | int]:
    """The steps from the result to the place."""
    path = told["path"] if told["kind"] != "raised" else "$"
    rest, steps = path.removeprefix("$"), []
    while rest:
        found = STEP.match(rest)
        if found is None:
            raise Unwritable(f"{path} is no place in the result")
        name, index, quoted = found.groups()
        plain = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else name
        steps.append(int(index) if index is not None else plain)
        rest = rest[found.end() :]
    return steps


def _plain_name(text: str) -> str:
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "one"
    return f"f_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name


# ---------------------------------------------------------------- python


def _python_case(call: PythonCall, one: Given) -> Case:
    value, raised = _wanted(one)
    args = [python_text(arg) for arg in one.args]
    args += [f"{name}={python_text(arg)}" for name, arg in one.kwargs.items()]
    path = "".join(f", {step!r}" for step in _path(one.told))
    made = f"{call.name}({', '.join(args)})"
    name = f"test_{_plain_name(one.told['fixture'])}"
    wanted = "" if raised else python_text(value)
    last = re.split(r"[.:]", raised)[-1]
    return Case(name, _about(one.told), made, path, wanted, last)


def python_text(form: Any) -> str:
    """A form as a Python expression. Raises Unwritable."""
    match form:
        case None | bool() | int() | str():
            return ascii(form)
        case float():
            return repr(form)
        case list():
            return f"[{', '.join(map(python_text, form))}]"
        case dict() if len(form) == 1 and next(iter(form)).startswith("$"):
            ((tag, payload),) = form.items()
            return _python_tagged(tag, payload)
        case dict():
            pairs = (f"{key!a}: {python_text(value)}" for key, value in form.items())
            return f"{{{', '.join(pairs)}}}"
    raise Unwritable(f"a {type(form).__name__} is no form")


def _python_tagged(tag: str, payload: Any) -> str:
    match tag:
        case "$tuple":
            inner = ", ".join(map(python_text, payload))
            return f"({inner},)" if len(payload) == 1 else f"({inner})"
        case "$set" | "$frozenset":
            return f"{tag[1:]}([{', '.join(map(python_text, payload))}])"
        case "$bytes":
            return repr(base64.b64decode(payload))
        case "$int":
            return str(int(payload))
        case "$float":
            return f"float({payload!r})"
        case "$decimal":
            return f"decimal.Decimal({payload!r})"
        case "$uuid":
            return f"uuid.UUID({payload!r})"
        case "$date" | "$time":
            return f"datetime.{tag[1:]}.fromisoformat({payload!r})"
        case "$timedelta":
            return f"datetime.timedelta(seconds={payload})"
        case "$dict":
            return f"{{{', '.join(f'{python_text(k)}: {python_text(v)}' for k, v in payload)}}}"
    raise Unwritable(f"`{tag}` has no plain Python")


# ---------------------------------------------------------------- java


def _java_case(call: JavaCall, one: Given) -> Case:
    value, raised = _wanted(one)
    if raised and isinstance(one.told["java"], dict) and "raised" in one.told["java"]:
        raise Unwritable(f"which Java exception stands for {raised} is for the map to say")
    if one.kwargs or len(one.args) != len(call.types):
        raise Unwritable(f"{call.method} takes {len(call.types)} arguments by position")
    args = [java_text(arg, kind) for arg, kind in zip(one.args, call.types, strict=True)]
    path = "".join(
        f", {step if isinstance(step, int) else java_string(step)}" for step in _path(one.told)
    )
    receiver = _source_name(call.owner) if call.is_static else f"new {_source_name(call.owner)}()"
    made = f"{receiver}.{call.method}({', '.join(args)})"
    wanted = "" if raised else java_text(value, OBJECT)
    name = _plain_name(one.told["fixture"])
    return Case(f"on_{name}", _about(one.told), made, path, wanted, raised)


def java_text(form: Any, kind: str) -> str:
    """A form as a Java expression of a type. Raises Unwritable where the type cannot hold it."""
    base, _, inside = kind.partition("<")
    inner = _arguments(inside.removesuffix(">"))
    if base.endswith("[]") and base != "byte[]":
        return _array(form, kind)
    if form is None:
        if "." not in base:
            raise Unwritable(f"None is no {base}")
        return "null" if base == OBJECT else f"({_source_name(base)}) null"
    if base == "java.util.Optional":
        return f"java.util.Optional.of({java_text(form, inner[0] if inner else OBJECT)})"
    match form:
        case bool():
            return _held(base, ("boolean", "java.lang.Boolean"), str(form).lower())
        case int():
            return _java_whole(form, base)
        case float():
            return _java_double(form, base)
        case str():
            return _java_word(form, base)
        case list():
            return _java_list(form, base, inner)
        case dict() if len(form) == 1 and next(iter(form)).startswith("$"):
            ((tag, payload),) = form.items()
            return _java_tagged(tag, payload, base, inner)
        case dict():
            return _java_map([*form.items()], base, inner)
    raise Unwritable(f"a {type(form).__name__} is no form")


def java_string(text: str) -> str:
    """A Java literal: ASCII, a code unit an escape."""
    units = struct.iter_unpack(">H", text.encode("utf-16-be", "surrogatepass"))
    return f'"{"".join(_unit(one) for (one,) in units)}"'


def _unit(one: int) -> str:
    if one in (0x22, 0x5C):
        return f"\\{chr(one)}"
    known = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}.get(one)
    return known or (chr(one) if 0x20 <= one < 0x7F else f"\\u{one:04x}")


def _held(base: str, bases: Sequence[str], text: str) -> str:
    if base != OBJECT and base not in bases:
        raise Unwritable(f"{text[:60]} is no {base}")
    return text


def _java_whole(number: int, base: str) -> str:
    if base in ("java.math.BigInteger", "java.math.BigDecimal"):
        return f'new {base}("{number}")'
    if base in DOUBLES and int(float(number)) == number:
        return f"{float(number)!r}d"
    bits = WHOLE.get(base, 32 if -(2**31) <= number < 2**31 else 64)
    if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        return _held(base, (), f'new java.math.BigInteger("{number}")')
    bases = (*WHOLE, "java.lang.Number")
    text = {8: f"(byte) {number}", 16: f"(short) {number}", 32: f"{number}", 64: f"{number}L"}
    return _held(base, bases, text[bits])


def _java_double(number: float, base: str) -> str:
    if base in FLOATS:
        if not math.isnan(number) and struct.unpack("f", struct.pack("f", number))[0] != number:
            raise Unwritable(f"{number!r} is no float")
        return f"(float) {_double(number)}"
    return _held(base, (*DOUBLES, "java.lang.Number"), _double(number))


def _double(number: float) -> str:
    if math.isnan(number):
        return "Double.NaN"
    if math.isinf(number):
        return f"Double.{'POSITIVE' if number > 0 else 'NEGATIVE'}_INFINITY"
    return f"{number!r}d"


def _java_word(text: str, base: str) -> str:
    if base in ("char", "java.lang.Character") and len(text.encode("utf-16-be", "replace")) == 2:
        return f"(char) {ord(text)}"
    return _held(base, ("java.lang.String", "java.lang.CharSequence"), java_string(text))


def _java_list(values: Sequence[Any], base: str, inner: Sequence[str], made: str = "") -> str:
    kind = inner[0] if inner else OBJECT
    texts = ", ".join(java_text(one, kind) for one in values)
    texts = "(Object) null" if texts == "null" else texts
    of = made or "java.util.ArrayList"
    bases = LISTS if not made else ("java.util.Set", "java.util.Collection", "java.lang.Iterable")
    return _held(base, bases, f"new {of}<>(java.util.Arrays.asList({texts}))")


def _array(form: Any, kind: str) -> str:
    values = form.get("$tuple") if isinstance(form, dict) else form
    if not isinstance(values, list):
        raise Unwritable(f"{dumps(form)[:60]} is no {kind}")
    element = kind.removesuffix("[]")
    texts = ", ".join(java_text(one, element) for one in values)
    return f"new {_source_name(element.partition('<')[0])}[] {{{texts}}}"


def _java_map(pairs: Sequence[tuple[Any, Any]], base: str, inner: Sequence[str]) -> str:
    key, value = inner if len(inner) == 2 else (OBJECT, OBJECT)
    texts = [text for k, v in pairs for text in (java_text(k, key), java_text(v, value))]
    return _held(base, MAPS, f"map({', '.join(texts)})")


def _java_tagged(tag: str, payload: Any, base: str, inner: Sequence[str]) -> str:
    match tag:
        case "$tuple":
            return _java_list(payload, base, inner)
        case "$set" | "$frozenset":
            return _java_list(payload, base, inner, "java.util.LinkedHashSet")
        case "$int":
            return _java_whole(int(payload), base)
        case "$float":
            return _java_double(float(payload), base)
        case "$bytes":
            text = f"java.util.Base64.getDecoder().decode({java_string(payload)})"
            return _held(base, ("byte[]",), text)
        case "$dict":
            return _java_map(payload, base, inner)
        case "$decimal" if not math.isfinite(float(payload)):
            raise Unwritable(f"{payload} is no BigDecimal")
        case "$date":
            datetime.date.fromisoformat(payload)
    if tag in PARSED:
        kind, parse = PARSED[tag]
        return _held(base, (kind,), f"{parse}({json.dumps(payload)})")
    raise Unwritable(f"`{tag}` has no plain Java")


def _arguments(inside: str) -> list[str]:
    """`K, V<W>` in its parts, without wildcards."""
    parts: list[str] = []
    depth = 0
    for part in inside.split(",") if inside else []:
        if depth:
            parts[-1] += f",{part}"
        else:
            parts.append(part.strip().removeprefix("? extends ").removeprefix("? super "))
        depth += part.count("<") - part.count(">")
    return [OBJECT if "." not in one and "[" not in one else one for one in parts]


def _source_name(binary: str) -> str:
    return binary.replace("$", ".")
