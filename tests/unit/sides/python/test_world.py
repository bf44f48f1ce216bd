"""A call sees the world that its fixture says, and the next one the machine again."""

from __future__ import annotations

import hashlib
import random
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.python.conftest import Opened

MODULE = """
    import asyncio, datetime, os, queue, random, secrets, threading, time, uuid
    from datetime import date, datetime as moment
    from os import urandom
    from time import sleep, time as now
    from uuid import uuid1, uuid4

    class Late(moment):
        pass

    class Holder:
        clock = time.time
        sleep = sleep

    UNSEEDED = random.Random()
    SEEDED = random.Random(3)

    def draws():
        one, other = random.Random(), random.Random()
        drawn = [one.random(), UNSEEDED.random(), random.gauss(0, 1), other.gauss(0, 1)]
        return drawn + [one.randrange(9)]

    async def wait(seconds):
        await asyncio.sleep(seconds)
        return now()

    def timed_out(seconds):
        try:
            queue.Queue().get(timeout=seconds)
        except queue.Empty:
            return now()

    def say(text):
        return eval(text)
"""
CLOCK = "2024-02-29T12:34:56.789Z"
SECONDS = 1709210096.789
READINGS = {
    "time.time()": SECONDS,
    "now()": SECONDS,
    "Holder().clock()": SECONDS,
    "list(map(time.time, *[[]]))": [],
    "time.time_ns() // 1000": 1709210096789000,
    "time.monotonic()": SECONDS,
    "time.monotonic_ns() // 1000": 1709210096789000,
    "time.perf_counter()": SECONDS,
    "time.process_time()": 0.0,
    "time.clock_gettime(time.CLOCK_REALTIME)": SECONDS,
    "time.clock_gettime(time.CLOCK_MONOTONIC)": SECONDS,
    "time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)": 0.0,
    "list(time.gmtime())[:6]": [2024, 2, 29, 12, 34, 56],
    "list(time.gmtime(None))[:6]": [2024, 2, 29, 12, 34, 56],
    "list(time.gmtime(0))[:6]": [1970, 1, 1, 0, 0, 0],
    "list(time.localtime())[:6]": [2024, 2, 29, 12, 34, 56],
    "time.strftime('%Y-%m-%d')": "2024-02-29",
    "time.strftime('%Y', time.gmtime(0))": "1970",
    "time.ctime()": "Thu Feb 29 12:34:56 2024",
    "time.asctime()": "Thu Feb 29 12:34:56 2024",
    "moment.now().isoformat()": "2024-02-29T12:34:56.789000",
    "moment.now(tz=datetime.timezone.utc).isoformat()": "2024-02-29T12:34:56.789000+00:00",
    "moment.utcnow().isoformat()": "2024-02-29T12:34:56.789000",
    "moment.today().isoformat()": "2024-02-29T12:34:56.789000",
    "date.today().isoformat()": "2024-02-29",
    "datetime.date.today().isoformat()": "2024-02-29",
    "isinstance(Late.now(), Late)": True,
    "isinstance(moment(2000, 1, 1), datetime.datetime)": True,
    "[sleep(90.5), now()][1]": SECONDS + 90.5,
    "[Holder().sleep(1), now()][1]": SECONDS + 1,
    "[sleep(2), time.monotonic()][1]": SECONDS + 2,
    "asyncio.run(wait(3600))": SECONDS + 3600,
    "timed_out(5)": SECONDS + 5,
    "[threading.Event().wait(7), now()][1]": SECONDS + 7,
}


def line(text: str, world: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"args": [text], "kwargs": {}, **({"world": world} if world else {})}


@pytest.mark.parametrize("ctypes", [True, False])
def test_every_clock_says_the_same(opened: Opened, tmp_path: Path, ctypes: bool) -> None:
    """Without ctypes, names are swapped instead of functions."""
    block = tmp_path / "block"
    block.mkdir()
    (block / "ctypes.py").write_text("raise ImportError")
    border = opened(MODULE, "say", env={} if ctypes else {"PYTHONPATH": str(block)})
    started = time.monotonic()
    batch = border.run("say", [line(text, {"clock": CLOCK}) for text in READINGS])
    assert time.monotonic() - started < 10
    told = [one.get("returned", one) for one in batch.told()]
    near = [
        pytest.approx(want, abs=1e-6) if type(want) is float else want for want in READINGS.values()
    ]
    assert dict(zip(READINGS, told, strict=True)) == dict(zip(READINGS, near, strict=True))


