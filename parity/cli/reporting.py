"""Verbs that tell others: report, status."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parity.cli.options import AS_JSON
from parity.cli.telling import cannot_be_written, print_json, print_rich
from parity.config import config_above, find_config

if TYPE_CHECKING:
    from parity.config import Config


@click.command("report")
@click.argument(
    "file", metavar="FILE", required=False, type=click.Path(allow_dash=True, path_type=Path)
)
@click.option(
    "--html",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pages into this folder, to be opened in a browser from wherever it lies.",
)
@click.option(
    "--md",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the comment of a pull request, or a step summary: $GITHUB_STEP_SUMMARY.",
)
@click.option(
    "--badge",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the verdict as an SVG.",
)
@click.option("--annotations", is_flag=True, help="Print what GitHub shows beside the code.")
@click.option(
    "--native",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each finding as a JUnit and a pytest test into this folder; they need no parity.",
)
@click.option(
    "--comment",
    metavar="PULL",
    help="Write or edit the one comment of a pull request at GitHub: 17, owner/name#17, or build.",
)
@click.option("--dry-run", is_flag=True, help="With --comment: print it, and write nothing.")
@click.option(
    "--strength",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `parity strength --json` has told, to be shown as well.",
)
@click.option(
    "--workflow",
    "workflows",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `parity run --workflow NAME --json` has told, to be shown as well; repeatable.",
)
@click.pass_obj
def report_(
    project: Path,
    file: Path | None,
    html: Path | None,
    md: Path | None,
    badge: Path | None,
    annotations: bool,
    native: Path | None,
    comment: str | None,
    dry_run: bool,
    strength: Path | None,
    workflows: tuple[Path, ...],
) -> int:
    """Shows a report of `parity run --json` (FILE, or - for what comes in) to people elsewhere.

    Nothing of the project is imported, compiled or run. It exits with 0 whatever the verdict.
    """
    from parity.pipeline.report import page_of, post_comment, read_report
    from parity.report import html as pages
    from parity.report import markdown as texts

    if file is None:
        raise click.UsageError(
            "say which run to show: parity run --json > run.json, then parity report run.json …"
        )
    if not (html or md or badge or annotations or native or comment):
        raise click.UsageError(
            "say what to write: --html, --md, --badge, --annotations, --native or --comment"
        )
    if dry_run and not comment:
        raise click.UsageError("--dry-run goes with --comment")
    report, config = read_report(file), config_above(project)
    page = page_of(
        config,
        report,
        read_report(strength) if strength is not None else None,
        [read_report(one) for one in workflows],
    )
    try:
        if html is not None:
            pages.write_html(page, html)
        if md is not None:
            md.write_text(texts.markdown(page), "utf-8")
        if badge is not None:
            badge.write_text(texts.badge(page), "utf-8")
        if native is not None:
            _write_native(config or find_config(project), report, native)
    except OSError as error:
        raise cannot_be_written(error) from None
    if annotations:
        for line in texts.build_lines(page):
            print(line)
    if comment is not None:
        text = texts.markdown(page)
        if dry_run:
            print(text, end="")
        print(post_comment(comment, text, os.environ, dry=dry_run), file=sys.stderr)
    if html is not None:
        print(f"next: open {html / 'index.html'}", file=sys.stderr)
    return 0


def _write_native(config: Config, report: Mapping[str, Any], folder: Path) -> None:
    from parity.pipeline.own_tests import write_own_tests

    tests = write_own_tests(config, report, folder)
    for line in tests.left_out:
        print(f"not written: {line}", file=sys.stderr)
    for file in tests.files:
        print(file)
    print(f"{tests.cases} tests in {len(tests.files)} files", file=sys.stderr)


@click.command()
@AS_JSON
@click.option(
    "--against",
    metavar="REF",
    help="Exit with 1 where a unit has come less far than where this branch left REF.",
)
@click.option("--burndown", is_flag=True, help="Tell what was proven when, from git's history.")
@click.option("--all", "every", is_flag=True, help="List each unit that is not done.")
@click.pass_obj
def status(project: Path, as_json: bool, against: str | None, burndown: bool, every: bool) -> int:
    """Says where each unit stands, and what to port next. It runs nothing of the project."""
    from parity.pipeline.status import status as stand

    ledger = stand(find_config(project), against, history=burndown)
    if as_json:
        from parity.report.status_document import status_document

        print_json(status_document(ledger))
    else:
        from parity.report.status import print_status, status_command

        print_rich(partial(print_status, ledger, every=every))
        print(f"next: {status_command(ledger)}", file=sys.stderr)
    return ledger.exit_status
