"""Calls that leave the project: what they give, and what they call of the project in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from parity.scan.attributes import (
    CONTAINERS,
    DECORATED,
    NAMED_TUPLES,
    PROPERTY_CLASS,
    REFERENCES,
    SLOTS,
    SPACES,
    is_value,
)
from parity.scan.containers import DEFAULTS, SETS
from parity.scan.effects import OF_ANYTHING, OF_BYTES, OF_TEXTS, Effects
from parity.scan.giving import FOLDING, GROUPING, ONE_OF, PARTS, Giving
from parity.scan.handing import calls_back
from parity.scan.linked import PUBLISHING
from parity.scan.linking import Module
from parity.scan.moving import (
    CALL,
    DELETE_PAST,
    HAND,
    INSTANTIATE,
    ITEM,
    LOAD,
    LOAD_PAST,
    MERGE,
    OPERATE,
    SET_EACH,
    STORE,
    STORE_PAST,
    WRAP,
    Use,
)
from parity.scan.objects import (
    ALL,
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FUNCTION,
    PARTIAL,
    UNNAMED,
    is_function_name,
    near,
)
from parity.scan.shapes import FORWARDED, PAIRED, PAST
from parity.scan.stubs import stubs
from parity.scan.telling import GETTERS
from parity.scan.words import BETWEEN

IMPORTING: Final = frozenset({"builtins.__import__", "importlib.import_module"})
LOCATING: Final = frozenset(
    "celery.utils.imports.symbol_by_name django.utils.module_loading.import_string"
    " kombu.utils.imports.symbol_by_name pkgutil.resolve_name pydoc.locate"
    " twisted.python.reflect.namedAny twisted.python.reflect.namedClass"
    " twisted.python.reflect.namedModule twisted.python.reflect.namedObject"
    " werkzeug.utils.import_string zope.dottedname.resolve.resolve".split()
)
"""Functions of the outside that give what a text names."""
BINDING: Final = "builtins.function().__get__"
COMPUTED: Final = "getattr of a computed name"
SAME: Final[Mapping[str, int]] = {
    "copy.copy": 0, "copy.deepcopy": 0, "typing.cast": 1, "asyncio.run": 0, "asyncio.gather": 0,
    "asyncio.wait_for": 0, "asyncio.shield": 0, "asyncio.ensure_future": 0, **PARTS,
    "asyncio.create_task": 0, "weakref.proxy": 0,
    "contextlib.nullcontext": 0, "asyncio.get_event_loop().run_until_complete": 0,
    "functools.update_wrapper": 0, "functools.wraps()": 0, "inspect.unwrap": 0,
    "builtins.aiter": 0, "asgiref.sync.sync_to_async": 0,
    "asgiref.sync.async_to_sync": 0, "jupyter_core.utils.ensure_async": 0,
    "tornado.gen.maybe_future": 0, "twisted.internet.defer.ensureDeferred": 0,
}  # fmt: skip
"""Calls that give (for `filter`, `gather`: that hold) what they are given."""
ENTERING: Final = frozenset(
    f"contextlib.{stack}().{name}"
    for stack in ("ExitStack", "AsyncExitStack")
    for name in ("enter_context", "enter_async_context")
)
CHAIN: Final = ("itertools.chain",)
CLOSING: Final = {"contextlib.closing": "close", "contextlib.aclosing": "aclose"}
DECORATORS: Final = frozenset(
    "dataclasses.dataclass() functools.cache functools.lru_cache() functools.singledispatch"
    " functools.total_ordering".split()
)
"""What gives what it is given, with something more about it, also where it is no decorator."""
DUNDERS: Final = {
    "builtins.len": "__len__", "builtins.str": "__str__", "builtins.repr": "__repr__",
    "builtins.iter": "__iter__", "builtins.next": "__next__", "builtins.bool": "__bool__",
    "builtins.int": "__int__", "builtins.float": "__float__", "builtins.hash": "__hash__",
    "builtins.abs": "__abs__", "builtins.list": "__iter__", "builtins.tuple": "__iter__",
    "builtins.dir": "__dir__", "builtins.bytes": "__bytes__", "builtins.reversed": "__reversed__",
    "builtins.set": "__iter__", "builtins.sorted": "__iter__", "builtins.dict": "__iter__",
    "builtins.enumerate": "__iter__", "builtins.any": "__iter__", "builtins.all": "__iter__",
    "builtins.sum": "__iter__", "builtins.format": "__format__", "builtins.anext": "__anext__",
    "builtins.str().join": "__iter__", "builtins.bytes().join": "__iter__",
    "builtins.max": "__iter__", "builtins.min": "__iter__",
    "builtins.round": "__round__", "os.fspath": "__fspath__", "builtins.frozenset": "__iter__",
}  # fmt: skip
ELEMENTWISE: Final = frozenset(
    "builtins.map builtins.filter functools.reduce itertools.starmap itertools.takewhile"
    " itertools.dropwhile itertools.filterfalse concurrent.futures.ThreadPoolExecutor().map"
    " concurrent.futures.ProcessPoolExecutor().map concurrent.futures.Executor().map"
    " multiprocessing.Pool().map itertools.groupby".split()
)
SORTED: Final = frozenset("builtins.sorted builtins.max builtins.min".split())
MAKING: Final = frozenset({"builtins.map", "collections.defaultdict"})
"""These make instances of classes that they are handed."""
COPYING: Final[Mapping[str, Sequence[str]]] = {
    "copy.copy": ("__copy__", "__getstate__", "__setstate__"),
    "copy.deepcopy": ("__deepcopy__", "__getstate__", "__setstate__"),
    **dict.fromkeys(
        ("pickle.dump", "pickle.dumps", "pickle.Pickler().dump", "cloudpickle.dumps", "dill.dumps"),
        ("__reduce_ex__", "__getstate__"),
    ),
}
"""What calls ask of what they copy or write down."""
CHAINING: Final = (".addCallback", ".addErrback", ".addBoth")
"""Functions that these are handed are given something more, before all."""
SHOWING: Final = frozenset({"builtins.str().format", "builtins.print"})
"""These make texts of all that they are handed, and so does whatever logs."""


def _called(name: str, args: Sequence[int]) -> Sequence[int]:
    """Of what a function of the outside is given by position what it may call."""
    if name in SORTED:
        return ()
    if name == "builtins.iter":
        return args[:1] if len(args) > 1 else ()
    return args[:1] if name in ELEMENTWISE and name != "itertools.groupby" else args


class Outside(Giving):
    """Code outside of the project, as far as it is known."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.asked: set[tuple[int, int, str]] = set()
        """Calls, their arguments, and what is asked of these whichever the target."""
        self.spread: dict[int, int] = {}
        self.by_names: dict[int, dict[str, None]] = {}
        """By call of `getattr` or `setattr` with a name that is computed: the names that it was
        found to be given, `*` for any. They are looked for once all else is found."""
        self.by_text: set[int] = set()
        """Calls that import what a text names, which may be known later."""
        self.storing: set[int] = set()
        """Those of `setattr`."""
        self.paired: set[int] = set()
        """Calls of `setattr` by the keys of a dict, with what stands under them."""
        self.set_others: set[tuple[int, int]] = set()
        """The same, and what they may store under any name."""

    def _call_external(self, number: int, name: str) -> None:
        call = self.calls[number]
        if ((EXTERNAL, name)) in self.targets.get(number, ()):
            return
        if is_value(name) or name in self.libraries:
            return  # it cannot be called: something else is, of which nothing is known
        if name in IMPORTING and isinstance(call[12], str):
            self._outward(number, "builtins.import")
            has_list = len(call[2]) > 3 or "fromlist" in dict(call[3])
            self._import_by(call[0], call[12], name, has_list=has_list)
            return
        self._outward(number, name)
        if name in IMPORTING or name in LOCATING:
            self.by_text.add(number)
        elif name in PUBLISHING:
            self._publish(number)
        to, args = call[0], call[2]
        decorating = call[9].startswith("@") or name in DECORATORS
        declared = self.effects.fields.get(name)
        if declared is not None and not decorating:
            self._declare(number, name, declared)
            return
        if decorating:
            if self.effects.fields.get(name.removesuffix("()")) == "default" and args:
                self._declare_default(number)
            made = self.new()
            self.add(made, self.objects.external(near(self.effects.plain(f"{name}()"))))
            for arg in args:
                self.flow(arg, to)
                self.wait(arg, (STORE, DECORATED, made, *self._site_of(number)))
            return
        if name == f"{PROPERTY_CLASS}().__init__":
            self._fill_slots(call, self._slots(call[1]))
            return
        if name == BINDING:
            self._bind_to(number)
            return
        if name == "types.MethodType":
            name = "functools.partial"  # `MethodType(f, x)()` is `f(x)`
        special = getattr(self, "_call_" + name.replace(".", "_"), None)
        if special is not None:
            special(number, call)
            return
        dunder = DUNDERS.get(name)
        if dunder is not None and (args or call[4]):
            self._dunder(number, args[0] if args else self._spread(number), dunder)
        kind = self.effects.kind_of(name)
        if name in SHOWING or kind == "log":
            shown = [*args, *(one for _, one in call[3])]
            for arg in [*shown, *(self._each(one) for one in call[4:6] if one)]:
                if arg:
                    self._dunder(number, arg, "__format__")
        if name in SORTED and args and args[0]:
            for arg in [*args, self._each(args[0])]:
                self._compare(number, arg)
        for asked in COPYING.get(name, ()) if args and args[0] else ():
            self._dunder(number, args[0], asked)
        if name.endswith(PAST) and self._go_past(number, name):
            return
        if name.endswith(".__new__") and args and args[0]:
            self.wait(args[0], (INSTANTIATE, to))
            return
        if kind != "log" and name not in stubs().uncalled and calls_back(name):
            self._hand_over(number, name)
        if name in ENTERING:
            self._entered(number, call)
        elif name in CLOSING:
            self._closed(number, call, CLOSING[name])
        elif name in CONTAINERS:
            self._make_container(number, name)
        elif name in NAMED_TUPLES or name in REFERENCES:
            made = self.objects.number(CONTAINER, -number - 1, name)
            self._fill(made, call)
            self.add(to, made)
        elif name in SPACES:
            made = self.objects.number(CONTAINER, -number - 1, name)
            for word, arg in call[3]:
                self.flow(arg, self._field((made, word)))
            self.add(to, made)
        elif name == GROUPING:
            self._group(number, call)
        elif name == FOLDING:
            self._fold(call)
        elif name in SAME:
            for arg in args[SAME[name] : SAME[name] + 1] if name != "asyncio.gather" else args:
                self.flow(arg, to)
        elif name in ONE_OF:
            self._element(to, args)
        elif to and not (self._loads_plugins(number, name) or self._asks(number, name)):
            self._result(to, name, number)

    def _go_past(self, number: int, name: str) -> bool:
        """`object.__setattr__(x, "name", y)`, `super().__getattribute__("name")`: whether it is
        known what they give."""
        call = self.calls[number]
        owner, _, last = name.rpartition(".")
        on, *rest = [self._set_on(call[1]), *call[2]] if owner.endswith("()") else call[2] or [0]
        is_known = isinstance(call[12], str) and "*" not in call[12]
        names = call[12].split(BETWEEN) if is_known else []
        site = self._site_of(number)
        if last == "__setattr__" and len(rest) > 1 and on:
            self.wait(on, (STORE_PAST, rest[1], tuple(names), *site))
        elif last == "__delattr__" and rest and on:
            self.wait(on, (DELETE_PAST, tuple(names), *site))
        elif last == "__getattribute__" and on:
            for one in names:
                self.wait(on, (LOAD_PAST, call[0], one, *site))
            return is_known
        return False

    def _bind_to(self, number: int) -> None:
        """`f.__get__(x)` is the method of `x`, as a wrapper asks for it that stands in a class."""
        call = self.calls[number]
        if call[10] and call[2]:
            self.wait(call[10], (WRAP, call[0], BOUND))

    def _bind_method(self, to: int, function: int) -> None:
        """A method of any instance of its class."""
        module, facts = self.functions[function]
        if facts.owner >= 0 and "staticmethod" not in facts.flags:
            receiver = self.family(self.first_class[module] + facts.owner)
            self.add(to, self.objects.number(BOUND, function, receiver))

    def _fill_slots(self, call: Sequence[Any], into: Sequence[int]) -> None:
        """What a property is made of."""
        for variable, arg in zip(into, call[2], strict=False):
            self.flow(arg, variable)
        for word, arg in call[3]:
            if word in SLOTS:
                self.flow(arg, into[SLOTS.index(word)])

    def _compare(self, number: int, variable: int) -> None:
        if variable:
            site = self._site_of(number)
            self.wait(variable, (OPERATE, 0, "__lt__", [], *site))

    def _spread(self, number: int) -> int:
        """What `*args` of a call may give for its first argument."""
        element = self.spread.get(number)
        if element is None:
            element = self.spread[number] = self._each(self.calls[number][4])
        return element

    def _dunder(self, number: int, variable: int, name: str) -> None:
        if not variable or (number, variable, name) in self.asked:
            return  # another target of the same call asks the same
        self.asked.add((number, variable, name))
        call = self.calls[number]
        to = self.new()
        self.wait(variable, (OPERATE, to, name, [], *self._site_of(number)))
        if name == "__next__" or (name == "__iter__" and call[9] == "iter"):
            self.flow(to, call[0])

    def _result(self, to: int, name: str, number: int) -> None:
        given = self.effects.returns.get(name)
        if given is None and (self.effects.kind_of(name) == "dynamic" or name in OF_ANYTHING):
            return
        values = (given,) if given is not None else stubs().gives.get(name)
        if values is None and name.rpartition(".")[2] in OF_TEXTS and "()" in name:
            values = ("builtins.str()",) if self.effects.kind_of(name) == "pure" else None
        if values is None and name.rpartition(".")[2] in OF_BYTES and "()" in name:
            values = ("builtins.bytes()",)
        if values is None:
            self._external(to, f"{name}()")
            return
        for one in values:
            if one.endswith("*"):
                made = self.objects.number(CONTAINER, -number - 1, "list")
                element = self.objects.external(one[:-1])
                for field in (ALL, UNNAMED):
                    self.add(self._field((made, field)), element)
                self.add(to, made)
            else:
                self.add(to, self.objects.external(one))

    def _element(self, to: int, args: Sequence[int]) -> None:
        if len(args) > 1:
            for one in args[1:]:
                self.flow(one, to)
        if args and args[0]:
            self.wait(args[0], (ITEM, to, None))

    def _make_container(self, number: int, name: str) -> None:
        call = self.calls[number]
        kind = name.removeprefix("builtins.")
        made = self.objects.number(CONTAINER, -number - 1, kind)
        self.add(call[0], made)
        self._fill_from(number, made)
        if kind in SETS:
            self._hash_elements(made, self._site_of(number))
        if name == "builtins.iter" and call[2]:
            self.flow(call[2][0], call[0])  # a generator is its own

    def _fill_from(self, number: int, made: int) -> None:
        """What a container is made of: other containers, and words."""
        call = self.calls[number]
        is_dict = self._is_dict(self.objects.of[made])
        each = self._each(call[4]) if call[4] and self.objects.of[made][2:] == CHAIN else 0
        for arg in [*call[2], call[5], each]:
            if arg:
                self.wait(arg, (MERGE, made))
                if is_dict:
                    self._ask_as_mapping(arg, self._site_of(number))
                iterated = self._iterated(number, arg)
                self._put(made, None, iterated)
        is_sorted = self.objects.of[made][2:] == ("sorted",)  # its words say how, not what
        for word, arg in call[3] if not is_sorted else ():
            self._put(made, word, arg)

    def _hand_over(self, number: int, name: str) -> None:
        """Functions given to code outside of the project are called by it: once, by whichever of
        the targets of a call comes first."""
        call = self.calls[number]
        key = "makes" if name in MAKING else "calls"
        for arg in [*_called(name, call[2]), *(one for _, one in call[3])]:
            if arg and (number, arg, key) not in self.asked:
                self.asked.add((number, arg, key))
                self.wait(arg, (HAND, number, name, arg))
        if call[4] and (number, 0, key) not in self.asked:
            self.asked.add((number, 0, key))
            element = self.new()
            self.wait(call[4], (ITEM, element, None))
            self.wait(element, (HAND, number, name, element))

    def _hand(self, number: int, name: str, variable: int, obj: int) -> None:
        kind = self.objects.kinds[obj]
        if kind == EXTERNAL:
            given = self.objects.of[obj][1]
            if name == DEFAULTS and given in CONTAINERS:
                self._fill_lacking(number, given)
            if is_function_name(given):
                self._outward(number, given)
            return
        call = self.calls[number]
        is_getter = kind == CONTAINER and self.objects.of[obj][2] in GETTERS
        if kind == CONTAINER and not is_getter:
            if self.objects.of[obj][2] == "coroutine":
                how = f"handed to {name}"
                self._runs(obj, self._site_of(number), how, how)
            return
        if kind == CLASS and name not in MAKING:
            return
        if kind == PARTIAL and self.objects.kinds[self.objects.of[obj][1]] == EXTERNAL:
            return  # the outside calls itself: it would be handed its own partials for ever
        key = ("hand", number, obj)
        if key in self.operator_calls:
            return
        row = self._handed_row(call, name, variable)
        inner = self.operator_calls[key] = self._add_call(row, self.call_modules[number])
        self.uses[CALL]((CALL, inner, f"handed to {name}"), obj)
        if (name in ELEMENTWISE and name != FOLDING) or name == "collections.defaultdict":
            made = self.objects.number(CONTAINER, -number - 1, name.removeprefix("builtins."))
            if name not in PARTS:
                self._put(made, None, row[0])
            self.add(call[0], made)
        if name == FOLDING:
            self.flow(row[0], call[0])
            for one in row[2][:1]:
                self.flow(row[0], one)  # what was folded so far

    def _fill_lacking(self, number: int, kind: str) -> None:
        """A `defaultdict` of containers: what it gives before anything else is put into it."""
        lacking = self.objects.number(CONTAINER, ("lacks", number), kind.removeprefix("builtins."))
        element = self.new()
        self.add(element, lacking)
        made = self.objects.number(CONTAINER, -number - 1, DEFAULTS)
        self._put(made, None, element)

    def _handed_row(self, call: Sequence[Any], name: str, variable: int) -> list[Any]:
        """The call that is made of a function that was handed over."""
        args = list(call[2])
        after = args[args.index(variable) + 1 :] if variable in args else []
        keywords: list[tuple[str, int]] = []
        star = stars = 0
        words = dict(call[3])
        if name in ELEMENTWISE:
            after = [self._each(one) for one in after if one]
            after = [self.new(), *after] if name == FOLDING else after
        elif name in SORTED or name.endswith(".sort"):
            after = [self._each(args[0])] if args and args[0] and variable != args[0] else []
            if name.endswith(".sort"):
                after = [self._field((variable, ALL))]
        elif "args" in words:
            star = words["args"]
            stars = words.get("kwargs", 0)
        elif after and name.endswith("Timer"):
            star, after = after[0], []
        elif variable in args:
            if name.endswith(CHAINING):  # it is given what comes before it, then what stands here
                after = [0, *after]
            keywords = [(word, one) for word, one in call[3]]
            star, stars = call[4], call[5]
        return [self.new(), 0, after, keywords, star, stars, call[6], call[7], 3, call[9], 0, "",
                None, 0]  # fmt: skip

    def _wrap(self, use: Use, obj: int) -> None:
        """A function as `partial` or `property` gives it."""
        key = self.objects.of[obj]
        if use[2] == BOUND:
            if key[0] == FUNCTION:
                self._bind_method(use[1], key[1])
            return
        if key[0] in (FUNCTION, BOUND, CLASS):
            self.add(use[1], self.objects.number(use[2], obj, *use[3:]))
        elif key[0] == PARTIAL:  # once: `f = partial(f, …)` in a loop would go on for ever
            self.add(use[1], obj)
        elif key[0] == EXTERNAL and use[2] == PARTIAL:
            self.add(use[1], self.objects.number(PARTIAL, obj, use[3]))
            if is_function_name(key[1]):
                self._outward(use[3], key[1])

    # ------------------------------------------------------------ builtins that are special

    def _call_builtins_getattr(self, number: int, call: Sequence[Any]) -> None:
        to, args, pattern = call[0], call[2], call[12]
        if len(args) > 2:
            self.flow(args[2], to)
        site = self._site_of(number)
        if pattern is None:
            self.by_names.setdefault(number, {})
            return
        if not args or not args[0]:
            return
        if pattern == FORWARDED:
            self._outward(number, COMPUTED)
            self._set_forward(call[7], args[0], site)
            return
        if "*" not in pattern:
            for name in pattern.split(BETWEEN):
                self.wait(args[0], (LOAD, to, name, *site))
            return
        names = {name for one in self.classes for name in one.names if fnmatchcase(name, pattern)}
        for module in self.modules:
            names |= {name for name in module.summary.names if fnmatchcase(name, pattern)}
        for name in sorted(names):
            self.wait(args[0], (LOAD, to, name, *site))

    def _call_builtins_setattr(self, number: int, call: Sequence[Any]) -> None:
        args, pattern = call[2], call[12]
        if pattern == PAIRED:
            self.paired.add(number)
            self.wait(args[3], (SET_EACH, args[0], *self._site_of(number)))
        elif len(args) > 2 and args[0] and args[2] and pattern and "*" not in pattern:
            site = self._site_of(number)
            for name in pattern.split(BETWEEN):
                self.wait(args[0], (STORE, name, args[2], *site))
        elif len(args) > 2 and args[0] and pattern is None:
            self.storing.add(number)
            self.by_names.setdefault(number, {})

    def _call_builtins_vars(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            site = self._site_of(number)
            self.wait(call[2][0], (LOAD, call[0], "__dict__", *site))
        elif not call[2]:
            self._call_builtins_locals(number, call)

    def _call_builtins_hasattr(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0] and call[12] and "*" not in call[12]:
            site = self._site_of(number)
            for name in call[12].split(BETWEEN):
                self.wait(call[2][0], (LOAD, self.new(), name, *site))

    def _call_functools_partial(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self.wait(call[2][0], (WRAP, call[0], PARTIAL, number))

    def _import_by(self, to: int, module: str, name: str, *, has_list: bool) -> None:
        """An import of a module whose name is written; `__import__` gives its top, unless names
        are wanted from it."""
        if module.startswith("."):
            return
        inner = self.module_name(module)
        if name == "builtins.__import__" and not has_list:
            inner = inner.partition(".")[0]
        self._import(to, inner, None)

    def _entered(self, number: int, call: Sequence[Any]) -> None:
        """An object of the project is entered by a stack, and left."""
        site = self._site_of(number)
        for one in call[2]:
            for word in ("__enter__", "__aenter__") if one else ():
                self.wait(one, (OPERATE, call[0], word, [], *site))
            for word in ("__exit__", "__aexit__") if one else ():
                self.wait(one, (OPERATE, 0, word, [0, 0, 0], *site))

    def _closed(self, number: int, call: Sequence[Any], name: str) -> None:
        """What is closed by the method of that name when its block is left."""
        if not call[2] or not call[2][0]:
            return
        self.flow(call[2][0], call[0])
        site = self._site_of(number)
        method = self.new()
        self.wait(call[2][0], (LOAD, method, name, *site))
        inner = self._site_call(("closed", number), 0, [], site, name)
        self.wait(method, (CALL, inner, "operator"))

    def _call_six_iteritems(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self._pairs(call[0], number, self._each(call[2][0]))

    def _call_six_itervalues(self, number: int, call: Sequence[Any]) -> None:
        if call[2]:
            self.flow(call[2][0], call[0])

    def _call_builtins_enumerate(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            element = self._each(call[2][0])
            self.flow(self._iterated(number, call[2][0]), element)
            self._pairs(call[0], number, element)
