"""The command line: each verb is in the module of its kind, and imported when it is asked for."""

from __future__ import annotations

import atexit
import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

import click

from parity.cli.telling import version_text
from parity.errors import ParityError

# What verbs need is imported where it is used: a JVM that is certain to be needed starts meanwhile,
# and rich costs more to import than a run in which nothing changed.

VERBS: Final = {
    "compare": "judging:compare",
    "cutover": "deciding:cutover",
    "decouple": "reading:decouple",
    "doctor": "starting:doctor",
    "evaluate": "deciding:evaluate",
    "fuzz": "judging:fuzz",
    "init": "starting:init",
    "local": "aws:local",
    "map": "reading:map_",
    "merge": "judging:merge",
    "port": "starting:port",
    "record": "fixtures:record",
    "report": "reporting:report_",
    "run": "judging:run",
    "scan": "reading:scan",
    "status": "reporting:status",
    "strength": "fixtures:strength",
}
"""Where each verb is: its module here, and the command in it."""

OF_THE_PLACE: Final = frozenset(
    {errno.EACCES, errno.EDQUOT, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG}
)
"""What a file system says where nobody here did anything wrong."""

WITHOUT_ROOM: Final = frozenset({errno.EDQUOT, errno.EFBIG, errno.ENOSPC})
"""What it says to a write, for which Python names no file."""


def main() -> NoReturn:
    """Runs `parity` and exits: 0 agree, 1 differ, 2 could not tell, 130 interrupted."""
    try:
        status = _status()
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # not all could be told, or not even an error: never a verdict
        status = 2
    # Nothing is left to be done, and taking the interpreter down in order takes longer than a
    # small run: only what other libraries have registered still runs.
    atexit._run_exitfuncs()
    os._exit(status)


def _status() -> int:
    """What there is to exit with."""
    if "_PARITY_COMPLETE" in os.environ:
        from parity.completing import register

        register()
    try:
        return int(cli.main(prog_name="parity", standalone_mode=False) or 0)
    except ParityError as error:
        print(error, file=sys.stderr)
    except click.ClickException as error:
        error.show()
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_PLACE and error.filename:
            print(_refused(error), file=sys.stderr)
        elif isinstance(error, OSError) and error.errno in WITHOUT_ROOM:
            print(_without_room(error), file=sys.stderr)
        else:  # a defect of ours: told as one, and never as a verdict
            import traceback

            traceback.print_exc()
    finally:
        _end_ahead()
    return 2


def _refused(error: OSError) -> ParityError:
    """What a place refuses, in the words of an error."""
    return ParityError(
        "a file or folder cannot be used",
        where=str(error.filename),
        why=error.strerror or str(error),
        next_step="see to its rights and the space there, or work on a copy elsewhere",
    )


def _without_room(error: OSError) -> ParityError:
    return ParityError(
        "there is no room to write",
        where=None,
        why=error.strerror or str(error),
        next_step="make room for the project's `.parity`, the folder for temporary files and what "
        "the output goes to; `parity run --resume` goes on with what was observed",
    )


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    print(f"parity {version_text()}")
    context.exit()


class Verbs(click.Group):
    """The verbs; none costs another the time that its imports take."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs in their order."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A verb, which is imported now; None where there is none of that name."""
        module, _, name = VERBS.get(cmd_name, "").partition(":")
        if not module:
            return None
        found: click.Command = getattr(import_module(f"parity.cli.{module}"), name)
        return found


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option(
    "-C",
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the project; its config, or that of the nearest folder above, is read.",
)
@click.pass_context
def cli(context: click.Context, project: Path) -> None:
    """Proves that a Java port does what its Python original does, and says why where not."""
    context.obj = project


def _end_ahead() -> None:
    """Ends what was started ahead; most verbs have not so much as imported it."""
    process = sys.modules.get("parity.sides.java.process")
    if process is not None:
        process.AHEAD.close()
