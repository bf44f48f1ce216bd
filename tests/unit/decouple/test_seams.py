"""A seam changes nothing for callers, and nothing but the lines that it needs."""

from __future__ import annotations

import ast
import difflib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parity.pipeline.decouple import decouple, project_of, write
from parity.seams import Proposal

SOURCE = '''\
import os, time
import random as dice
from datetime import datetime
from uuid import uuid4

_seen = {}   # what was seen
_count = 0


def stamp(  a,
            b = 1 ):   # odd   layout
    "A time."
    return (a,b, time.time( ))


def twice(x: int) -> float:
    """Two looks at one clock."""
    began = time.monotonic()
    x += 1
    return time.monotonic() - began


def region():
    return os.environ['REGION'] if 'REGION' in os.environ else os.getenv("ZONE")


def remember(
    key,
    value,
):
    if key in _seen:
        return _seen[key]
    _seen[key] = value
    return value


def count():
    global _count
    _count += 1
    return _count


def roll(*, sides=6, **more):
    return dice.randint(1, sides)


def _name(**more):
    return uuid4().hex, more


def named():
    return _name(prefix="a")


def now(now=None):
    return now or datetime.now()


class Clock:
    @property
    def hour(self):
        return datetime.now().hour

    def __len__(self):
        return int(time.time())

    @staticmethod
    def minute(): return datetime.now().minute


later = lambda: time.time()


def seen_all():
    time.sleep(0)
    return locals()
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SOURCE, "utf-8")
    return tmp_path


def proposed(project: Path, name: str, *only: str) -> Proposal:
    return decouple(project_of(project, project), f"shop:{name}", only)


def touched(proposal: Proposal) -> tuple[list[str], list[str]]:
    """Lines that are gone and lines that are new."""
    rows = list(
        difflib.ndiff(proposal.before.decode().splitlines(), proposal.after.decode().splitlines())
    )
    return [r[2:] for r in rows if r[0] == "-"], [r[2:] for r in rows if r[0] == "+"]


def run(proposal: Proposal) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(proposal.after, "shop.py", "exec"), names)
    return names


def test_a_clock_becomes_a_keyword_and_the_layout_stays(project: Path) -> None:
    proposal = proposed(project, "stamp")
    gone, new = touched(proposal)
    assert new == [
        "            b = 1,",
        "            *,",
        "            clock=None ):   # odd   layout",
        "    return (a,b, (time.time if clock is None else clock)( ))",
    ]
    assert len(gone) == 2
    stamp = run(proposal)["stamp"]
    assert stamp(1, clock=lambda: 7) == (1, 1, 7)
    assert stamp(1)[2] > 1e9


def test_the_old_default_is_looked_up_when_it_is_used(project: Path) -> None:
    names = run(proposed(project, "stamp"))

    class Frozen:
        time = staticmethod(lambda: 5)

    names["time"] = Frozen
    assert names["stamp"](1) == (1, 1, 5)


def test_two_uses_are_settled_once(project: Path) -> None:
    proposal = proposed(project, "twice")
    assert (
        "    monotonic = time.monotonic if monotonic is None else monotonic" in touched(proposal)[1]
    )
    ticks = iter((10.0, 12.5))
    assert run(proposal)["twice"](1, monotonic=lambda: next(ticks)) == 2.5


def test_the_environment_may_be_an_empty_one(project: Path) -> None:
    proposal = proposed(project, "region")
    region = run(proposal)["region"]
    assert [one.parameter for one in proposal.seams] == ["environ", "getenv"]
    assert region(environ={"REGION": "north"}) == "north"
    assert region(environ={}, getenv=lambda name: name) == "ZONE"


def test_state_of_a_module_is_given_or_its_own(project: Path) -> None:
    proposal = proposed(project, "remember")
    remember = run(proposal)["remember"]
    mine: dict[str, int] = {}
    assert remember("a", 1, seen=mine) == 1
    assert mine == {"a": 1}
    assert remember("a", 2) == 2
    assert remember("a", 3) == 2
    assert "    seen=None,\n" in proposal.after.decode()


@pytest.mark.parametrize(
    ("name", "line", "word"),
    [
        ("count", 38, "binds `_count` anew"),
        ("roll", 43, "any keyword"),
        ("Clock.hour", 60, "@property"),
        ("Clock.__len__", 64, "python itself calls __len__"),
        ("seen_all", 76, "locals()"),
    ],
)
def test_a_refusal_names_its_line_and_changes_nothing(
    project: Path, name: str, line: int, word: str
) -> None:
    proposal = proposed(project, name)
    assert not proposal.seams
    assert [one.line for one in proposal.refusals] == [line]
    assert word in proposal.refusals[0].why
    assert proposal.after == proposal.before


def test_a_lambda_is_refused(project: Path) -> None:
    scanned = project_of(project, project)
    row = next(one for one in scanned.document["units"] if one["kind"] == "lambda")
    proposal = decouple(scanned, row["id"])
    assert proposal.refusals[0].why.startswith("it is a lambda")


def test_a_private_function_that_takes_any_keyword_may_when_all_callers_are_seen(
    project: Path,
) -> None:
    proposal = proposed(project, "_name")
    assert [one.parameter for one in proposal.seams] == ["uuid4_given"]
    assert run(proposal)["named"]()[1] == {"prefix": "a"}


def test_a_name_that_the_function_mentions_is_not_taken(project: Path) -> None:
    proposal = proposed(project, "now")
    assert proposal.seams[0].parameter == "clock"
    assert run(proposal)["now"](clock=lambda: 3) == 3


def test_a_body_on_the_line_of_def_is_left_there(project: Path) -> None:
    proposal = proposed(project, "Clock.minute")
    assert touched(proposal)[1] == [
        "    def minute(*, now=None): return (datetime.now if now is None else now)().minute"
    ]


def test_every_change_is_python_and_keeps_all_other_lines(project: Path) -> None:
    scanned = project_of(project, project)
    for row in scanned.document["units"]:
        proposal = decouple(scanned, row["id"])
        ast.parse(proposal.after)
        gone, new = touched(proposal)
        uses = sum(one.uses for one in proposal.seams)
        assert len(gone) <= uses + 1
        assert len(new) <= uses + 1 + 3 * len(proposal.seams)


def test_windows_line_ends_and_a_foreign_encoding_stay(tmp_path: Path) -> None:
    text = "# -*- coding: latin-1 -*-\r\nimport time\r\ndef f():\r\n\treturn 'é', time.time()\r\n"
    (tmp_path / "shop.py").write_bytes(text.encode("latin-1"))
    after = proposed(tmp_path, "f").after
    assert after.count(b"\r\n") == 4
    assert b"'\xe9', (time.time if clock is None else clock)()" in after


def test_what_the_tests_do_not_like_is_taken_back(project: Path) -> None:
    scanned = project_of(project, project)
    proposal = decouple(scanned, "shop:stamp")
    check = (
        "import inspect, shop; assert list(inspect.signature(shop.stamp).parameters) == ['a', 'b']"
    )
    scanned.root = project
    tried = write(scanned, proposal, [sys.executable, "-c", check])
    assert tried.outcome == "taken back"
    assert "AssertionError" in tried.told
    assert (project / "shop.py").read_bytes() == proposal.before


def test_the_tests_find_the_sources_though_nobody_installed_them(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/shop.py").write_text("import time\n\n\ndef now():\n    return time.time()\n")
    (tmp_path / "parity.toml").write_text('sources = ["src"]\n[java]\nclasspath = ["classes"]\n')
    scanned = project_of(tmp_path, None)
    proposal = decouple(scanned, "shop:now")
    tried = write(scanned, proposal, [sys.executable, "-c", "import shop; shop.now()"])
    assert tried.outcome == "written"


def test_the_command_writes_and_says_so(project: Path) -> None:
    command = [sys.executable, "-m", "parity", "decouple", "shop:stamp", "--path", str(project)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert "-    return (a,b, time.time( ))" in shown.stdout
    assert (project / "shop.py").read_text("utf-8") == SOURCE
    tests = f"{sys.executable} -c 'import shop; assert shop.stamp(1)[2] > 1'"
    done = subprocess.run([*command, "--write", "--tests", tests], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "clock is None" in (project / "shop.py").read_text("utf-8")


def test_tests_that_fail_already_tell_nothing(project: Path) -> None:
    command = [sys.executable, "-m", "parity", "decouple", "shop:stamp", "--path", str(project)]
    done = subprocess.run([*command, "--write", "--tests", "false"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "fail before anything is changed" in done.stderr
    assert (project / "shop.py").read_text("utf-8") == SOURCE


FOUND = """\
import functools
import logging

try:
    from secrets import randbits
except ImportError:
    from random import getrandbits as randbits

log = logging.getLogger()


def pick():
    return randbits(64)


def tell(path):
    try:
        return int(path)
    except ValueError:
        log.exception("no number")
        raise


def size(one):
    return len(one)


def store(value, kind):
    total = 0
    if kind == 1:
        total += size("a")
    elif kind == 2:
        total += size("b")
    else:
        reader = functools.partial(value.read, 4)
        for one in iter(reader, b""):
            total += size(one)
    total += 1
    return total


def all_of(path):
    with open(path, "rb") as file:
        return store(file, 3)


_ALL_SEEN = {}


def seen(key):
    _ALL_SEEN[key] = open(key)
    return _ALL_SEEN.setdefault(key, 1)


def __getattr__(name):
    return open(name)


def deep(value):
    total = size(value)
    for one in value:
        total += deep(one)
    with open(value) as file:
        total += len(file.read())
    return total


try:
    import colorama
except ImportError:
    colorama = None


def terminal(force):
    if colorama is None:
        raise SystemError("no colours")
    if force:
        colorama.deinit()
        colorama.init(strip=False)
    else:
        colorama.init()
"""


def found_in(tmp_path: Path, unit: str) -> Proposal:
    (tmp_path / "found.py").write_text(FOUND, "utf-8")
    return decouple(project_of(tmp_path, tmp_path), f"found:{unit}")


def test_what_is_imported_instead_takes_no_name(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "pick")
    assert [(one.kind, one.what) for one in proposal.seams] == [("random", "randbits")]


def test_a_traceback_that_a_log_shows_is_a_part_of_the_log(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "tell")
    assert (proposal.seams, proposal.refusals) == ((), ())


def test_what_only_calls_what_it_is_given_is_no_seam(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "store")
    assert proposal.seams == ()
    assert "only calls what it is given" in proposal.refusals[0].why


def test_names_of_constants_become_names_of_parameters(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "seen")
    named = {one.kind: one.parameter for one in proposal.seams}
    assert named["global state"] == "all_seen"


def test_python_itself_calls_getattr_of_a_module(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "__getattr__")
    assert proposal.seams == ()
    assert "python itself calls __getattr__" in proposal.refusals[0].why


def test_a_unit_is_no_port_of_itself(tmp_path: Path) -> None:
    assert [one.what for one in found_in(tmp_path, "deep").seams] == ["open"]


def test_of_a_module_that_may_be_missing_what_is_called_is_handed_in(tmp_path: Path) -> None:
    proposal = found_in(tmp_path, "terminal")
    assert [one.what for one in proposal.seams] == ["colorama.deinit", "colorama.init"]
    assert proposal.refusals == ()


def test_who_gives_an_object_gives_what_is_asked_of_it(tmp_path: Path) -> None:
    body = "    out = sys.stderr\n    sys.stderr.write(text)\n    return out\n"
    (tmp_path / "odd.py").write_text(f"import sys\ndef told(text):\n{body}", "utf-8")
    proposal = decouple(project_of(tmp_path, tmp_path), "odd:told")
    assert [one.what for one in proposal.seams] == ["sys.stderr"]
    assert proposal.refusals == ()


def test_what_is_not_seen_is_refused_and_never_nothing(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text("def run(code):\n    exec(code)\n", "utf-8")
    proposal = decouple(project_of(tmp_path, tmp_path), "odd:run")
    assert [(one.kind, one.line) for one in proposal.refusals] == [("dynamic", 2)]


@pytest.mark.usefixtures("usual_depth")
@pytest.mark.parametrize("depth", [400, 900])
def test_what_is_nested_too_deep_to_be_rewritten_is_refused(tmp_path: Path, depth: int) -> None:
    ways = "".join(f"    elif x == {n}:\n        return {n}\n" for n in range(1, depth))
    text = f"import time\ndef run(x):\n    if x == 0:\n        return time.time()\n{ways}"
    (tmp_path / "odd.py").write_text(text, "utf-8")
    proposal = decouple(project_of(tmp_path, tmp_path), "odd:run")
    assert (proposal.seams, proposal.after) == ((), proposal.before)
    assert ["too deep" in one.why for one in proposal.refusals] == [True]
