#!/usr/bin/env python3
"""Records what functions of a program are given and do, on Python 3.6 or newer, by itself.

    python3 THIS_FILE [--out FILE] -- COMMAND [ARGUMENT...]     records while the command runs
    python3 THIS_FILE --settle FILE [PATH...]                   observes what was masked anew

The first runs the command with the functions watched and writes FILE (parity-recording.jsonl).
Secrets and personal data are masked before anything is written, with a key of this run alone, or
with one made of PARITY_MASK_KEY. The second calls the functions once more in this interpreter, with
the masked inputs: run it where that does no harm, with the folders of the program as PATHs. Then
take FILE to where parity is: `parity record --from FILE`.
"""

import binascii
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any, Callable, Dict, List, Set

PLAN = {}  # type: Dict[str, Any]
PARTS = {}  # type: Dict[str, str]
LINGER_SECONDS = 5.0


def key() -> str:
    """The key of this run."""
    given = os.environ.get("PARITY_MASK_KEY")
    if given:
        return hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()
    return binascii.hexlify(os.urandom(32)).decode("ascii")


def unpack(out: str) -> str:
    """A folder with all that the recorded processes need; only its owner may read it."""
    near = os.path.dirname(os.path.abspath(out))
    folder = tempfile.mkdtemp(prefix="parity-recording-", dir=near)
    os.mkdir(os.path.join(folder, "hook"))
    for name, text in PARTS.items():
        with open(os.path.join(folder, "hook", name), "w", encoding="utf-8") as file:
            file.write(text)
    plan = dict(PLAN, spool=folder, form=os.path.join(folder, "hook", "_parity_form.py"))
    if plan.get("mask") is not None:
        plan["mask"] = dict(plan["mask"], key=key())
    with open(os.path.join(folder, "plan.json"), "w") as file:
        json.dump(plan, file)
    return folder


def record(command: List[str], out: str) -> int:
    """Runs the command, then gathers what its processes have written."""
    folder = unpack(out)
    hook = os.path.join(folder, "hook")
    path = [hook] + [one for one in [os.environ.get("PYTHONPATH")] if one]
    env = dict(os.environ, PARITY_RECORD=os.path.join(folder, "plan.json"))
    env["PYTHONPATH"] = os.pathsep.join(path)
    process = subprocess.Popen(command, env=env)
    while True:
        try:
            status = process.wait()
            break
        except KeyboardInterrupt:  # the terminal has told the program too
            process.send_signal(signal.SIGINT)
    linger(folder)
    leaking = leaks_in(folder)
    lines = left = 0
    with open(out, "ab") as gathered:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".jsonl"):
                gathered.write(b'{"process":1}\n')
                with open(os.path.join(folder, name), "rb") as file:
                    for line in file:
                        if leaking(line):
                            left += 1
                        elif line.endswith(b"\n"):
                            gathered.write(line)
                            lines += b'"fixture":' in line
    shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write("parity: %d calls in %s\n" % (lines, out))
    if left:
        sys.stderr.write("parity: %d left out: they held what was masked elsewhere\n" % left)
    if any_masked(out):
        sys.stderr.write("next: python3 %s --settle %s PATH...\n" % (sys.argv[0], out))
    return status


def leaks_in(folder: str) -> Callable[[bytes], bool]:
    """Says of a line whether it holds what is masked in another: it was known only later."""
    hidden: Set[str] = set()
    for name in os.listdir(folder):
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, name), "rb") as file:
                for line in file:
                    if b'"hidden":' in line and line.endswith(b"\n"):
                        hidden.update(json.loads(line.decode("ascii")).get("hidden", ()))
    if not hidden:
        return lambda line: False
    sys.path.insert(0, os.path.join(folder, "hook"))
    mask = importlib.import_module("_parity_mask")
    del sys.path[0]
    with open(os.path.join(folder, "plan.json")) as plan:
        terms = json.load(plan)["mask"]
    masker = mask.Masker(terms, binascii.unhexlify(terms["key"]))

    def leaking(line: bytes) -> bool:
        whole = b'"fixture":' in line and line.endswith(b"\n")
        return whole and bool(masker.leaks(json.loads(line.decode("ascii"))["fixture"], hidden))

    return leaking


