"""A switch between a function of a legacy server and the Lambda that is to replace it.

Python 3.8 or newer, standard library only; boto3 is used where it is installed. A copy of this
file is all that a server needs: `parity_switch.install("switch.json")` before its own modules are
imported, or the `sitecustomize` beside it and `PARITY_SWITCH=switch.json`.

The file says of each unit whom its calls go to, and may change at any moment:

    {"revision": 7, "units": {"shop.flow:price": {"mode": "java", "percent": 10, "guard": true,
     "function": "price:live", "seconds": 1.0, "event": null, "log": "/var/log/switch"}}}

`event` names the parameter that is the event; else the event has all parameters by their names.
`legacy` is the function alone. `shadow` is the function, and the Lambda beside it, which nobody
waits for. `java` gives so many percent of the calls to the Lambda. With `guard` the function is
called too, and what the function made of the call is served wherever the Lambda fails, is late or
parts from it; without it the function is called where the Lambda fails or is late. So no call fails
that would not have failed. Each call of the Lambda is a line in the log.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import hmac
import importlib.abc
import inspect
import json
import math
import os
import random
import socket
import sys
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Optional, Tuple

LOOK_SECONDS = 0.2
"""How long what a file said is taken for what it says."""

AT_A_TIME = 32
WAITING = 200
"""Calls of a Lambda in the shadow that may wait; more are left out, and counted."""

TRIPS_AFTER = 5
REST_SECONDS = 30.0
"""So many failures in a row, and the Lambda is left alone so long, or until the file changes."""

LOG_BYTES = 64 << 20
"""A log that is larger takes no values of calls that matched."""

NOTHING: Dict[str, Any] = {}


class Unsaid(Exception):
    """A value that no JSON document can say."""


class Failed(Exception):
    """The Lambda gave no answer."""


# ---------------------------------------------------------------- values


def document(value: Any) -> Any:
    """A value as a state machine would carry it. Raises Unsaid."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if type(value) is int:
        return value
    if type(value) is float:
        if not math.isfinite(value):
            raise Unsaid("%r is no number of JSON" % value)
        return value
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [document(one) for one in value]
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise Unsaid("a dict has keys that are no texts")
        return {name: document(one) for name, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {name: document(one) for name, one in named}
    raise Unsaid("a %s has no form in JSON" % type(value).__name__)


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of equal types throughout: 1 is not 1.0, () not []."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if list(one) != list(other):
            return False
        return all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


# ---------------------------------------------------------------- Lambda


class Lambdas:
    """Calls functions: by boto3 where it is installed, else by a request signed here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: Dict[Tuple[int, float], Any] = {}

    def ready(self, seconds: float) -> None:
        """Makes the client now: to import boto3 takes longer than a call may."""
        self._client(seconds)

    def invoke(self, function: str, event: Any, seconds: float) -> Dict[str, Any]:
        """`{"returned": …}` or `{"raised": class, "message": text}`. Raises Failed."""
        body = json.dumps(event).encode("utf-8")
        try:
            client = self._client(seconds)
            if client is None:
                raised, told = self._signed(function, body, seconds)
            else:
                name, _, qualifier = _parts(function)
                more = {"Qualifier": qualifier} if qualifier else {}
                answer = client.invoke(FunctionName=name, Payload=body, **more)
                raised, told = answer.get("FunctionError"), answer["Payload"].read()
            read = json.loads(told or b"null")
        except Exception as error:
            raise Failed("%s: %s" % (type(error).__name__, error)) from None
        if not raised:
            return {"returned": read}
        kind = str(read.get("errorType", "")) if isinstance(read, dict) else ""
        if kind in ("Sandbox.Timedout", "") or kind.startswith(("Runtime.", "Extension.")):
            raise Failed(kind or "it failed without an error")
        return {"raised": kind, "message": str(read.get("errorMessage", ""))}

    def _client(self, seconds: float) -> Any:
        if os.environ.get("PARITY_SWITCH_BOTO3") == "no":
            return None
        with self._lock:
            key = os.getpid(), seconds
            if key not in self._clients:
                self._clients[key] = _boto3(seconds)
            return self._clients[key]

    def _signed(self, function: str, body: bytes, seconds: float) -> Tuple[Optional[str], bytes]:
        request = signed(function, body, datetime.datetime.now(datetime.timezone.utc))
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.headers.get("X-Amz-Function-Error"), answer.read()


def _boto3(seconds: float) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        return None
    patient = Config(
        connect_timeout=seconds,
        read_timeout=seconds,
        retries={"max_attempts": 0},
        max_pool_connections=AT_A_TIME,
    )
    return boto3.client("lambda", config=patient)


def signed(function: str, body: bytes, now: datetime.datetime) -> urllib.request.Request:
    """An Invoke, signed (Signature Version 4) with the keys of the environment."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    place = os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or os.environ.get("AWS_ENDPOINT_URL")
    place = place or "https://lambda.%s.amazonaws.com" % region
    name, _, qualifier = _parts(function)
    path = "/2015-03-31/functions/%s/invocations" % urllib.parse.quote(name, safe="")
    query = "Qualifier=%s" % urllib.parse.quote(qualifier, safe="") if qualifier else ""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": urllib.parse.urlsplit(place).netloc,
        "x-amz-content-sha256": digest,
        "x-amz-date": stamp,
    }
    if os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = os.environ["AWS_SESSION_TOKEN"]
    names = ";".join(sorted(headers))
    lines = "".join("%s:%s\n" % (one, headers[one]) for one in sorted(headers))
    quoted = urllib.parse.quote(path, safe="/")
    canonical = "\n".join(["POST", quoted, query, lines, names, digest])
    scope = "%s/%s/lambda/aws4_request" % (stamp[:8], region)
    hashed = hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashed])
    key = ("AWS4" + os.environ.get("AWS_SECRET_ACCESS_KEY", "")).encode("utf-8")
    for part in (stamp[:8], region, "lambda", "aws4_request"):
        key = hmac.new(key, part.encode("utf-8"), "sha256").digest()
    signature = hmac.new(key, text.encode("utf-8"), "sha256").hexdigest()
    told = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
    who = os.environ.get("AWS_ACCESS_KEY_ID", "")
    headers["Authorization"] = told % (who, scope, names, signature)
    url = place.rstrip("/") + path + ("?" + query if query else "")
    return urllib.request.Request(url, data=body, headers=headers, method="POST")


