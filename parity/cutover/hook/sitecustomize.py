"""Python imports this at its start, in every process of a server whose units have a switch.

Python 3.8 or newer, standard library only. The `sitecustomize` that would have been imported
without us is run.
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


if os.environ.get("PARITY_SWITCH"):
    try:
        import parity_switch  # type: ignore[import-not-found] # it lies beside this

        parity_switch.install(os.environ["PARITY_SWITCH"])
    except Exception as error:  # the server is not to suffer from its switch
        sys.stderr.write("parity: this process has no switch: %r\n" % (error,))
_next_one(os.path.dirname(os.path.abspath(__file__)))
