"""Python imports this at its start, in every process of a recorded program.

Python 3.6 or newer, standard library only. The folder of this file leaves `sys.path` again, and
the `sitecustomize` that would have been imported without us is run.
"""

import importlib.machinery
import importlib.util
import os
import sys


def _next_one(folder: str) -> None:
    """Runs the `sitecustomize` that this one hides, if there is one."""
    path = [place for place in sys.path if os.path.abspath(place or ".") != folder]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


def _start(folder: str, plan: str) -> None:
    """Watches the units of the plan in this process."""
    spec = importlib.util.spec_from_file_location(
        "_parity_watch", os.path.join(folder, "_parity_watch.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["_parity_watch"] = module
    spec.loader.exec_module(module)
    module.start(plan)


_FOLDER = os.path.dirname(os.path.abspath(__file__))
if os.environ.get("PARITY_RECORD"):
    try:
        _start(_FOLDER, os.environ["PARITY_RECORD"])
    except Exception as error:  # the program is not to suffer from being watched
        sys.stderr.write("parity: this process is not recorded: %r\n" % (error,))
sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != _FOLDER]
_next_one(_FOLDER)