def _parts(function: str) -> Tuple[str, str, str]:
    """The name or ARN of a function, and the version or alias behind it."""
    if function.startswith("arn:"):
        parts = function.split(":")
        return ":".join(parts[:7]), ":", ":".join(parts[7:])
    return function.partition(":")


# ---------------------------------------------------------------- what the file says


class Wishes:
    """What the file says now; where it cannot be read, everything is legacy's."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._next = 0.0
        self._stamp: Any = None
        self._read: Dict[str, Any] = NOTHING

    def of(self, unit: str) -> Tuple[int, Dict[str, Any]]:
        """The revision of the file, and what it says of a unit."""
        with self._lock:
            now = time.monotonic()
            if now >= self._next:
                self._next = now + LOOK_SECONDS
                self._look()
            read = self._read
        return int(read.get("revision", 0)), read.get("units", NOTHING).get(unit, NOTHING)

    def units(self) -> Dict[str, Any]:
        """The units that the file names, and what it says of each."""
        with self._lock:
            self._look()
            return dict(self._read.get("units", NOTHING))

    def _look(self) -> None:
        try:
            told = os.stat(self.file)
            stamp = (told.st_mtime_ns, told.st_ino, told.st_size)
            if stamp != self._stamp:
                with open(self.file, "rb") as file:
                    read = json.loads(file.read())
                self._read = read if isinstance(read.get("units"), dict) else NOTHING
                self._stamp = stamp
        except (OSError, ValueError, AttributeError):
            self._read, self._stamp = NOTHING, None


class Log:
    """What came of each call of a Lambda: a file a process, a line a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: Dict[Tuple[int, str], Any] = {}

    def add(self, folder: str, line: Dict[str, Any]) -> None:
        """Writes a line; a log that cannot be written is not the caller's trouble."""
        text = json.dumps(line, default=repr) + "\n"
        try:
            with self._lock:
                file = self._file(folder)
                if file.tell() > LOG_BYTES and line.get("same"):
                    return
                file.write(text)
                file.flush()
        except OSError:
            pass

    def close(self) -> None:
        """Closes its files; a line more opens another one."""
        with self._lock:
            for file in self._files.values():
                file.close()
            self._files.clear()

    def _file(self, folder: str) -> Any:
        key = (os.getpid(), folder)
        if key not in self._files:
            os.makedirs(folder, exist_ok=True)
            name = "%s-%d-%d.jsonl" % (socket.gethostname(), os.getpid(), time.time_ns())
            self._files[key] = open(os.path.join(folder, name), "a", encoding="utf-8")
        return self._files[key]


