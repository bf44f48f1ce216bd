"""Pages in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MOST_SECONDS = 30_000


class Opened:
    """The pages in a browser, with all that it complains of or asks a network for."""

    def __init__(self, browser: Any, folder: Path, scheme: str = "light") -> None:
        self.page = browser.new_page(color_scheme=scheme)
        self.page.set_default_timeout(MOST_SECONDS)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda told: self.complaints.append(told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto((folder / "index.html").as_uri())
        self.page.wait_for_selector("tr.unit")

    def quiet(self) -> bool:
        """Nothing was complained of, and nothing but files was asked for."""
        return not self.complaints and all(one.startswith(("file:", "data:")) for one in self.asked)

    def units(self) -> list[str]:
        """The units of the list; what has not been laid out yet has a text all the same."""
        return [str(one) for one in self.page.locator("tr.unit a").all_text_contents()]
