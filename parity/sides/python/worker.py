"""Starts the python side in the project's own interpreter (docs/worker-protocol.md).

It is started by path, in an environment where `parity` is not installed and may even be the name
of another package: its modules stand in a package of their own name. What is in this file runs in
any Python, so that one that is too old can say so; the rest needs 3.8 and the standard library.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "_parity_side"
OLDEST = (3, 8)
STACK_BYTES = 120 * 1024 * 1024
DEEP = "deep"


def too_old():
    # type: () -> str
    """The answer of an interpreter that lacks what this program uses."""
    import json

    problem = {
        "code": "python_too_old",
        "what": "the interpreter is Python %d.%d" % sys.version_info[:2],
        "where": sys.executable,
        "why": "the python side runs in Python %d.%d or newer" % OLDEST,
        "next": "name another `interpreter` in [python], or judge by recordings: "
        'judge = "recorded"',
    }
    return json.dumps({"problem": problem}) + "\n"


def with_a_deep_stack():
    # type: () -> int
    """Makes room for deeply nested values; gives the usual size of a stack, or 0."""
    import resource

    if sys.argv[3:4] == [DEEP]:
        return int(sys.argv[4])
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft == resource.RLIM_INFINITY or soft >= STACK_BYTES:
        return 0
    if hard != resource.RLIM_INFINITY and hard < STACK_BYTES:
        return 0
    resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, hard))
    if sys.platform.startswith("linux"):
        return (
            soft  # a stack that is in use grows up to the new limit: 128 MiB are kept free for it
        )
    again = [sys.executable, os.path.abspath(__file__)] + sys.argv[1:3] + [DEEP, str(soft)]
    os.execv(sys.executable, again)
    return 0


def import_side():
    # type: () -> object
    """The module that serves, from a package that is known by its place alone."""
    import importlib
    import importlib.util

    package = type(sys)(PACKAGE)
    package.__path__ = [HERE]
    sys.modules[PACKAGE] = package
    path = os.path.join(HERE, os.pardir, os.pardir, "values", "form.py")
    spec = importlib.util.spec_from_file_location(PACKAGE + ".form", os.path.abspath(path))
    assert spec is not None
    assert spec.loader is not None
    form = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE + ".form"] = form
    package.form = form  # type: ignore[attr-defined]
    spec.loader.exec_module(form)
    return importlib.import_module(PACKAGE + ".serving")


def main():
    # type: () -> None
    """Serves on the two file descriptors that the command line names."""
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    if sys.version_info < OLDEST:
        os.write(answers, too_old().encode("ascii"))
        return
    usual_stack = with_a_deep_stack()
    sys.argv[:] = [""]
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    import_side().main(requests, answers, usual_stack)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
