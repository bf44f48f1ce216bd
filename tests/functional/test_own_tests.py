"""Findings as tests without parity: pytest passes, JUnit fails until Java is mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parity.report.own_tests import Unwritable, java_string, java_text, python_text
from tests.functional.conftest import Project

PYTHON = """\
import dataclasses


def half(n: int) -> int:
    return n // 2


def first(words: list[str], at: int) -> str:
    if not words:
        raise ValueError("no words")
    return words[at]


def shares(amounts: dict[str, int]) -> dict[str, list[float]]:
    whole = sum(amounts.values())
    return {key: [one / whole, float(one)] for key, one in amounts.items()}


class Box:
    def __init__(self, n: int) -> None:
        self.n = n

    def doubled(self) -> int:
        return self.n * 2
"""
JAVA = """package shop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public final class Half {
    public static long half(long n) { return n / 2; }

    public String first(List<String> words, int at) {
        return words.isEmpty() ? "" : words.get(Math.floorMod(at, words.size())).trim();
    }

    public static Map<String, List<Double>> shares(Map<String, Integer> amounts) {
        int whole = amounts.values().stream().mapToInt(one -> one).sum();
        Map<String, List<Double>> made = new LinkedHashMap<>();
        amounts.forEach((key, one) -> made.put(key, List.of((double) (one / whole), (double) one)));
        return made;
    }
}
"""
MENDED = (
    ("n / 2", "Math.floorDiv(n, 2)"),
    ('words.isEmpty() ? "" : ', ""),
    (".trim()", ""),
    ("(double) (one / whole)", "(double) one / whole"),
)
MAP = "".join(
    f'[unit."shop:{name}"]\njava = "shop.Half#{name}"\n' for name in ("half", "first", "shares")
)
FIXTURES = {
    "half": [[4], [-3], [-(2**40) - 1]],
    "first": [[[' a"\\\n\u00e9\U0001f600'], 0], [["a", "b"], -1], [[], 0]],
    "shares": [[{"a": 1, "b": 3}]],
}
RUNNER = """
import java.lang.reflect.Method;
public class Runner {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            var made = Class.forName(name).getDeclaredConstructor();
            made.setAccessible(true);
            for (Method one : Class.forName(name).getDeclaredMethods()) {
                if (one.isAnnotationPresent(org.junit.jupiter.api.Test.class)) {
                    one.setAccessible(true);
                    try {
                        one.invoke(made.newInstance());
                        System.out.println("passed " + one.getName());
                    }
                    catch (java.lang.reflect.InvocationTargetException failed) {
                        System.out.println("failed " + one.getName() + " " + failed);
                    }
                }
            }
        }
    }
}
"""


def junit() -> str | None:
    """JUnit's jars, as Maven has fetched them for the harness."""
    home = Path.home() / ".m2" / "repository"
    names = ("junit/jupiter/junit-jupiter-api", "junit/platform/junit-platform-commons",
             "opentest4j/opentest4j", "apiguardian/apiguardian-api")  # fmt: skip
    jars = [sorted(home.glob(f"org/{name}/*/*.jar")) for name in names]
    return ":".join(str(one[-1]) for one in jars) if all(jars) else None


@pytest.fixture
def reported(project: Project) -> Project:
    """A project whose Java is wrong in four places, and the report of its run."""
    files = {"src/shop.py": PYTHON, "java/shop/Half.java": JAVA, "parity.map.toml": MAP}
    for name, inputs in FIXTURES.items():
        rows = [json.dumps({"id": f"{n}!", "args": args}) for n, args in enumerate(inputs)]
        files[f"fixtures/shop/{name}.jsonl"] = "\n".join(rows) + "\n"
    told = project.write(files).javac().run()
    assert told.status == 1, told.text
    return project.write({"run.json": told.out})


