"""A recording that is killed leaves what can be read; requests at once keep their worlds apart."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from parity.record.spool import read_spool
from tests.functional.conftest import ROOT, Project

BUSY = """\
import itertools, sys
sys.path.insert(0, "src")
import shop
print("working", flush=True)
for n in itertools.count():
    login = {"password": "swordfish-%d" % n}
    shop.charge("customer%d@globex-mail.com" % n, 4539148803436467, login)
"""
CHARGE = """\
def charge(email, card, login):
    return {"to": email, "with": login["password"], "digits": str(card)[-4:]}
"""


def started(project: Project, *command: str) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    parity = [sys.executable, "-P", "-m", "parity", "record", "--json", "--", sys.executable]
    return subprocess.Popen(
        [*parity, *command],
        cwd=project.folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def test_a_recording_killed_at_any_instant_leaves_readable_files_and_nothing_unmasked(
    project: Project,
) -> None:
    project.write(
        {
            "src/shop.py": CHARGE,
            "app.py": BUSY,
            "parity.map.toml": '[unit."shop:charge"]\njava = "shop.Half#half"\n',
        }
    )
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    draw = random.Random(95)
    killed = []
    for _ in range(20):
        recording = started(project, "app.py")
        assert recording.stdout is not None
        with recording.stdout:
            assert recording.stdout.readline() == "working\n"
            time.sleep(draw.random() * 0.3)
            os.killpg(recording.pid, signal.SIGKILL)  # all processes, the one that watches too
            recording.wait()
        (folder,) = set((project.folder / ".parity").glob("recording-*")) - set(killed)
        killed.append(folder)
    for folder in killed:
        for file in folder.glob("*.jsonl"):
            text = file.read_text("ascii")
            *whole, last = text.split("\n")
            assert all(json.loads(line) for line in whole)
            assert "globex" not in text
            assert "swordfish" not in text
            assert "4539148803436467" not in text
            assert not last or not last.endswith("}}")
    assert sum(len(read_spool(folder).units) for folder in killed) >= 15
    told = project.parity("record", "--json", "--max", "30", *from_all(killed))
    assert told.status == 0, told.text
    (unit,) = json.loads(told.out.splitlines()[-1])["units"]
    assert unit["fixtures"] == 30 == unit["masked"]


def from_all(folders: list[Path]) -> list[str]:
    return [word for folder in folders for word in ("--from", str(folder))]


HOSTS = """\
import asyncio, random, time


class HostClient:
    def read(self, request):
        time.sleep(random.random() / 500)
        return {"for": request}

    async def ask(self, request):
        await asyncio.sleep(random.random() / 500)
        return {"for": request}
"""
SERVER = """\
import asyncio
from hosts import HostClient


def serve(host_client, request, pages):
    return [host_client.read([request, page]) for page in range(pages)]


async def aserve(host_client, request, pages):
    return [await host_client.ask([request, page]) for page in range(pages)]
"""
AT_ONCE = """\
import asyncio, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, "src")
import server
from hosts import HostClient

client = HostClient()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda n: server.serve(client, "thread%d" % n, 2 + n % 3), range(64)))


async def main():
    await asyncio.gather(*[server.aserve(client, "task%d" % n, 2 + n % 3) for n in range(64)])


asyncio.run(main())
"""
MAP = """\
[port."hosts:HostClient"]
java = "shop.HostClient"
[unit."server:serve"]
java = "shop.Half#half"
[unit."server:aserve"]
java = "shop.Half#half"
"""


@pytest.mark.parametrize(("name", "who"), [("serve", "thread"), ("aserve", "task")])
def test_requests_at_once_keep_their_worlds_apart(project: Project, name: str, who: str) -> None:
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    project.write(
        {
            "src/hosts.py": HOSTS,
            "src/server.py": SERVER,
            "app.py": AT_ONCE,
            "parity.map.toml": MAP,
        }
    )
    with started(project, "app.py") as recording:
        assert recording.stdout is not None
        told = json.loads(recording.stdout.read().splitlines()[-1])
    units = {unit["id"]: unit for unit in told["units"]}
    assert units[f"server:{name}"]["lost"] == {}
    text = (project.folder / f"fixtures/server/{name}.jsonl").read_text("utf-8")
    fixtures: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()[1:]]
    assert len(fixtures) == 64
    for fixture in fixtures:
        _, request, pages = fixture["args"]
        number = int(request.removeprefix(who))
        assert pages == 2 + number % 3
        asked = [[[request, page]] for page in range(pages)]
        assert [call["args"] for call in fixture["world"]["ports"]] == asked
        assert [call["returned"]["for"] for call in fixture["world"]["ports"]] == [
            one for (one,) in asked
        ]
        assert fixture["observed"]["returned"] == [{"for": one} for (one,) in asked]
