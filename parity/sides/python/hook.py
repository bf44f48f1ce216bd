"""What rewritten code calls: Python's meaning of a construct, or Java's where a trial says so."""

import copy
import functools
import inspect
import itertools
import json
import operator
import types
from typing import Any, Callable, Dict, FrozenSet, Iterable, Iterator, List, Optional, Set, Tuple

from .graft import StandIn
from .instrument import Site
from .meanings import (
    comparing,
    encodings,
    formats,
    holders,
    jdk,
    numbers,
    patterns,
    rounding,
    texts,
    times,
)

Offer = Tuple[str, Callable[..., Any]]
EVERYWHERE = -1
ARGUMENTS = -2
LOOKS = 200
GIVEN = 8
"""Of a meaning at a site so many things are kept that it would have given on an input."""
LONGEST = 400
SHOWN = frozenset([int, float, str, bool, type(None)])
ENDED = object()
UNCAUGHT = "uncaught-exception/passed"
OPERATORS: Dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "@": operator.matmul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "is": operator.is_,
    "is not": operator.is_not,
    "[]": operator.getitem,
    "[:]": operator.getitem,
}
IN_PLACE: Dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.iadd,
    "-": operator.isub,
    "*": operator.imul,
    "/": operator.itruediv,
    "//": operator.ifloordiv,
    "%": operator.imod,
    "**": operator.ipow,
    "<<": operator.ilshift,
    ">>": operator.irshift,
    "&": operator.iand,
    "|": operator.ior,
    "^": operator.ixor,
    "@": operator.imatmul,
}
BINARY = (numbers, comparing, texts, holders, times)
CALLED = (numbers, rounding, comparing, texts, holders, formats, encodings, patterns, times)
MEANINGS = frozenset(BINARY + CALLED)
NONE: FrozenSet[Any] = frozenset()
CONSUMING = {
    "builtins.sum": 0,
    "builtins.max": 0,
    "builtins.min": 0,
    "builtins.sorted": 0,
    "builtins.list": 0,
    "builtins.tuple": 0,
    "builtins.set": 0,
    "builtins.dict": 0,
    "collections.Counter": 0,
    "math.fsum": 0,
    "math.prod": 0,
    "str.join": 1,
    "dict.fromkeys": 1,
}
PEEKING = ("builtins.any", "builtins.all")
HIGHER = {
    "builtins.map",
    "builtins.filter",
    "builtins.sorted",
    "builtins.max",
    "builtins.min",
    "list.sort",
    "_functools.reduce",
    "functools.reduce",
    "itertools.groupby",
}


class Meant:
    """A plan as sites look it up: made once, before there is a copy of this process for it."""

    def __init__(self, plan: Iterable[Tuple[int, str]]) -> None:
        self.at: Dict[int, Set[str]] = {}
        self.everywhere: Set[str] = set()
        for site, key in plan:
            if site == EVERYWHERE:
                self.everywhere.add(key)
            elif site >= 0:
                self.at.setdefault(site, set()).add(key)
        self.asked = offering(self.everywhere)
        self.asked_at = {site: offering(keys) for site, keys in self.at.items()}


class Held:
    """An operand of `or` or `and` whose truth another meaning decides."""

    def __init__(self, value: Any, truth: bool) -> None:
        self.value = value
        self.truth = truth

    def __bool__(self) -> bool:
        return self.truth


