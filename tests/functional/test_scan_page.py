"""`parity scan --html`: what its pages hold, and that a person finds a unit in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.browsing import Opened
from tests.functional.conftest import Project

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/clock.py": "import time\n\n\ndef stamp():\n    return time.time()\n",
    "src/shop/bill.py": """\
import socket

from shop.clock import stamp

HOSTILE = "</script><img src=x onerror=alert(1)>"


def bill(x):
    return {"at": stamp(), "x": x}


def send(x):
    with socket.create_connection(("localhost", 1)) as line:
        line.sendall(str(bill(x)).encode())
""",
    "parity.map.toml": '[unit."shop.bill:bill"]\njava = "shop.Bill#bill"\nowner = "@billing"\n',
}


@pytest.fixture
def written(project: Project) -> Path:
    """The pages of a project with a clock and a network."""
    project.write(FILES)
    told = project.parity("scan", "--html", str(project.folder / "pages"))
    assert told.status == 0, told.text
    assert "index.html" in told.err
    return project.folder / "pages"


def loaded(file: Path, function: str) -> Any:
    """What a file of the pages hands over."""
    text = file.read_text("ascii")
    assert text.startswith(f"{function}(")
    inside = text.removeprefix(f"{function}(").rstrip().removesuffix(");")
    return json.loads(inside if function == "parityScan" else inside.partition(",")[2])


def test_the_pages_hold_units_calls_ports_and_counterparts(written: Path) -> None:
    scan = loaded(written / "scanned.js", "parityScan")
    units = {unit[0]: unit for unit in scan["units"]}
    at = list(units)
    bill, send, stamp = (units[f"shop.{one}"] for one in ("bill:bill", "bill:send", "clock:stamp"))
    assert (bill[3:5], stamp[4], send[4]) == (["seedable", "pure"], "seedable", "port")
    assert bill[6] == [at.index("shop.clock:stamp")]
    assert at.index("shop.bill:bill") in send[6]
    assert [scan["ports"][port] for port in send[7]] == [["network", "socket"]]
    assert [scan["ports"][port] for port in stamp[7]] == [["clock", "time"]]
    assert bill[9:11] == ["shop.Bill#bill", "ported"]
    file = loaded(written / "files" / f"{bill[1]}.js", "parityFile")
    assert file["text"] == FILES["src/shop/bill.py"]
    told = file["units"][str(at.index("shop.bill:bill"))]
    (effect,) = [one for one in told["effects"] if one["kind"] == "clock"]
    assert (effect["via"], effect["file"], effect["line"]) == (
        ["shop.clock:stamp"],
        "src/shop/clock.py",
        5,
    )


def test_nothing_in_a_source_ends_the_script_that_holds_it(written: Path) -> None:
    texts = [one.read_text("ascii") for one in (written / "files").iterdir()]
    assert any("onerror=alert(1)" in text for text in texts)
    assert not any("</script" in text for text in texts)


def test_a_person_finds_a_unit_its_source_and_its_port(browser: Any, written: Path) -> None:
    opened = Opened(browser, written)
    shown = opened.page
    assert set(opened.units()) >= {"shop.bill:bill", "shop.bill:send", "shop.clock:stamp"}
    drawn = shown.locator("#graph svg text").all_text_contents()
    assert {"network socket", "clock time", "⚄ bill (shop.bill)"} <= set(drawn)
    shown.locator("#port").select_option("network")
    assert opened.units() == ["shop.bill:send"]
    shown.locator("#graph a").first.click()
    shown.wait_for_selector("#unit pre .l.marked")
    text = shown.locator("#unit").inner_text()
    assert "shop.bill:send" in text
    assert "network: socket.create_connection" in text
    assert "by way of" in text
    assert "src/shop/bill.py:12" in text
    marked = " ".join(shown.locator("pre .l.marked").all_inner_texts())
    assert "socket.create_connection" in marked
    shown.locator(".near a", has_text="bill (shop.bill)").click()
    shown.wait_for_selector("#unit h2:has-text('shop.bill:bill')")
    assert "shop.Bill#bill" in shown.locator("#unit").inner_text()
    shown.keyboard.press("Escape")
    shown.wait_for_selector("#units:not([hidden])")
    assert opened.quiet(), (opened.complaints, opened.asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_engine_finds_nothing_in_a_scan(
    browser: Any, written: Path, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    opened = Opened(browser, written, scheme)
    for wait in ("tr.unit", "#unit pre"):
        if wait != "tr.unit":
            opened.page.locator("tr.unit a").first.click()
            opened.page.wait_for_selector(wait)
        found = axe.Axe().run(opened.page)
        assert found.violations_count == 0, found.generate_report()
