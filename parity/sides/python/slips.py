"""What whoever ported a unit may have left out or written otherwise, whatever the languages mean.

A step that is not made, a case of its own that is not handled, `and` for `or`, another constant:
each is tried as a construct is that Java means otherwise (see `hook`), with a rewriting of its own.
"""

import itertools
import json
import sys
import types
from typing import Any, Callable, Iterator, Optional

from .hook import IN_PLACE, LONGEST, OPERATORS, SHOWN, Held, Hook, same, shown

RECEIVER = "left-out-step/receiver"
ARGUMENTS = ("left-out-step/argument", "left-out-step/second", "left-out-step/third")
OPERAND = "left-out-step/operand"
NEGATION = "left-out-step/negation"
CHANGED = "left-out-step/change"
STORE = "left-out-step/store"
DONE = "left-out-step/done"
FIRST = "left-out-step/first"
BRANCH = "left-out-case/branch"
ALWAYS = "left-out-case/test"
REST = "left-out-case/rest"
LAST = "left-out-case/all-but-last"
TURNED = "and-or/turned"
VARIABLE = "other-variable/"
SWAPPED = ("turned-round/arguments", "turned-round/last-arguments")
SIDES = "turned-round/sides"
TEST = "turned-round/test"
LEAP = "turned-round/leap"
TWIN = "turned-round/twin"
CASES = "turned-round/cases"
PAIRS = (
    ("min", "max"),
    ("any", "all"),
    ("floor", "ceil"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("partition", "rpartition"),
    ("split", "rsplit"),
    ("lstrip", "rstrip"),
    ("ljust", "rjust"),
    ("startswith", "endswith"),
    ("upper", "lower"),
    ("isupper", "islower"),
    ("append", "appendleft"),
    ("popleft", "pop"),
    ("union", "intersection"),
    ("bisect_right", "bisect_left"),
    ("insort_right", "insort_left"),
)
TWINS = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
CONSTANT = "other-constant/"
LISTED = CONSTANT + "listed"
"""Of a constant that holds others, one of these."""
NUMBERS = (int, float)
PLAIN = (int, float, str)
MOST_LISTED = 64
CONTAINERS = (list, tuple, set, frozenset)
SAME = object()


class Slips(Hook):
    """Does all as Python does it, but for the slip that the trial under way has for its site."""

    def _wanted(self, site: int, key: str) -> bool:
        return self.on and key in self.at.get(site, ())

    def _reach(self, site: int) -> bool:
        """Whether one looks, and has not seen enough of this site."""
        if not self.looking:
            return False
        self.reached.add(site)
        self.looks[site] = self.looks.get(site, 0) + 1
        return self.looks[site] <= self.most

    def _note(self, site: int, key: str, was: Any, other: Any) -> None:
        """Notes that the sides may part here, and plain values that would show it."""
        if same(was, other):
            return
        self.found.add((site, key))
        if type(was) in SHOWN and type(other) in SHOWN:
            self._keep((site, key), (shown(was), shown(other)))

    def call(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of anything, or what it was given."""
        if self._wanted(site, RECEIVER):
            return _receiver(function)
        for key, given in zip(ARGUMENTS, args):
            if self._wanted(site, key):
                return given
        for at, key in enumerate(SWAPPED):
            if self._wanted(site, key):
                args = (*args[:at], args[at + 1], args[at], *args[at + 2 :])
        if self._wanted(site, TWIN):
            function = _twin(function) or function
        if not self._reach(site):
            return function(*args, **kwargs)
        if _twin(function) is not None:
            self.found.add((site, TWIN))
        for key, one, other in zip(SWAPPED, args, args[1:]):
            if _are_alike(one, other) and not same(one, other):
                self.found.add((site, key))
        result = function(*args, **kwargs)
        receiver = _receiver(function)
        if _stands_for(receiver, result):
            self._note(site, RECEIVER, result, receiver)
        else:
            for key, given in zip(ARGUMENTS, args):
                if _stands_for(given, result):
                    self._note(site, key, result, given)
        return result

    def done(self, site: int, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call that stands by itself, or nothing."""
        if self._wanted(site, DONE):
            return None
        if self._reach(site):
            self.found.add((site, DONE))
        return function(*args, **kwargs)

    def operand(self, site: int, a: Any, b: Any) -> Any:
        """An operation, or one of its sides."""
        if self._wanted(site, OPERAND):
            return a
        if self._wanted(site, FIRST):
            return b
        if self._wanted(site, SIDES):
            a, b = b, a
        result = OPERATORS[self.sites[site].what](a, b)
        if self._reach(site):
            for key, side in ((OPERAND, a), (FIRST, b)):
                if type(side) is type(result) or (_is_number(side) and _is_number(result)):
                    self._note(site, key, result, side)
            if _are_alike(a, b) and not same(a, b):
                self.found.add((site, SIDES))
        return result

    def ordered(self, site: int, a: Any, b: Any) -> Any:
        """A comparison, or the same with its sides turned round."""
        compare = OPERATORS[self.sites[site].what]
        if self._wanted(site, SIDES):
            return compare(b, a)
        if self._reach(site) and not same(a, b):
            self.found.add((site, SIDES))
        return compare(a, b)

    def leaps(self, site: int) -> bool:
        """Whether a loop goes on where it ends, or ends where it goes on."""
        if self._reach(site):
            self.found.add((site, LEAP))
        return self._wanted(site, LEAP)

    def variable(self, site: int, value: Any) -> Any:
        """What a variable holds, or another one beside it."""
        wanted = [one for one in self.at.get(site, ()) if one.startswith(VARIABLE)]
        if self.on and wanted:
            return sys._getframe(1).f_locals.get(wanted[0][len(VARIABLE) :], value)
        if self._reach(site):
            for name, other in sys._getframe(1).f_locals.items():
                if name.isidentifier() and _are_alike(value, other):
                    self._note(site, VARIABLE + name, value, other)
        return value

    def negated(self, site: int, value: Any) -> Any:
        """The opposite of a value, or the value."""
        if self._wanted(site, NEGATION):
            return value
        negated = -value if self.sites[site].what == "neg" else not value
        if self._reach(site):
            self._note(site, NEGATION, negated, value)
        return negated

    def changed(self, site: int, a: Any, b: Any) -> Any:
        """A change in place, or nothing."""
        if self._wanted(site, CHANGED):
            return a
        if self._reach(site):
            self.found.add((site, CHANGED))
        return IN_PLACE[self.sites[site].what](a, b)

    def stores(self, site: int) -> bool:
        """Whether something is put where it belongs."""
        if self._reach(site):
            self.found.add((site, STORE))
        return not self._wanted(site, STORE)

    def branch(self, site: int, test: Any, behind: Optional[Callable[[], Any]] = None) -> Any:
        """The test of a case: what is not handled never comes, what is not tested always; the one
        behind it may come first."""
        if self._wanted(site, BRANCH):
            return False
        if self._wanted(site, ALWAYS):
            return True
        if self._wanted(site, TEST):
            return not test
        if behind is not None and test:
            if self._wanted(site, CASES):
                return not behind()
            if self.looking:
                self.found.add((site, CASES))
        if self._reach(site):
            self.found.update([(site, BRANCH if test else ALWAYS), (site, TEST)])
        return test

    def held(self, site: int, value: Any) -> Any:
        """An operand of `and` or `or`, but the last: turned round the one is the other, and what
        decides leaves out those behind it."""
        is_or = self.sites[site].what == "or"
        for key, counts_as in ((TURNED, not value), (REST, is_or), (LAST, not is_or)):
            if self._wanted(site, key):
                return Held(value, counts_as)
        return value

    def either(self, site: int, value: Any) -> Any:
        """The result of `and` or `or`."""
        if self._reach(site):
            self.found.update([(site, TURNED), (site, REST), (site, LAST)])
        return value.value if type(value) is Held else value

    def constant(self, site: int, value: Any) -> Any:
        """A number or a text, or another one; or what holds some of them, with another one."""
        if self.on:
            for key in self.at.get(site, ()):
                if key.startswith(CONSTANT):
                    other = json.loads(key[len(CONSTANT) :])
                    return _with(value, *other) if type(other) is list else other
        if self._reach(site):
            if type(value) in PLAIN:
                self._keep_constant(site, CONSTANT, value)
            elif type(value) in CONTAINERS or isinstance(value, (dict, tuple)):
                for one in itertools.islice(_listed(value), MOST_LISTED):
                    self._keep_constant(site, LISTED, one)
        return value

    def _keep_constant(self, site: int, key: str, value: Any) -> None:
        """Keeps that a constant is there: of what holds some, each by itself."""
        text = json.dumps(value)
        pairs = self.given.setdefault((site, key), [])
        if len(text) <= LONGEST and (text, text) not in pairs:
            pairs.append((text, text))


def _listed(value: Any) -> Iterator[Any]:
    """The numbers and texts that something holds, also further within."""
    if type(value) in PLAIN:
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _listed(key)
            yield from _listed(one)
    elif isinstance(value, CONTAINERS):
        for one in value:
            yield from _listed(one)


def _with(value: Any, mine: Any, other: Any) -> Any:
    """The same with another constant in place of one of those that it holds."""
    if type(value) in PLAIN:
        return other if type(value) is type(mine) and value == mine else value
    if isinstance(value, dict):
        made = {_with(key, mine, other): _with(one, mine, other) for key, one in value.items()}
        return made if type(value) is dict else value
    if type(value) in CONTAINERS:
        return type(value)(_with(one, mine, other) for one in value)
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(_with(one, mine, other) for one in value)
    return value


def _are_alike(one: Any, other: Any) -> bool:
    """Whether one value may stand where another does."""
    return type(one) is type(other) or (_is_number(one) and _is_number(other))


def _is_number(value: Any) -> bool:
    return type(value) in NUMBERS


def _twin(function: Any) -> Any:
    """The function that does the same the other way round, where there is one beside it."""
    name = TWINS.get(getattr(function, "__name__", ""))
    owner = getattr(function, "__self__", None)
    return getattr(owner, name, None) if name is not None and owner is not None else None


def _receiver(function: Any) -> Any:
    """What a method is called on; SAME where there is nothing of the kind."""
    owner = getattr(function, "__self__", None)
    if owner is None or isinstance(owner, (types.ModuleType, type)):
        return SAME
    return owner


def _stands_for(given: Any, result: Any) -> bool:
    """Whether what was given could stand where the result of a call does."""
    if result is None or isinstance(result, bool):
        return False
    return type(given) is type(result) or (
        isinstance(given, CONTAINERS) and isinstance(result, CONTAINERS)
    )