# ---------------------------------------------------------------- the switch


class Switch:
    """The switch of all units of one process."""

    def __init__(self, file: str) -> None:
        self.wishes = Wishes(file)
        self.log = Log()
        self.lambdas = Lambdas()
        self._lock = threading.Lock()
        self._pools: Dict[int, ThreadPoolExecutor] = {}
        self._waiting = threading.Semaphore(WAITING)
        self._failures: Dict[Tuple[str, int], Tuple[int, float]] = {}

    def around(self, unit: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with the switch before it."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            revision, wish = self.wishes.of(unit)
            mode = wish.get("mode", "legacy")
            if mode == "legacy" or not self._is_well(unit, revision):
                return function(*args, **kwargs)
            if mode == "java" and random.random() * 100 >= wish.get("percent", 0):
                return function(*args, **kwargs)
            call = Call(self, unit, revision, wish)
            try:
                event = call.event(signature, args, kwargs)
            except (Unsaid, TypeError, RecursionError) as error:
                call.tell(note="the Lambda cannot be asked: %s" % error)
                return function(*args, **kwargs)
            if mode == "shadow":
                return call.shadow(event, function, args, kwargs)
            if wish.get("guard", True):
                return call.guarded(event, function, args, kwargs)
            return call.alone(event, function, args, kwargs)

        return switched

    def ask(self, function: str, event: Any, seconds: float) -> "Future[Dict[str, Any]]":
        """The Lambda's answer, in a while."""
        with self._lock:
            pool = self._pools.get(os.getpid())  # a fork has none of its parent's threads
            if pool is None:
                pool = self._pools[os.getpid()] = ThreadPoolExecutor(AT_A_TIME, "parity-switch")
        return pool.submit(self.lambdas.invoke, function, event, seconds)

    def may_wait(self) -> bool:
        """Whether one more call in the shadow may wait for its answer."""
        return self._waiting.acquire(blocking=False)

    def has_waited(self) -> None:
        """One has its answer."""
        self._waiting.release()

    def came_of(self, unit: str, revision: int, *, well: bool) -> None:
        """Counts failures in a row."""
        key = unit, revision
        count = 0 if well else self._failures.get(key, (0, 0.0))[0] + 1
        self._failures[key] = count, time.monotonic()

    def _is_well(self, unit: str, revision: int) -> bool:
        count, at = self._failures.get((unit, revision), (0, 0.0))
        return count < TRIPS_AFTER or time.monotonic() - at > REST_SECONDS


class Call:
    """One call that the Lambda is asked for too."""

    def __init__(self, switch: Switch, unit: str, revision: int, wish: Dict[str, Any]) -> None:
        self.switch = switch
        self.unit = unit
        self.revision = revision
        self.wish = wish
        self.seconds = float(wish.get("seconds", 1.0))
        self.given: Any = None
        self.before: Any = None

    def event(
        self, signature: inspect.Signature, args: Tuple[Any, ...], kwargs: Dict[str, Any]
    ) -> Any:
        """What the Lambda is given: the parameters by their names, or the one that is the event."""
        self.before = document([list(args), kwargs])
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        named = document(dict(bound.arguments))
        whole = self.wish.get("event")
        self.given = named[whole] if whole else named
        return self.given

    def shadow(
        self, event: Any, function: Callable[..., Any], args: Any, kwargs: Dict[str, Any]
    ) -> Any:
        """Legacy's answer at once; the Lambda's is compared when it comes."""
        asked = None
        if self.switch.may_wait():
            asked = self.switch.ask(self.wish["function"], event, self.seconds)
        outcome = Outcome.of(function, args, kwargs)
        mutated = self._mutated(args, kwargs)
        if asked is None:
            self.tell(failed="%d calls wait for the Lambda already" % WAITING)
        else:
            told = functools.partial(self._compared, outcome, mutated)
            asked.add_done_callback(told)
        return outcome.served()

    def _compared(self, outcome: "Outcome", mutated: bool, asked: "Future[Any]") -> None:
        self.switch.has_waited()
        try:
            self._judged(outcome, asked.result(), mutated)
        except Exception as error:
            self._failed(error)

    def guarded(
        self, event: Any, function: Callable[..., Any], args: Any, kwargs: Dict[str, Any]
    ) -> Any:
        """Both answers; legacy's is served unless the Lambda's is the same."""
        began = time.monotonic()
        asked = self.switch.ask(self.wish["function"], event, self.seconds)
        outcome = Outcome.of(function, args, kwargs)
        mutated = self._mutated(args, kwargs)
        try:
            left = max(0.0, self.seconds - (time.monotonic() - began))
            java = asked.result(left)
        except Exception as error:
            self._failed(error)
            return outcome.served()
        if self._judged(outcome, java, mutated) and "returned" in java:
            return java["returned"]
        return outcome.served()

    def alone(
        self, event: Any, function: Callable[..., Any], args: Any, kwargs: Dict[str, Any]
    ) -> Any:
        """The Lambda's answer; legacy's where it gives none, or an error."""
        asked = self.switch.ask(self.wish["function"], event, self.seconds)
        try:
            java = asked.result(self.seconds)
        except Exception as error:
            self._failed(error)
            return function(*args, **kwargs)
        if "returned" in java:
            self.switch.came_of(self.unit, self.revision, well=True)
            self.tell(same=True, guard=False)
            return java["returned"]
        outcome = Outcome.of(function, args, kwargs)
        self._judged(outcome, java, mutated=False)
        return outcome.served()

    # ------------------------------------------------------------ what came of it

    def _mutated(self, args: Any, kwargs: Dict[str, Any]) -> bool:
        """Whether the function has changed what it was given: a Lambda cannot."""
        try:
            return not is_same(self.before, document([list(args), kwargs]))
        except (Unsaid, RecursionError):
            return True

    def _judged(self, outcome: "Outcome", java: Dict[str, Any], mutated: bool) -> bool:
        """Whether the two are the same; both are told where they are not."""
        self.switch.came_of(self.unit, self.revision, well=True)
        python = outcome.told()
        if mutated:
            why = "the function changes what it is given, which no Lambda can"
            self.tell(note=why, python=python, java=java)
            return False
        if "returned" in java and not outcome.raised:
            if is_same(outcome.value, java["returned"]):
                self.tell(same=True)
                return True
            note = ""
            if "returned" in python and is_same(python["returned"], java["returned"]):
                note = "callers would get JSON's types, not %s" % type(outcome.value).__name__
            self.tell(python=python, java=java, note=note)
            return False
        self.tell(python=python, java=java)
        return False

    def _failed(self, error: BaseException) -> None:
        self.switch.came_of(self.unit, self.revision, well=False)
        late = "no answer in %g s" % self.seconds
        self.tell(failed=str(error) or late)

    def tell(self, **facts: Any) -> None:
        """A line of the log; what was given is in it where the two are not the same."""
        folder = self.wish.get("log")
        if not folder:
            return
        line = {"unit": self.unit, "revision": self.revision, "at": time.time(), **facts}
        if not facts.get("same"):
            line["event"] = self.given
        self.switch.log.add(folder, line)


class Outcome:
    """What the function of the legacy server did."""

    def __init__(self, value: Any, raised: Optional[BaseException]) -> None:
        self.value = value
        self.raised = raised

    @classmethod
    def of(cls, function: Callable[..., Any], args: Any, kwargs: Dict[str, Any]) -> "Outcome":
        """Calls it."""
        try:
            return cls(function(*args, **kwargs), None)
        except Exception as error:
            return cls(None, error)

    def served(self) -> Any:
        """What the caller gets."""
        if self.raised is not None:
            raise self.raised
        return self.value

    def told(self) -> Dict[str, Any]:
        """The same for the log."""
        if self.raised is not None:
            kind = type(self.raised)
            name = "%s:%s" % (kind.__module__, kind.__qualname__)
            return {"raised": name, "message": str(self.raised)}
        try:
            return {"returned": document(self.value)}
        except (Unsaid, RecursionError) as error:
            return {"unsaid": str(error)}


# ---------------------------------------------------------------- in a process


class Finder(importlib.abc.MetaPathFinder):
    """Puts the switch before functions when their modules are imported."""

    def __init__(self, switch: Switch, units: List[str]) -> None:
        self.switch = switch
        self.wanted: Dict[str, List[str]] = {}
        for unit in units:
            module, _, name = unit.partition(":")
            self.wanted.setdefault(module, []).append(name)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that others find, with a loader that puts the switch there."""
        if name not in self.wanted:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = Loader(spec.loader, self)
                return spec
        return None

    def put(self, module: Any) -> None:
        """Puts the switch before the functions of a module."""
        for name in self.wanted[module.__name__]:
            *parts, last = name.split(".")
            owner = module
            for part in parts:
                owner = getattr(owner, part)
            kept = inspect.getattr_static(owner, last)
            function = kept.__func__ if isinstance(kept, staticmethod) else kept
            unit = "%s:%s" % (module.__name__, name)
            if not inspect.isfunction(function) or inspect.iscoroutinefunction(function):
                sys.stderr.write("parity: %s is no plain function: it has no switch\n" % unit)
                continue
            made: Any = self.switch.around(unit, function)
            setattr(owner, last, staticmethod(made) if isinstance(kept, staticmethod) else made)


class Loader(importlib.abc.Loader):
    """Another loader, and the switch when it is done."""

    def __init__(self, loader: Any, finder: Finder) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        """As the loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """As the loader does; then the switch."""
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._finder.put(module)


def install(file: str) -> Switch:
    """Has all units that a file names switched in this process; modules may be imported already."""
    switch = Switch(os.path.abspath(file))
    units = switch.wishes.units()
    finder = Finder(switch, list(units))
    for unit, wish in units.items():
        switch.lambdas.ready(float(wish.get("seconds", 1.0)))
        if wish.get("log"):
            hello = {
                "unit": unit,
                "hello": os.getpid(),
                "at": time.time(),
                "host": socket.gethostname(),
            }
            switch.log.add(wish["log"], hello)
    sys.meta_path.insert(0, finder)
    for name in list(finder.wanted):
        if name in sys.modules:
            finder.put(sys.modules[name])
    return switch
