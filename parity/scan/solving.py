"""Finds what each variable may hold, in all files at once, whatever the order of statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from parity.scan.attributes import NAMED_TUPLES
from parity.scan.calling import Calling
from parity.scan.containers import COMPARING, COPIED, DEFAULTS, ORDERING, PLACING
from parity.scan.deferred import ITERATING
from parity.scan.effects import IO, Effects
from parity.scan.guessing import BY_SHAPE
from parity.scan.linking import Module
from parity.scan.moving import (
    ANY_LOAD,
    ANY_STORE,
    ASKED_FOR,
    AWAIT,
    BESIDE,
    BIND,
    BIND_CALL,
    BIND_STORE,
    BY_INTERFACE,
    CALL,
    DATA,
    DELETE,
    DELETE_PAST,
    FOLLOWED,
    FORWARD,
    HAND,
    INSTANTIATE,
    ITEM,
    KEEP,
    LOAD,
    LOAD_PAST,
    MERGE,
    NAMED_BY,
    NAMES_OF,
    NEXT,
    OF_META,
    OPERATE,
    OWNED,
    PUT,
    RAISE,
    SET_EACH,
    STATIC_CALL,
    STATIC_LOAD,
    STORE,
    STORE_PAST,
    SUPERS,
    UNBIND,
    VALUES,
    WRAP,
    Use,
)
from parity.scan.objects import (
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    INSTANCE,
)
from parity.scan.querying import QUERY
from parity.scan.shapes import DELETING, OWN_KEY
from parity.scan.summary import FunctionFacts
from parity.scan.telling import OF_MAKING

KEYED_OPERATORS: Final = frozenset("__getitem__ __setitem__ __delitem__ __contains__".split())
INSTEAD: Final = {
    "__bool__": ("__bool__", "__len__"), "__ne__": ("__ne__", "__eq__"),
    "__str__": ("__str__", "__repr__"), "__contains__": ("__contains__", "__iter__"),
    "__gt__": ("__gt__", "__lt__"), "__ge__": ("__ge__", "__le__"),
    "__iter__": ("__iter__", "__getitem__", "__aiter__"), "__next__": ("__next__", "__anext__"),
    "__dir__": ("__dir__", "__dict__"), "__getitem__": ("__getitem__", "__missing__"),
    "__format__": ("__format__", "__str__", "__repr__"), "keys": ("keys", "__getattr__"),
    "__reduce_ex__": ("__reduce_ex__", "__reduce__"),
    "__copy__": ("__copy__", "__reduce_ex__", "__reduce__"),
    "__deepcopy__": ("__deepcopy__", "__reduce_ex__", "__reduce__"),
}  # fmt: skip


class Solver(Calling):
    """Variables, what they hold, and who is called where."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.uses = self._uses()
        self.answers: dict[tuple[int, str], list[tuple[str, int]]] = {}

    def solve(self) -> None:
        """Works until nothing moves; then once more with targets that only a name tells."""
        for at in range(len(self.modules)):
            self._seed(at)
        for at, module in enumerate(self.modules):
            own = self.own[at]
            for to, base, name, *_ in module.summary.loads:
                if base:
                    self.wait(own[base], (STATIC_LOAD, own[to], name))
            bases = {base for one in module.summary.classes for base in one.bases}
            for row in module.summary.calls:
                if row[1] and (row[0] in bases or row[9].endswith(("namedtuple", "NamedTuple"))):
                    self.wait(own[row[1]], (STATIC_CALL, own[row[0]]))
        self._work()
        self._make_bases()
        self._work()
        self._set_classes()
        self._set_assigned()
        self.waiting.clear()
        self._find_decorators()
        for at in range(self.files):
            self._install(at)
        self._seed_receivers()
        self._make_classes()
        self._work()
        self._locate()
        self._name_computed()
        self._guess()
        if not all(self.by_names.values()):
            self._name_computed()  # of calls that guesses led to
        self._take_together()
        self._spread_missed()
        for table in (self.flows, self.waiting, self.bound):
            table.clear()  # what is found is told from what variables hold
        self.uses.clear()  # they hold this solver: it would stay until cycles are looked for

    def _guess(self) -> None:
        """What only names tell; a call that has a target by then stands in no need of it."""
        if self._guess_decorators():
            self._work()
        if self._guess_by_computed_stores():
            self._work()
        if self._guess_queries():
            self._work()
        if self._guess_by_tests() | self._guess_by_protocol() | self._guess_by_interface():
            self._work()
        open_ = [number for number in range(len(self.calls)) if not self.targets.get(number)]
        if self._guess_by_shape():
            self._work()
        for number in open_:
            found = self.targets.get(number, {})
            for target in found:
                if target[0] != EXTERNAL and not found[target]:
                    found[target] = BY_SHAPE
        for _ in range(2):
            if not self._guess_by_name():
                break
            self._work()
        if self._guess_properties() | self._guess_by_defaults():
            self._work()

    def _install(self, at: int) -> None:
        summary, own = self.modules[at].summary, self.own[at]
        function = self.first_function[at]
        loads: list[Sequence[Any]] = []
        for to, base, name, in_, line in summary.loads:
            use = (LOAD, own[to], name, function + in_, line, at, own[base])
            loads.append(use)
            if base:
                self.wait(own[base], use)
        summary.loads = loads
        for base, name, source, in_, line in summary.stores:
            if base and (source or self._is_set_by_a_method(name)):
                self.wait(own[base], (STORE, name, own[source], function + in_, line, at))
        for to, base, key, in_, _ in summary.items:
            if base and key == OWN_KEY:
                self._set_forward(function + in_, own[base], None)
            elif base:
                self.wait(own[base], (ITEM, own[to], key))
        for base, key, source, in_, _ in summary.puts:
            if key == OWN_KEY:
                self._set_keeping(function + in_, own[base])
            else:
                self.wait(own[base], (PUT, key, own[source]))
        for to, base, name, args, in_, line in summary.operators:
            deleted = name.partition(DELETING)[2]
            site = (function + in_, line, at)
            asked: Use = (DELETE, deleted) if deleted else (OPERATE, own[to], name, args)
            self.wait(own[base], (*asked, *site))
        for to, source, yields, method, in_, line in summary.awaits:
            use = (AWAIT, own[to], own[yields], method, function + in_, line, at)
            self.wait(own[source], use)
        summary.awaits.clear()
        for to, source in summary.instances:
            if source:
                self.wait(own[source], (INSTANTIATE, own[to]))
        for to, source in summary.values:
            self.wait(own[source], (VALUES, own[to]))
        for variable, in_, line in summary.raised:
            self.wait(own[variable], (RAISE, function + in_, line, at))
        for row in summary.imports:
            self._import_asks(at, row, function)
        for to, klass, receiver in summary.supers:
            self.wait(own[receiver], (SUPERS, own[to], self.first_class[at] + klass))
        for row in summary.calls:
            self._install_call(at, row, own, function)
        summary.items = [[own[row[0]]] for row in summary.items]
        for rows in (summary.operators, summary.stores, summary.puts, summary.containers):
            rows.clear()  # they wait at their variables now

    def _install_call(self, at: int, row: list[Any], own: list[int], function: int) -> None:
        """A call of a file becomes one of all: the same row, its numbers moved."""
        for column in (0, 1, 4, 5, 10):
            if row[column]:
                row[column] = own[row[column]]
        if row[2]:
            row[2] = [own[one] for one in row[2]]
        if row[3]:
            row[3] = [(name, own[one]) for name, one in row[3]]
        row[7] += function
        number = self._add_call(row, at)
        self.call_numbers[at].append(number)
        self._note_decorating(number)
        self._install_by_interface(number)
        if row[1]:
            self.wait(row[1], (CALL, number, ""))
        if row[5]:
            self._ask_as_mapping(row[5], self._site_of(number))

    def _seed_receivers(self) -> None:
        """Methods may be called on any class that has them: by frameworks, and by tests."""
        number = self.objects.number
        methods: dict[int, list[tuple[int, FunctionFacts]]] = {}
        for at, (module, facts) in enumerate(self.functions):
            if facts.owner >= 0 and facts.params and "staticmethod" not in facts.flags:
                owner = self.first_class[module] + facts.owner
                methods.setdefault(owner, []).append((at, facts))
        for index, klass in enumerate(self.classes):
            for _, facts in methods.get(index, ()):
                to = self.own[klass.module][facts.params[0][1]]
                if "classmethod" not in facts.flags:
                    self.add(to, self.family(index))
                    continue
                for one in self.members(index):
                    self.add(to, number(CLASS, one))

    def _make_classes(self) -> None:
        """What is called where a class is made: `__init_subclass__` of those above it, what its
        metaclass does, and `__set_name__` of what it holds."""
        functions = {
            (module, facts.qualname): at for at, (module, facts) in enumerate(self.functions)
        }
        is_named = any("__set_name__" in klass.names for klass in self.classes)
        for index, klass in enumerate(self.classes):
            outer = klass.qualname.rpartition(".<locals>.")[0]
            function = functions.get((klass.module, outer), self.first_function[klass.module])
            site = (function, klass.line, klass.module)
            hook = self.find(index, "__init_subclass__", index)
            if hook:
                row = ("__init_subclass__", index, *site)
                self._operator_call(row, hook, self.objects.number(CLASS, index), 0, [], site)
            self._ask_metas(index, site)
            for variable in klass.names.values() if is_named else ():
                self.wait(variable, (OPERATE, 0, "__set_name__", [], *site))

    def _ask_metas(self, klass: int, site: tuple[int, int, int]) -> None:
        """A class is made by its metaclass, as an instance is by its class."""
        made = self.objects.number(CLASS, klass)
        metas = [(meta, name) for meta in self.classes[klass].metas for name in OF_MAKING]
        given = self._parts_of(klass) if self.is_made_by_meta(klass) else []
        for meta, name in metas:
            hook = self.find(meta, name)
            receiver = made if name == "__init__" else self.objects.number(CLASS, meta)
            if hook:
                self._operator_call((name, klass, meta, *site), hook, receiver, 0, given, site)

    def _parts_of(self, klass: int) -> list[int]:
        """What a metaclass is given to make a class of: a name, bases, what its body binds."""
        of = self.classes[klass]
        bases = self.objects.number(CONTAINER, ("bases", klass), "tuple")
        names = self.names_of(klass)
        for at, base in enumerate(of.bases):
            self._put(bases, str(at), base)
        for name, variable in of.names.items():
            self._put(names, name, variable)
        given = [self._text(of.qualname.rpartition(".")[2]), self.new(), self.new()]
        self.add(given[1], bases)
        self.add(given[2], names)
        return given

    def _uses(self) -> dict[int, Callable[[Use, int], None]]:
        """How each kind of use is worked off."""
        return {
            LOAD: self._load,
            STORE: self._store,
            ITEM: lambda use, obj: self._item(use[1], obj, use[2]),
            PUT: lambda use, obj: self._put(obj, use[1], use[2]),
            OPERATE: self._operate,
            CALL: lambda use, obj: self._call(use[1], obj, use[2]),
            BIND: self._bind,
            BIND_STORE: self._bind_store,
            BIND_CALL: self._bind_call,
            HAND: lambda use, obj: self._hand(use[1], use[2], use[3], obj),
            MERGE: lambda use, obj: self._merge(use[1], obj),
            INSTANTIATE: lambda use, obj: self._instance_of(use[1], obj),
            SUPERS: lambda use, obj: self._super(use[1], use[2], obj),
            STATIC_LOAD: lambda use, obj: self._static_load(use[1], use[2], obj),
            STATIC_CALL: lambda use, obj: self._external(use[1], f"{self.objects.of[obj][1]}()"),
            WRAP: self._wrap,
            ANY_LOAD: self._any_load,
            ANY_STORE: self._any_store,
            AWAIT: self._await,
            RAISE: self._raise,
            FORWARD: lambda use, obj: self._ask_forward(self.objects.of[obj][1], use[1], use[2]),
            OF_META: self._of_meta,
            STORE_PAST: lambda use, obj: self._store_past(obj, use[1], use[2], use[3:]),
            LOAD_PAST: lambda use, obj: self._load_past(obj, use[1], use[2], use[3:]),
            DATA: lambda use, obj: self.add(use[1], obj),
            VALUES: lambda use, obj: self.add(use[1], obj),
            BY_INTERFACE: self._by_interface,
            BESIDE: self._beside,
            FOLLOWED: self._followed,
            NEXT: self._next,
            DELETE: self._delete,
            DELETE_PAST: self._delete_past,
            UNBIND: self._unbind,
            NAMES_OF: self._names_of,
            NAMED_BY: self._named_by,
            OWNED: self._owned,
            ASKED_FOR: self._asked_for,
            SET_EACH: lambda use, obj: self._set_each(obj, use[1], use[2:]),
            KEEP: lambda use, obj: self._keep(self.objects.of[obj][1], use[1], use[2]),
        }

    # ------------------------------------------------------------ operators

    def _operate(self, use: Use, obj: int) -> None:
        _, to, name, args, *site = use
        key = self.objects.of[obj]
        if key[0] == INSTANCE:
            for one in INSTEAD.get(name, (name,)):
                variable = self.find(key[1], one)
                if variable:
                    own = self.own[site[2]]
                    given = [own[arg] for arg in args]
                    row = (one, to, tuple(args), *site)
                    self._operator_call(row, variable, obj, to, given, site)
                    return
            if name in ("__enter__", "__aenter__") and to:
                self.add(to, obj)
            if name in PLACING and self.is_named_tuple(key[1]):
                self._compare_elements(obj, name, site)
        elif key[0] == FAMILY:
            self._operate_family(use, key[1], obj)
        elif key[0] == CONTAINER:
            if name in ("__enter__", "__aenter__") and to:
                self._item(to, obj, None)
            elif name in KEYED_OPERATORS and args and args[0]:
                if name == "__setitem__":
                    self._put_key(obj, self.own[site[2]][args[0]])
                self._compared(self.own[site[2]][args[0]], (site[0], site[1], site[2]))
                if name == "__getitem__" and key[2] == DEFAULTS:
                    self._ask_factory(key[1], obj, site)
                if name == "__contains__" and not self._is_dict(key):
                    self._compare_elements(obj, "__eq__", site)
            elif name in COMPARING and (key[2] in ("tuple", "list") or key[2] in NAMED_TUPLES):
                self._compare_elements(obj, name, site)
            elif name in ORDERING and key[2] in ("tuple", "list"):  # where two are not equal
                self._compare_elements(obj, "__eq__", site)
                self._compare_elements(obj, name, site)
            elif name == "__iter__" and key[2] == QUERY:  # it is asked where one goes over it
                row = ("goes over", obj, *site)
                self._outward(self._site_call(row, 0, [], site, name), f"{QUERY}().{name}")
            elif name in ITERATING:
                self._runs(obj, site, name)
                if to and name == "__iter__" and self._is_dict(key):
                    self.add(to, self._view_of_keys(obj))
            elif name in COPIED:
                self._ask_elements(obj, name, site)
        elif key[0] == CLASS:
            self._operate_class(to, key[1], obj, name)
        elif obj == self.objects.written:
            if to:
                self._external(to, key[1])
        elif key[0] == EXTERNAL and name == "__await__" and key[1].endswith("()"):
            if self.effects.kind_of(key[1][:-2]) in IO:  # it is done where it is awaited
                row = ("awaits", obj, *site)
                self._outward(self._site_call(row, 0, [], site, name), key[1][:-2])
        elif key[0] == EXTERNAL and name in ("__enter__", "__aenter__") and to:
            self.add(to, obj)
        elif key[0] == EXTERNAL and name == "__iter__":
            is_lazy = f"{key[1]}[]" in self.effects.returns
            if is_lazy and self.effects.kind_of(key[1].removesuffix("()")) in IO:
                row = ("goes over", obj, *site)  # it is read where one goes over it
                self._outward(self._site_call(row, 0, [], site, name), f"{key[1]}[]")
        elif key[0] == EXTERNAL and name in KEYED_OPERATORS:
            whole = f"{key[1]}[]"
            if self.effects.kinds.get(whole) in IO:  # it is kept elsewhere, as by shelve
                self._outward(self._site_call(("keyed", obj, *site), 0, [], site, name), whole)

    def _operate_family(self, use: Use, klass: int, obj: int) -> None:
        """An operator on any of a family: each method that one of them answers it with."""
        _, to, name, args, *site = use
        answers = self.answers.get((klass, name))
        if answers is None:
            answers = self.answers[(klass, name)] = self._answers(klass, name)
        own = self.own[site[2]]
        for one, variable in answers:
            if variable:
                given = [own[arg] for arg in args]
                self._operator_call((one, to, tuple(args), *site), variable, obj, to, given, site)
            elif name in ("__enter__", "__aenter__") and to:
                self.add(to, obj)

    def _answers(self, klass: int, name: str) -> list[tuple[str, int]]:
        """The methods by which the classes of a family answer an operator; 0 where one has none."""
        answers: dict[tuple[str, int], None] = {}
        for member in self.members(klass):
            found = ((one, self.find(member, one)) for one in INSTEAD.get(name, (name,)))
            answers[next((one for one in found if one[1]), (name, 0))] = None
        return list(answers)

    def _import_asks(self, at: int, row: Sequence[Any], function: int) -> None:
        """An import asks a module that has a `__getattr__`: for what it does not define, and for
        its `__path__`, which only packages have."""
        to, module, name, line, in_ = row
        module = self.module_name(module)
        if name is None or module not in self.numbers:
            return
        site = (function + in_, line, at)
        if not self._is_given(module, name):
            self._ask_module(self.own[at][to], module, name, site)
        elif not self.modules[self.numbers[module]].source.is_package:
            self._ask_module(0, module, "__path__", site)
