"""The pages of `parity scan --html` for 5,000 units, in a real browser.

`python bench/scan_page.py [--units N] [--keep DIR]`. Needs Playwright and the system's Chromium.
Exits with 0 where units and graph are there, and a unit is opened, within 2 s each, else with 1.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

SECONDS: Final = 2.0
EACH: Final = 50


def main() -> int:
    """Writes a project, its pages, and opens them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=5_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write(folder, options.units)
        pages = options.keep or folder / "pages"
        command = [sys.executable, "-m", "parity", "scan", str(folder / "src")]
        subprocess.run([*command, "--html", str(pages)], check=True, stdout=subprocess.DEVNULL)
        weight = sum(one.stat().st_size for one in pages.rglob("*") if one.is_file()) / 1e6
        print(f"{options.units} units: {weight:.1f} MB")
        return 0 if _opened(pages) else 1


def _write(folder: Path, units: int) -> None:
    """Packages of modules that call one another, open files and ask the clock."""
    modules = units // EACH
    for at in range(modules):
        place = folder / "src" / f"pack{at % 12}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").touch()
        other = (at * 7 + 3) % modules
        lines = ["import time", f"from pack{other % 12} import m{other}", ""]
        for n in range(EACH):
            does = ("open(x).read()", "time.time()", f"m{other}.work_{(n * 3) % EACH}(x)", "x + 1")
            inner = f"work_{n - 1}(x) + " if n % 5 else ""
            lines += ["", f"def work_{n}(x):", f"    return {inner}{does[n % 4]}", ""]
        (place / f"m{at}.py").write_text("\n".join(lines), "utf-8")


def _opened(pages: Path) -> bool:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        began = time.perf_counter()
        page.goto((pages / "index.html").as_uri())
        page.wait_for_selector("#graph svg")
        page.wait_for_selector("tr.unit")
        first = time.perf_counter() - began
        page.screenshot(path=str(pages / "whole.png"))
        began = time.perf_counter()
        page.locator("tr.unit a").nth(3).click()
        page.wait_for_selector("#unit pre")
        second = time.perf_counter() - began
        page.screenshot(path=str(pages / "unit.png"))
        browser.close()
    print(f"units and graph: {first:.2f} s, a unit: {second:.2f} s (at most {SECONDS} each)")
    return max(first, second) <= SECONDS


if __name__ == "__main__":
    sys.exit(main())
