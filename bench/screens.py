"""docs/screens anew: pages of a report as a browser shows them.

`make screens` (`python bench/screens.py [--out DIR]`). The list is that of the sample, as it runs
here; the unit is that of the README, whose Java divides with `/`. Needs Playwright and the system's
Chromium.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.pages import chromium
from parity.config import find_config
from parity.pipeline.report import page_of
from parity.report.html import write_html
from tests.functional.test_readme import project_of_the_readme

ROOT: Final = Path(__file__).resolve().parent.parent
OUT: Final = ROOT / "docs" / "screens"
SIZE: Final = {"width": 1200, "height": 760}


def pages(project: Path, folder: Path) -> Path:
    """The pages of a run of a project."""
    command = [sys.executable, "-m", "parity", "-C", str(project), "run", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(done.stderr)
    write_html(page_of(find_config(project), json.loads(done.stdout)), folder)
    return folder / "index.html"


def shoot(browser: Any, page: Path, scheme: str, clicks: Sequence[str], to: Path) -> None:
    """What a browser shows after some clicks."""
    shown = browser.new_page(color_scheme=scheme, viewport=SIZE)
    shown.goto(page.as_uri())
    shown.wait_for_selector("tr.unit")
    for one in clicks:
        shown.locator(one).first.click()
    if clicks:
        shown.wait_for_selector("#unit .finding")
    shown.screenshot(path=str(to))
    shown.close()


def main() -> None:
    """Runs both projects, and shoots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        place = Path(temporary)
        listed = pages(ROOT, place / "list")
        readme = place / "billing"
        readme.mkdir()
        unit = pages(project_of_the_readme(readme).folder, place / "unit")
        shoot(browser, listed, "light", (), out / "list.png")
        shoot(browser, unit, "dark", ("tr.unit a",), out / "unit.png")
    for file in sorted(out.glob("*.png")):
        print(f"{file.relative_to(ROOT) if out == OUT else file}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
