"""What one call changes around it is as before for the next one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from tests.unit.sides.python.border import Border
from tests.unit.sides.python.conftest import Opened

# Each pair changes something, and says how it is.
CHANGES = {
    "folder": ("os.chdir('/')", "os.getcwd()"),
    "folder by descriptor": ("os.fchdir(os.open('/', os.O_RDONLY))", "os.getcwd()"),
    "removed folder": (
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir(os.getcwd())",
        "os.getcwd()",
    ),
    "new variable": ("os.environ['NEW'] = '1'", "os.environ.get('NEW')"),
    "put variable": ("os.putenv('NEW', '1')", "subprocess.getoutput('echo $NEW')"),
    "changed variable": ("os.environ['PATH'] = '/'", "os.environ['PATH']"),
    "removed variable": ("os.environ.pop('PATH')", "os.environ['PATH']"),
    "zone": (
        "os.environ.__setitem__('TZ', 'Asia/Tokyo'); time.tzset()",
        "time.localtime(0).tm_hour",
    ),
    "recursion": ("sys.setrecursionlimit(5000)", "sys.getrecursionlimit()"),
    "path": ("sys.path.insert(0, '/nowhere')", "sys.path"),
    "other path": ("setattr(sys, 'path', ['/nowhere'])", "sys.path"),
    "arguments": ("sys.argv.append('x')", "sys.argv"),
    "handler": (
        "signal.signal(signal.SIGUSR1, lambda *_: None)",
        "str(signal.getsignal(signal.SIGUSR1))",
    ),
    "alarm": ("signal.alarm(100)", "signal.alarm(0)"),
    "timer": (
        "signal.setitimer(signal.ITIMER_REAL, 100)",
        "signal.getitimer(signal.ITIMER_REAL)[0]",
    ),
    "mask": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])",
        "len(signal.pthread_sigmask(signal.SIG_BLOCK, []))",
    ),
    "locale": (
        "locale.setlocale(locale.LC_ALL, 'C')",
        "locale.setlocale(locale.LC_CTYPE)",
    ),
    "precision": ("setattr(decimal.getcontext(), 'prec', 3)", "str(decimal.Decimal(1) / 3)"),
    "held context": ("setattr(CONTEXT, 'prec', 3)", "str(decimal.Decimal(1) / 3)"),
    "traps": (
        "decimal.getcontext().traps.__setitem__(decimal.Inexact, True)",
        "decimal.getcontext().traps[decimal.Inexact]",
    ),
    "flags": (
        "decimal.Decimal(1) / 3",
        "decimal.getcontext().flags[decimal.Inexact]",
    ),
    "context": (
        "decimal.setcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP))",
        "[decimal.getcontext().prec, decimal.getcontext().rounding]",
    ),
    "filters": ("warnings.simplefilter('error')", "str(warnings.filters)"),
    "mask of files": ("os.umask(0o777)", "[os.umask(0), os.umask(0o22)][0]"),
    "collector": ("gc.disable()", "gc.isenabled()"),
    "thresholds": ("gc.set_threshold(1)", "gc.get_threshold()"),
    "callbacks of the collector": ("gc.callbacks.append(print)", "len(gc.callbacks)"),
    "digits": (
        "getattr(sys, 'set_int_max_str_digits', int)(1000)",
        "getattr(sys, 'get_int_max_str_digits', int)()",
    ),
    "stacks": ("threading.stack_size(1 << 16)", "threading.stack_size()"),
    "switches": ("sys.setswitchinterval(100)", "sys.getswitchinterval()"),
    "trace": ("sys.settrace(lambda *seen: None)", "str(sys.gettrace())"),
    "profile": ("sys.setprofile(lambda *seen: None)", "str(sys.getprofile())"),
    "hook": ("setattr(sys, 'excepthook', None)", "str(sys.excepthook)"),
    "limit": (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9, resource.RLIM_INFINITY))",
        "resource.getrlimit(resource.RLIMIT_FSIZE)[0]",
    ),
    "time-out of sockets": ("socket.setdefaulttimeout(9)", "socket.getdefaulttimeout()"),
    "silence": ("logging.disable(50)", "logging.root.manager.disable"),
    "level of the root": ("logging.getLogger().setLevel(10)", "logging.root.level"),
    "level of a logger": (
        "logging.getLogger('new').setLevel(10)",
        "[logging.getLogger('new.one').isEnabledFor(10), logging.getLogger('new').level]",
    ),
    "handlers": ("logging.basicConfig()", "len(logging.root.handlers)"),
    "handlers by hand": ("logging.root.handlers.append(HANDLER)", "len(logging.root.handlers)"),
    "level of a handler": ("HANDLER.setLevel(50)", "HANDLER.level"),
    "handler that is removed": ("LOGGER.removeHandler(HANDLER)", "len(LOGGER.handlers)"),
    "filters of a logger": ("LOGGER.addFilter(print)", "len(LOGGER.filters)"),
    "logger that is off": ("logging.config.dictConfig({'version': 1})", "LOGGER.disabled"),
    "logger that hands nothing on": ("setattr(LOGGER, 'propagate', False)", "LOGGER.propagate"),
    "names of levels": ("logging.addLevelName(5, 'FIVE')", "logging.getLevelName(5)"),
    "class of loggers": (
        "logging.setLoggerClass(type('X', (logging.Logger,), {}))",
        "str(logging.getLoggerClass())",
    ),
    "factory of records": (
        "logging.setLogRecordFactory(print)",
        "str(logging.getLogRecordFactory())",
    ),
    "policy of event loops": (
        "asyncio.set_event_loop_policy(type('P', (asyncio.DefaultEventLoopPolicy,), {})())",
        "type(asyncio.get_event_loop_policy()).__name__",
    ),
    "no event loop": (
        "asyncio.run(asyncio.sleep(0))",
        "asyncio.get_event_loop_policy()._local._set_called",
    ),
    "types of files": ("mimetypes.add_type('a/b', '.qq')", "mimetypes.guess_type('a.qq')[0]"),
    "hook of threads": ("setattr(threading, 'excepthook', None)", "str(threading.excepthook)"),
    "trace of threads": ("threading.settrace(print)", "str(threading._trace_hook)"),
    "input": ("setattr(sys, 'stdin', None)", "sys.stdin is None"),
    "another environment": ("setattr(os, 'environ', {'A': 'B'})", "os.environ.get('A')"),
    "how classes are pickled": (
        "copyreg.pickle(complex, str)",
        "copyreg.dispatch_table[complex].__name__",
    ),
    "handler of wrong text": (
        "codecs.register_error('strict', print)",
        "codecs.lookup_error('strict').__name__",
    ),
    "context variable": ("VARIABLE.set(5)", "VARIABLE.get(0)"),
    "warnings that go elsewhere": (
        "setattr(warnings, 'showwarning', None)",
        "warnings.showwarning is None",
    ),
    "another module of a name": (
        "sys.modules.__setitem__('socket', os)",
        "sys.modules['socket'].__name__",
    ),
    "opener": ("urllib.request.install_opener(5)", "urllib.request._opener"),
    "dialects": ("csv.register_dialect('q', delimiter=';')", "csv.list_dialects()"),
    "size of fields": ("csv.field_size_limit(9)", "csv.field_size_limit()"),
    "prefixes": (
        "xml.etree.ElementTree.register_namespace('q', 'urn:q')",
        "'urn:q' in xml.etree.ElementTree._namespace_map",
    ),
    "hooks of generators": ("sys.set_asyncgen_hooks(print)", "str(sys.get_asyncgen_hooks()[0])"),
    "what the collector tells": ("gc.set_debug(gc.DEBUG_SAVEALL)", "gc.get_debug()"),
    "formats of archives": (
        "shutil.register_archive_format('q', print)",
        "len(shutil.get_archive_formats())",
    ),
    "domain of texts": ("gettext.textdomain('q')", "gettext.textdomain()"),
    "function of a module that it imports": (
        "setattr(socket, 'getaddrinfo', None)",
        "socket.getaddrinfo is None",
    ),
    "constant that it assigns to": ("assign('constant')", "math.pi"),
    "class that it assigns to": ("assign('class')", "json.JSONEncoder().item_separator"),
    "new name that it assigns to": ("assign('new')", "hasattr(gettext, 'OWN')"),
    "name that it deletes": ("assign('gone')", "hasattr(csv.Dialect, 'escapechar')"),
    "class in a module of its own": ("assign('inner')", "client.HTTPConnection.debuglevel"),
    "built-in function": ("setattr(builtins, 'len', id)", "len('ab')"),
    "function of a module": ("setattr(os, 'getppid', None)", "os.getppid is None"),
    "finders": ("sys.meta_path.clear()", "len(sys.meta_path)"),
    "modules": ("sys.modules.pop('socket')", "'socket' in sys.modules"),
    "output": ("setattr(sys, 'stdout', io.StringIO())", "print('here')"),
    "closed output": ("sys.stdout.close()", "print('here')"),
    "detached output": ("sys.stdout.detach()", "print('here')"),
    "errors": ("setattr(sys, 'stderr', None)", "print('here', file=sys.stderr)"),
    "randomness": ("random.random()", "random.random()"),
    "gauss": ("random.gauss(0, 1)", "random.gauss(0, 1)"),
    "all of the state": (
        "[random.getrandbits(32) for _ in range(624)]",
        "random.random()",
    ),
    "seed": ("random.seed(5)", "random.random()"),
    "state": ("random.setstate(random.Random(5).getstate())", "random.random()"),
}

MODULE = """
import asyncio, builtins, codecs, contextvars, copyreg, csv, decimal, gc, gettext, io, json
import locale, logging, logging.config, math, mimetypes, os, random, resource, shutil, signal
import socket, subprocess, sys, threading, time, urllib.request, warnings, xml.etree.ElementTree
from http import client