def test_errors_are_those_of_the_functions(opened: Opened) -> None:
    border = opened(MODULE, "say")
    world = {"clock": CLOCK}
    texts = ["time.sleep(-1)", "time.sleep('a')", "time.time(1)", "time.gmtime('a')", "sleep()"]
    frozen = border.run("say", [line(text, world) for text in texts]).told()
    real = border.run("say", [line(text) for text in texts]).told()
    for with_world, without in zip(frozen, real, strict=True):
        with_world["raised"].pop("line")
        without["raised"].pop("line")
        assert with_world == without


def test_the_next_call_sees_the_machine(opened: Opened) -> None:
    border = opened(MODULE, "say")
    world = {"clock": CLOCK, "seed": 7, "env": {"PATH": "/", "NEW": "1", "TZ": "Asia/Tokyo"}}
    texts = ["now()", "os.environ.get('NEW')", "os.environ['PATH']", "time.localtime(0).tm_hour"]
    lines = [one for text in texts for one in (line(text), line(text, world), line(text))]
    told = [one["returned"] for one in border.run("say", lines).told()]
    assert abs(told[2] - told[0]) < 60
    assert told[1] == pytest.approx(SECONDS)
    assert told[3:6] == [None, "1", None]
    assert told[7] == "/" != told[6] == told[8]
    assert told[9:] == [0, 9, 0]


def test_a_variable_can_be_taken_away(opened: Opened) -> None:
    border = opened(MODULE, "say")
    lines = [line("os.environ.get('PATH')", {"env": {"PATH": None}}), line("'PATH' in os.environ")]
    assert border.run("say", lines).told() == [{"returned": None}, {"returned": True}]


def stream(seed: int, size: int) -> bytes:
    parts = [hashlib.sha256(f"{seed}:{counter}".encode()).digest() for counter in range(size)]
    return b"".join(parts)[:size]


def test_randomness_follows_from_the_seed(opened: Opened) -> None:
    border = opened(MODULE, "say")
    seed = 2**70 + 3
    known = random.Random(seed)
    own = random.Random(seed)
    drawn = [own.random(), own.random(), own.gauss(0, 1), own.gauss(0, 1), own.randrange(9)]
    reseeded = random.Random(int.from_bytes(stream(seed, 8), "big")).random()
    expected = {
        "random.random()": known.random(),
        "[random.random(), random.randrange(100)][1]": known.randrange(100),
        "draws()": drawn,
        "[random.seed(), random.random()][1]": reseeded,
        "UNSEEDED.random()": drawn[0],
        "SEEDED.random()": random.Random(3).random(),
        "[UNSEEDED.seed(5), UNSEEDED.random()][1]": random.Random(5).random(),
        "[UNSEEDED.setstate(random.Random(5).getstate()), UNSEEDED.random()][1]": random.Random(
            5
        ).random(),
        "random.Random(5).random()": random.Random(5).random(),
        "urandom(5).hex()": stream(seed, 5).hex(),
        "[urandom(30), urandom(40)][1].hex()": stream(seed, 70)[30:].hex(),
        "secrets.token_hex(3)": stream(seed, 3).hex(),
        "random.SystemRandom().random()": (int.from_bytes(stream(seed, 7), "big") >> 3) * 2**-53,
        "str(uuid4())": str(uuid.UUID(bytes=stream(seed, 16), version=4)),
        "uuid1().fields[:3]": None,
    }
    world = {"seed": seed, "clock": "1970-01-01T00:00:00Z"}
    batch = border.run("say", [line(text, world) for text in expected])
    told = dict(zip(expected, (one["returned"] for one in batch.told()), strict=True))
    stamp = told.pop("uuid1().fields[:3]")
    expected.pop("uuid1().fields[:3]")
    assert told == expected
    assert stamp == {"$tuple": [0x13814000, 0x1DD2, 0x11B2]}
    again = border.run("say", [line("str(uuid1())", world)] * 2).told()
    assert again[0] == again[1]
    node = uuid.UUID(again[0]["returned"])
    drawn = stream(seed, 8)
    assert node.node == int.from_bytes(drawn[2:], "big") | 1 << 40
    assert node.clock_seq == int.from_bytes(drawn[:2], "big") & 0x3FFF


def test_without_a_seed_each_call_starts_at_the_same_place(opened: Opened) -> None:
    border = opened(MODULE, "say")
    lines = [line("random.random()"), line("random.random()", {"clock": CLOCK})]
    known = random.Random(0).random()
    assert [one["returned"] for one in border.run("say", lines).told()] == [known, known]


def test_durations_are_measured_on_the_real_clock(opened: Opened) -> None:
    border = opened(MODULE, "say")
    batch = border.run("say", [line("[sleep(3600), sum(range(10**6))][1]", {"clock": CLOCK})])
    length = batch.header()["length"]
    micros = float(batch.answers.read_bytes()[64 : 64 + length].partition(b"\t")[0])
    assert 100 < micros < 60_000_000
