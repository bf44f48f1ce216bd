"""What the exercise asks for: moves, questions, faults, and requests that are refused."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

CAPACITIES: Final = {
    "source-1": "4 TiB",
    "source-2": "1.25 GB",
    "source-3": 0,
    "source-4": "50 kB",  # less than it holds
    "target-1": "2 GiB",
    "target-2": "2GiB",
    "target-3": "700M",
    "target-4": "300 KB",
}
GOALS: Final = ("source-1", "source-2", "target-1", "target-2", "?") * 6 + ("source-4", "target-4")
UNITS: Final = ("B", "kB", "KiB", "M", "mib")
CHUNKS: Final = (
    "1 KiB",
    2048,
    "1.5 KiB",
    "4 kB",
    "0.25 MiB",
    "1.5 MiB",
    65_536,
    "0.004 g",
    "8 GiB",
)
ROOMS: Final = (
    "1 GiB",
    0,
    "2 GiB",
    "1.5 TB",
    4096,
    "300 kB",
    (1 << 63) - 1,
    "0.4 GiB",
    "1023.999 MiB",
)
SEARCHED: Final[tuple[Any, ...]] = (  # as people paste them from mails, tickets and terminals
    "whale -> ?",
    "void\u00a0-> ?",
    "\u00a0minnow\u00a0->\u00a0target-4",
    {"endpoint": "void", "target": "source-3"},
    "void@source-2 ->\u3000source-3",
    {"endpoint": " minnow ", "source": "", "target": None},
    "\u2003whale@source-1\u202f-> target-1\n",
)
PASTED: Final = (
    "\u00a0whale",
    "ballast\u3000",
    "\x1cvoid",
    "\u2003minnow\u00a0",
    "whale\n",
    "\tvoid ",
)
EXPECTED: Final = ("TargetFull", "SameSourceAndTarget")  # by operators who try their luck
ROTS: Final = (  # changes of a copy on the disk of its host
    "update records set value = replace(value, 'data', 'DATA') where endpoint = ?",
    "update records set value = value || 'é' where endpoint = ?",
    "delete from records where endpoint = ? and key like '%7'",
    "delete from changes where endpoint = ? and seq = 1",
    "update endpoints set last_seq = last_seq + 9 where name = ?",
)


def move_form(number: int, name: str, home: str, target: str) -> Any:
    """A move as a text or as an object, with or without its source, spelled in many ways."""
    name = unicodedata.normalize("NFD", name) if number % 2 else name
    goal = None if target == "?" else target
    return (
        f"{name} -> {target}",
        f"  {name}@{home}->{target} ",
        {"endpoint": name, "target": goal},
        f"{name} @ {home} -> {target}",
        {"endpoint": f" {name}\t", "source": f" {home}", "target": goal},
        {"endpoint": name, "source": home, "target": goal or ""},
    )[number % 6]


def questions(number: int) -> list[tuple[str, dict[str, Any]]]:
    """Lists to ask for, other ones for each number."""
    zone = f"{'+-'[number % 2]}{number % 13:02d}:{number * 15 % 60:02d}" if number % 3 else "Z"
    day = ("2026-07-01", "2024-02-29", "1969-12-31", "2126-01-05")[number % 4]
    clock = ("T12:30:00", " 23:59", "T00:00:00.125", "T07:08:09.999999")[number // 2 % 4]
    lately = datetime.now(UTC) - timedelta(minutes=number * 7 % 400, hours=number % 2 * 20)
    since = (f"{day}{clock}{zone}", f" {lately.isoformat()}", None)[number // 4 % 3]
    zoned = {"format": "text", "offset_minutes": number * 75 % 1500 - 690}
    matches = ("^größe", "-0[1-4]", "東京", "ÆON|naïve", "z.*h$", "^[^a-z]")
    host = list(CAPACITIES)[number % 8]
    order = ("name", "size", "host")[number % 3]
    state = ("running", "ended", "validated", None)[number % 4]
    return [
        ("/v1/hosts", {"room_for": ROOMS[number % len(ROOMS)]} if number % 2 else {}),
        (f"/v1/endpoints/{quote(PASTED[number % len(PASTED)])}", {}),
        ("/v1/workflows", {"move": SEARCHED[number % len(SEARCHED)], "format": "text"}),
        ("/v1/endpoints", {"order": order, "limit": 1 + number % 40}),
        ("/v1/endpoints", {"host": host, "locked": ("yes", "no")[number % 2]}),
        ("/v1/endpoints", {"match": matches[number % 6]}),
        ("/v1/workflows", {} if number % 3 else {"limit": str(1 + number % 9)}),
        ("/v1/workflows", {"since": since, "state": state, **zoned}),
    ]


def _start(*moves: Any, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "POST", "/v1/workflows", {"moves": moves, **more}


_LOCK: Final = "/v1/endpoints/whale/lock"
_HOST: Final = {"name": "new", "address": "127.0.0.1:20001"}
_BAD_NAMES: Final = ("", " ", "../a", "-a", "_a", "a b", "a/b", "é" * 65, ".hidden", "a\x00", "a:b")
_BAD_SIZES: Final[tuple[Any, ...]] = (
    "",
    "5 parsecs",
    "-1",
    -1,
    1.5,
    None,
    True,
    "5 iB",
    "8192 PiB",
    "1e3",
    [],
)
_BAD_CHUNKS: Final = (0, 1, 1023, "0.9 KiB", "8.01 GiB", (1 << 40) - 1, "7 TB", "5000 PiB")
_BAD_MOVES: Final[tuple[Any, ...]] = (
    *("whale", "whale to target-1", "a -> b -> c", " -> x", "@s -> t", 7, None, [], {}),
    *({"endpoint": 7}, {"endpoint": "whale", "goal": "x"}),
    *({"endpoint": "whale", "target": 7}, {"endpoint": "whale", "source": ["x"]}),
)
_BAD_IDS: Final = ("abc", "a b c d", "-abcd", "é-id-1", "x" * 81, 7, ["abcd"], "")
_BAD_SINCE: Final = (
    *("today", "2024-02-30T00:00Z", "2024-02-29", "2024-02-29T25:00Z", 5),
    *("2024-02-29T12:30:00", "2024-02-29T12:30+99:00"),
)
_AT_LIMITS: Final[tuple[dict[str, Any], ...]] = (
    *({"chunk_size": size} for size in (1024, "1 KiB", 1 << 33, "8589934592", "8388608KiB")),
    *({"label": text} for text in ("l" * 80, "l" * 81, "é " * 41, " ")),
    *({"request_id": one} for one in ("abcd", "x" * 80, "0:.-")),
)
REFUSED: Final[list[tuple[str, str, str, Any]]] = [
    *(("InvalidName", *_start({"endpoint": name})) for name in _BAD_NAMES),
    *(("InvalidSize", *_start("whale -> ?", chunk_size=size)) for size in _BAD_SIZES),
    *(("InvalidField", *_start("whale -> ?", chunk_size=size)) for size in _BAD_CHUNKS),
    *(("InvalidField", *_start(move)) for move in _BAD_MOVES),
    *(("InvalidField", *_start("whale -> ?", request_id=one)) for one in _BAD_IDS),
    *(("InvalidTimestamp", "GET", "/v1/workflows", {"since": one}) for one in _BAD_SINCE),
    ("InvalidField", *_start()),
    ("InvalidField", *_start(*["whale -> ?"] * 1001)),
    ("RepeatedEndpoint", *_start(*["whale -> ?"] * 1000)),
    *(("UnknownEndpoint", *_start("nobody -> target-1", **facts)) for facts in _AT_LIMITS),
    *(("UnknownEndpoint", "GET", f"/v1/endpoints/{quote(name)}", {})
      for name in ("x" * 64, f"\u00a0{'é' * 64}", "0", "e\u0301" * 64)),
    *(("InvalidName", "GET", f"/v1/endpoints/{quote(name)}", {})
      for name in ("x" * 65, "\u200bwhale")),
    ("InvalidField", *_start("whale -> ?", label=7)),
    ("RepeatedEndpoint", *_start("whale -> ?", " whale@source-1 -> target-1")),
    ("UnknownEndpoint", *_start("nobody -> target-1")),
    ("UnknownHost", *_start("whale -> nowhere")),
    ("WrongSource", *_start("whale@source-2 -> target-1")),
    ("SameSourceAndTarget", *_start("whale -> source-1")),
    ("TargetFull", *_start("whale -> ?")),
    ("TargetFull", *_start("whale -> target-1")),
    ("TargetFull", *_start("minnow -> source-4")),
    ("MalformedJson", "POST", "/v1/workflows", b'{"moves": ['),
    ("MalformedJson", "POST", "/v1/workflows", b"[1, 2]"),
    ("MalformedJson", "POST", "/v1/workflows", b'{"moves": "\xff"}'),
    ("BodyTooLarge", "POST", "/v1/workflows", b" " * 2_000_000),
    ("WrongMethod", "PUT", "/v1/workflows", {}),
    ("UnknownPath", "GET", "/v2/workflows", {}),
    ("UnknownWorkflow", "GET", "/v1/workflows/batch-0", {}),
    ("UnknownWorkflow", "POST", "/v1/workflows/batch-0/cancel", {}),
    ("UnknownEndpoint", "GET", "/v1/endpoints/nobody", {}),
    *(("InvalidField", "GET", "/v1/endpoints", query) for query in (
        {"match": "("}, {"match": 5}, {"order": "colour"}, {"limit": "many"}, {"limit": 0},
        {"limit": 10_001}, {"limit": []}, {"limit": 1e999})),
    ("InvalidField", "GET", "/v1/workflows", {"limit": -1}),
    *(("InvalidField", "POST", "/v1/hosts", {**_HOST, **facts}) for facts in (
        {"name": 7}, {"address": None}, {"address": "10.0.0.1:80"}, {"limit": 0}, {"limit": "4"},
        {"limit": True}, {"limit": 65}, {"address": "127.0.0.1:200010"},
        {"address": "127.0.0.1:8"})),
    *(("AlreadyRegistered", "POST", "/v1/hosts", {**_HOST, "name": "source-1", **facts})
      for facts in ({}, {"limit": 1}, {"limit": 64}, {"address": "127.0.0.1:80"},
                    {"capacity": (1 << 63) - 1})),
    *(("InvalidSize", "GET", "/v1/hosts", {"room_for": size})
      for size in (1 << 63, "9223372036854775808", "8 EiB")),
    ("InvalidField", "GET", "/v1/workflows", {"move": "whale"}),
    ("InvalidSize", "POST", "/v1/hosts", {**_HOST, "capacity": "much"}),
    ("InvalidName", "POST", "/v1/hosts", {**_HOST, "name": "a/b"}),
    *(("AlreadyRegistered", "POST", "/v1/hosts",
       {**_HOST, "name": host, "capacity": f"{number}.5 TB", "limit": 9 + number})
      for number, host in enumerate(list(CAPACITIES) * 2)),
    ("AlreadyRegistered", "POST", "/v1/endpoints", {"name": "whale", "host": "source-2"}),
    ("UnknownHost", "POST", "/v1/endpoints", {"name": "new", "host": "nowhere"}),
    ("InvalidField", "POST", "/v1/endpoints", {"name": "new"}),
    ("EndpointLocked", "DELETE", "/v1/endpoints/ballast/lock", {"holder": "x"}),
    ("EndpointLocked", "POST", "/v1/endpoints/ballast/lock", {"holder": "x"}),
    ("EndpointLocked", *_start("ballast -> target-1")),
    ("InvalidField", "POST", _LOCK, {}),
    ("InvalidField", "POST", "/v1/pauses", {"after": "lunch"}),
]  # fmt: skip


def refused_after(workflow: str) -> list[tuple[str, str, str, Any]]:
    """What is refused about a workflow that has ended, and of a batch that is another one."""
    path = f"/v1/workflows/{workflow}"
    return [
        ("TooLateToCancel", "POST", f"{path}/cancel", {}),
        ("DuplicateStart", *_start("minnow -> target-1", request_id="day:0.0")),
        *(
            ("InvalidField", "GET", path, query)
            for query in (
                {"percentile": 100.5},
                {"percentile": -1},
                {"percentile": "most"},
                {"slowest": "all"},
                {"offset_minutes": 10_080},
                {"offset_minutes": 1e999},
            )
        ),
    ]
