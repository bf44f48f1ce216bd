"""`parity record --standalone`: one file that records elsewhere, judged here by what it wrote."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import Project
from tests.unit.sides.python.test_interpreters import FOUND

SHOP = """\
import asyncio
import threading


class Cart(object):
    def __init__(self, n):
        self.n = n

    def add(self, k, *more, **named):
        self.n += k + len(more) + len(named)
        return self.n


def half(n, by=2):
    if n < 0:
        raise ValueError("negative")
    return {"half": n // by, "rest": n % by}


def mail(address, names):
    if address in names:
        return "to %s" % address.split("@")[0]
    return None


async def later(n):
    await asyncio.sleep(0)
    return [n, (n, n)]


def by_thread(n):
    done = []
    one = threading.Thread(target=done.append, args=(n,))
    one.start()
    one.join()
    return done
"""
APP = """\
import asyncio
import subprocess
import sys

import shop

for n in range(-2, 9):
    try:
        shop.half(n, 2)
    except ValueError:
        pass
if "child" in sys.argv:
    sys.exit(7)
shop.half(9, 4)
shop.Cart(2).add(3, 1, 1, x=2)
shop.mail("ann@globex-mail.com", ["bob@globex-mail.com", "ann@globex-mail.com"])
shop.mail("zoe@globex-mail.com", [])
asyncio.get_event_loop_policy().new_event_loop().run_until_complete(shop.later(5))
shop.by_thread(4)
sys.exit(subprocess.call([sys.executable, "app.py", "child"]))
"""
UNITS = ["half", "Cart.add", "mail", "later", "by_thread"]


@pytest.fixture
def alone(project: Project) -> Path:
    """The recorder as one file, in a folder of its own with a program."""
    entries = [
        f'[unit."shop:{name}"]\njava = "shop.Java#{name.replace(".", "_")}"\njudge = "recorded"\n'
        for name in UNITS
    ]
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    project.write({"parity.map.toml": "".join(entries)})
    (project.folder / "src/shop.py").write_text("raise SystemExit('python is gone')\n")
    elsewhere = project.folder / "elsewhere"
    elsewhere.mkdir()
    told = project.parity("record", "--standalone", str(elsewhere / "recorder.py"))
    assert told.status == 0, told.text
    (elsewhere / "shop.py").write_text(SHOP)
    (elsewhere / "app.py").write_text(APP)
    return elsewhere


def python(interpreter: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [interpreter, *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_it_is_python_3_6_and_needs_nothing_but_the_standard_library(alone: Path) -> None:
    text = (alone / "recorder.py").read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 6))
    parts = next(
        json.loads(ast.literal_eval(node.value.args[0]))
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.targets[0], "id", "") == "PARTS"
    )
    assert set(parts) >= {"sitecustomize.py", "_parity_watch.py", "_parity_mask.py"}
    for source in (text, *parts.values()):
        for node in ast.walk(ast.parse(source, feature_version=(3, 6))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            own = {"zoneinfo", "_parity_form", "_parity_watch", "contextvars"}
            for name in names:
                assert name.partition(".")[0] in sys.stdlib_module_names | own


OLDEST = FOUND[min(FOUND, key=lambda one: int(one[2:]))] if FOUND else sys.executable


def recorded(alone: Path, interpreter: str) -> Path:
    """What the program gives to the recorder in an interpreter, settled there."""
    out = alone / "rec.jsonl"
    out.unlink(missing_ok=True)
    told = python(interpreter, alone, "recorder.py", "--out", out.name, "--", interpreter, "app.py")
    assert told.returncode == 7, told.stderr
    assert "globex" not in out.read_text("ascii")
    settled = python(interpreter, alone, "recorder.py", "--settle", out.name, ".")
    assert "2 observed anew, 0 not" in settled.stderr, settled.stderr
    assert [path.name for path in alone.iterdir() if "recording" in path.name] == []
    return out


def test_what_it_records_is_judged_here(project: Project, alone: Path) -> None:
    taken = project.parity("record", "--json", "--from", str(recorded(alone, OLDEST)))
    assert taken.status == 0, taken.text
    report = json.loads(taken.out.splitlines()[-1])
    assert {unit["id"]: unit["fixtures"] for unit in report["units"]} == {
        "shop:half": 12,
        "shop:Cart.add": 1,
        "shop:mail": 2,
        "shop:later": 1,
        "shop:by_thread": 1,
    }
    assert report["processes"] == 2
    assert {unit["id"]: unit["calls"] for unit in report["units"]}["shop:half"] == 23
    java = "package shop;\n\nimport java.util.*;\n\npublic final class Java {\n"
    java += "  public static Map<String, Long> half(long n, int by) {\n"
    java += '    if (n < 0) { throw new IllegalArgumentException("negative"); }\n'
    java += '    return Map.of("half", Math.floorDiv(n, by), "rest", n % by);\n  }\n'
    java += "  public static String mail(String address, List<String> names) {\n"
    java += '    return names.contains(address) ? "to " + address.split("@")[0] : null;\n  }\n}\n'
    told = project.write({"java/shop/Java.java": java}).javac().run("shop:half", "shop:mail")
    units: list[dict[str, Any]] = told.report["units"]
    shown = [(one["id"], one["matched"], one["differs"], one["unknown"]) for one in units]
    assert shown == [("shop:half", 12, 0, 0), ("shop:mail", 2, 0, 0)], told.text


def test_what_is_masked_and_not_settled_is_not_judged(project: Project, alone: Path) -> None:
    out = alone / "rec.jsonl"
    python(sys.executable, alone, "recorder.py", "--out", out.name, "--", sys.executable, "app.py")
    told = project.parity("record", "--json", "--from", str(out))
    (mail,) = (
        unit for unit in json.loads(told.out.splitlines()[-1])["units"] if unit["id"] == "shop:mail"
    )
    (why,) = mail["lost"]
    assert why.startswith("masked, and python cannot be run here")
    assert mail["fixtures"] == 0


def test_every_python_records_the_same(alone: Path) -> None:
    told = {}
    for version, interpreter in FOUND.items():
        text = recorded(alone, interpreter).read_text("ascii")
        lines = [json.loads(line) for line in text.splitlines()]
        told[version] = {
            json.dumps([line["unit"], line["fixture"]], sort_keys=True)
            for line in lines
            if "fixture" in line and "hidden" not in line
        }
    assert all(one == told[min(told)] for one in told.values())