def linger(folder: str) -> None:
    """Gives processes that have outlived the command a while to end."""
    try:
        import fcntl
    except ImportError:
        return
    deadline = time.time() + LINGER_SECONDS
    for name in os.listdir(folder):
        while name.endswith(".jsonl") and time.time() < deadline:
            with open(os.path.join(folder, name), "ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except (IOError, OSError):
                    time.sleep(0.05)


def any_masked(out: str) -> bool:
    """Whether there is something to be settled."""
    with open(out, "rb") as file:
        return any(b'"hidden":' in line for line in file)


def settle(out: str, places: List[str]) -> int:
    """Calls the functions with the masked inputs and writes down what they do."""
    folder = unpack(out)
    sys.path.insert(0, os.path.join(folder, "hook"))
    form, watch = importlib.import_module("_parity_form"), importlib.import_module("_parity_watch")
    sys.path[0:1] = places or [os.getcwd()]
    units = {unit["id"]: unit for unit in PLAN["units"]}
    done, left, made = 0, 0, out + ".settled"
    try:
        with open(out, "rb") as lines, open(made, "wb") as file:
            for line in lines:
                document = json.loads(line.decode("ascii"))
                if "hidden" in document and not document.get("settled"):
                    if settled(document, units.get(document["unit"]), form, watch):
                        done += 1
                    else:
                        left += 1
                file.write(form.dumps(document).encode("ascii") + b"\n")
        os.replace(made, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write("parity: %d observed anew, %d not\n" % (done, left))
    return 0


def settled(document: Dict[str, Any], unit: Any, form: Any, watch: Any) -> bool:
    """Whether a line has what the function does on its masked input."""
    fixture = document["fixture"]
    fixture.pop("observed", None)
    if unit is None or "world" in fixture or "steps" in fixture or unit.get("receiver"):
        return False
    module, _, qualname = unit["python"].partition(":")
    try:
        owner, target = None, importlib.import_module(module)  # type: Any, Any
        for name in qualname.split("."):
            owner, target = target, getattr(target, name)
        reader = form.Reader(any_class)
        positional = []  # type: List[Any]
        if "self" in fixture:
            positional.append(reader.read(fixture["self"], "$self"))
            target = getattr(owner, qualname.rpartition(".")[2])
        args = [reader.read(a, "$args[%d]" % i) for i, a in enumerate(fixture.get("args", []))]
        kwargs = {}
        for name, value in fixture.get("kwargs", {}).items():
            kwargs[name] = reader.read(value, form.member("$kwargs", name))
        if positional and isinstance(target, property):
            target = target.fget
    except Exception:
        return False
    observed = {}  # type: Dict[str, Any]
    try:
        returned = target(*(positional + args), **kwargs)
        if hasattr(returned, "__await__"):
            import asyncio

            loop = asyncio.new_event_loop()
            try:
                returned = loop.run_until_complete(returned)
            finally:
                loop.close()
        observed["returned"] = form.write(returned)
    except form.Formless:
        return False
    except Exception as error:
        observed["raised"] = watch.described(error)
    try:
        writer = form.Writer()
        given = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(args)]
        if given != fixture.get("args", []):
            observed["args"] = given
        if positional:
            receiver = form.write(positional[0], "$self")
            if receiver != fixture["self"]:
                observed["self"] = receiver
    except form.Formless:
        return False
    fixture["observed"] = observed
    document["settled"] = True
    return True


def any_class(name: str) -> Any:
    """A class of the program, by its name."""
    module, _, qualname = name.partition(":")
    target = importlib.import_module(module)  # type: Any
    for part in qualname.split("."):
        target = getattr(target, part)
    return target


def main(arguments: List[str]) -> int:
    """Does what the command line says."""
    out = "parity-recording.jsonl"
    if arguments[:1] == ["--settle"] and len(arguments) > 1:
        return settle(arguments[1], arguments[2:])
    if arguments[:1] == ["--out"] and len(arguments) > 2:
        out, arguments = arguments[1], arguments[2:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write(__doc__)
        return 2
    return record(arguments, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
