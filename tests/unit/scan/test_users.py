"""Files that are left out as tests show how the rest is used, and are nothing of the report."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import pytest

from parity.errors import ConfigError
from parity.pipeline.scan import confirm, scan
from parity.scan import ScanOptions, gather, keeping, scanning

CODE = {
    "shop/__init__.py": "",
    "shop/bill.py": """
        class Sink:
            def put_line(self, line):
                return line

        class Bill:
            def __init__(self, sink, after):
                self.sink, self.after = sink, after

            def close(self):
                self.after(self)
                return self.sink.put_line(1)

        def sent(bill):
            return bill

        def kept(bill):
            return bill

        def pump(source):
            return source.read_all()

        class Tank:
            def read_all(self):
                return 1

        class Pool:
            def read_all(self):
                return 2

        class Base:
            def run(self):
                return self.step()

            def step(self):
                return 0

        def drive(what):
            return what.run()

        class Sum:
            @property
            def whole(self):
                return 1

            def __str__(self):
                return "1"

            def __getitem__(self, key):
                return key

        def whole_of(what):
            return what.whole

        def text_of(what):
            return str(what)

        def first_of(what):
            return what[0]

        def in_order(rows, by):
            return sorted(rows, key=by)

        def made_by(kind):
            return kind(1, 2)

        def push(connection):
            return connection.sendall(1)
    """,
}


def project(folder: Path, files: dict[str, str], config: str = 'sources = ["."]\n') -> Path:
    for name, text in {**CODE, **files, "parity.toml": config}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text), "utf-8")
    return folder


def report(folder: Path, files: dict[str, str], config: str = 'sources = ["."]\n') -> Any:
    return scan(project(folder, files, config)).document


def unit(document: Any, name: str) -> Any:
    return next(one for one in document["units"] if one["id"] == f"shop.bill:{name}")


def calls(document: Any, name: str) -> dict[str, str]:
    return {
        one["to"].removeprefix("shop.bill:"): one["how"] for one in unit(document, name)["calls"]
    }


TEST = "from shop.bill import *\n"


def test_a_callback_that_only_a_test_hands_over_is_a_target(tmp_path: Path) -> None:
    text = f"{TEST}def test_it(): Bill(Sink(), sent).close()\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert calls(found, "Bill.close")["sent"] == "by use"
    assert not unit(found, "Bill.close")["unresolved"]
    assert unit(found, "Bill.close")["own_class"] == "pure"


def test_what_is_found_without_tests_is_said_as_before(tmp_path: Path) -> None:
    text = f"{TEST}def test_it(): Bill(Sink(), sent).close()\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert calls(found, "Bill.close")["Sink.put_line"] == "by name"


def test_tests_are_no_units_and_not_counted(tmp_path: Path) -> None:
    without = report(tmp_path / "a", {}, 'sources = ["."]\n[scan]\nusers = []\n')
    broken = "import socket\nBAG = {}\ndef test_it(:\n"
    busy = "import socket\nSEEN = []\ndef test_it():\n    SEEN.append(socket.socket())\n"
    files = {
        "shop/tests/test_broken.py": broken,
        "shop/tests/test_busy.py": f"from shop import bill\n{busy}",
    }
    found = report(tmp_path / "b", files)
    (note,) = found["notes"]
    assert (note["kind"], note["file"]) == ("excluded", "shop/tests")
    assert "read for what it shows" in note["text"]
    for name in set(found) - {"notes", "roots", "times"}:
        assert found[name] == without[name], name


ONLY_OF_TESTS = {
    "a function of a test": (
        "def fake(bill): print(bill)\ndef test_it(): Bill(Sink(), fake).close()"
    ),
    "a lambda of a test": "def test_it(): Bill(Sink(), lambda bill: open('x')).close()",
    "an object of the outside": (
        "import subprocess\ndef test_it(): Bill(Sink(), subprocess.run).close()"
    ),
    "a mock": ("from unittest import mock\ndef test_it(): Bill(mock.Mock(), mock.Mock()).close()"),
    "a stream": "import io\ndef test_it(): pump(io.BytesIO())",
}


@pytest.mark.parametrize("case", ONLY_OF_TESTS)
def test_what_is_only_of_tests_changes_nothing(tmp_path: Path, case: str) -> None:
    without = report(tmp_path / "a", {}, 'sources = ["."]\n[scan]\nusers = []\n')
    found = report(tmp_path / "b", {"shop/tests/test_bill.py": f"{TEST}{ONLY_OF_TESTS[case]}\n"})
    for name in ("units", "couplings", "totals", "groups", "shared"):
        assert found[name] == without[name], name


def test_a_call_that_goes_to_a_test_too_is_not_unknown(tmp_path: Path) -> None:
    text = f"{TEST}Bill(Sink(), sent)\nBill(Sink(), lambda bill: 1)\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert calls(found, "Bill.close")["sent"] == "by use"
    assert unit(found, "Bill.close")["own_class"] == "pure"


def test_a_call_that_tests_also_lead_outside_stays_unknown(tmp_path: Path) -> None:
    text = f"{TEST}import subprocess\nBill(Sink(), sent)\nBill(Sink(), subprocess.run)\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    close = unit(found, "Bill.close")
    assert calls(found, "Bill.close")["sent"] == "by use"
    assert [(one["kind"], one["api"]) for one in close["effects"] if not one["via"]] == [
        ("unknown", "self.after")
    ]
    assert not close["unresolved"]


def test_a_property_that_only_tests_show_is_called(tmp_path: Path) -> None:
    others = "".join(f"class S{n}:\n @property\n def whole(self): pass\n" for n in range(4))
    files = {"shop/many.py": others, "shop/tests/test_bill.py": f"{TEST}whole_of(Sum())\n"}
    found = report(tmp_path, files)  # more than a name alone tells apart
    assert calls(found, "whole_of") == {"Sum.whole": "by use"}


ASKED = {
    "an element": (
        "def f(x):\n    for one in x: pass\n",
        "C.__iter__",
        "def __iter__(self): return self",
    ),
    "a block": ("def f(x):\n    with x: pass\n", "C.__exit__", "def __exit__(self, *args): pass"),
    "a name": (
        "def f(x): return x.odd\n",
        "C.__getattr__",
        "def __getattr__(self, name): return 1",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_a_place_asks_without_a_call_is_shown_by_tests_too(tmp_path: Path, case: str) -> None:
    text, name, method = ASKED[case]
    files = {
        "shop/bill.py": f"{text}class C:\n    {method}\n",
        "shop/tests/test_bill.py": f"{TEST}f(C())\n",
    }
    assert calls(report(tmp_path, files), "f") == {name: "by use"}


def test_a_class_that_only_tests_hand_over_is_made(tmp_path: Path) -> None:
    found = report(tmp_path, {"shop/tests/test_bill.py": f"{TEST}made_by(Bill)\n"})
    assert calls(found, "made_by") == {"Bill": "by use", "Bill.__init__": "by use"}


def test_what_all_values_are_asked_says_nothing(tmp_path: Path) -> None:
    text = f"{TEST}text_of(Sum())\nfirst_of(Sum())\nin_order([], sent)\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert not calls(found, "text_of")
    assert not calls(found, "first_of")
    assert not calls(found, "in_order")


def test_a_name_that_says_what_is_done_is_believed_whatever_tests_put_in(tmp_path: Path) -> None:
    text = f"{TEST}class Fake: pass\nfake = Fake()\nfake.sendall = kept\npush(fake)\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert calls(found, "push") == {"kept": "by use"}
    (effect,) = unit(found, "push")["effects"]
    assert (effect["kind"], effect["api"]) == ("network", "?.sendall")


def test_an_instance_of_a_test_brings_what_it_inherits(tmp_path: Path) -> None:
    text = f"{TEST}class Own(Base):\n    def step(self): return open('x')\ndrive(Own())\n"
    found = report(tmp_path, {"shop/tests/test_bill.py": text})
    assert calls(found, "drive")["Base.run"] in ("by name", "by use")
    assert calls(found, "Base.run") == {"Base.step": "self"}
    assert unit(found, "Base.run")["class"] == "pure"


def test_a_call_that_tests_lead_everywhere_says_nothing(tmp_path: Path) -> None:
    many = "".join(f"def t{n}(bill): return bill\n" for n in range(60))
    files = {"shop/many.py": many}
    text = f"{TEST}from shop import many\n" + "".join(
        f"Bill(Sink(), many.t{n})\n" for n in range(60)
    )
    found = report(tmp_path, {**files, "shop/tests/test_bill.py": text})
    assert not any(how == "by use" for how in calls(found, "Bill.close").values())
    assert unit(found, "Bill.close")["unresolved"]


PLACES = {
    "beside the sources": ("tests/test_bill.py", 'sources = ["src"]\n', True),
    "beside the folder above": ("part/tests/test_bill.py", 'sources = ["part/src"]\n', True),
    "by a path": ("qa/deep/test_bill.py", 'sources = ["src"]\n[scan]\nusers = ["qa/*"]\n', True),
    "a file by its name": (
        "src/shop/bill_test.py",
        'sources = ["src"]\n[scan]\nexclude = ["*_test.py"]\nusers = ["*_test.py"]\n',
        True,
    ),
    "another name": ("src/shop/qa/bill.py", 'sources = ["src"]\n[scan]\nexclude = ["qa"]\n', False),
    "a folder that is named for tests": ("src/shop/test_it/test_a.py", 'sources = ["src"]\n', True),
    "the same beside the sources": ("test_shop/test_bill.py", 'sources = ["src"]\n', True),
    "switched off": ("tests/test_bill.py", 'sources = ["src"]\n[scan]\nusers = []\n', False),
    "not left out": ("src/shop/tests/a.py", 'sources = ["src"]\n[scan]\nexclude = []\n', False),
    "above the config": ("../tests/test_bill.py", 'sources = ["src"]\n', False),
}


@pytest.mark.parametrize("case", PLACES)
def test_users_are_found_where_the_config_says(tmp_path: Path, case: str) -> None:
    file, config, is_read = PLACES[case]
    source = config.partition('["')[2].partition('"')[0]
    folder = tmp_path / "project"
    for name, text in CODE.items():
        place = folder / source / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text), "utf-8")
    place = folder / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{TEST}def test_it(): Bill(Sink(), sent)\n", "utf-8")
    (folder / "parity.toml").write_text(config, "utf-8")
    found = scan(folder).document
    assert (calls(found, "Bill.close").get("sent") == "by use") == is_read
    assert any("read for what it shows" in one["text"] for one in found["notes"]) == is_read


@pytest.mark.parametrize("mark", ["setup.py", "pyproject.toml", ".git/config"])
def test_without_a_config_the_folder_of_a_project_is_known_by_what_lies_there(
    tmp_path: Path, mark: str
) -> None:
    folder = project(tmp_path / "src", {})
    (folder / "parity.toml").unlink()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_bill.py").write_text(f"{TEST}Bill(Sink(), sent)\n", "utf-8")
    assert "sent" not in calls(scan(folder, folder / "shop").document, "Bill.close")
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).write_text("", "utf-8")
    assert "sent" in calls(scan(folder, folder / "shop").document, "Bill.close")


def test_a_path_that_leads_out_of_the_project_is_an_error(tmp_path: Path) -> None:
    config = 'sources = ["."]\n[scan]\nusers = ["/etc", "../tests"]\n'
    with pytest.raises(ConfigError) as caught:
        report(tmp_path, {}, config)
    assert [one.where for one in caught.value.problems] == ["scan.users[0]", "scan.users[1]"]


NO_TESTS = {
    "no test in it": ("test_it/test_a.py", "def check(): return 1\n", ""),
    "no module of tests": ("test_it/a.py", "def test_it(): return 1\n", ""),
    "another name": ("trial/test_a.py", "def test_it(): return 1\n", ""),
    "tests are not left out": ("test_it/test_a.py", "def test_it(): return 1\n", "exclude = []\n"),
}


@pytest.mark.parametrize("case", NO_TESTS)
def test_a_folder_is_one_of_tests_by_its_name_and_what_is_in_it(tmp_path: Path, case: str) -> None:
    file, text, config = NO_TESTS[case]
    found = report(tmp_path, {f"shop/{file}": text}, f'sources = ["."]\n[scan]\n{config}')
    module = file.removesuffix(".py").replace("/", ".")
    assert any(one["id"].startswith(f"shop.{module}:") for one in found["units"])
    assert not [one for one in found["notes"] if one["kind"] == "excluded"]


def test_fixtures_of_pytest_hand_over_what_they_give(tmp_path: Path) -> None:
    files = {
        "tests/conftest.py": f"{TEST}import pytest\n@pytest.fixture\ndef then(): yield sent\n",
        "tests/deep/test_bill.py": f"{TEST}def test_it(then): Bill(Sink(), then).close()\n",
        "tests/deep/help.py": f"{TEST}def helped(then): Bill(Sink(), then).close()\n",
    }
    found = report(tmp_path, files)
    assert calls(found, "Bill.close")["sent"] == "by use"
    (tmp_path / "tests" / "deep" / "test_bill.py").unlink()
    assert "sent" not in calls(scan(tmp_path).document, "Bill.close")


def test_examples_in_docstrings_of_tests_are_read(tmp_path: Path) -> None:
    text = """
        '''What a bill does.

        >>> from shop.bill import Bill, Sink, sent
        >>> class Other(Sink):
        ...     pass
        >>> print "not this one"
        >>> Bill(Other(), sent).close()
        1
        '''
        def test_odd():
            '''
            >>> from shop.bill import *
            >>>Bill(Sink(), kept)
            '''
    """
    found = report(tmp_path, {"tests/test_bill.py": text})
    assert calls(found, "Bill.close")["sent"] == "by use"
    assert "kept" not in calls(found, "Bill.close")


def test_examples_of_the_code_itself_are_not(tmp_path: Path) -> None:
    text = "'''\n>>> from shop.bill import *\n>>> Bill(Sink(), sent)\n'''\n"
    found = report(tmp_path, {"shop/other.py": text})
    assert "sent" not in calls(found, "Bill.close")


def test_helpers_of_tests_are_read_with_them(tmp_path: Path) -> None:
    files = {
        "tests/support.py": "def made(then): return bill.Bill(bill.Sink(), then)\n"
        "from shop import bill\n",
        "tests/deep/given.py": "def chosen(module): return module.kept\n",
        "tests/deep/test_bill.py": "import given\nfrom tests.support import made, bill\n"
        "def test_it(): made(given.chosen(bill))\n",
    }
    assert calls(report(tmp_path, files), "Bill.close")["kept"] == "by use"


def test_users_join_no_groups(tmp_path: Path) -> None:
    files = {
        "till/__init__.py": "def ring(then): return then()\ndef rung(): return 1\n",
        "tests/test_both.py": f"{TEST}import till\ntill.ring(till.rung)\nBill(Sink(), sent)\n",
        "tests/test_neither.py": "import json\n",
    }
    folder = project(tmp_path, files)
    options = ScanOptions([folder], folder, ["tests"], users=["tests"])
    planned = scanning.plan(gather(options))
    assert len(planned.components) == 2
    named = [[planned.kept.sources[at].module for at in group] for group in planned.users]
    assert named == [["tests.test_both"], ["tests.test_both"]]
    found = scan(folder).document
    assert calls(found, "Bill.close")["sent"] == "by use"
    ring = next(one for one in found["units"] if one["id"] == "till:ring")
    assert [one["how"] for one in ring["calls"]] == ["by use"]


def test_imports_of_tests_say_nothing_of_the_root(tmp_path: Path) -> None:
    wrong = "import bill\n" * 40
    found = report(tmp_path, {"shop/tests/test_bill.py": f"{wrong}bill.Bill(1, bill.sent)\n"})
    assert [one["kind"] for one in found["notes"]] == ["excluded"]


def test_tests_that_run_are_no_units_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{TEST}def fake(bill): return kept(bill)\nBill(Sink(), fake).close()\n"
    folder = project(tmp_path, {"shop/tests/__init__.py": "", "shop/tests/run.py": text})
    monkeypatch.chdir(folder)
    found = confirm(folder, None, [sys.executable, "-m", "shop.tests.run"]).document
    assert not [one for one in found["units"] if "tests" in one["id"]]
    assert not unit(found, "kept")["calls"]
    assert unit(found, "kept")["ran"]
    seen = [one for one in unit(found, "Bill.close")["calls"] if one["seen"]]
    assert [one["to"] for one in seen] == ["shop.bill:Sink.put_line"]


def test_a_test_that_changes_is_noticed(tmp_path: Path) -> None:
    text = f"{TEST}Bill(Sink(), sent)\n"
    assert "sent" in calls(report(tmp_path, {"tests/test_bill.py": text}), "Bill.close")
    assert scan(tmp_path).cached
    (tmp_path / "tests" / "test_bill.py").write_text(f"{TEST}Bill(Sink(), kept)\n", "utf-8")
    found = calls(scan(tmp_path).document, "Bill.close")
    assert "kept" in found
    assert "sent" not in found
    shutil.rmtree(tmp_path / "tests")
    assert "kept" not in calls(scan(tmp_path).document, "Bill.close")


def test_users_that_are_worth_a_process_show_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"tests/test_bill.py": f"{TEST}Bill(Sink(), sent)\nwhole_of(Sum())\n"}
    alone = scan(project(tmp_path / "a", files)).document
    monkeypatch.setattr(keeping, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(keeping, "_processors", lambda: 2)
    found = scan(project(tmp_path / "b", files)).document
    assert (found["units"], found["totals"]) == (alone["units"], alone["totals"])


def test_a_process_that_is_killed_is_told_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_processors", lambda: 2)
    here = os.getpid()
    with (
        pytest.raises(BrokenExecutor),
        keeping.meanwhile(lambda: os.getpid() != here and os.kill(os.getpid(), 9), 1 << 30) as made,
    ):
        made()


def test_what_fails_in_a_process_of_its_own_fails_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_processors", lambda: 2)
    with pytest.raises(ZeroDivisionError), keeping.meanwhile(lambda: 1 // 0, 1 << 30) as made:
        made()
