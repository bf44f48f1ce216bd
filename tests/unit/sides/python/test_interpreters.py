"""The worker does the same in every Python that it runs in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.sides.python.border import Border
from tests.unit.sides.python.conftest import Opened
from tests.unit.sides.python.test_surroundings import CHANGES
from tests.unit.sides.python.test_surroundings import MODULE as SURROUNDED
from tests.unit.sides.python.test_world import CLOCK, MODULE, READINGS, line

NAMES = [f"python3.{minor}" for minor in range(6, 15)]


def interpreters() -> dict[str, str]:
    """One interpreter of each version that is installed here, by version."""
    places = [
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions"),
        Path.home() / ".local/share/uv/python",
        Path("/opt/hostedtoolcache/Python"),
    ]
    found = [str(path) for place in places for path in place.glob("**/bin/python3")]
    found += [path for name in NAMES if (path := shutil.which(name))]
    versions: dict[str, str] = {}
    for path in found:
        told = subprocess.run([path, "-V"], capture_output=True, text=True)
        if version := re.match(r"Python (3\.\d+)\.\d+$", told.stdout.strip()):
            versions.setdefault(version.group(1), path)
    return versions


FOUND = interpreters()
NEW = [version for version in FOUND if int(version.split(".")[1]) >= 8]
OLD = [version for version in FOUND if version not in NEW]
pytestmark = pytest.mark.skipif(not FOUND, reason="there is no other interpreter here")


@pytest.mark.parametrize("version", NEW)
def test_calls_are_told_alike(opened: Opened, version: str) -> None:
    border = opened(
        """
        import os

        def do(how, value):
            if how == "change": value.append((1, {2}))
            if how == "raise": raise KeyError(value)
            if how == "print": print(value)
            if how == "await": return later(value)
            if how == "memory": return len(bytearray(1 << 30))
            if how == "fork" and os.fork() == 0: return "copy"
            if how == "end": os._exit(3)
            return value

        async def later(value): return value
        """,
        "do",
        interpreter=FOUND[version],
        memory=200 << 20,
    )
    hows = ["same", "change", "raise", "print", "await", "memory", "fork", "end"]
    batch = border.run("do", [{"args": [how, [1]], "kwargs": {}} for how in hows])
    same, change, raised, printed, awaited, memory, fork = batch.lines()
    assert same == awaited == fork == '{"returned":[1]}'
    written = '[1,{"$tuple":[1,{"$set":[2]}]}]'
    assert change == f'{{"returned":{written},"args":["change",{written}]}}'
    assert '"class":"KeyError"' in raised
    assert printed == '{"returned":[1],"output":{"out":"[1]\\n","err":""}}'
    assert memory == '{"ended":"it needed more than 200 MiB of memory"}'
    assert batch.status == 3 << 8


@pytest.mark.parametrize("version", NEW)
def test_surroundings_are_as_before(tmp_path: Path, version: str) -> None:
    (tmp_path / "free.py").write_text(SURROUNDED.format(context=None))
    with Border(tmp_path, FOUND[version]) as border:
        border.hello()
        border.load({"id": "free", "python": "free:say"})
        for name, (change, question) in CHANGES.items():
            if name == "held context":
                continue
            before, made, after = border.calls(
                "free", [question], [f"exec({change!r})"], [question]
            )
            assert "returned" in before, name
            assert "fault" not in made, name
            assert before == after, name


@pytest.mark.parametrize("version", NEW)
def test_clocks_stand_still(opened: Opened, version: str) -> None:
    border = opened(MODULE, "say", interpreter=FOUND[version])
    batch = border.run("say", [line(text, {"clock": CLOCK, "seed": 1}) for text in READINGS])
    told = [one.get("returned", one) for one in batch.told()]
    for text, got, want in zip(READINGS, told, READINGS.values(), strict=True):
        assert got == (pytest.approx(want, abs=1e-6) if type(want) is float else want), text


@pytest.mark.parametrize("version", NEW)
def test_traces_are_told(opened: Opened, version: str) -> None:
    border = opened(
        """
        import os, pathlib

        def look(path):
            os.environ.get("ONE")
            return pathlib.Path(path).exists() or os.path.exists(path + "2")
        """,
        "look",
        interpreter=FOUND[version],
    )
    path = str(border.folder / "missing")
    told = border.run("look", [{"args": [path], "kwargs": {}}]).told_trace()
    assert [one for one in told["absent"] if "missing" in one] == [path, path + "2"]
    assert told["env"] == ["ONE"]
    assert told["modules"] == {"mod": str(border.folder / "mod.py")}


@pytest.mark.parametrize("version", OLD)
def test_an_interpreter_that_is_too_old_says_so(tmp_path: Path, version: str) -> None:
    with Border(tmp_path, FOUND[version]) as border:
        told = border.hello()
    assert told["problem"]["code"] == "python_too_old"
    assert version in told["problem"]["what"]
