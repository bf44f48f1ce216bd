"""`parity scan` as people type it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def parity(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parity", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "__init__.py").write_text("", "utf-8")
    text = "import time\n\n\ndef stamp():\n    return time.time()\n"
    (tmp_path / "src" / "shop" / "clock.py").write_text(text, "utf-8")
    text = "from shop.clock import stamp\n\n\ndef bill(x):\n    return {'at': stamp(), 'x': x}\n"
    (tmp_path / "src" / "shop" / "bill.py").write_text(text, "utf-8")
    (tmp_path / "parity.toml").write_text('sources = ["src"]\n', "utf-8")
    return tmp_path


def test_the_report_is_json_of_the_schema_and_the_same_again(project: Path) -> None:
    first, second = (parity(project, "scan", "--json") for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    one, other = json.loads(first.stdout), json.loads(second.stdout)
    times = [one.pop("times"), other.pop("times")]
    assert [time["cached"] for time in times] == [False, True]
    assert one == other
    assert one["schema"] == 1
    bill = next(unit for unit in one["units"] if unit["id"] == "shop.bill:bill")
    assert bill["class"] == "seedable"
    assert bill["calls"] == [{"to": "shop.clock:stamp", "how": "import", "line": 5}]
    assert bill["effects"] == [
        {
            "kind": "clock",
            "api": "time.time",
            "file": "src/shop/clock.py",
            "line": 5,
            "via": ["shop.clock:stamp"],
        }
    ]


def test_a_report_of_which_a_part_is_gone_or_spoilt_is_made_anew(project: Path) -> None:
    one = json.loads(parity(project, "scan", "--json").stdout)
    (part,) = project.rglob("part-*")
    (kept,) = project.rglob("report-*")
    for spoil in (part.unlink, lambda: part.write_bytes(b"?"), lambda: kept.write_bytes(b"?")):
        spoil()
        other = json.loads(parity(project, "scan", "--json").stdout)
        assert not other.pop("times")["cached"]
        assert other == {name: value for name, value in one.items() if name != "times"}


def test_a_changed_file_is_scanned_anew(project: Path) -> None:
    parity(project, "scan", "--json")
    text = "def stamp():\n    return 0\n"
    (project / "src" / "shop" / "clock.py").write_text(text, "utf-8")
    found = json.loads(parity(project, "scan", "--json").stdout)
    assert not found["times"]["cached"]
    classes = {unit["id"]: unit["class"] for unit in found["units"]}
    assert classes["shop.bill:bill"] == "pure"


def test_people_are_told_the_shares_and_what_to_type_next(project: Path) -> None:
    found = parity(project, "scan")
    assert found.returncode == 0
    assert "clock: time.time" in found.stdout
    assert "1 of 1 calls within it have a target: 100.0%" in found.stdout
    assert found.stderr.splitlines()[-1] == "next: parity scan --json"


def test_a_package_is_scanned_from_its_own_root(project: Path) -> None:
    found = json.loads(parity(project, "scan", "src/shop", "--json").stdout)
    assert "shop.bill:bill" in {unit["id"] for unit in found["units"]}


def test_a_wrong_root_is_an_error_with_a_hint(project: Path) -> None:
    found = parity(project, "scan", ".")
    assert found.returncode == 2
    assert "is not the source root" in found.stderr
    assert found.stderr.splitlines()[-1].startswith("hint: ")
    assert found.stdout == ""


def test_a_folder_that_is_not_there_is_an_error(project: Path) -> None:
    found = parity(project, "scan", "nowhere")
    assert (found.returncode, found.stdout) == (2, "")
    assert "there is no folder nowhere" in found.stderr