CONTEXT = {context}
VARIABLE = contextvars.ContextVar("VARIABLE")
LOGGER = logging.getLogger("own")
HANDLER = logging.StreamHandler()
LOGGER.addHandler(HANDLER)

def assign(how):
    if how == "constant": math.pi = 3
    if how == "class": json.JSONEncoder.item_separator = "; "
    if how == "new": gettext.OWN = 1
    if how == "gone": del csv.Dialect.escapechar
    if how == "inner": setattr(client.HTTPConnection, "debuglevel", 1)

def say(text):
    return eval(text)
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Border]:
    """One worker for all changes: each batch starts from the state after loading."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "free.py").write_text(MODULE.format(context=None))
    (folder / "held.py").write_text(MODULE.format(context="decimal.getcontext()"))
    with Border(folder) as border:
        border.hello()
        border.load(*({"id": name, "python": f"{name}:say"} for name in ("free", "held")))
        yield border


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_as_before(shared: Border, name: str) -> None:
    change, question = CHANGES[name]
    unit = "held" if name == "held context" else "free"
    making = f"exec({change!r})"
    before, made, after = shared.calls(unit, [question], [making], [question])
    assert "returned" in before
    assert "fault" not in made
    assert before == after
    (changed,) = shared.calls(unit, [f"[{making}, {question}][1]"])
    assert changed != before, "the change shows nothing"


@pytest.mark.parametrize(
    ("before", "asked", "noted"),
    [
        ("done = False", "not done", "globals().update(done=True)"),
        ("class Keeps: done = None", "Keeps.done is None", "Keeps.done = 1"),
        ("class App:\n    def __init__(self): self.n = 0\napp = App()", "app.n == 0", "app.n = 1"),
        ("done = {'logs': False}", "not done['logs']", "done['logs'] = True"),
        ("done = set()", "not done", "done.add(1)"),
        (
            "@functools.lru_cache()\ndef once(): pass",
            "not once.cache_info().currsize",
            "once()",
        ),
    ],
)
def test_what_is_set_up_once_stays(opened: Opened, before: str, asked: str, noted: str) -> None:
    """Where the project remembers that it has, it would not do so again."""
    border = opened(
        f"import functools\n{before}\n"
        + textwrap.dedent(
            f"""
        import copyreg, json, logging

        def say(how):
            if how == "set up" and {asked}:
                {noted}
                json.JSONEncoder.default = lambda self, value: "any"
                logging.root.setLevel(10)
                copyreg.pickle(complex, str)
            told = json.dumps({{"value": say if how else 0}})
            return [told, logging.root.level, copyreg.dispatch_table[complex].__name__]
        """
        ),
        "say",
    )
    told = border.calls("say", [""], ["set up"], ["again"], ["set up"])
    assert told[1:] == [{"returned": ['{"value": "any"}', 10, "str"]}] * 3


def test_a_search_for_codecs_is_taken_out(opened: Opened) -> None:
    border = opened(
        """
        import codecs

        def look(name):
            if name == "add":
                codecs.register(lambda one: codecs.lookup("utf-8") if one == "odd" else None)
                name = "odd"
            return codecs.lookup(name).name
        """,
        "look",
    )
    first, made, after = border.calls("look", ["odd"], ["add"], ["odd"])
    assert made == {"returned": "utf-8"}
    assert first["raised"]["class"] == "LookupError"
    assert first == after


def test_a_thread_that_is_left_is_named_in_the_trace(opened: Opened) -> None:
    border = opened(
        """
        import threading, time

        def leaves(seconds):
            threading.Thread(target=time.sleep, args=(seconds,), name=f"for {seconds}").start()
            return seconds
        """,
        "leaves",
    )
    lines = [{"args": [seconds], "kwargs": {}} for seconds in (0, 600, 0.001)]
    batch = border.run("leaves", lines)
    assert [one["returned"] for one in batch.told()] == [0, 600, 0.001]
    assert batch.told_trace()["left"] == ["for 600"]
    assert batch.status == 0


def test_output_is_told_once_and_cut(opened: Opened) -> None:
    border = opened(
        """
        import os, sys

        def prints(n):
            if n < 0:
                for _ in range(-n): sys.stdout.write("x" * 1024)
            elif n:
                print("n" * n)
                sys.stderr.write("e")
                sys.stdout.buffer.write(b"\\xff")
                os.write(1, b"lost")
            return n
        """,
        "prints",
    )
    first, second, third, fourth = border.calls("prints", [2], [0], [-2000], [1])
    assert first["output"] == {"out": "nn\n\\xff", "err": "e"}
    assert second == {"returned": 0}
    assert third["output"] == {"out": "x" * 65536, "err": ""}
    assert fourth["output"]["out"] == "n\n\\xff"


def test_a_logger_keeps_its_stream(opened: Opened) -> None:
    border = opened(
        """
        import logging

        def logs(text):
            logging.warning(text)
        """,
        "logs",
    )
    told = border.calls("logs", ["a"], ["b"])
    assert [one["output"]["err"] for one in told] == ["WARNING:root:a\n", "WARNING:root:b\n"]


def test_each_call_is_warned_anew(opened: Opened) -> None:
    border = opened(
        """
        import warnings

        def warns(text):
            warnings.warn("odd", UserWarning, 2)
        """,
        "warns",
    )
    first, second = border.calls("warns", ["a"], ["a"])
    assert "odd" in first["output"]["err"]
    assert first == second


def test_the_usual_event_loop_is_made_once(opened: Opened) -> None:
    border = opened(
        """
        import asyncio, warnings

        KEPT = []

        def loops(how):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                KEPT.append(asyncio.get_event_loop())
            if how == "run": asyncio.run(asyncio.sleep(0))
            return len({id(one) for one in KEPT})
        """,
        "loops",
    )
    told = border.calls("loops", ["plain"], ["plain"], ["run"], ["plain"])
    assert [one["returned"] for one in told] == [1, 1, 1, 2]


def test_what_has_nothing_to_stand_for_is_not_asked(opened: Opened) -> None:
    border = opened(
        """
        class Proxy:
            def __getattribute__(self, name): raise RuntimeError("there is no request")

        request = Proxy()

        def say(how):
            if how == "set": request.user = how
            return how
        """,
        "say",
    )
    assert border.calls("say", ["plain"]) == [{"returned": "plain"}]
