"""Records published programs from outside, unchanged, and runs again what was recorded: line 9.3.

`python bench/recordings.py [server|worker|tool ...]`. Each program of recordings.toml is installed
in an environment of its own and set to work as its manual says, under `parity record`, with every
function and method of its package as a unit. Then `parity run` judges what was kept. Exits with 0
where each program worked, gave fixtures, and none of them has a finding of kind `recording`. What
was not kept is told by reason.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import venv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
TASKS = """\
from huey import SqliteHuey, crontab

huey = SqliteHuey(filename="queue.db")


@huey.task()
def add(one, other):
    return one + other


@huey.task(retries=2)
def divide(one, other):
    return one / other


@huey.task(priority=5, expires=60)
def later(text):
    with open("done.txt", "a") as file:
        file.write(text + "\\n")
    return text


@huey.periodic_task(crontab(minute="*/1"))
def every_minute():
    return 1
"""
ENQUEUE = """\
import datetime
from tasks import add, divide, huey, later

for n in range(20):
    add(n, n * 2)
    divide(n, n % 3)
    later.schedule(args=("text %d" % n,), delay=n % 2)
pipeline = add.s(1, 2).then(add, 5).then(divide, 2)
huey.enqueue(pipeline)
later.schedule(args=("never",), eta=datetime.datetime.now() + datetime.timedelta(days=9)).revoke()
"""
PEOPLE = """\
id,name,born,city,paid
1,Ada,1815-12-10,London,12.50
2,Grace,1906-12-09,"New York, NY",
3,Edsger,1930-05-11,Rotterdam,7.25
4,Barbara,1939-11-07,Los Angeles,100
5,Donald,1938-01-10,Milwaukee,3.14
"""
ORDERS = "id,item,count\n1,lamp,2\n3,desk,1\n3,chair,4\n9,shelf,1\n"
TOOL = """\
set -x
csvcut -n people.csv; csvcut -c name,city people.csv; csvcut -C 1-2 people.csv
csvcut -c nothing people.csv; csvcut --nothing
csvgrep -c city -m London people.csv; csvgrep -c name -r '^[A-D]' -i people.csv
csvstat people.csv; csvstat --mean -c paid people.csv; csvstat --csv people.csv
csvlook people.csv; csvlook --max-rows 2 people.csv
csvsort -c born -r people.csv; csvsort -c paid people.csv; csvjoin -c id people.csv orders.csv
csvjoin --left -c id people.csv orders.csv; csvstack -g a,b people.csv people.csv
csvstack people.csv orders.csv; csvformat -D '|' people.csv; csvformat -T people.csv
csvjson people.csv; csvjson -k id -i 2 people.csv; csvclean -a people.csv
csvjson people.csv > people.json; in2csv people.json; in2csv -f json people.json
csvsql -i sqlite people.csv; csvsql --query 'select city from people where paid > 5' people.csv
in2csv -f fixed -s schema.csv fixed.txt; csvpy --help
true
"""


def functions(package: Path) -> Iterator[str]:
    """All functions and methods of the modules of a package, `module:qualname`."""
    for file in sorted(package.rglob("*.py")):
        parts = [package.name, *file.relative_to(package).with_suffix("").parts]
        if any(part in ("__main__", "tests", "test", "bin", "contrib") for part in parts):
            continue
        module = ".".join(part for part in parts if part != "__init__")
        for name in _names(ast.parse(file.read_text("utf-8")).body, ""):
            yield f"{module}:{name}"


def _names(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("__"):
                yield prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _names(node.body, f"{prefix}{node.name}.")


def project(folder: Path, package: str, module: str) -> Path:
    """A project of the program's package; gives the folder of its scripts."""
    venv.create(folder / "env", with_pip=False)
    scripts = folder / "env" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "-q"]
    subprocess.run([*pip, "--disable-pip-version-check", "--no-compile", package], check=True)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    entries = [
        f'[unit."{name}"]\njava = "java.util.Arrays#asList(Object[])"\n'
        for name in dict.fromkeys(functions(site / module))
    ]
    config = f'sources = ["{site}"]\nfixtures = "fixtures"\n[python]\n'
    config += f'interpreter = "{scripts / "python"}"\n[java]\nclasspath = []\n'
    (folder / "parity.toml").write_text(config, "utf-8")
    (folder / "parity.map.toml").write_text("\n".join(entries), "utf-8")
    (folder / "work").mkdir()
    return scripts


def recording(folder: Path, *command: str) -> subprocess.Popen[str]:
    """`parity record` of a command that works in a folder of its own."""
    parity = [sys.executable, "-m", "parity", "-C", str(folder), "record", "--json", "--"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{folder}/env/bin:{os.environ['PATH']}"}
    with (folder / "said.txt").open("a", encoding="utf-8") as said:
        return subprocess.Popen(
            [*parity, *command],
            cwd=folder / "work",
            env=env,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )


def serve(folder: Path, scripts: Path) -> subprocess.Popen[str]:
    """pypiserver with two packages, asked for all that pip and people ask it for."""
    packages = folder / "work" / "packages"
    packages.mkdir()
    for name in ("lamp-1.0.tar.gz", "lamp-1.1b2.zip", "Desk_Chair-2.0-py3-none-any.whl"):
        (packages / name).write_bytes(name.encode() * 50)
    (packages / "not a package.txt").write_text("no")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(scripts / "pypi-server"), "run", "-i", "127.0.0.1", "-p", str(port)]
    command += ["--server", "wsgiref", "--disable-fallback", "-a", ".", "-P", ".", str(packages)]
    server = recording(folder, *command)
    paths = ["/", "/simple/", "/simple/lamp/", "/simple/Desk_Chair/", "/simple/desk-chair/"]
    paths += ["/simple/nothing/", "/packages/", "/packages/lamp-1.0.tar.gz", "/packages/none.zip"]
    paths += ["/lamp/json", "/lamp", "/health", "/favicon.ico", "/simple/lamp", "/nothing/json"]
    try:
        ask(f"http://127.0.0.1:{port}", paths)
    finally:
        server.send_signal(signal.SIGINT)
    return server


