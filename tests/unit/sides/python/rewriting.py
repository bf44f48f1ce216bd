"""Rewrites modules of the standard library in this interpreter and runs their doctests.

Started as `INTERPRETER rewriting.py SIDE`, where SIDE is the folder of the python side. Prints one
JSON object a module: how many functions there are, how many were exchanged, what came of doctests.
"""

import doctest
import importlib
import json
import sys
import types

MODULES = ["textwrap", "difflib", "statistics", "heapq", "bisect", "random", "json.encoder"]
MODULES += ["collections", "string", "fnmatch", "posixpath", "calendar", "colorsys", "fractions"]
OWN = """
import contextlib
import functools

LIMIT = 3


class Base:
    def name(self):
        return "base"


class Shape(Base):
    sides = 4
    labels = {k: v * 2 for k, v in zip("ab", (1, 2))}

    def __init__(self, *args, **more):
        self.args = args
        self.more = more
        self.count = 0

    def name(self):
        return super().name() + "/" + type(self).__name__

    def __mangled(self, x):
        self.count += x
        return self.count

    def add(self, x):
        return self.__mangled(x) or "zero"

    @property
    def area(self):
        return sum(a * b for a, b in zip(self.args, self.args[1:])) // 2

    @classmethod
    def made(cls, n):
        return cls(*range(n), **{str(i): -i for i in range(n)})


def chained(a, b, c):
    return a < b <= c, not a, a if b and c else (a or b or c), [x for x in (a, b, c) if x]


def closures():
    made = []
    for i in range(3):
        made.append(lambda x, i=i: (x, i))
        made.append(lambda x: x + i)
    return [f(10) for f in made]


def generated(items):
    total = 0
    for index, item in enumerate(items, 1):
        total -= index * item % 7
        yield f"{index:>3}|{item!r:<4}|{total / 2:.2f}"


def handled(x):
    try:
        return 10 // x
    except (ZeroDivisionError, TypeError) as error:
        return type(error).__name__
    finally:
        LOG.append(x)


LOG = []


@functools.lru_cache(None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@contextlib.contextmanager
def managed(x):
    yield x
    LOG.append("left %s" % (x,))


async def awaited(x):
    return [y async for y in ticks(x)]


async def ticks(n):
    for i in range(n):
        yield i


def everything():
    import asyncio

    shape = Shape.made(4)
    shape.more["z"] = shape.more.get("z", 0) + 1
    xs = [3, 1, 2]
    xs[0] += 5
    xs[1:2] = [7, 8]
    a, *rest = sorted(xs, key=lambda v: -v)
    xs += rest
    with managed(a) as b:
        c = -b ** 2
    while a > 0:
        a -= 4
        if a == 1:
            break
    else:
        c = ~c
    return [
        shape.name(), shape.add(0), shape.add(2), shape.area, shape.labels,
        sorted(shape.more.items()),
        chained(1, 2, 3), chained(0, 0, ""), closures(), list(generated([5, -6, 7.5])),
        handled(3), handled(0), handled("x"), LOG, fib(20), c, xs, asyncio.run(awaited(3)),
        {x: y for x, y in zip("abc", range(3))}, {*"hello"} == set("hello"),
        "%s-%05.1f" % ("a", 2.25), any(x > 2 for x in xs), next(iter(xs)), xs[-1], "abc"[::-1],
        max((len(w), w) for w in "a bb cc".split()),
        [[i * j for j in range(i)] for i in range(4)],
        (lambda *a, k=2, **m: (a, k, m))(1, 2, k=3, z=4),
    ]
"""


def side(folder):
    package = types.ModuleType("_parity_side")
    package.__path__ = [folder]
    sys.modules["_parity_side"] = package
    package.form = types.ModuleType("_parity_side.form")
    sys.modules["_parity_side.form"] = package.form
    return importlib.import_module("_parity_side.hook"), importlib.import_module(
        "_parity_side.instrument"
    )


def functions(code):
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return len(inner) + sum(map(functions, inner))


def rewrite(program, turned, file, text):
    """Rewrites one more file; how many codes and functions of it there are."""
    pairs, exchanged = len(program.pairs), len(program.functions)
    program.add(file, text)
    known = sys.modules[type(program).__module__].functions_by_file()
    program.ask(turned, known)
    return {
        "pairs": len(program.pairs) - pairs,
        "exchanged": len(program.functions) - exchanged,
    }


def in_part(kind, rewriter, instrument, only, beside, before):
    """What comes of it where a third of the sites ask, or none."""
    own = types.ModuleType("own")
    exec(compile(OWN, "<own>", "exec", dont_inherit=True), own.__dict__)
    program = instrument.Program(rewriter)
    turned = kind(program.sites)
    told = rewrite(program, turned, "<own>", OWN)
    everything = set(range(len(program.sites)))
    chosen = set(range(only, len(everything), 3)) if only < 3 else set()
    also = everything if beside else set()
    program.ask_at(chosen, also)
    turned.looking = True
    after = repr(own.everything())
    wanted = chosen | also if chosen else set()
    failed = (
        before != after or not turned.reached <= wanted or len(turned.reached) < len(wanted) / 4
    )
    if failed:
        print(before, after, turned.reached - wanted, file=sys.stderr)
    return dict(
        told, module="own in part", functions=told["pairs"], failed=failed, tried=0, looking=False
    )


def main():
    hook, instrument = side(sys.argv[1])
    program = instrument.Program()
    turned = hook.Hook(program.sites)
    for looking in (False, True):
        own = types.ModuleType("own")
        exec(compile(OWN, "<own>", "exec", dont_inherit=True), own.__dict__)
        own2 = types.ModuleType("own2")
        exec(compile(OWN, "<own>", "exec", dont_inherit=True), own2.__dict__)
        before = repr(own2.everything())
        told = rewrite(program, turned, "<own>", OWN)
        turned.looking = looking
        after = repr(own.everything())
        count = functions(compile(OWN, "<own>", "exec", dont_inherit=True))
        told.update(module="own", functions=count)
        print(
            json.dumps(
                dict(told, failed=before != after, tried=len(turned.reached), looking=looking)
            )
        )
        if before != after:
            print(before, after, file=sys.stderr)
    slips = importlib.import_module("_parity_side.slips")
    sites = importlib.import_module("_parity_side.slip_sites")
    ways = (hook.Hook, instrument.Rewriter), (slips.Slips, sites.SlipRewriter)
    for kind, rewriter in ways:
        for only in range(4):
            for beside in (False, True):
                told = in_part(kind, rewriter, instrument, only, beside, before)
                print(json.dumps(told))
    for name in MODULES:
        module = importlib.import_module(name)
        with open(module.__file__, encoding="utf-8") as file:  # noqa: PTH123
            text = file.read()
        plain = doctest.testmod(module)
        code = compile(text, module.__file__, "exec", dont_inherit=True)
        turned.looking = False
        first = len(program.sites)
        told = rewrite(program, turned, module.__file__, text)
        result = doctest.testmod(module)
        program.ask_at(set(range(first, len(program.sites), 2)), set())
        half = doctest.testmod(module)
        told.update(module=name, functions=functions(code), tried=result.attempted)
        failed = max(result.failed, half.failed) > plain.failed
        print(json.dumps(dict(told, failed=failed, looking=False)))


main()