def java_tests(project: Project, folder: Path) -> dict[str, str]:
    """What became of each test."""
    jars = junit()
    assert jars is not None
    sources = [str(one) for one in (folder / "java").rglob("*.java")]
    runner = folder / "Runner.java"
    runner.write_text(RUNNER)
    path = f"{project.folder / 'classes'}:{jars}"
    made = ["javac", "-Xlint:all", "-Xlint:-processing", "-Xlint:-path", "-Werror", "-proc:none"]
    done = subprocess.run(
        [*made, "-cp", path, "-d", str(folder / "out"), *sources, str(runner)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    places = [Path(one).relative_to(folder / "java").with_suffix("") for one in sources]
    names = [".".join(one.parts) for one in places]
    told = subprocess.run(
        ["java", "-cp", f"{folder / 'out'}:{path}", "Runner", *names],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {line.split()[1]: line.split()[0] for line in told.stdout.splitlines() if " on_" in line}


def test_python_passes_and_java_fails_until_it_is_mended(reported: Project) -> None:
    folder = reported.folder / "own"
    told = reported.parity("report", str(reported.folder / "run.json"), "--native", str(folder))
    assert told.status == 0, told.text
    pytests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:parity",
         str(folder / "python")],
        cwd=folder, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert pytests.returncode == 0, pytests.stdout + pytests.stderr
    count = int(pytests.stdout.strip().splitlines()[-1].split()[0])
    assert count >= 6
    if junit() is None:
        pytest.skip("there is no JUnit here")
    assert set(java_tests(reported, folder).values()) == {"failed"}
    assert len(java_tests(reported, folder)) >= 4
    source = JAVA
    for before, after in MENDED:
        source = source.replace(before, after)
    reported.write({"java/shop/Half.java": source}).javac()
    mended = java_tests(reported, folder)
    wrong = [name for name, state in mended.items() if state != "passed"]
    assert not wrong, mended


def test_what_plain_code_cannot_say_is_told_with_its_reason(reported: Project) -> None:
    report = json.loads((reported.folder / "run.json").read_text())
    half = next(one for one in report["units"] if one["id"] == "shop:half")
    first = half["findings"][0]
    half["findings"] = [
        {**first, "kind": "timeout", "python": None},
        {**first, "fixture": "gone"},
        {**first, "python": {"cut": "[1,", "length": 9_999, "sha256": "0"}},
        {**first, "python": {"$object": ["shop:Box", {"n": 1}]}},
    ]
    report["units"] = [half, {**half, "id": "shop:none"}]
    reported.write({"other.json": json.dumps(report)})
    folder = reported.folder / "own"
    told = reported.parity("report", str(reported.folder / "other.json"), "--native", str(folder))
    assert told.status == 0, told.text
    for why in (
        "JUnit: shop:half on 1!: a finding of kind `timeout` is no value of the result",
        "pytest: shop:half on gone: its fixture is gone",
        "the report has cut the value",
        "`$object` has no plain Java",
        "shop:none: the map has it no more",
        "0 tests in 0 files",
    ):
        assert why in told.err
    assert not [*folder.rglob("*.py"), *folder.rglob("*.java")]


@pytest.mark.parametrize(
    ("form", "python"),
    [
        ({"$tuple": [1]}, "(1,)"),
        ({"$tuple": []}, "()"),
        ({"$set": [1, 2]}, "set([1, 2])"),
        ({"$bytes": "AP8="}, r"b'\x00\xff'"),
        ({"$float": "-0.0"}, "float('-0.0')"),
        ({"$decimal": "1.10"}, "decimal.Decimal('1.10')"),
        ({"$dict": [[1, None]]}, "{1: None}"),
        ({"a": "\u00e9"}, r"{'a': '\xe9'}"),
    ],
)
def test_a_form_as_python(form: Any, python: str) -> None:
    assert python_text(form) == python


@pytest.mark.parametrize(
    ("form", "kind", "java"),
    [
        (-(2**63), "long", "-9223372036854775808L"),
        (3, "java.lang.Short", "(short) 3"),
        (2**63, "java.math.BigInteger", 'new java.math.BigInteger("9223372036854775808")'),
        (3, "double", "3.0d"),
        ({"$float": "nan"}, "double", "Double.NaN"),
        ({"$float": "-0.0"}, "java.lang.Object", "-0.0d"),
        ("\u00e9", "char", "(char) 233"),
        (None, "java.lang.String", "(java.lang.String) null"),
        ([1, 2], "long[]", "new long[] {1L, 2L}"),
        ({"$tuple": [[1]]}, "int[][]", "new int[][] {new int[] {1}}"),
        ([1], "java.util.List<java.lang.Long>",
         "new java.util.ArrayList<>(java.util.Arrays.asList(1L))"),
        ({"a": 1}, "java.util.Map<java.lang.String, java.lang.Long>", 'map("a", 1L)'),
        ({"$date": "2026-02-28"}, "java.time.LocalDate", 'java.time.LocalDate.parse("2026-02-28")'),
    ],
)  # fmt: skip
def test_a_form_as_java(form: Any, kind: str, java: str) -> None:
    assert java_text(form, kind) == java


@pytest.mark.parametrize(
    ("form", "kind"),
    [(2**31, "int"), (1.5, "long"), (0.1, "float"), ("ab", "char"), (None, "int"), (True, "long"),
     ({"$decimal": "NaN"}, "java.math.BigDecimal"), ([1], "java.util.Map"), ("a", "shop.Own")],
)  # fmt: skip
def test_what_a_type_cannot_hold_is_not_written(form: Any, kind: str) -> None:
    with pytest.raises(Unwritable):
        java_text(form, kind)


def test_text_is_written_in_code_units() -> None:
    assert java_string('a"\\\n\u00e9\U0001f600\ud800') == r'"a\"\\\n\u00e9\ud83d\ude00\ud800"'