class Hook:
    """Gives each construct the meaning that the trial under way has for its site."""

    def __init__(self, sites: List[Site]) -> None:
        self.sites = sites
        self.looking = False
        self.on = False
        self.at: Dict[int, Set[str]] = {}
        self.everywhere: Set[str] = set()
        self.asked_at: Dict[int, FrozenSet[Any]] = {}
        self.asked = NONE
        self.offered: Set[Tuple[int, str]] = set()
        """Meanings that a site had, whether they gave something else or not; of all inputs."""
        self.operands: Dict[int, Tuple[Any, Any, Any]] = {}
        """Of operators in sums and products: what the last one took and gave, by site."""
        self.begin()

    def begin(self, most: int = LOOKS) -> None:
        """Forgets what was seen where one looked; of each site so much is to be seen."""
        self.most = most
        self.found: Set[Tuple[int, str]] = set()
        self.given: Dict[Tuple[int, str], List[Tuple[str, str]]] = {}
        self.reached: Set[int] = set()
        self.looks: Dict[int, int] = {}

    def turn(self, meant: "Meant") -> None:
        """Gives sites the meanings of a plan, and all others Python's."""
        self.at, self.everywhere = meant.at, meant.everywhere
        self.on = bool(self.at or self.everywhere)
        self.asked, self.asked_at = meant.asked, meant.asked_at

    def _asked(self, site: int) -> FrozenSet[Any]:
        """The modules of meanings that are asked at a site: all of them where one looks, until
        enough was seen."""
        if self.looking:
            return MEANINGS if self.looks.get(site, 0) <= self.most else NONE
        return self.asked_at.get(site, self.asked)

    def _go(
        self,
        site: int,
        plain: Callable[[], Any],
        offers: Callable[[], Iterator[Offer]],
        module: Any = None,
    ) -> Any:
        """What a construct gives; its offers are those of `module`, where that is said."""
        if self.looking:
            return self._look(site, plain, offers)
        if self.on and (module is None or module in self._asked(site)):
            wanted = self.at.get(site)
            if wanted is None:
                wanted = self.everywhere
            if wanted:
                for key, thunk in _safely(offers):
                    if key.rstrip(holders.MUTATES) in wanted:
                        return thunk()
        return plain()

    def _look(
        self, site: int, plain: Callable[[], Any], offers: Callable[[], Iterator[Offer]]
    ) -> Any:
        """Python's meaning; notes which others would have given something else."""
        self.reached.add(site)
        self.looks[site] = self.looks.get(site, 0) + 1
        if self.looks[site] > self.most:
            return plain()
        tried: List[Tuple[str, Any, Optional[Exception]]] = []
        for key, thunk in _safely(offers):
            name = key.rstrip(holders.MUTATES)
            self.offered.add((site, name))
            if (site, name) in self.found and not self._wants((site, name)):
                continue
            if key != name:
                self.found.add((site, name))
                continue
            try:
                tried.append((name, thunk(), None))
            except jdk.Thrown as error:
                tried.append((name, None, error))
            except Exception:
                continue
        try:
            result = plain()
        except Exception:
            self.found.update((site, name) for name, _, _ in tried)
            raise
        for name, value, raised in tried:
            if raised is not None or not same(value, result):
                self.found.add((site, name))
                if raised is None and type(value) in SHOWN and type(result) in SHOWN:
                    self._keep((site, name), (shown(result), shown(value)))
        return result

    def _wants(self, meaning: Tuple[int, str]) -> bool:
        """Whether more is to be seen of what a meaning gives."""
        return 0 < len(self.given.get(meaning, ())) < GIVEN

    def _keep(self, meaning: Tuple[int, str], pair: Tuple[str, str]) -> None:
        """Keeps what a construct gave, and what it would have given."""
        pairs = self.given.setdefault(meaning, [])
        if len(pairs) < GIVEN and pair not in pairs and max(map(len, pair)) <= LONGEST:
            pairs.append(pair)

    # -- what rewritten code calls

    def binary(self, site: int, a: Any, b: Any) -> Any:
        """An operator, a comparison, an element or a part."""
        what = self.sites[site].what
        asked = self._asked(site)
        if not asked:
            return OPERATORS[what](a, b)
        value = self._go(
            site,
            lambda: OPERATORS[what](a, b),
            lambda: itertools.chain(
                _binary(what, a, b, asked), self._regrouped(site, a, b, numbers in asked)
            ),
        )
        if what in numbers.FAMILIES:
            self.operands[site] = (a, b, value)
        return value

    def _regrouped(self, site: int, a: Any, b: Any, is_asked: bool) -> Iterator[Offer]:
        """The same sum or product of three and more, reckoned in another order."""
        what, (left, right) = self.sites[site].what, self.sites[site].inner
        family = numbers.FAMILIES.get(what)
        if is_asked and family is not None and (left is not None or right is not None):
            terms = self._terms(left, a, family)
            terms += _turned(self._terms(right, b, family), what)
            yield from numbers.grouped(family, terms)

    def _terms(self, site: Optional[int], value: Any, family: str) -> List[Tuple[Any, bool]]:
        """What an operator has made a value of, each with whether it is taken away or divided by;
        the value itself where it is from elsewhere."""
        made = self.operands.get(site) if site is not None else None
        if made is None or made[2] is not value:
            return [(value, False)]
        what, (left, right) = self.sites[site].what, self.sites[site].inner  # type: ignore
        if numbers.FAMILIES.get(what) != family:
            return [(value, False)]
        terms = self._terms(right, made[1], family)
        return self._terms(left, made[0], family) + _turned(terms, what)

    def changed(self, site: int, a: Any, b: Any) -> Any:
        """An augmented assignment."""
        what = self.sites[site].what
        asked = self._asked(site)

        if not asked:
            return IN_PLACE[what](a, b)

        def offers() -> Iterator[Offer]:
            if isinstance(a, (list, set, dict)):
                return iter(())
            regrouped = self._regrouped(site, a, b, numbers in asked)
            return itertools.chain(_binary(what, a, b, asked), regrouped)

        return self._go(site, lambda: IN_PLACE[what](a, b), offers)

    def unary(self, site: int, a: Any) -> Any:
        """Negation."""
        what = self.sites[site].what
        call = operator.neg if what == "neg" else operator.invert
        return self._go(site, lambda: call(a), lambda: numbers.unary(what, a), numbers)

    def truth(self, site: int, value: Any) -> Any:
        """The test of an `if`, `while` or `not`."""
        return self._go(site, lambda: value, lambda: comparing.truth(value), comparing)

    def held(self, site: int, value: Any) -> Any:
        """An operand of `or` or `and`, but the last."""

        def offers() -> Iterator[Offer]:
            for key, thunk in comparing.held(self.sites[site].what, value):
                yield key, lambda thunk=thunk: Held(value, bool(thunk()))

        return self._go(site, lambda: value, offers, comparing)

    def either(self, site: int, value: Any) -> Any:
        """The result of `or` or `and`."""
        if type(value) is Held:
            value = value.value
        what = self.sites[site].what
        return self._go(site, lambda: value, lambda: comparing.either(what, value), comparing)

    def read(self, site: int, owner: Any, name: str) -> Any:
        """An attribute."""

        def offers() -> Iterator[Offer]:
            return times.read(name, getattr(owner, name), owner)

        return self._go(site, lambda: getattr(owner, name), offers, times)

    def formatted(self, site: int, value: Any, conversion: int, spec: str) -> str:
        """A field of an f-string."""
        convert: Any = {114: repr, 115: str, 97: ascii}.get(conversion)

        def plain() -> str:
            return format(value if convert is None else convert(value), spec)

        def offers() -> Iterator[Offer]:
            if convert is None and spec:
                return formats.spec(value, spec)
            function = "builtins.repr" if convert is repr else "builtins.str"
            inner = _called(function, (value,), {}, self._asked(site))
            return ((key, lambda t=thunk: format(t(), spec)) for key, thunk in inner)

        return str(self._go(site, plain, offers))

    def each(self, site: int, value: Any) -> Any:
        """What a loop goes over."""
        return self._go(site, lambda: value, lambda: holders.each(value), holders)

    def closure(self, site: int, value: Any) -> Any:
        """A lambda."""
        return self._always(site, value, holders.closure(value))

    def generator(self, site: int, value: Any) -> Any:
        """A generator expression."""
        return self._always(site, value, holders.generator(value))

    def _always(self, site: int, value: Any, offers: Iterator[Offer]) -> Any:
        """What shows a difference only later is always worth a trial."""
        kept = [(key.rstrip(holders.MUTATES) + holders.MUTATES, thunk) for key, thunk in offers]
        return self._go(site, lambda: value, lambda: iter(kept))

    def made(self, site: int, value: Any) -> Any:
        """A dict or set display."""
        what = self.sites[site].what
        return self._go(site, lambda: value, lambda: holders.made(what, value), holders)

    def caught(self, site: int, kinds: Any) -> Any:
        """The classes of a handler."""
        return self._always(site, kinds, iter([(UNCAUGHT, tuple)]))

    def call(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of anything."""
        asked = self._asked(site)
        if not asked:
            return function(*args, **kwargs)
        name, bound = name_of(function)
        if not name:
            return function(*args, **kwargs)
        if name in HIGHER:
            args = tuple(self._asking(site, one) for one in args)
            kwargs = {key: self._asking(site, one) for key, one in kwargs.items()}
        args = _at_hand(name, bound, args)
        whole = bound + args
        return self._go(
            site, lambda: function(*args, **kwargs), lambda: _called(name, whole, kwargs, asked)
        )

    def _asking(self, site: int, value: Any) -> Any:
        """A function that is handed on, so that it asks for its meaning each time."""
        if not callable(value) or not name_of(value)[0]:
            return value
        return functools.partial(self.call, site, value)


def _turned(terms: List[Tuple[Any, bool]], what: str) -> List[Tuple[Any, bool]]:
    """Terms behind a minus or a division."""
    return [(one, not is_turned) for one, is_turned in terms] if what in ("-", "/") else terms


def _binary(what: str, a: Any, b: Any, asked: FrozenSet[Any]) -> Iterator[Offer]:
    if what == "%" and isinstance(a, str):
        if formats in asked:
            yield from formats.percent(a, b)
        return
    for module in BINARY:
        if module in asked:
            yield from module.binary(what, a, b)


def _called(
    name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any], asked: FrozenSet[Any]
) -> Iterator[Offer]:
    for module in CALLED:
        if module not in asked:
            continue
        yield from _safely(lambda module=module: module.called(name, args, kwargs))  # type: ignore


def offering(keys: Iterable[str]) -> FrozenSet[Any]:
    """The modules that may offer some of these meanings: those in which their cause is written.

    Formats of dates are offered by `formats`, and written in `times`.
    """
    return NONE.union(*(_offering_cause(key.partition("/")[0]) for key in keys))


@functools.lru_cache(maxsize=None)
def _offering_cause(cause: str) -> FrozenSet[Any]:
    return frozenset(module for module in MEANINGS if cause in _source(module))


@functools.lru_cache(maxsize=None)
def _source(module: Any) -> str:
    with open(module.__file__, encoding="utf-8") as file:
        return file.read() + (_source(times) if module is formats else "")


def read_meanings() -> None:
    """Reads which causes are written where, ahead of copies that would each read it."""
    for module in MEANINGS:
        _source(module)


def _safely(offers: Callable[[], Iterator[Offer]]) -> Iterator[Offer]:
    """The offers up to one that cannot be made of these operands."""
    try:
        yield from offers()
    except Exception:
        return


def _at_hand(name: str, bound: Tuple[Any, ...], args: Tuple[Any, ...]) -> Tuple[Any, ...]:
    """Arguments of which an iterator is read where the call would read all of it anyway."""
    index = CONSUMING.get(name, -1) - len(bound)
    if name in CONSUMING and 0 <= index < len(args) and hasattr(args[index], "__next__"):
        return args[:index] + (list(args[index]),) + args[index + 1 :]
    if name in PEEKING and args and hasattr(args[0], "__next__"):
        first = next(args[0], ENDED)
        rest: Any = [] if first is ENDED else itertools.chain([first], args[0])
        return (rest,) + args[1:]
    return args


NO_RECEIVER = (types.ModuleType, types.FunctionType, StandIn)
"""What a built-in function has that is no method; of a clock that is frozen it is a function."""


def name_of(function: Any) -> Tuple[str, Tuple[Any, ...]]:
    """`module.name` of a known function, `type.method` of a known method, with its receiver."""
    kind = type(function)
    if isinstance(function, types.BuiltinFunctionType):  # or one that knows its class, as of re
        owner = function.__self__
        if owner is None or isinstance(owner, NO_RECEIVER):
            module = function.__module__ or getattr(owner, "__name__", "")
            return "%s.%s" % (module, function.__name__), ()
        home = owner if isinstance(owner, type) else type(owner)
        return _method_name(home, function.__name__), (owner,)
    if kind is types.MethodType:
        inner = function.__func__
        name = "%s.%s" % (getattr(inner, "__module__", ""), getattr(inner, "__qualname__", ""))
        return (name, (function.__self__,)) if _is_known(name) else ("", ())
    if kind is types.MethodDescriptorType:
        return _method_name(function.__objclass__, function.__name__), ()
    if isinstance(function, type):
        name = "%s.%s" % (function.__module__, function.__qualname__)
        return (name, ()) if _is_known(name) else ("", ())
    if kind is types.FunctionType:
        name = "%s.%s" % (function.__module__, function.__qualname__)
        return (name, ()) if _is_known(name) else ("", ())
    return "", ()


LIBRARIES = (
    "base64.",
    "builtins.",
    "calendar.",
    "collections.",
    "copy.",
    "datetime.",
    "decimal.",
    "functools.",
    "genericpath.",
    "hmac.",
    "html.",
    "itertools.",
    "json.",
    "math.",
    "posixpath.",
    "re.",
    "statistics.",
    "string.",
    "urllib.parse.",
)


def _is_known(name: str) -> bool:
    return name.startswith(LIBRARIES)


def _method_name(home: type, method: str) -> str:
    for kind in home.__mro__:
        if method in vars(kind):
            home = kind
            break
    if home.__module__ == "builtins":
        return "%s.%s" % (home.__name__, method)
    return "%s.%s.%s" % (home.__module__, home.__qualname__, method)


def same(a: Any, b: Any) -> bool:
    """Whether two values are one to the eye: type and text; what has no text is itself."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if hasattr(a, "__next__"):
        return False
    if inspect.isroutine(a):
        return bool(a == b)
    try:
        return repr(a) == repr(b)
    except Exception:
        return False


def with_copies(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function that works on copies of its arguments, so that its caller sees no change."""

    @functools.wraps(call)
    def copied(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = copy.deepcopy((args, kwargs))
        return call(*args, **kwargs)

    return copied


def shown(value: Any) -> str:
    """A plain value as it is told of what constructs gave: a text as itself, others as JSON."""
    return value if type(value) is str else json.dumps(value)


def known_meanings(found: Optional[Set[Tuple[int, str]]]) -> List[List[Any]]:
    """What was found, in an order that does not depend on this process."""
    return [list(one) for one in sorted(found or ())]
