"""What `parity doctor` finds: each trouble by its name and with a cure, and nothing run."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from parity.cli import cli
from parity.health import Check
from parity.pipeline.doctor import doctor
from parity.report.doctor import doctor_command, doctor_document

CONFIG = 'sources = ["src"]\n[java]\nclasspath = ["classes"]\n'
MAP = 'schema = 1\n[unit."shop:total"]\njava = "shop.Prices#total"\n'
FIXTURE = '{"id": "one", "args": [1]}\n'
CLASS_OF_17 = b"\xca\xfe\xba\xbe\x00\x00\x00\x3d"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with nothing wrong in it; its sources leave a mark where they are run."""
    (tmp_path / "parity.toml").write_text(CONFIG)
    (tmp_path / "parity.map.toml").write_text(MAP)
    for folder in ("src", "classes", "tests/fixtures/shop"):
        (tmp_path / folder).mkdir(parents=True)
    mark = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    (tmp_path / "src" / "shop.py").write_text(mark + "def total(n):\n    return n\n")
    (tmp_path / "classes" / "Prices.class").write_bytes(CLASS_OF_17)
    (tmp_path / "tests/fixtures/shop/total.jsonl").write_text(FIXTURE)
    return tmp_path


def of(project: Path, name: str) -> Check:
    """The check of that name that is worst."""
    found = [one for one in doctor(project) if one.name == name]
    return max(found, key=lambda one: ["well", "note", "wrong"].index(one.state))


def test_a_project_without_trouble_is_well_and_nothing_of_it_runs(project: Path) -> None:
    checks = doctor(project)
    assert {one.state for one in checks if one.name != "archive of classes"} == {"well"}
    assert not (project / "ran").exists()
    assert doctor_command(checks) == "parity run"
    assert len(doctor_document(checks)["checks"]) == len(checks)


def test_a_folder_without_a_project_says_what_to_write(tmp_path: Path) -> None:
    check = of(tmp_path, "config")
    assert check.state == "wrong"
    assert "parity.toml" in check.cure


def test_everything_wrong_in_a_map_is_told(project: Path) -> None:
    (project / "parity.map.toml").write_text(MAP + 'jawa = 1\n[unit."b:c"]\njava = 1\n')
    check = of(project, "map")
    assert check.state == "wrong"
    assert "jawa" in check.found
    assert "b:c" in check.found
    assert "; ;" not in check.found


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [("half.jar", b"PK\x03\x04 and no more", "half of one"), ("late.jar", None, "Java 91")],
)
def test_jars_that_no_jvm_reads_are_named(
    project: Path, name: str, data: bytes | None, told: str
) -> None:
    jar = project / name
    if data is None:
        with zipfile.ZipFile(jar, "w") as made:
            made.writestr("a/B.class", CLASS_OF_17[:-1] + bytes([44 + 91]))
    else:
        jar.write_bytes(data)
    (project / "parity.toml").write_text(CONFIG.replace('"classes"', f'"classes", "{name}"'))
    check = of(project, "class path")
    assert check.state == "wrong"
    assert name in check.found
    assert told in check.found


def test_an_entry_that_is_not_there_is_named(project: Path) -> None:
    (project / "parity.toml").write_text(CONFIG.replace('"classes"', '"classes", "lib/*.jar"'))
    assert "lib/*.jar" in of(project, "class path").found


def test_a_class_that_is_older_than_its_source_is_named(project: Path) -> None:
    (project / "classes" / "shop").mkdir()
    (project / "classes" / "shop" / "Prices.class").write_bytes(CLASS_OF_17)
    (project / "java" / "shop").mkdir(parents=True)
    (project / "java" / "shop" / "Prices.java").write_text("package shop; class Prices {}")
    assert of(project, "classes").state == "wrong"


def test_a_jdk_that_does_not_start_is_told(project: Path) -> None:
    home = project / "jdk"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").write_text("#!/bin/sh\nexit 1\n")
    (home / "bin" / "java").chmod(0o755)
    (project / "parity.toml").write_text(CONFIG + f'home = "{home}"\n')
    check = of(project, "JDK")
    assert check.state == "wrong"
    assert "does not start" in check.found


def test_an_interpreter_that_says_nothing_or_is_too_old_is_told(project: Path) -> None:
    python = project / "python"
    (project / "parity.toml").write_text(CONFIG + '[python]\ninterpreter = "python"\n')
    for script, told in [("exit 3", "version"), ("echo 3 6 9", "too old: 3.6.9")]:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        check = of(project, "python")
        assert check.state == "wrong"
        assert told in check.found


def test_units_without_fixtures_and_files_of_no_unit_are_notes(project: Path) -> None:
    fixtures = project / "tests/fixtures/shop"
    (fixtures / "total.jsonl").rename(fixtures / "totals.jsonl")
    found = [one for one in doctor(project) if one.name == "fixtures"]
    assert [one.state for one in found] == ["note", "note"]
    assert "shop:total" in found[0].found
    assert "totals.jsonl" in found[1].found


def test_a_source_root_that_is_a_package_or_empty_is_told(project: Path) -> None:
    (project / "src" / "__init__.py").touch()
    assert of(project, "sources").state == "note"
    for file in (project / "src").iterdir():
        file.unlink()
    assert of(project, "sources").state == "wrong"


def test_the_exit_status_says_whether_a_run_can_be_tried(project: Path) -> None:
    runner = CliRunner()
    ended = runner.invoke(cli, ["-C", str(project), "doctor", "--json"], standalone_mode=False)
    assert ended.return_value == 0
    checks = json.loads(ended.output)["checks"]
    assert {"name", "state", "found", "cure"} == set(checks[0])
    (project / "parity.map.toml").write_text("[")
    ended = runner.invoke(cli, ["-C", str(project), "doctor"], standalone_mode=False)
    assert ended.return_value == 2
    assert "cure:" in ended.output
