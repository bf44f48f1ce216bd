"""A report as a comment of a pull request, a badge, and annotations of a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from parity.report.html import PAGE, Page, cause_of, counts, whole
from parity.values.form import dumps

MARK: Final = "<!-- parity -->"
"""The first line: by it a comment is found that is to be edited in place."""
MOST_CHARACTERS: Final = 60_000
"""GitHub takes 65,536."""
ROWS, FINDINGS = 50, 20
LONGEST: Final = 160
COLOURS: Final = {
    "matched": "#1a7f37",
    "allowed": "#0a5673",
    "unknown": "#7d4e00",
    "differs": "#a40e26",
}
SIGNS: Final = {"matched": "✅", "allowed": "☑️", "unknown": "❔", "differs": "❌"}


def markdown(page: Page) -> str:
    """The verdict first, then what is not matched, then findings to be opened."""
    told = ", ".join(f"{count} {name}" for name, count in counts(page) if count)
    lines = [
        MARK,
        f"### {SIGNS[page.verdict]} parity: {page.verdict}",
        "",
        f"{whole(page)}: {told}.",
    ]
    rows = [one.told for one in page.units if one.told["verdict"] in ("differs", "unknown")]
    if rows:
        lines += ["", "| unit | verdict | fixtures | differs | cause |", "|---|---|---|---|---|"]
        lines += [_row(one) for one in rows[:ROWS]]
        if len(rows) > ROWS:
            lines.append(f"\nand {len(rows) - ROWS} more units")
    shown = [one for one in rows if one["findings"]][:FINDINGS]
    for one in shown:
        block = "\n".join(_findings(one))
        if sum(map(len, lines)) + len(block) > MOST_CHARACTERS:
            lines.append("\nThe rest is in the report.")
            break
        lines += ["", block]
    return "\n".join(lines) + "\n"


def build_lines(page: Page) -> Iterator[str]:
    """A line for each unit that differs or is unknown, as GitHub reads it from a log."""
    for one in page.units:
        told = one.told
        if told["verdict"] not in ("differs", "unknown"):
            continue
        first = next(iter(told["findings"]), None)
        text = f"{told['id']}: {told['verdict']}"
        place = ""
        if first is not None:
            text += f": {first['kind']} at {first['path']}; again: {first['again']}"
            file, _, line = (first["python_line"] or first["java_line"] or "").rpartition(":")
            place = f" file={_property(file)},line={line}" if file and line.isdigit() else ""
        elif "error" in told:
            text += f": {told['error']['what']}: {told['error']['why']}"
        level = "error" if told["verdict"] == "differs" else "warning"
        yield f"::{level}{place}::{_escaped(text)}"


def badge(page: Page) -> str:
    """The verdict as an SVG."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    matched = sum(one.told["verdict"] in ("matched", "allowed") for one in page.units)
    text = f"{page.verdict} {matched}/{len(page.units)}"
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
    )
    drawn = environment.get_template("badge.svg.j2")
    return drawn.render(text=text, width=58 + 7 * len(text), colour=COLOURS[page.verdict]) + "\n"


def _row(told: Mapping[str, Any]) -> str:
    causes = sorted({cause_of(one) for one in told["findings"]})
    if not causes and "error" in told:
        causes = [told["error"]["what"]]
    cells = [_code(told["id"]), told["verdict"], told["fixtures"], told["differs"]]
    return "| " + " | ".join(map(str, [*cells, _cell(", ".join(causes[:3]))])) + " |"


def _findings(told: Mapping[str, Any]) -> Iterator[str]:
    first = told["findings"][0]
    about = f"<code>{_html(told['id'])}</code>: {_html(cause_of(first))}"
    yield f"<details><summary>{about}</summary>\n"
    yield "```"
    yield f"fixture  {first['fixture']}"
    yield f"where    {first['path']}  ({first['kind']})"
    yield f"python   {_short(first['python'])}"
    yield f"java     {_short(first['java'])}"
    if first["cause"] and first["cause"].get("fix"):
        yield f"fix      {first['cause']['fix']}"
    places = [one for one in (first["python_line"], first["java_line"]) if one]
    if places:
        yield f"at       {'  '.join(places)}"
    yield f"again    {first['again']}"
    yield "```\n</details>"


def _short(value: Any) -> str:
    text = dumps(value).replace("```", "'''")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _code(text: str) -> str:
    return f"`{_cell(text).replace('`', chr(39))}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
