"""To show a traceback the sources that it leads through are read: that is I/O."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.errors import ConfigError
from parity.scan import ScanOptions, gather, scan
from tests.unit.scan.one_file import scan_of, unit

SHOWN = {
    "of a logger": "logging.getLogger('x').exception('no')",
    "of the module": "logging.exception('no')",
    "by a word": "logging.getLogger('x').error('no', exc_info=True)",
    "of a logger that is not known": "given.exception('no')",
    "as a text": "traceback.format_exc()",
    "printed": "traceback.print_exc()",
}
NOT_SHOWN = {
    "an error that is only told": "logging.getLogger('x').error('no')",
    "the class of an exception": "traceback.format_exception_only(ValueError())",
}


def scanned(folder: Path, body: str) -> tuple[str, set[str]]:
    """The class of a function with this body, and its effects on files."""
    found = scan_of(folder, f"import logging, traceback\ndef f(given):\n {body}\n")
    one = unit(found, "m:f")
    return one.own_class, {effect.api for effect in one.effects if effect.kind == "file"}


@pytest.mark.parametrize("case", SHOWN)
def test_showing_a_traceback_reads_its_sources(tmp_path: Path, case: str) -> None:
    assert scanned(tmp_path, SHOWN[case]) == ("port", {"linecache.getlines"})


@pytest.mark.parametrize("case", NOT_SHOWN)
def test_what_shows_none_reads_nothing(tmp_path: Path, case: str) -> None:
    klass, read = scanned(tmp_path, NOT_SHOWN[case])
    assert klass in ("pure", "stateful")
    assert not read


def test_a_table_says_what_a_call_does_besides(tmp_path: Path) -> None:
    table = tmp_path / "more.toml"
    table.write_text('[also]\n"math.sqrt" = "socket.create_connection"\n', "utf-8")
    (tmp_path / "m.py").write_text("import math\ndef f(): return math.sqrt(2)\n", "utf-8")
    found = scan(gather(ScanOptions([tmp_path], tmp_path, effects=[table])))
    kinds = {one.kind for one in unit(found, "m:f").effects}
    assert kinds == {"network"}


def test_a_table_of_what_is_done_besides_holds_names(tmp_path: Path) -> None:
    table = tmp_path / "more.toml"
    table.write_text('[also]\n"math.sqrt" = 1\n', "utf-8")
    (tmp_path / "m.py").write_text("", "utf-8")
    with pytest.raises(ConfigError):
        scan(gather(ScanOptions([tmp_path], tmp_path, effects=[table])))
