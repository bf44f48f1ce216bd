"""`parity run --executor dask`: the report of a plain run, from a cluster."""

from __future__ import annotations

import json

import pytest

from tests.functional.conftest import FIXTURES, Project

DYING = """
import os, signal
from pathlib import Path

MARK = Path({mark!r})

def half(n: int) -> int:
    if not MARK.exists():  # the first worker that has it dies
        MARK.touch()
        stat = Path(f"/proc/{{os.getppid()}}/stat").read_text()  # template
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
    return n // 2
"""


def without_times(text: str) -> str:
    """A report, less what two runs may have different."""
    document = json.loads(text)
    del document["times"]
    return json.dumps(document, sort_keys=True)


@pytest.fixture
def four(project: Project) -> Project:
    """Four units, of which one differs and one cannot be loaded."""
    names = ["half", "third", "naive", "gone"]
    units = "".join(f'[unit."shop:{name}"]\njava = "shop.Half#{name}"\n' for name in names)
    return project.write(
        {
            "parity.map.toml": units,
            "src/shop.py": "def half(n: int) -> int:\n    return n // 2\n\n\n"
            "def third(n: int) -> int:\n    return n // 3\n\n\n"
            "def naive(n: int) -> int:\n    return n // 2\n",
            "java/shop/Half.java": "package shop;\n\npublic final class Half {\n"
            "    public static long half(long n) { return Math.floorDiv(n, 2); }\n"
            "    public static long third(long n) { return Math.floorDiv(n, 3); }\n"
            "    public static long naive(long n) { return n / 2; }\n"
            "    public static long gone(long n) { return n; }\n}\n",
            **{f"fixtures/shop/{name}.jsonl": FIXTURES for name in names},
        }
    ).javac()


def test_the_report_is_that_of_a_plain_run(four: Project) -> None:
    plain = four.run("--no-cache")
    assert plain.status == 1, plain.text
    told = four.run("--executor", "dask", "--workers", "2")
    assert told.status == 1, told.text
    assert without_times(told.out) == without_times(plain.out)


def test_the_shard_of_a_worker_that_dies_is_run_again(project: Project) -> None:
    mark = project.folder / "died"
    project.write({"src/shop.py": DYING.format(mark=str(mark))}).javac()
    told = project.run("--executor", "dask", "--workers", "1")
    assert mark.exists()
    assert told.status == 0, told.text
    assert told.unit["matched"] == 2


def test_an_error_on_a_worker_is_told_as_itself(four: Project) -> None:
    (four.folder / "fixtures/shop/half.jsonl").write_text('{"id": "a", "args": [4}\n')
    plain = four.run("--no-cache")
    told = four.run("--executor", "dask", "--workers", "2")
    assert plain.status == told.status == 2
    assert told.err == plain.err


def test_what_a_scheduler_that_is_not_there_means(four: Project) -> None:
    told = four.run("--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert told.status == 2
    assert "there is no dask scheduler at tcp://127.0.0.1:9" in told.err


def test_units_cannot_be_named(four: Project) -> None:
    told = four.run("--executor", "dask", "shop:half")
    assert told.status == 2
    assert "--executor runs all units" in told.err
