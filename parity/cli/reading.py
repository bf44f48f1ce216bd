"""Verbs that read a project: scan, map, decouple."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from parity.cli.options import AS_JSON
from parity.cli.telling import cannot_be_written, print_json, print_rich
from parity.config import find_config
from parity.desk import completed


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--confirm", is_flag=True, help="Run COMMAND, and say what of it that shows.")
@click.option(
    "--html",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pages into this folder, to be opened in a browser from wherever it lies.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@AS_JSON
@click.pass_obj
def scan(
    project: Path,
    path: Path | None,
    confirm: bool,
    html: Path | None,
    command: tuple[str, ...],
    as_json: bool,
) -> int:
    """Says what is in a project, or below PATH: units, effects, calls, couplings.

    It runs none of it, but for `--confirm . -- COMMAND`, which runs the tests, say, and adds what
    only a run shows.
    """
    from parity.pipeline.scan import confirm as confirmed
    from parity.pipeline.scan import scan as scanned

    if bool(command) != confirm:
        raise click.UsageError("--confirm PATH -- COMMAND needs both; without it there is none")
    found = confirmed(project, path, command) if confirm else scanned(project, path)
    if html is not None:
        _write_scan_page(project, path, found.document, html)
    if as_json:
        found.write(sys.stdout.buffer)
        return 0
    from parity.report.scan import print_scan

    print_rich(partial(print_scan, found.without_units, found.parts))
    print(f"next: parity scan{f' {path}' if path is not None else ''} --json", file=sys.stderr)
    return 0


def _write_scan_page(
    project: Path, path: Path | None, document: Mapping[str, Any], folder: Path
) -> None:
    from parity.pipeline.scan_page import page_of
    from parity.report.scan_page import write_scan_page

    try:
        write_scan_page(page_of(project, path, document), folder)
    except OSError as error:
        raise cannot_be_written(error) from None
    print(f"written: open {folder / 'index.html'}", file=sys.stderr)


@click.command("map")
@click.argument("units", nargs=-1, shell_complete=completed, metavar="[UNIT]...")
@AS_JSON
@click.option("--entries", is_flag=True, help="Print what names found as tables for the map.")
@click.option(
    "--merge-driver",
    "versions",
    nargs=3,
    metavar="BASE OURS THEIRS",
    type=click.Path(path_type=Path),
    help="Merge two versions of a map table by table into OURS, as git asks a merge driver to.",
)
@click.pass_obj
def map_(
    project: Path,
    units: tuple[str, ...],
    as_json: bool,
    entries: bool,
    versions: tuple[Path, Path, Path] | None,
) -> int:
    """Says which Java replaces which unit, and lists all that does not fit. It runs nothing.

    The map comes first, then @PortedFrom in class files, then names.
    """
    if versions is not None:
        from parity.mapping.merging import merge_files

        conflicts = merge_files(*versions)
        for table in conflicts:
            print(f"conflict: {table}", file=sys.stderr)
        return 1 if conflicts else 0
    from parity.pipeline.counterparts import counterparts
    from parity.report.counterparts_document import counterparts_document, tables_for

    found = counterparts(find_config(project), units)
    if as_json:
        print_json(counterparts_document(found))
    elif entries:
        print(tables_for(found), end="")
    else:
        from parity.report.counterparts import map_command, print_counterparts

        print_rich(partial(print_counterparts, found))
        print(f"next: {map_command(found)}", file=sys.stderr)
    return found.exit_status


@click.command()
@click.argument("unit", required=False, shell_complete=completed, metavar="[UNIT]")
@click.option(
    "--path",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A source root or a package, where it is not the sources of the config.",
)
@click.option("--only", multiple=True, metavar="KIND", help="Only this coupling; repeatable.")
@click.option("--write", is_flag=True, help="Make the change; taken back where the tests fail.")
@click.option("--tests", metavar="COMMAND", help="The project's own tests; else `tests`.")
@click.option("--asl", is_flag=True, help="Draft a state machine for an orchestrator instead.")
@click.option("--groups", is_flag=True, help="Of all units: which go into one Lambda, and why.")
@AS_JSON
@click.pass_obj
def decouple(
    project: Path,
    unit: str | None,
    path: Path | None,
    only: tuple[str, ...],
    write: bool,
    tests: str | None,
    asl: bool,
    groups: bool,
    as_json: bool,
) -> int:
    """Proposes where UNIT is taken apart from what is around it, as a diff.

    Nothing of the project is imported or run, but for its tests with --write.
    """
    from parity.pipeline.decouple import Tried, project_of, tests_of
    from parity.pipeline.decouple import decouple as proposed
    from parity.pipeline.decouple import write as written
    from parity.report.decouple import decouple_document, print_decoupled, status_of

    if groups == (unit is not None) or (groups and (asl or write or only or tests)):
        raise click.UsageError("name one UNIT, or ask for --groups of all (with --path and --json)")
    scanned = project_of(project, path)
    if unit is None:
        from parity.pipeline.decouple import groups as grouped
        from parity.report.decouple import groups_document, print_groups

        found = grouped(scanned)
        if as_json:
            print_json(groups_document(found))
        else:
            print_groups(found)
        return 0
    if asl:
        if write or only or tests:
            raise click.UsageError("--asl goes with --path and --json only")
        from parity.pipeline.drafts import drafted
        from parity.report.decouple import draft_status, print_draft

        draft = drafted(scanned, unit)
        print_draft(draft, as_json=as_json)
        return draft_status(draft)
    proposal = proposed(scanned, unit, only)
    tried = Tried(proposal, "proposed" if proposal.seams else "nothing")
    if write:
        tried = written(scanned, proposal, tests_of(scanned, tests))
    if as_json:
        print_json(decouple_document(proposal, tried.outcome, tried.told))
    else:
        print_decoupled(proposal, tried.outcome, tried.told)
    return status_of(proposal, tried.outcome)
