"""The HTML report of 2,000 units and 100,000 findings, in a real browser: line 10.1.

`python bench/pages.py [--units N] [--findings N] [--keep DIR]`. Needs Playwright and the system's
Chromium. Exits with 0 where it opens within 2 s and weighs at most 30 MB, else with 1.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from parity.report.html import Page, Shown, Source, write_html

SECONDS, MEGABYTES = 2.0, 30.0
PYTHON: Final = Source(
    "src/shop/prices.py", 10, "\n".join(f"    total += {n} // of" for n in range(30)), (12,)
)
JAVA: Final = Source(
    "src/main/java/com/example/Prices.java", 20, "\n".join(["    total = total / of;"] * 30), (22,)
)


def page(units: int, findings: int) -> Page:
    """A report of so many units, in which so many findings are spread."""
    each, rest = divmod(findings, units)
    shown = [_unit(number, each + (number < rest)) for number in range(units)]
    return Page("a large migration", "differs", tuple(shown))


def _unit(number: int, findings: int) -> Shown:
    told: dict[str, Any] = {
        "id": f"shop.part{number % 40}.module{number}:total_{number}",
        "java": f"com.example.part{number % 40}.Module{number}#total{number}(long,int)",
        "verdict": "differs" if findings else "matched",
        "fixtures": 200,
        "matched": 200 - findings,
        "allowed": 0,
        "differs": findings,
        "unknown": 0,
        "findings": [_finding(number, index) for index in range(findings)],
        "more_findings": 0,
        "allowances": [],
    }
    inputs = {one["fixture"]: f"[{number}, {one['fixture'][2:]}]" for one in told["findings"]}
    owner = f"@team-{number % 12}"
    flow = (f"Flow{number % 5}",) if number % 3 else ()
    return Shown(told, owner, flow, "ported", python=PYTHON, java=JAVA, inputs=inputs)


def _finding(number: int, index: int) -> dict[str, Any]:
    causes = ("floor-division", "half-even", "code-points", "long-overflow")
    cause = causes[(number + index // 13) % len(causes)]
    return {
        "fixture": f"r_{index:08d}",
        "verdict": "differs",
        "path": f"$.lines[{index}].net",
        "kind": "changed",
        "python": {"net": -index - 1, "name": f"Straße {number}", "rate": "0.19"},
        "java": {"net": -index, "name": f"Strasse {number}", "rate": "0.19"},
        "note": "",
        "cause": {"id": cause, "proven": True, "explains": 50, "of": 50, "fix": "Math.floorDiv"},
        "python_line": "src/shop/prices.py:12",
        "java_line": "src/main/java/com/example/Prices.java:22",
        "again": f"parity compare shop.part{number % 40}.module{number}:total_{number} "
        f"--fixture r_{index:08d}",
    }


def main() -> int:
    """Writes the pages, weighs them and opens them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2_000)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        began = time.monotonic()
        write_html(page(options.units, options.findings), folder)
        written = time.monotonic() - began
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
        opened, unit = seconds(folder, options.units)
    print(f"{options.units:,} units, {options.findings:,} findings: written in {written:.1f} s")
    print(f"{size:.1f} MB (at most {MEGABYTES:.0f})")
    print(f"opened in {opened:.2f} s (at most {SECONDS:.0f}), a unit in {unit:.2f} s")
    return 0 if size <= MEGABYTES and opened <= SECONDS else 1


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium, started."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("there is no chromium: apt-get install chromium")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def seconds(folder: Path, units: int) -> tuple[float, float]:
    """From the address to the whole list, and from a click to the findings of a unit."""
    with chromium() as browser:
        shown = browser.new_page()
        began = time.monotonic()
        shown.goto((folder / "index.html").as_uri())
        shown.wait_for_function("document.getElementById('shown').textContent.length > 0")
        shown.wait_for_function(f"document.querySelectorAll('tr.unit').length === {units}")
        opened = time.monotonic() - began
        began = time.monotonic()
        shown.locator("tr.unit a").first.click()
        shown.wait_for_selector("#unit .finding")
        unit = time.monotonic() - began
    return opened, unit


if __name__ == "__main__":
    sys.exit(main())
