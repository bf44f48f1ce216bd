"""Evidence holds while nothing it rests on changes, and says what has changed."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parity.evidence import holds, load, save, take
from parity.fixtures import fixture_file
from tests.unit.evidence.conftest import Project, jar

Change = Callable[[Project], None]


def text(name: str, old: str, new: str) -> Change:
    return lambda project: project.edit(name, lambda text: _replaced(text, old, new))


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def made(name: str, content: str = "") -> Change:
    return lambda project: project.write(name, content)


def gone(name: str) -> Change:
    return lambda project: (project.root / name).unlink()


def _env(name: str, value: str) -> Change:
    return lambda project: project.env.update({name: value})


def _class_path(*entries: str) -> Change:
    def change(project: Project) -> None:
        for entry in entries:
            if not (project.root / entry).exists():
                jar(project.root / entry, {"a/B.class": "b"})
        project.entries = list(entries)

    return change


def _today(day: datetime.date) -> Change:
    return lambda project: setattr(project, "today", day)


MEANS = {
    "a line of a module": (
        text("src/shop/prices.py", "+ 1", "+ 2"),
        "src/shop/prices.py changed",
    ),
    "a callee": (text("src/shop/money.py", "100", "101"), "src/shop/money.py changed"),
    "a module of another root": (text("more/rates.py", "3", "4"), "more/rates.py changed"),
    "a module that is gone": (gone("src/shop/money.py"), "src/shop/money.py is gone"),
    "a package in place of a module": (
        made("src/shop/money/__init__.py", "def cents(a): return 1"),
        "src/shop/money/__init__.py takes the place of src/shop/money.py",
    ),
    "a root before another": (
        made("src/rates.py", "RATE = 4"),
        "a module of src takes the place of more/rates.py",
    ),
    "a source that hides a distribution": (
        made("src/taxes.py"),
        "a module `taxes` among the sources takes the place of another",
    ),
    "a source that hides the standard library": (
        made("src/json.py"),
        "a module among the sources has the name of one of the standard library",
    ),
    "an import that now succeeds": (
        made("src/speedups.py"),
        "a module `speedups` among the sources takes the place of another",
    ),
    "a distribution that makes it succeed": (
        made("site/lib/site-packages/speedups-1.dist-info/RECORD"),
        "what is installed changed, and an import had failed",
    ),
    "a compiled module where an import failed": (
        made("src/fast.cpython-311-x86_64-linux-gnu.so"),
        "a module `fast` among the sources takes the place of another",
    ),
    "a file in a folder that was listed": (
        made("data/more/new.txt"),
        "data/more changed",
    ),
    "a distribution with other files": (
        text("site/lib/site-packages/taxes-2.1.dist-info/RECORD", "=x", "=z"),
        "taxes 2.1 changed",
    ),
    "a file that was read": (text("data/table.csv", "1", "3"), "data/table.csv changed"),
    "a file that was read and is gone": (gone("data/table.csv"), "data/table.csv is gone"),
    "a file that was not there": (made("data/override.csv"), "data/override.csv is now there"),
    "a class": (made("classes/com/example/Money.class", "x"), "com.example.Money changed"),
    "a class that is gone": (
        gone("classes/com/example/Money.class"),
        "com.example.Money is gone",
    ),
    "a class before another": (
        made("classes/com/example/Extra.class", "extra"),
        "com.example.Extra is now taken from another entry of the class path",
    ),
    "a class before a jar": (
        made("extra/org/util/Util.class", "util"),
        "org.util.Util is now taken from another entry of the class path",
    ),
    "a class that was not there": (
        made("classes/com/example/Plugin.class", "x"),
        "com.example.Plugin is now there",
    ),
    "a service that was not there": (
        made("extra/META-INF/services/x.Y", "x"),
        "META-INF/services/x.Y is now there",
    ),
    "a resource": (made("classes/messages.properties", "a=c"), "messages.properties changed"),
    "a resource in a second place": (
        made("extra/messages.properties", "a=c"),
        "messages.properties changed",
    ),
    "a jar": (
        lambda project: jar(project.root / "lib/util.jar", {"org/util/Util.class": "more"}),
        "util.jar changed",
    ),
    "a jar more": (
        _class_path("classes", "extra", "lib/util.jar", "lib/new.jar"),
        "new.jar came to the class path",
    ),
    "a jar less": (_class_path("classes", "extra"), "util.jar left the class path"),
    "the order of the class path": (
        _class_path("extra", "classes", "lib/util.jar"),
        "the order of the class path changed",
    ),
    "fixtures": (
        made("tests/fixtures/shop.prices/total.jsonl", '{"id": "a", "args": [2]}\n'),
        "its fixtures changed",
    ),
    "fixtures that are gone": (
        gone("tests/fixtures/shop.prices/total.jsonl"),
        "its fixtures changed",
    ),
    "terms": (
        text("parity.map.toml", '#total"', '#total"\nnumbers = "by-value"'),
        "its entry in the map, or an allowance that has expired, changed it",
    ),
    "defaults of the map": (
        text("parity.map.toml", "schema = 1", "schema = 1\n[defaults]\nfloat_ulps = 1"),
        "its entry in the map, or an allowance that has expired, changed it",
    ),
    "an allowance that expires": (
        _today(datetime.date(2027, 2, 1)),
        "its entry in the map, or an allowance that has expired, changed it",
    ),
    "types": (text("parity.toml", "ipaddress", "decimal"), "`types` of the config changed"),
    "arguments of the JVM": (
        text("parity.toml", "64m", "65m"),
        "`jvm_args` of the config changed",
    ),
    "what is passed on": (_env("TAX", "7"), "TAX of the environment changed"),
    "what was read of the environment": (_env("PATH", "/x"), "PATH of the environment changed"),
    "the JDK": (
        text("jdk/release", "17.0.15", "25.0.3"),
        "java was 17.0.15 Tests",
    ),
    "the harness": (made("harness.jar", "another"), "parity itself changed"),
}

MEANS_NOTHING = {
    "nothing": lambda project: None,
    "a comment": text("src/shop/prices.py", "return", "# for now\n    return"),
    "a docstring": text("src/shop/money.py", "return", '"""In cents."""\n    return'),
    "blank lines and quotes": text("src/shop/prices.py", "\n\n", "\n\n\n\n"),
    "a module that it does not import": text("src/shop/unrelated.py", "1", "2"),
    "a class that it does not reach": made("classes/com/example/Unrelated.class", "x"),
    "a new module": made("src/shop/new.py", "x = 1"),
    "a new class": made("classes/com/example/New.class", "x"),
    "the fixtures of another unit": made("tests/fixtures/shop.money/cents.jsonl", "{}"),
    "another unit": text("parity.map.toml", "#cents", "#more"),
    "its owner": text("parity.map.toml", '#total"', '#total"\nowner = "@x"'),
    "a comment of the map": text("parity.map.toml", "schema = 1", "# ours\nschema = 1"),
    "an environment that it does not see": _env("HOME", "/x"),
    "another distribution's files": text(
        "site/lib/site-packages/other-1.dist-info/RECORD", "=y", "=z"
    ),
    "the times of a jar's entries": lambda project: jar(
        project.root / "lib/util.jar", {"org/util/Util.class": "util"}, year=2021
    ),
    "times and rights of files": lambda project: [
        os.utime(file) for file in project.root.rglob("*") if file.is_file()
    ],
    "a folder beside the sources": made("docs/json.py"),
    "a data folder named like a module": made("src/taxes/readme.txt"),
    "compiled modules": made("src/shop/__pycache__/prices.cpython-311.pyc", "x"),
}


@pytest.mark.parametrize("name", MEANS)
def test_what_changed_is_named(project: Project, name: str) -> None:
    change, reason = MEANS[name]
    project.take()
    assert project.stale() is None
    change(project)
    told = project.stale()
    assert told is not None
    assert told.startswith(reason)


@pytest.mark.parametrize("name", MEANS_NOTHING)
def test_what_means_nothing_keeps_the_evidence(project: Project, name: str) -> None:
    project.take()
    MEANS_NOTHING[name](project)
    assert project.stale() is None
    assert project.stale() is None


def test_what_is_set_back_holds_again(project: Project) -> None:
    project.take()
    before = (project.root / "src/shop/prices.py").read_text("utf-8")
    project.write("src/shop/prices.py", "def total(a): return 2\n")
    assert project.stale()
    project.write("src/shop/prices.py", before)
    assert project.stale() is None


def test_what_cannot_be_traced_is_good_for_its_own_run_only(project: Project) -> None:
    project.take(python={"beyond": ["subprocess"]}, java={"beyond": ["network"]})
    assert project.stale() == "it does what cannot be traced: network, subprocess"


def test_a_file_that_changed_while_it_ran_was_not_seen(project: Project) -> None:
    basis = project.basis()
    assert basis.started
    project.write("src/shop/money.py", "def cents(a):\n    return a * 100\n")
    traces = [project.python_trace()], [project.java_trace()]
    evidence = take(basis, project.unit(), *traces, {})
    assert evidence.beyond == ["src/shop/money.py was changed while it ran"]
    assert not holds(evidence, project.basis(), project.unit())


def test_what_ran_while_the_clock_was_set_back_is_good_for_its_own_run_only(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis, now = project.basis(), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - 3_600_000_000_000)
    traces = [project.python_trace()], [project.java_trace()]
    evidence = take(basis, project.unit(), *traces, {})
    assert evidence.beyond == ["the clock was set back while it ran"]
    assert not holds(evidence, project.basis(), project.unit())


def test_a_class_compiled_after_the_start_was_seen(project: Project) -> None:
    """Workers start while the build still runs; its classes are loaded when it is done."""
    begun = project.basis().started
    project.write("classes/com/example/Money.class", "compiled just now")
    time.sleep(0.03)
    basis = project.basis()
    basis.started = begun
    evidence = take(basis, project.unit(), [project.python_trace()], [project.java_trace()], {})
    assert evidence.beyond == []
    project.write("classes/com/example/Money.class", "compiled once more")
    evidence = take(basis, project.unit(), [project.python_trace()], [project.java_trace()], {})
    assert evidence.beyond == ["classes/com/example/Money.class was changed while it ran"]


def test_what_java_reads_beside_classes_counts(project: Project) -> None:
    read = {"files": [str(project.root / "data/table.csv"), str(project.root / "data/none")]}
    more = {"resources": {"META-INF/services/a.B": ""}, "env": ["PATH"], **read}
    evidence = project.take(python={"files": [], "folders": [], "env": []}, java=more)
    assert evidence.files == {
        "data/none": None,
        "data/table.csv": evidence.files["data/table.csv"],
    }
    assert project.stale() is None
    project.write("data/none", "x")
    assert project.stale() == "data/none changed"
    (project.root / "data/none").unlink()
    assert project.stale() is None
    project.write("classes/META-INF/services/a.B", "x")
    assert project.stale() == "META-INF/services/a.B changed"


def test_live_files_of_the_system_cannot_be_traced(project: Project) -> None:
    evidence = project.take(python={"files": ["/proc/uptime", "/dev/null"]})
    assert evidence.beyond == ["reads /proc/uptime"]


def test_evidence_of_another_unit_or_form_is_none(project: Project) -> None:
    evidence = project.take()
    assert load(project.config, project.unit("shop.money:cents")) is None
    save(project.config, replace(evidence, unit="shop.money:cents"))
    (file,) = (project.root / ".parity/evidence/shop.prices").iterdir()
    for damage in ("", "{}", "[]", '{"evidence": 0}'):
        file.write_text(damage)
        assert load(project.config, project.unit()) is None


def test_no_value_of_the_environment_is_written(project: Project) -> None:
    project.env["TAX"] = "a-secret-of-mine"
    project.take()
    written = [file.read_bytes() for file in (project.root / ".parity").rglob("*.json")]
    assert written
    assert not any(b"a-secret-of-mine" in data for data in written)
    assert (project.root / ".parity/key").stat().st_mode & 0o077 == 0


def test_the_evidence_survives_a_move_of_the_project(project: Project, tmp_path: Path) -> None:
    project.take()
    moved = tmp_path / "elsewhere"
    project.root.rename(moved)
    project.root = moved.resolve()
    assert project.stale() is None


def test_a_side_that_left_no_trace_is_not_known(project: Project) -> None:
    unit, basis = project.unit(), project.basis()
    java = [project.java_trace()]
    assert take(basis, unit, [], java, {}).beyond == ["python left no trace"]
    assert take(basis, unit, [{"files": []}], [{}], {}).beyond == [
        "java left no trace",
        "python left no trace",
    ]
    recorded = replace(unit, terms=replace(unit.terms, judge="recorded"))
    assert take(basis, recorded, [], java, {}).beyond == []


def test_several_batches_are_one_trace(project: Project) -> None:
    one = project.python_trace(files=[str(project.root / "data/table.csv")], folders=[])
    two = project.python_trace(files=[], folders=[], env=["LANG"])
    evidence = take(project.basis(), project.unit(), [one, two], [project.java_trace()], {})
    assert set(evidence.files) == {"data/table.csv"}
    assert set(evidence.env) == {"TAX", "PATH", "LANG"}


def test_the_fixtures_are_those_that_are_read(project: Project) -> None:
    unit, basis = project.unit(), project.basis()
    found = fixture_file(project.config.fixtures, unit)
    assert found is not None
    assert basis.fixtures_of(unit) == str(found)
    found.rename(found.with_name("sum_up.jsonl.zst"))
    renamed = replace(unit, was=("shop.prices:sum_up",))
    assert basis.fixtures_of(renamed) == str(fixture_file(project.config.fixtures, renamed))
    assert basis.fixtures_of(unit) is None