def ask(base: str, paths: list[str]) -> None:
    """All that pip and people ask for."""
    until(lambda: answered(base + "/"))
    for path in paths:
        answered(base + path)
    answered(base + "/", b"action=nothing")
    body = b'<?xml version="1.0"?><methodCall><methodName>search</methodName><params><param><value>'
    body += b"<struct><member><name>name</name><value><string>lamp</string></value></member>"
    answered(base + "/RPC2", body + b"</struct></value></param></params></methodCall>")


def answered(url: str, body: bytes | None = None) -> bool:
    """Whether a server answers, whatever it says."""
    try:
        with urllib.request.urlopen(url, body, timeout=10) as answer:
            answer.read()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def until(holds: Callable[[], bool]) -> None:
    """Waits for something, but not for ever."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit("error: the program does not do what it should")
        time.sleep(0.2)


def consume(folder: Path, scripts: Path) -> subprocess.Popen[str]:
    """huey's consumer with two threads, until it has done what was put into its queue."""
    work = folder / "work"
    (work / "tasks.py").write_text(TASKS, "utf-8")
    (work / "enqueue.py").write_text(ENQUEUE, "utf-8")
    python = str(scripts / "python")
    subprocess.run([python, "enqueue.py"], cwd=work, check=True)
    consumer = [str(scripts / "huey_consumer"), "tasks.huey", "-w", "2", "-k", "thread"]
    if not Path(consumer[0]).exists():
        consumer[0] += ".py"
    worker = recording(folder, python, *consumer)
    done = work / "done.txt"
    try:
        until(lambda: done.exists() and len(done.read_text("utf-8").splitlines()) >= 20)
        time.sleep(2)
    finally:
        worker.send_signal(signal.SIGINT)
    return worker


def use(folder: Path, scripts: Path) -> subprocess.Popen[str]:
    """csvkit's commands, one after the other, on small files."""
    work = folder / "work"
    files = {"people.csv": PEOPLE, "orders.csv": ORDERS, "run.sh": TOOL}
    files |= {"schema.csv": "column,start,length\nid,0,3\nname,3,5\n", "fixed.txt": "001Ada  \n"}
    for name, text in files.items():
        (work / name).write_text(text, "utf-8")
    errors = (work / "errors.txt").open("w", encoding="utf-8")
    with errors:
        return recording(folder, "sh", "-c", "sh run.sh > out.txt 2> errors.txt")


WORK = {"server": serve, "worker": consume, "tool": use}


def show(kind: str, program: dict[str, str]) -> list[str]:
    """Records one program, prints what came of it, and says what is wrong."""
    with TemporaryDirectory(prefix="parity-") as name:
        folder = Path(name)
        scripts = project(folder, program["package"], program["modules"])
        with WORK[kind](folder, scripts) as running:
            out, _ = running.communicate(timeout=SECONDS * 2)
        recorded = json.loads(out.strip().splitlines()[-1])
        command = [sys.executable, "-m", "parity", "-C", str(folder), "run", "--json"]
        kept = [unit["id"] for unit in recorded["units"] if unit["fixtures"]]
        done = subprocess.run([*command, *kept], capture_output=True, text=True, check=False)
        run: dict[str, Any] = json.loads(done.stdout) if done.stdout else {"units": []}
    return told(kind, program["package"], recorded, run)


def told(kind: str, package: str, recorded: dict[str, Any], run: dict[str, Any]) -> list[str]:
    """Prints the counts of a program; gives what is not as it should be."""
    units = recorded["units"]
    called = [unit for unit in units if unit["calls"]]
    calls, inputs = (sum(unit[name] for unit in units) for name in ("calls", "distinct"))
    fixtures = sum(unit["fixtures"] for unit in units)
    kinds = Counter(one["kind"] for unit in run["units"] for one in unit["findings"])
    ran = sum(unit["fixtures"] for unit in run["units"])
    print(
        f"{kind}: {package}, {len(units)} units, {len(called)} called {calls} times with {inputs} "
        f"inputs; {fixtures} fixtures of {sum(unit['fixtures'] > 0 for unit in units)} units kept, "
        f"{ran} run again: {kinds['recording']} findings of kind recording"
    )
    reasons: Counter[str] = Counter()
    for unit in units:
        reasons.update({f"not kept: {why}": n for why, n in unit["lost"].items()})
        reasons.update({f"no form: {why}": n for why, n in unit["formless"].items()})
        if unit["trouble"]:
            reasons[f"not watched: {unit['trouble']}"] += 1
    for why, count in reasons.most_common():
        print(f"  {count:>6}  {why}")
    print(f"  findings of all kinds: {dict(kinds)}")
    wrong = [f"{kind}: {kinds['recording']} of kind recording"] if kinds["recording"] else []
    wrong += [f"{kind}: {ran} of {fixtures} fixtures were run"] if ran != fixtures else []
    return wrong + ([f"{kind}: nothing was kept"] if not fixtures else [])


def main() -> int:
    """Records the programs that are named, or all."""
    programs = tomllib.loads((ROOT / "bench" / "recordings.toml").read_text("utf-8"))
    wrong: list[str] = []
    for kind in sys.argv[1:] or list(programs):
        wrong += show(kind, programs[kind])
    for what in wrong:
        print(f"NOT MET  {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
