"""A file that was found sound is not judged again, and one that changed is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from parity.config import ConfigTable, JavaConfig, MaskConfig, PythonConfig, ScanConfig, find_config
from parity.errors import ConfigError
from parity.mapping import read_map
from parity.mapping.kept import unit_of, units_document
from parity.tables import ConfigFile, JavaTable, MaskTable, PythonTable, ScanTable

MAP = """
schema = 1
[defaults]
float_ulps = 2
[receiver."shop:Till"]
python = "make()"
java = "Till.make()"
[unit."shop:total"]
java = "com.example.Prices#total"
timeout = 2
unordered = ["$.hosts"]
compare = ["messages", "output"]
raises = { "NoTarget" = "com.example.NoTarget" }
was = ["shop:sum"]
[[unit."shop:total".allow]]
path = "$.a"
kind = "type"
reason = "later"
owner = "@shop"
expires = 2027-01-31
at_most = 3
[unit."plus"]
parameters = { b = "long", a = "long" }
python = "a + b"
java_expression = "a + b"
[unit."shop:Till.add"]
java = "com.example.Till#add"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "parity.toml").write_text('types = ["ipaddress"]\n[java]\nclasspath = ["."]\n')
    (tmp_path / "parity.map.toml").write_text(MAP)
    return tmp_path


def test_what_is_remembered_is_what_was_read(project: Path) -> None:
    first, second = find_config(project), find_config(project)
    assert first == second
    units = read_map(first)
    assert read_map(second) == units
    assert list(units[0].parameters) == ["b", "a"]
    document = units_document(units)
    assert document is not None
    assert [unit_of(one) for one in document] == list(units)


def test_pydantic_is_not_imported_for_what_is_remembered(project: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from parity.config import find_config; "
        "from parity.mapping import read_map; "
        "units = read_map(find_config(Path(sys.argv[1]))); "
        "print(len(units), 'pydantic' in sys.modules)"
    )

    def told() -> str:
        command = [sys.executable, "-c", code, str(project)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert told() == "3 True"
    assert told() == "3 False"


def test_a_file_that_changed_is_judged_again(project: Path) -> None:
    read_map(find_config(project))
    (project / "parity.map.toml").write_text(MAP.replace("com.example.Till#add", "com.example.X#y"))
    assert {unit.java for unit in read_map(find_config(project))} >= {"com.example.X#y"}
    (project / "parity.map.toml").write_text(MAP.replace("float_ulps", "float_ulp"))
    with pytest.raises(ConfigError, match="1 problem"):
        read_map(find_config(project))
    (project / "parity.toml").write_text("source = []\n")
    with pytest.raises(ConfigError, match="1 problem"):
        find_config(project)


def test_a_path_that_is_gone_is_told_although_the_file_is_remembered(project: Path) -> None:
    (project / "src").mkdir()
    (project / "parity.toml").write_text('sources = ["src"]\n')
    find_config(project)
    (project / "src").rmdir()
    with pytest.raises(ConfigError, match="1 problem"):
        find_config(project)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"of": 1}', b"\xff"])
def test_a_damaged_memory_is_no_memory(project: Path, damage: bytes) -> None:
    units = read_map(find_config(project))
    for file in (project / ".parity" / "cache").iterdir():
        file.write_bytes(damage)
    assert read_map(find_config(project)) == units


def test_a_folder_that_cannot_be_written_to_is_no_error(project: Path) -> None:
    (project / ".parity").write_text("in the way")
    assert len(read_map(find_config(project))) == 3


@pytest.mark.parametrize(
    ("noun", "table"),
    [
        (ConfigTable, ConfigFile),
        (PythonConfig, PythonTable),
        (JavaConfig, JavaTable),
        (ScanConfig, ScanTable),
        (MaskConfig, MaskTable),
    ],
)
def test_the_noun_and_its_table_have_the_same_fields_and_defaults(noun: type, table: type) -> None:
    names = [one.name for one in fields(noun)]
    assert names == list(table.model_fields)  # type: ignore[attr-defined]
    plain = {"python", "java", "scan", "mask"}
    made, checked = noun(), table()
    for name in names:
        if name not in plain:
            assert getattr(made, name) == getattr(checked, name)
