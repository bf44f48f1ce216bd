"""Verbs that begin: init, doctor, port."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from parity.cli.options import AS_JSON
from parity.cli.telling import answer, print_rich, run_table
from parity.config import find_config
from parity.desk import completed
from parity.report.progress import shown


@click.command()
@click.option("--yes", is_flag=True, help="Ask nothing: build, record the tests, make inputs, run.")
@click.option("--no-run", is_flag=True, help="Read only: build and run nothing of the project.")
@click.option(
    "--sources",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="A root of the Python side, where it is not what is found; repeatable.",
)
@click.option(
    "--classpath",
    "class_path",
    multiple=True,
    metavar="ENTRY",
    help="A folder of classes or a pattern of jars, instead of a build; repeatable.",
)
@click.option("--tests", metavar="COMMAND", help="The project's own tests, to be recorded.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=25,
    show_default=True,
    metavar="N",
    help="Units to try, the surest first.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.5),
    default=4.0,
    show_default=True,
    metavar="S",
    help="Seconds a unit in which inputs are made.",
)
@AS_JSON
@click.pass_obj
def init(
    project: Path,
    yes: bool,
    no_run: bool,
    sources: tuple[str, ...],
    class_path: tuple[str, ...],
    tests: str | None,
    most: int,
    seconds: float,
    as_json: bool,
) -> int:
    """Sets a repository up: writes config and map, makes fixtures, ends with a first verdict.

    It never writes over a file. On a terminal it asks before it builds or runs anything.
    """
    import shlex

    from parity.pipeline.init import InitOptions
    from parity.pipeline.init import init as begin
    from parity.report.init import begun_document, init_command, print_begun

    roots = tuple(os.path.relpath(one, project) for one in sources)
    command = tuple(shlex.split(tests)) if tests is not None else ()
    options = InitOptions(roots, class_path, command, most, seconds, run=not no_run)
    with shown(as_json=as_json) as progress:

        def tell(line: str) -> None:
            progress.close()
            print(line, file=sys.stderr, flush=True)

        def ask(step: str) -> bool:
            if yes or not sys.stdin.isatty() or not sys.stderr.isatty():
                tell(step)
                return True
            progress.close()
            return click.confirm(f"{step}?", default=True, err=True)

        begun = begin(project, options, progress, ask, tell)
    if begun.report is not None and not as_json:
        print_rich(run_table(begun.report, output=False))
    document, render = (
        partial(begun_document, begun),
        partial(print_begun, begun, project.resolve()),
    )
    answer(as_json, document, render, init_command(begun))
    return begun.exit_status


@click.command()
@AS_JSON
@click.pass_obj
def doctor(project: Path, as_json: bool) -> int:
    """Finds what keeps a run away or makes it slow, and says the cure. It runs nothing of yours."""
    from parity.pipeline.doctor import doctor as looked
    from parity.report.doctor import doctor_command, doctor_document, print_checks

    checks = looked(project)
    document, render = partial(doctor_document, checks), partial(print_checks, checks)
    answer(as_json, document, render, doctor_command(checks))
    return 2 if any(one.state == "wrong" for one in checks) else 0


@click.command()
@click.argument("units", nargs=-1, shell_complete=completed, required=True, metavar="UNIT...")
@click.option(
    "--skeleton", is_flag=True, help="Write all but the bodies; this is all that there is yet."
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of a module; files go below its src/main/java and src/test/java.",
)
@click.option("--package", metavar="NAME", help="The package above those of the modules.")
@click.option("--handler", "handlers", is_flag=True, help="Make functions Lambda handlers.")
@click.option("--no-map", is_flag=True, help="Leave the map alone; @PortedFrom is enough to run.")
@click.option(
    "--values",
    is_flag=True,
    help="Call the Python with its fixtures, and say beside its lines what its expressions were.",
)
@AS_JSON
@click.pass_obj
def port(
    project: Path,
    units: tuple[str, ...],
    skeleton: bool,
    out: Path | None,
    package: str | None,
    handlers: bool,
    no_map: bool,
    values: bool,
    as_json: bool,
) -> int:
    """Starts the port of units: classes, records, ports, tests and the tables of the map."""
    if not skeleton:
        raise click.UsageError("the bodies are yours to write: add --skeleton")
    from parity.pipeline.port import PortOptions, start_port
    from parity.report.port import port_command, port_document, print_port

    options = PortOptions(out, package, handlers, not no_map, values)
    ported = start_port(find_config(project), units, options)
    document, render = partial(port_document, ported), partial(print_port, ported)
    answer(as_json, document, render, port_command(ported), ported.hints)
    return ported.exit_status
