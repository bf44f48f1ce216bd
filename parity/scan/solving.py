"""Finds what each variable may hold, in all files at once, whatever the order of statements.

Objects move along copies; what a load, a call or an operator gives depends on what its base turns
out to hold, so each waits at its base and is worked off as objects arrive, until nothing moves.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from parity.scan.effects import Effects
from parity.scan.linking import Module, star_names
from parity.scan.objects import (
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FUNCTION,
    INSTANCE,
    METHOD,
    MODULE,
    PARTIAL,
    PROPERTY,
    SUPER,
    Klass,
    Objects,
    is_function_name,
    is_too_far,
    linearise,
)
from parity.scan.summary import KEYWORD, PLAIN, STAR, STAR_STAR, FunctionFacts

MOST_HELD: Final = 100
"""A variable that may hold more than this says nothing; what comes later is dropped, and told."""
MOST_BY_NAME: Final = 4
MOST_COMPUTED: Final = 40
COMPUTED: Final = "getattr of a computed name"
ALL, UNNAMED = "+", "*"
"""Fields of a container: all that is in it; what is in it under a key that is not known."""

(LOAD, STORE, ITEM, PUT, OPERATE, CALL, BIND, BIND_STORE, BIND_CALL, HAND, MERGE, INSTANTIATE,
 SUPERS, STATIC_LOAD, WRAP, ANY_LOAD, ANY_STORE) = range(17)  # fmt: skip

CALLABLE: Final = frozenset({FUNCTION, BOUND, PARTIAL, CLASS})
ANY: Final = frozenset(range(11))
ABOUT: Final = (
    ANY, frozenset({MODULE, INSTANCE, CLASS, FUNCTION, BOUND}),
    frozenset({CONTAINER, EXTERNAL, INSTANCE}), frozenset({CONTAINER, INSTANCE}),
    frozenset({INSTANCE, CONTAINER, EXTERNAL}), ANY, ANY,
    frozenset({FUNCTION}), frozenset({FUNCTION, BOUND, PARTIAL}), CALLABLE | {EXTERNAL},
    frozenset({CONTAINER, INSTANCE}), frozenset({CLASS, EXTERNAL}), frozenset({INSTANCE, CLASS}),
    frozenset({MODULE, EXTERNAL, CLASS}), CALLABLE | {EXTERNAL},
    frozenset({INSTANCE}), frozenset({INSTANCE}),
)  # fmt: skip
"""Kinds of objects that each kind of use is about; the others it passes over."""

CONTAINERS: Final = frozenset(
    "builtins.dict builtins.list builtins.set builtins.tuple builtins.frozenset collections.deque"
    " collections.defaultdict collections.OrderedDict collections.Counter queue.Queue"
    " queue.SimpleQueue queue.LifoQueue queue.PriorityQueue Queue.Queue asyncio.Queue"
    " multiprocessing.Queue weakref.WeakValueDictionary weakref.WeakKeyDictionary weakref.WeakSet"
    " collections.ChainMap types.MappingProxyType itertools.chain builtins.reversed"
    " builtins.sorted builtins.iter".split()
)
USER_CONTAINERS: Final[Mapping[str, str]] = {
    "collections.UserDict": "dict", "UserDict.UserDict": "dict", "collections.UserList": "list",
    "UserDict.IterableUserDict": "dict", "UserList.UserList": "list",
}  # fmt: skip
OF_CONTAINERS: Final = frozenset(
    name for kind in (dict, list, set) for name in dir(kind) if not name.startswith("__")
)
SAME: Final[Mapping[str, int]] = {
    "copy.copy": 0, "copy.deepcopy": 0, "typing.cast": 1, "asyncio.run": 0, "asyncio.gather": 0,
    "asyncio.wait_for": 0, "asyncio.shield": 0, "asyncio.ensure_future": 0, "builtins.filter": 1,
    "asyncio.create_task": 0, "contextlib.closing": 0, "weakref.ref": 0, "weakref.proxy": 0,
    "contextlib.nullcontext": 0, "asyncio.get_event_loop().run_until_complete": 0,
    "inspect.unwrap": 0, "builtins.aiter": 0,
}  # fmt: skip
"""Calls that give (for `filter`, `gather`: that hold) what they are given."""
ELEMENT: Final = frozenset("builtins.next builtins.max builtins.min builtins.anext".split())
DUNDERS: Final = {
    "builtins.len": "__len__", "builtins.str": "__str__", "builtins.repr": "__repr__",
    "builtins.iter": "__iter__", "builtins.next": "__next__", "builtins.bool": "__bool__",
    "builtins.int": "__int__", "builtins.float": "__float__", "builtins.hash": "__hash__",
    "builtins.abs": "__abs__", "builtins.list": "__iter__", "builtins.tuple": "__iter__",
    "builtins.dir": "__dir__", "builtins.bytes": "__bytes__", "builtins.reversed": "__reversed__",
    "builtins.set": "__iter__", "builtins.sorted": "__iter__", "builtins.dict": "__iter__",
    "builtins.enumerate": "__iter__", "builtins.any": "__iter__", "builtins.all": "__iter__",
    "builtins.sum": "__iter__", "builtins.format": "__format__", "builtins.anext": "__anext__",
    "builtins.round": "__round__", "os.fspath": "__fspath__", "builtins.frozenset": "__iter__",
}  # fmt: skip
INSTEAD: Final = {
    "__bool__": ("__bool__", "__len__"), "__ne__": ("__ne__", "__eq__"),
    "__str__": ("__str__", "__repr__"), "__contains__": ("__contains__", "__iter__"),
    "__gt__": ("__gt__", "__lt__"), "__ge__": ("__ge__", "__le__"),
    "__iter__": ("__iter__", "__getitem__", "__aiter__"), "__next__": ("__next__", "__anext__"),
    "__format__": ("__format__", "__str__"),
}  # fmt: skip
ELEMENTWISE: Final = frozenset(
    "builtins.map builtins.filter functools.reduce itertools.starmap itertools.takewhile"
    " itertools.dropwhile concurrent.futures.ThreadPoolExecutor().map"
    " concurrent.futures.ProcessPoolExecutor().map concurrent.futures.Executor().map"
    " multiprocessing.Pool().map itertools.groupby".split()
)
SORTED: Final = frozenset("builtins.sorted builtins.max builtins.min".split())
TAKING: Final = frozenset("get pop setdefault popleft get_nowait __getitem__ __next__".split())
"""Methods of containers that give one of their elements."""
UNCALLED: Final = frozenset(
    "builtins.isinstance builtins.issubclass builtins.hasattr builtins.id builtins.callable"
    " functools.wraps functools.update_wrapper".split()
)
"""What is handed to these is not called by them."""
OLD_BUILTINS: Final = frozenset(
    "unicode basestring long xrange raw_input reduce unichr file execfile cmp reload apply buffer"
    " intern coerce WindowsError".split()
)
FIELD_MAKERS: Final = frozenset("dataclass define frozen mutable attrs s attributes".split())
COMMON: Final = frozenset(
    name
    for kind in (str, bytes, list, dict, set, int, float, tuple, BaseException, bytearray)
    for name in dir(kind)
    if not name.startswith("__")
)
"""Method names that values of builtin types have."""


class Solver:
    """Variables, what they hold, and who is called where."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        self.modules = modules
        self.aliases = aliases
        self.effects = effects
        self.objects = Objects()
        self.numbers = {module.source.module: at for at, module in enumerate(modules)}
        self.by_name = {module.source.module: module for module in modules}
        self.packages = {
            name[:at] for name in self.numbers for at, c in enumerate(name) if c == "."
        }
        self.offsets: list[int] = []
        self.first_function: list[int] = []
        self.first_class: list[int] = []
        self.functions: list[tuple[int, FunctionFacts]] = []
        self.classes: list[Klass] = []
        self.holds: dict[int, set[int]] = {}
        self.flows: dict[int, set[int]] = {}
        self.waiting: dict[int, list[tuple[Any, ...]]] = {}
        self.moved: dict[int, set[int]] = {}
        self.pending: list[int] = []
        self.fields: dict[tuple[int, str], int] = {}
        self.calls: list[list[Any]] = []
        self.call_modules: list[int] = []
        self.call_numbers: list[list[int]] = [[] for _ in modules]
        self.targets: dict[int, dict[tuple[int, Any], str]] = {}
        self.bound: set[tuple[int, ...]] = set()
        self.capped: set[int] = set()
        self.operator_calls: dict[tuple[Any, ...], int] = {}
        self.module_writes: list[tuple[int, str, int, int]] = []
        self.size = 1
        self.uses = self._uses()
        self._lay_out()

    # ------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        for at, module in enumerate(self.modules):
            self.offsets.append(self.size)
            self.first_function.append(len(self.functions))
            self.first_class.append(len(self.classes))
            self.functions += [(at, facts) for facts in module.summary.functions]
            offset = self.size
            for one in module.summary.classes:
                names = {name: offset + variable for name, variable in one.names.items()}
                bases = [offset + base for base in one.bases if base]
                self.classes.append(
                    Klass(at, one.qualname, one.line, names, bases, one.fields, one.decorators)
                )
            self.size += module.summary.size

    def new(self) -> int:
        """A variable of nobody's."""
        self.size += 1
        return self.size - 1

    def var(self, module: int, variable: int) -> int:
        """The variable of a file as one of all; 0 stays 0."""
        return self.offsets[module] + variable if variable else 0

    def solve(self) -> None:
        """Works until nothing moves; then once more with targets that only a name tells."""
        for at in range(len(self.modules)):
            self._seed(at)
        for at, module in enumerate(self.modules):
            offset = self.offsets[at]
            for to, base, name, *_ in module.summary.loads:
                if base:
                    self.wait(offset + base, (STATIC_LOAD, offset + to, name))
        self._work()
        self._set_classes()
        self.waiting.clear()
        for at in range(len(self.modules)):
            self._install(at)
        self._seed_receivers()
        self._work()
        for _ in range(2):
            if not self._guess_by_name():
                break
            self._work()

    def _seed(self, at: int) -> None:
        summary, offset = self.modules[at].summary, self.offsets[at]
        number = self.objects.number
        for variable, name in summary.externals:
            self.add(offset + variable, self.objects.external(name))
        for variable, function in summary.is_function:
            self.add(offset + variable, number(FUNCTION, self.first_function[at] + function))
        for variable, klass in summary.is_class:
            self.add(offset + variable, number(CLASS, self.first_class[at] + klass))
        for variable, kind in summary.containers:
            self.add(offset + variable, number(CONTAINER, offset + variable, kind))
        for to, source in summary.copies:
            self.flows.setdefault(offset + source, set()).add(offset + to)
        sourced = self._sourced(summary.imports)
        for variable, module, member, _ in summary.imports:
            name = self.module_name(module)
            if variable and not (variable in sourced and self._is_compiled(name)):
                self._import(offset + variable, name, member)
        for name, variable in summary.free.items():
            self._free(at, name, offset + variable)

    def module_name(self, name: str) -> str:
        """The name that a module has in this scan."""
        if name in self.numbers or name in self.packages:
            return name
        if name in self.aliases:
            return self.aliases[name]
        top, _, rest = name.partition(".")
        return f"{self.aliases[top]}.{rest}" if top in self.aliases and rest else name

    def _sourced(self, imports: Sequence[Sequence[Any]]) -> set[int]:
        """Variables that some import gives what has a source here."""
        found: set[int] = set()
        for variable, module, member, _ in imports:
            name = self.module_name(module)
            whole = f"{name}.{member}"
            if name in self.numbers or whole in self.numbers or whole in self.packages:
                found.add(variable)
        return found

    def _is_compiled(self, name: str) -> bool:
        """Whether a module of a package of the project has no source in Python: where another
        import gives the same name (`except ImportError:`), that stands for both."""
        parent = name.rpartition(".")[0]
        return parent in self.numbers and name not in self.numbers and name not in self.packages

    def _import(self, to: int, module: str, member: str | None) -> None:
        if module not in self.numbers and module not in self.packages:
            self.add(to, self.objects.external(f"{module}.{member}" if member else module))
        elif member is None:
            self.add(to, self.objects.number(MODULE, module))
        else:
            self._member(to, module, member)

    def _member(self, to: int, module: str, name: str) -> None:
        """What `module.name` is, into a variable."""
        for source in self._providers(module, name):
            self.flow(source, to)
        whole = f"{module}.{name}"
        if whole in self.numbers or whole in self.packages:
            self.add(to, self.objects.number(MODULE, whole))
        for outside in self._outside_stars(module) if not self._providers(module, name) else ():
            self.add(to, self.objects.external(f"{outside}.{name}"))
        key = (self.objects.number(MODULE, module), name)
        self.flow(self._field(key), to)

    def _providers(self, module: str, name: str) -> list[int]:
        for one in [module, *star_names(self.by_name, module, {module})]:
            one = self.module_name(one)
            if one in self.numbers:
                at = self.numbers[one]
                variable = self.modules[at].summary.names.get(name)
                if variable is not None:
                    return [self.offsets[at] + variable]
        return []

    def _outside_stars(self, module: str) -> list[str]:
        names = map(self.module_name, star_names(self.by_name, module, {module}))
        return [name for name in names if name not in self.numbers]

    def _free(self, at: int, name: str, variable: int) -> None:
        module = self.modules[at].source.module
        found = self._providers(module, name) if self.modules[at].summary.stars else []
        for one in found:
            self.flow(one, variable)
        if found:
            return
        if hasattr(builtins, name) or name in OLD_BUILTINS:
            self.add(variable, self.objects.external(f"builtins.{name}"))
        elif name in ("__file__", "__name__", "__doc__", "__package__"):
            self.add(variable, self.objects.external("builtins.str()"))
        else:
            for outside in self._outside_stars(module):
                self.add(variable, self.objects.external(f"{outside}.{name}"))

    def _set_classes(self) -> None:
        parents: list[list[int]] = []
        for klass in self.classes:
            above: list[int] = []
            for base in klass.bases:
                for one in sorted(self.holds.get(base, ())):
                    key = self.objects.of[one]
                    if key[0] == CLASS:
                        above.append(key[1])
                    elif key[0] == EXTERNAL:
                        klass.outside.append(key[1])
                if not self.holds.get(base):
                    klass.outside.append("?")
            parents.append(list(dict.fromkeys(above)))
        linearise(self.classes, parents)

    def _install(self, at: int) -> None:
        summary, offset = self.modules[at].summary, self.offsets[at]
        function = self.first_function[at]
        for to, base, name, *_, in_, line in summary.loads:
            if base:
                self.wait(offset + base, (LOAD, offset + to, name, function + in_, line, at))
        for base, name, source, in_, line in summary.stores:
            if base and source:
                self.wait(offset + base, (STORE, name, offset + source, function + in_, line, at))
        for to, base, key, _, _ in summary.items:
            if base:
                self.wait(offset + base, (ITEM, offset + to, key))
        for base, key, source, _, _ in summary.puts:
            self.wait(offset + base, (PUT, key, offset + source))
        for to, base, name, args, in_, line in summary.operators:
            into = offset + to if to else 0
            self.wait(offset + base, (OPERATE, into, name, args, function + in_, line, at))
        for to, source in summary.instances:
            if source:
                self.wait(offset + source, (INSTANTIATE, offset + to))
        for to, klass, receiver in summary.supers:
            self.wait(offset + receiver, (SUPERS, offset + to, self.first_class[at] + klass))
        for row in summary.calls:
            self._install_call(at, row, offset, function)
        for rows in (summary.operators, summary.stores, summary.puts, summary.containers):
            rows.clear()  # they wait at their variables now

    def _install_call(self, at: int, row: list[Any], offset: int, function: int) -> None:
        def moved(variable: int) -> int:
            return offset + variable if variable else 0

        call = [
            moved(row[0]), moved(row[1]), [moved(one) for one in row[2]],
            [(name, offset + one) for name, one in row[3]], moved(row[4]), moved(row[5]),
            row[6], function + row[7], row[8], row[9], moved(row[10]), *row[11:],
        ]  # fmt: skip
        number = self._add_call(call, at)
        self.call_numbers[at].append(number)
        if call[1]:
            self.wait(call[1], (CALL, number))

    def _add_call(self, call: list[Any], at: int) -> int:
        self.calls.append(call)
        self.call_modules.append(at)
        return len(self.calls) - 1

    def _seed_receivers(self) -> None:
        """Methods may be called on any class that has them: by frameworks, and by tests."""
        number = self.objects.number
        methods: dict[int, list[tuple[int, FunctionFacts]]] = {}
        for at, (module, facts) in enumerate(self.functions):
            if facts.owner >= 0 and facts.params and "staticmethod" not in facts.flags:
                owner = self.first_class[module] + facts.owner
                methods.setdefault(owner, []).append((at, facts))
        for index, klass in enumerate(self.classes):
            for above in klass.mro:
                for _, facts in methods.get(above, ()):
                    kind = CLASS if "classmethod" in facts.flags else INSTANCE
                    to = self.offsets[self.classes[above].module] + facts.params[0][1]
                    self.add(to, number(kind, index))

    # ------------------------------------------------------------ moving

    def add(self, variable: int, obj: int) -> None:
        """Lets a variable hold an object."""
        held = self.holds.get(variable)
        if held is None:
            held = self.holds[variable] = set()
        elif obj in held:
            return
        elif len(held) >= MOST_HELD:
            self.capped.add(variable)
            return
        held.add(obj)
        moved = self.moved.get(variable)
        if moved is None:
            self.moved[variable] = {obj}
            self.pending.append(variable)
        else:
            moved.add(obj)

    def _add_all(self, variable: int, objects: set[int]) -> None:
        """Lets a variable hold objects."""
        held = self.holds.get(variable)
        if held is None:
            held = self.holds[variable] = set()
            more = objects  # not a copy: nobody changes what moves
        else:
            more = objects - held
            if not more:
                return
        room = MOST_HELD - len(held)
        if len(more) > room:
            self.capped.add(variable)
            if room <= 0:
                return
            more = set(sorted(more)[:room])
        held |= more
        moved = self.moved.get(variable)
        if moved is None:
            self.moved[variable] = set(more)
            self.pending.append(variable)
        else:
            moved |= more

    def flow(self, source: int, to: int) -> None:
        """Lets `to` hold whatever `source` holds."""
        if not source or not to or source == to:
            return
        flows = self.flows.get(source)
        if flows is None:
            flows = self.flows[source] = set()
        if to not in flows:
            flows.add(to)
            held = self.holds.get(source)
            if held:
                self._add_all(to, held)

    def wait(self, variable: int, use: tuple[Any, ...]) -> None:
        """Lets `use` be worked off with each object that a variable holds or will hold."""
        self.waiting.setdefault(variable, []).append(use)
        held = self.holds.get(variable)
        if held:
            work_off, about, kinds = self.uses[use[0]], ABOUT[use[0]], self.objects.kinds
            for obj in tuple(held):
                if kinds[obj] in about:
                    work_off(use, obj)

    def _work(self) -> None:
        pending, moved, flows, waiting = self.pending, self.moved, self.flows, self.waiting
        uses, kinds, about = self.uses, self.objects.kinds, ABOUT
        while pending:
            variable = pending.pop()
            objects = moved.pop(variable)
            for to in tuple(flows.get(variable, ())):
                self._add_all(to, objects)
            for use in tuple(waiting.get(variable, ())):
                kind = use[0]
                work_off, wanted = uses[kind], about[kind]
                for obj in objects:
                    if kinds[obj] in wanted:
                        work_off(use, obj)

    def _uses(self) -> dict[int, Callable[[tuple[Any, ...], int], None]]:
        """How each kind of use is worked off."""
        return {
            LOAD: self._load,
            STORE: self._store,
            ITEM: lambda use, obj: self._item(use[1], obj, use[2]),
            PUT: lambda use, obj: self._put(obj, use[1], use[2]),
            OPERATE: self._operate,
            CALL: lambda use, obj: self._call(use[1], obj, ""),
            BIND: self._bind,
            BIND_STORE: self._bind_store,
            BIND_CALL: self._bind_call,
            HAND: lambda use, obj: self._hand(use[1], use[2], use[3], obj),
            MERGE: lambda use, obj: self._merge(use[1], obj),
            INSTANTIATE: lambda use, obj: self._instance_of(use[1], obj),
            SUPERS: lambda use, obj: self._super(use[1], use[2], obj),
            STATIC_LOAD: lambda use, obj: self._static_load(use[1], use[2], obj),
            WRAP: self._wrap,
            ANY_LOAD: self._any_load,
            ANY_STORE: self._any_store,
        }

    # ------------------------------------------------------------ attributes

    def _field(self, key: tuple[int, str]) -> int:
        found = self.fields.get(key)
        if found is None:
            found = self.fields[key] = self.new()
        return found

    def _static_load(self, to: int, name: str, obj: int) -> None:
        key = self.objects.of[obj]
        if key[0] == MODULE:
            self._member(to, key[1], name)
        elif key[0] == EXTERNAL:
            self.add(to, self.objects.external(f"{key[1]}.{name}"))
        elif key[0] == CLASS and name in self.classes[key[1]].names:
            self.flow(self.classes[key[1]].names[name], to)

    def find(self, klass: int, name: str, after: int = -1) -> int:
        """The variable of a name in a class or those above it; after one of them, for super."""
        mro = self.classes[klass].mro
        start = mro.index(after) + 1 if after in mro else 0
        for one in mro[start:]:
            variable = self.classes[one].names.get(name)
            if variable is not None:
                return variable
        return 0

    def _load(self, use: tuple[Any, ...], obj: int) -> None:
        _, to, name, function, line, module = use
        key = self.objects.of[obj]
        kind, site = key[0], (function, line, module)
        if kind == INSTANCE:
            self._load_instance(to, key[1], name, obj, site)
        elif kind == EXTERNAL:
            self._external(to, f"{key[1]}.{name}")
        elif kind == MODULE:
            self._member(to, key[1], name)
        elif kind == CLASS:
            self._load_class(to, key[1], name, obj, site)
        elif kind == CONTAINER:
            self.add(to, self.objects.number(METHOD, obj, name))
        elif kind == SUPER:
            self._load_super(to, key, name, site)
        elif kind in (FUNCTION, BOUND, PARTIAL):
            self.flow(self._field((obj, name)), to)
            self.add(to, self.objects.external(f"builtins.function().{name}"))

    def _external(self, to: int, name: str) -> None:
        if not is_too_far(name):
            self.add(to, self.objects.external(name))

    def _load_instance(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        self.flow(self._field((obj, name)), to)
        variable = self.find(klass, name)
        if variable:
            self.wait(variable, (BIND, to, obj, *site))
        elif name == "__class__":
            self.add(to, self.objects.number(CLASS, klass))
        else:
            getter = self.find(klass, "__getattr__")
            if getter:
                self._operator_call(("__getattr__", to, *site), getter, obj, to, [0], site)
            if name in OF_CONTAINERS and self._held_as(klass):
                self.add(to, self.objects.number(METHOD, obj, name))
            else:
                self._outside(to, self.classes[klass].outside, name)

    def _outside(self, to: int, bases: Iterable[str], name: str) -> None:
        for base in bases:
            if base != "?":
                self._external(to, f"{base}().{name}")
        if name in ("__dict__",):
            self.add(to, self.objects.external("builtins.dict()"))

    def _load_class(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        self.flow(self._field((obj, name)), to)
        variable = self.find(klass, name)
        if variable:
            self.wait(variable, (BIND, to, obj, *site))
        else:
            for base in self.classes[klass].outside:
                if base != "?":
                    self.add(to, self.objects.external(f"{base}.{name}"))

    def _load_super(
        self, to: int, key: tuple[Any, ...], name: str, site: tuple[int, int, int]
    ) -> None:
        _, klass, receiver = key
        own = self.objects.of[receiver][1]
        variable = self.find(own, name, after=klass)
        if variable:
            self.wait(variable, (BIND, to, receiver, *site))
        else:
            outside = self.classes[klass].outside or ["builtins.object"]
            self._outside(to, outside, name)

    def _bind(self, use: tuple[Any, ...], obj: int) -> None:
        """An object found in a class, as its instance (or the class) gives it."""
        _, to, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == PROPERTY:
            self._property(to, key[1], receiver, site)
        elif key[0] == INSTANCE and self.find(key[1], "__get__"):
            getter = self.find(key[1], "__get__")
            self._operator_call(("__get__", to, obj, *site), getter, obj, to, [], site)
        elif key[0] != FUNCTION:
            self.add(to, obj)
        else:
            flags = self.functions[key[1]][1].flags
            owner = self.objects.of[receiver]
            if "property" in flags and owner[0] == INSTANCE:
                self._property(to, obj, receiver, site)
            elif "classmethod" in flags:
                cls = self.objects.number(CLASS, owner[1])
                self.add(to, self.objects.number(BOUND, key[1], cls))
            elif owner[0] == INSTANCE and "staticmethod" not in flags and "setter" not in flags:
                self.add(to, self.objects.number(BOUND, key[1], receiver))
            else:
                self.add(to, obj)

    def _property(self, to: int, getter: int, receiver: int, site: Sequence[int]) -> None:
        number = self._site_call(("property", to, *site), to, [], site, "property")
        self._call_with(number, getter, receiver, "property")

    def _site_call(
        self, key: tuple[Any, ...], to: int, args: list[int], site: Sequence[int], text: str
    ) -> int:
        """The call that stands for an operator or a property, made when it is first needed."""
        number = self.operator_calls.get(key)
        if number is None:
            function, line, module = site
            row = [to, 0, args, [], 0, 0, line, function, 3, text, 0, "", None, 0]
            number = self.operator_calls[key] = self._add_call(row, module)
        return number

    def _operator_call(
        self, key: tuple[Any, ...], variable: int, receiver: int, to: int, args: list[int],
        site: Sequence[int],
    ) -> None:  # fmt: skip
        number = self._site_call(key, to, args, site, key[0])
        self.wait(variable, (BIND_CALL, number, receiver, "operator"))

    def _bind_call(self, use: tuple[Any, ...], obj: int) -> None:
        self._call_with(use[1], obj, use[2], use[3])

    def _call_with(self, number: int, obj: int, receiver: int, how: str) -> None:
        key = self.objects.of[obj]
        if key[0] == FUNCTION:
            flags = self.functions[key[1]][1].flags
            self._enter(number, key[1], -1 if "staticmethod" in flags else receiver, how)
        elif key[0] in (BOUND, PARTIAL):
            self._call(number, obj, how)

    def _store(self, use: tuple[Any, ...], obj: int) -> None:
        _, name, source, function, line, module = use
        key = self.objects.of[obj]
        if key[0] == MODULE:
            self.module_writes.append((function, f"{key[1]}:{name}", line, module))
            for variable in self._providers(key[1], name):
                self.flow(source, variable)
            self.flow(source, self._field((obj, name)))
        elif key[0] == INSTANCE:
            self.flow(source, self._field((obj, name)))
            variable = self.find(key[1], name)
            if variable:
                self.wait(variable, (BIND_STORE, source, obj, function, line, module))
            setter = self.find(key[1], "__setattr__")
            if setter:
                site = (function, line, module)
                row = ("__setattr__", source, *site)
                self._operator_call(row, setter, obj, 0, [0, source], site)
        elif key[0] == CLASS:
            own = self.classes[key[1]].names.get(name)
            self.flow(source, own if own is not None else self._field((obj, name)))
        elif key[0] in (FUNCTION, BOUND):
            self.flow(source, self._field((obj, name)))

    def _bind_store(self, use: tuple[Any, ...], obj: int) -> None:
        _, source, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == FUNCTION and "setter" in self.functions[key[1]][1].flags:
            number = self._site_call(("setter", source, *site), 0, [source], site, "property")
            self._enter(number, key[1], receiver, "property")
        elif key[0] == INSTANCE and self.find(key[1], "__set__"):
            setter = self.find(key[1], "__set__")
            row = ("__set__", source, obj, *site)
            self._operator_call(row, setter, obj, 0, [0, source], site)

    def _super(self, to: int, klass: int, obj: int) -> None:
        if self.objects.kinds[obj] in (INSTANCE, CLASS):
            self.add(to, self.objects.number(SUPER, klass, obj))

    def _instance_of(self, to: int, obj: int) -> None:
        """An instance of what an annotation or an except clause names, or of a class below it."""
        key = self.objects.of[obj]
        if key[0] == CLASS:
            below = self.classes[key[1]].below
            for one in [key[1], *(below if len(below) <= 30 else ())]:
                self.add(to, self.objects.number(INSTANCE, one))
        elif key[0] == EXTERNAL:
            name = key[1]
            kind = name.removeprefix("builtins.").removesuffix("[]")
            if name.startswith("builtins.") and kind in ("dict", "list", "set", "tuple"):
                self.add(to, self.objects.number(CONTAINER, to, kind))
            elif not name.startswith("typing.") and name != "builtins.object":
                self.add(to, self.objects.external(f"{name}()"))

    # ------------------------------------------------------------ containers

    def _item(self, to: int, obj: int, key: str | None) -> None:
        of = self.objects.of[obj]
        if self._is_container(of):
            if key is None:
                self.flow(self._field((obj, ALL)), to)
            else:
                self.flow(self._field((obj, f"[{key}")), to)
                self.flow(self._field((obj, UNNAMED)), to)
        elif of[0] == EXTERNAL:
            name = f"{of[1]}[]"
            given = self.effects.returns.get(name)
            if of[1] in ("builtins.str()", "builtins.bytes()"):
                self.add(to, obj)
            elif given is not None:
                self.add(to, self.objects.external(given))

    def _is_container(self, of: tuple[Any, ...]) -> bool:
        """Whether things are in it: a container, or an instance of a class that is one."""
        return of[0] == CONTAINER or (of[0] == INSTANCE and bool(self._held_as(of[1])))

    def _held_as(self, klass: int) -> str:
        """The container outside of the project that a class is derived from, or nothing."""
        for base in self.classes[klass].outside:
            if base in CONTAINERS or base in USER_CONTAINERS:
                return USER_CONTAINERS.get(base, base.removeprefix("builtins."))
        return ""

    def _put(self, obj: int, key: str | None, source: int) -> None:
        if self._is_container(self.objects.of[obj]):
            self.flow(source, self._field((obj, ALL)))
            self.flow(source, self._field((obj, UNNAMED if key is None else f"[{key}")))

    def _merge(self, into: int, obj: int) -> None:
        """All that a container holds, into another."""
        if obj != into and self._is_container(self.objects.of[obj]):
            source = self._field((obj, ALL))
            self.flow(source, self._field((into, ALL)))
            self.flow(source, self._field((into, UNNAMED)))

    def _wrap(self, use: tuple[Any, ...], obj: int) -> None:
        """A function as `partial` or `property` gives it."""
        key = self.objects.of[obj]
        if key[0] in (FUNCTION, BOUND, CLASS):
            self.add(use[1], self.objects.number(use[2], obj, *use[3:]))
        elif key[0] == PARTIAL:  # once: `f = partial(f, …)` in a loop would go on for ever
            self.add(use[1], obj)
        elif key[0] == EXTERNAL and use[2] == PARTIAL and is_function_name(key[1]):
            self._outward(use[3], key[1])

    def _container_method(self, number: int, container: int, name: str) -> None:
        call = self.calls[number]
        to, args = call[0], call[2]
        key = call[12]
        of = self.objects.of[container]
        kind = of[2] if of[0] == CONTAINER else self._held_as(of[1])
        prefix = "" if "." in kind else "builtins."
        self._outward(number, f"{prefix}{kind}().{name}")
        if name in ("append", "add", "appendleft", "put", "put_nowait", "remove", "discard"):
            if args and args[0] and name not in ("remove", "discard"):
                self._put(container, None, args[0])
        elif name in ("insert", "__setitem__") and len(args) > 1 and args[1]:
            self._put(container, None, args[1])
        elif name in ("extend", "update", "extendleft", "union", "difference", "intersection"):
            for one in args:
                if one:
                    self.wait(one, (MERGE, container))
            for word, one in call[3]:
                self._put(container, word, one)
            self.add(to, container)
        elif name in TAKING:
            self._item(to, container, key if name != "popleft" and kind == "dict" else None)
            if len(args) > 1 and args[1]:
                self.flow(args[1], to)
                if name == "setdefault":
                    self._put(container, key, args[1])
        elif name in ("items", "popitem"):
            self._pairs(to, number, self._field((container, ALL)), single=name == "popitem")
        elif name in ("values", "copy", "keys", "__iter__", "send", "__enter__"):
            if name != "keys":
                self.add(to, container)
        elif name in ("sort",):
            for word, one in call[3]:
                if word == "key":
                    self.wait(one, (HAND, number, "builtins.list().sort", container))
            self._operate_all(number, self._field((container, ALL)), "__lt__")

    def _operate_all(self, number: int, variable: int, name: str) -> None:
        call = self.calls[number]
        at = self.call_modules[number]
        use: tuple[Any, ...] = (OPERATE, 0, name, [], call[7], call[6], at)
        self.wait(variable, use)

    def _pairs(self, to: int, number: int, values: int, *, single: bool = False) -> None:
        """A container of (key, value) pairs."""
        pair = self.objects.number(CONTAINER, -number - 1, "tuple")
        self._put(pair, "1", values)
        if single:
            self.add(to, pair)
            return
        whole = self.objects.number(CONTAINER, -number - 1, "items")
        for field in (ALL, UNNAMED):
            self.add(self._field((whole, field)), pair)
        self.add(to, whole)

    # ------------------------------------------------------------ operators

    def _operate(self, use: tuple[Any, ...], obj: int) -> None:
        _, to, name, args, *site = use
        key = self.objects.of[obj]
        if key[0] == INSTANCE:
            for one in INSTEAD.get(name, (name,)):
                variable = self.find(key[1], one)
                if variable:
                    offset = self.offsets[site[2]]
                    given = [offset + arg if arg else 0 for arg in args]
                    row = (one, to, tuple(args), *site)
                    self._operator_call(row, variable, obj, to, given, site)
                    return
            if name in ("__enter__", "__aenter__") and to:
                self.add(to, obj)
        elif key[0] == CONTAINER:
            if name in ("__enter__", "__aenter__") and to:
                self._item(to, obj, None)
        elif key[0] == EXTERNAL and name in ("__enter__", "__aenter__") and to:
            self.add(to, obj)

    # ------------------------------------------------------------ calls

    def _call(self, number: int, obj: int, how: str) -> None:
        key = self.objects.of[obj]
        kind = key[0]
        if kind == FUNCTION:
            self._enter(number, key[1], -1, how)
        elif kind == BOUND:
            self._enter(number, key[1], key[2], how)
        elif kind == CLASS:
            self._make(number, key[1], how)
        elif kind == INSTANCE:
            variable = self.find(key[1], "__call__")
            if variable:
                self.wait(variable, (BIND_CALL, number, obj, how or "instance"))
        elif kind == EXTERNAL:
            self._call_external(number, key[1])
        elif kind == METHOD:
            self._container_method(number, key[1], key[2])
        elif kind == PARTIAL:
            self._call_partial(number, key, how)
        elif kind == PROPERTY:
            self._call(number, key[1], how)

    def _enter(self, number: int, function: int, receiver: int, how: str) -> None:
        """A call of a function of the project: arguments go in, the result comes out."""
        key = (number, function, receiver)
        if key in self.bound:
            return
        self.bound.add(key)
        self.targets.setdefault(number, {}).setdefault((FUNCTION, function), how)
        module, facts = self.functions[function]
        offset = self.offsets[module]
        params = facts.params
        call = self.calls[number]
        if receiver >= 0 and params:
            first = params[0]
            if first[2] == PLAIN:
                self.add(offset + first[1], receiver)
                params = params[1:]
        self._bind_arguments(call, params, offset)
        self._give(call[0], function)

    def _give(self, to: int, function: int) -> None:
        module, facts = self.functions[function]
        offset = self.offsets[module]
        if not to:
            return
        if "generator" in facts.flags:
            made = self.objects.number(CONTAINER, offset + facts.yields, "generator")
            for field in (ALL, UNNAMED):
                self.flow(offset + facts.yields, self._field((made, field)))
            self.add(to, made)
        self.flow(offset + facts.ret, to)

    def _bind_arguments(self, call: Sequence[Any], params: Sequence[Any], offset: int) -> None:
        _, _, args, keywords, star, stars, *_ = call
        plain = [one for one in params if one[2] == PLAIN]
        rest = [offset + one[1] for one in params if one[2] == STAR]
        named = {one[0]: offset + one[1] for one in params if one[2] in (PLAIN, KEYWORD)}
        words = [offset + one[1] for one in params if one[2] == STAR_STAR]
        for index, arg in enumerate(args):
            if index < len(plain):
                self.flow(arg, offset + plain[index][1])
            elif arg:
                for one in rest:
                    self.wait(one, (PUT, str(index - len(plain)), arg))
        if star:
            element = self.new()
            self.wait(star, (ITEM, element, None))
            for param in plain[len(args) :]:
                self.flow(element, offset + param[1])
            for one in rest:
                self.wait(one, (PUT, None, element))
        for word, arg in keywords:
            if word in named:
                self.flow(arg, named[word])
            else:
                for one in words:
                    self.wait(one, (PUT, word, arg))
        if stars:
            self._bind_stars(stars, named, words, len(args), plain)

    def _bind_stars(
        self, stars: int, named: Mapping[str, int], words: Sequence[int], given: int,
        plain: Sequence[Any],
    ) -> None:  # fmt: skip
        taken = {one[0] for one in plain[:given]}
        for name, param in named.items():
            if name not in taken:
                self.wait(stars, (ITEM, param, name))
        for one in words:
            for obj in tuple(self.holds.get(one, ())):
                if self.objects.kinds[obj] == CONTAINER:
                    self.wait(stars, (MERGE, obj))

    def _make(self, number: int, klass: int, how: str) -> None:
        """A call of a class: an instance, and its constructor at work."""
        key = (number, -1 - klass, -1)
        if key in self.bound:
            return
        self.bound.add(key)
        call = self.calls[number]
        instance = self.objects.number(INSTANCE, klass)
        self.targets.setdefault(number, {}).setdefault((CLASS, klass), how)
        if call[0]:
            self.add(call[0], instance)
        maker = self.find(klass, "__init__")
        if maker:
            self.wait(maker, (BIND_CALL, number, instance, how or "constructor"))
        other = self.find(klass, "__new__")
        if other:
            self.wait(other, (BIND_CALL, number, self.objects.number(CLASS, klass), how))
        if not maker:
            self._make_fields(call, klass, instance)
            for base in self.classes[klass].outside:
                if base != "?":
                    self._outward(number, base)
            after = self.find(klass, "__post_init__")
            if after:
                self.wait(after, (BIND_CALL, number, instance, "constructor"))

    def _make_fields(self, call: Sequence[Any], klass: int, instance: int) -> None:
        fields: list[str] = []
        for one in reversed(self.classes[klass].mro):
            fields += [name for name in self.classes[one].fields if name not in fields]
        for name, arg in zip(fields, call[2], strict=False):
            self.flow(arg, self._field((instance, name)))
        for name, arg in call[3]:
            self.flow(arg, self._field((instance, name)))

    def _call_partial(self, number: int, key: tuple[Any, ...], how: str) -> None:
        made = self.calls[key[2]]
        call = self.calls[number]
        args = [*made[2][1:], *call[2]]
        where = ("partial", number, key[2], key[1])
        if where in self.operator_calls:
            return
        joined = [call[0], 0, args, [*made[3], *call[3]], call[4], call[5], call[6], call[7], 3,
                  call[9], 0, "", None, 0]  # fmt: skip
        inner = self.operator_calls[where] = self._add_call(joined, self.call_modules[number])
        self.targets[inner] = self.targets.setdefault(number, {})
        self._call(inner, key[1], how or "partial")

    # ------------------------------------------------------------ calls that leave the project

    def _outward(self, number: int, name: str) -> None:
        self.targets.setdefault(number, {}).setdefault((EXTERNAL, name), "outside")

    def _call_external(self, number: int, name: str) -> None:
        call = self.calls[number]
        if ((EXTERNAL, name)) in self.targets.get(number, ()):
            return
        self._outward(number, name)
        to, args = call[0], call[2]
        decorating = call[9].startswith("@")
        if decorating:
            for arg in args:
                self.flow(arg, to)
            return
        special = getattr(self, "_call_" + name.replace(".", "_"), None)
        if special is not None:
            special(number, call)
            return
        dunder = DUNDERS.get(name)
        if dunder is not None and args and args[0]:
            self._dunder(number, args[0], dunder)
        self._hand_over(number, name)
        if name in CONTAINERS:
            self._make_container(number, name)
        elif name in SAME:
            for arg in args[SAME[name] : SAME[name] + 1] if name != "asyncio.gather" else args:
                self.flow(arg, to)
        elif name in ELEMENT:
            self._element(to, args)
        elif to:
            self._result(to, name, number)

    def _dunder(self, number: int, variable: int, name: str) -> None:
        call = self.calls[number]
        to = self.new()
        self.wait(variable, (OPERATE, to, name, [], call[7], call[6], self.call_modules[number]))
        if name == "__next__":
            self.flow(to, call[0])

    def _result(self, to: int, name: str, number: int) -> None:
        given = self.effects.returns.get(name)
        if given is None and self.effects.kind_of(name) == "dynamic":
            return
        if given is None:
            self._external(to, f"{name}()")
        elif given.endswith("*"):
            made = self.objects.number(CONTAINER, -number - 1, "list")
            element = self.objects.external(given[:-1])
            for field in (ALL, UNNAMED):
                self.add(self._field((made, field)), element)
            self.add(to, made)
        else:
            self.add(to, self.objects.external(given))

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
        for arg in call[2]:
            if arg:
                self.wait(arg, (MERGE, made))
                iterated = self._iterated(number, arg)
                self._put(made, None, iterated)
        for word, arg in call[3]:
            self._put(made, word, arg)

    def _iterated(self, number: int, arg: int) -> int:
        """What iterating over an object of the project gives."""
        call = self.calls[number]
        site = (call[7], call[6], self.call_modules[number])
        iterator, element = self.new(), self.new()
        self.wait(arg, (OPERATE, iterator, "__iter__", [], *site))
        self.wait(iterator, (OPERATE, element, "__next__", [], *site))
        self.wait(iterator, (ITEM, element, None))
        return element

    def _hand_over(self, number: int, name: str) -> None:
        """Functions given to code outside of the project are called by it."""
        call = self.calls[number]
        for arg in [*call[2], *(one for _, one in call[3])]:
            if arg:
                self.wait(arg, (HAND, number, name, arg))
        if call[4]:
            element = self.new()
            self.wait(call[4], (ITEM, element, None))
            self.wait(element, (HAND, number, name, element))

    def _hand(self, number: int, name: str, variable: int, obj: int) -> None:
        kind = self.objects.kinds[obj]
        if name in UNCALLED:
            return
        if kind == EXTERNAL:
            given = self.objects.of[obj][1]
            if is_function_name(given):
                self._outward(number, given)
            return
        call = self.calls[number]
        if kind == CLASS and name not in ("builtins.map", "collections.defaultdict"):
            return
        key = ("hand", number, obj)
        if key in self.operator_calls:
            return
        row = self._handed_row(call, name, variable)
        inner = self.operator_calls[key] = self._add_call(row, self.call_modules[number])
        self._call(inner, obj, f"handed to {name}")
        if name in ELEMENTWISE or name == "collections.defaultdict":
            made = self.objects.number(CONTAINER, -number - 1, name.removeprefix("builtins."))
            if name != "builtins.filter":
                self._put(made, None, row[0])
            self.add(call[0], made)

    def _handed_row(self, call: Sequence[Any], name: str, variable: int) -> list[Any]:
        """The call that is made of a function that was handed over."""
        args = list(call[2])
        after = args[args.index(variable) + 1 :] if variable in args else []
        keywords: list[tuple[str, int]] = []
        star = stars = 0
        words = dict(call[3])
        if name in ELEMENTWISE:
            after = [self._each(one) for one in after if one]
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
            keywords = [(word, one) for word, one in call[3]]
        return [self.new(), 0, after, keywords, star, stars, call[6], call[7], 3, call[9], 0, "",
                None, 0]  # fmt: skip

    def _each(self, variable: int) -> int:
        element = self.new()
        self.wait(variable, (ITEM, element, None))
        return element

    # ------------------------------------------------------------ builtins that are special

    def _call_builtins_getattr(self, number: int, call: Sequence[Any]) -> None:
        to, args, pattern = call[0], call[2], call[12]
        if len(args) > 2:
            self.flow(args[2], to)
        site = (call[7], call[6], self.call_modules[number])
        if pattern is None:
            self._outward(number, COMPUTED)
            if args and args[0]:
                self.wait(args[0], (ANY_LOAD, to, *site))
            return
        if not args or not args[0]:
            return
        if "*" not in pattern:
            self.wait(args[0], (LOAD, to, pattern, *site))
            return
        names = {name for one in self.classes for name in one.names if fnmatchcase(name, pattern)}
        for module in self.modules:
            names |= {name for name in module.summary.names if fnmatchcase(name, pattern)}
        for name in sorted(names):
            self.wait(args[0], (LOAD, to, name, *site))

    def _call_builtins_setattr(self, number: int, call: Sequence[Any]) -> None:
        args, pattern = call[2], call[12]
        if len(args) > 2 and args[0] and args[2] and pattern and "*" not in pattern:
            site = (call[7], call[6], self.call_modules[number])
            self.wait(args[0], (STORE, pattern, args[2], *site))
        elif len(args) > 2 and args[0] and pattern is None:
            site = (call[7], call[6], self.call_modules[number])
            self.wait(args[0], (ANY_STORE, args[2], *site))

    def _any_load(self, use: tuple[Any, ...], obj: int) -> None:
        """An attribute by a computed name: any that the class of an instance has."""
        _, to, *site = use
        for name in self._public(self.objects.of[obj][1]):
            self._load((LOAD, to, name, *site), obj)

    def _any_store(self, use: tuple[Any, ...], obj: int) -> None:
        _, source, *site = use
        klass = self.objects.of[obj][1]
        for name in self._public(klass):
            self.wait(self.find(klass, name), (BIND_STORE, source, obj, *site))

    def _public(self, klass: int) -> Sequence[str]:
        """Names without underscore of a class and those above it; none where they are many."""
        names = {name for one in self.classes[klass].mro for name in self.classes[one].names}
        public = sorted(name for name in names if not name.startswith("_"))
        return public if len(public) <= MOST_COMPUTED else ()

    def _call_builtins_type(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0] and call[0] and len(call[2]) == 1:
            self.wait(call[2][0], (LOAD, call[0], "__class__", call[7], call[6],
                                   self.call_modules[number]))  # fmt: skip

    def _call_builtins_property(self, number: int, call: Sequence[Any]) -> None:
        getter = call[2][0] if call[2] else dict(call[3]).get("fget", 0)
        if getter:
            self.wait(getter, (WRAP, call[0], PROPERTY))

    def _call_functools_partial(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            self.wait(call[2][0], (WRAP, call[0], PARTIAL, number))

    def _call_importlib_import_module(self, number: int, call: Sequence[Any]) -> None:
        name = call[12]
        if isinstance(name, str) and (name in self.numbers or name in self.packages):
            self.add(call[0], self.objects.number(MODULE, name))
        else:
            pass  # what it gives is not known

    def _call_builtins___import__(self, number: int, call: Sequence[Any]) -> None:
        self._call_importlib_import_module(number, call)

    def _call_builtins_enumerate(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0]:
            element = self._each(call[2][0])
            self.flow(self._iterated(number, call[2][0]), element)
            self._pairs(call[0], number, element)

    def _call_builtins_zip(self, number: int, call: Sequence[Any]) -> None:
        pair = self.objects.number(CONTAINER, -number - 1, "tuple")
        for index, arg in enumerate(call[2]):
            if arg:
                element = self._each(arg)
                self.flow(self._iterated(number, arg), element)
                self._put(pair, str(index), element)
        whole = self.objects.number(CONTAINER, -number - 1, "zip")
        for field in (ALL, UNNAMED):
            self.add(self._field((whole, field)), pair)
        self.add(call[0], whole)

    # ------------------------------------------------------------ what only a name tells

    def _guess_by_name(self) -> bool:
        """Calls of methods on unknown objects go to the few that have that name, if any."""
        named: dict[str, list[int]] = {}
        for at, (_, facts) in enumerate(self.functions):
            if facts.owner >= 0:
                named.setdefault(facts.qualname.rpartition(".")[2], []).append(at)
        guessed = False
        for number in range(len(self.calls)):
            name = self.calls[number][11]
            if not name or not self.calls[number][10] or self.targets.get(number):
                continue
            if name == "sort":
                self._hand_over(number, "builtins.list().sort")
            found = named.get(name, ())
            if not found or len(found) > MOST_BY_NAME or name in COMMON:
                continue
            if name in self.effects.methods or name.startswith("__"):
                continue
            for at in found:
                module, facts = self.functions[at]
                owner = self.first_class[module] + facts.owner
                self._enter(number, at, self.objects.number(INSTANCE, owner), "by name")
                guessed = True
        return guessed
