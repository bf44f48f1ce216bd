"""Follows the instances of a class that is a unit: what each was made of, and the calls of it.

Python 3.6 or newer, standard library only; runs inside of the recorded program. What an instance
went through is one fixture: the constructor's arguments, then its calls, step by step.
"""

import contextlib
import inspect
import sys
import threading
import types
import weakref
from typing import Any, Dict, Iterator, List, Optional

MOST_STEPS = 40
MOST_LIVES = 1_000
OVERLAP = "two threads call one instance at the same time"
OPERATORS = (
    "__setitem__",
    "__delitem__",
    "__call__",
    "__next__",
    "__iadd__",
    "__isub__",
    "__ior__",
)
"""Those that may change an instance, and are no steps: nothing follows it from there on."""
PORTS = "it calls a port, and of a class those are not recorded"


class Life:
    """What one instance was made of, and what was called since."""

    def __init__(self, given: Dict[str, Any], taken: Any) -> None:
        self.given = given
        self.taken = taken  # by the sampler
        self.steps: List[Dict[str, Any]] = []
        self.inside: Optional[int] = None  # the thread in which a call of it is under way
        self.lost: Optional[str] = None
        self.ended = False


class Lives:
    """The instances of one class in this process."""

    def __init__(self, watched: Any) -> None:
        self.watched = watched
        self.watch = sys.modules["_parity_watch"]
        self.kind: Any = None
        self.lives: Dict[int, Life] = {}

    def install(self, kind: type) -> Optional[str]:
        """Watches the class; says why not, where its instances cannot be followed."""
        self.kind = kind
        made_by = inspect.getattr_static(kind, "__init__")
        if not isinstance(made_by, types.FunctionType):
            return "it is a class without an __init__ in Python, which is not followed"
        if not kind.__weakrefoffset__:
            return "it is a class of instances that nobody may refer to weakly"
        public = [name for name in dir(kind) if not name.startswith("_")]
        watched = set()
        for name in ["__init__", *OPERATORS, *public]:
            raw = inspect.getattr_static(kind, name, None)
            if isinstance(raw, types.FunctionType) and raw not in watched:
                watched.add(raw)
                own = inspect.getattr_static(kind, raw.__name__, None)
                if own is raw and name != "__init__":
                    name = raw.__name__  # and not that of an alias
                signature = inspect.signature(raw)
                self.watched.step_names[name] = self.watch.positional_names(signature)[1:]
                self.watch.watch(Step(self, name), raw)
        self.watched.names = self.watched.step_names["__init__"]
        return None

    def begin(self, name: str, args: Any, kwargs: Any) -> Optional[Life]:
        """The life that a call is a part of, from outside of the instance; None where of none."""
        if self.watched.spool.ended or not args or type(args[0]) is not self.kind:
            return None
        if getattr(self.watch.BUSY, "on", False):
            return None
        if name == "__init__":
            return self._born(args, kwargs)
        life = self.lives.get(id(args[0]))
        if life is None or life.ended:
            return None
        here = threading.get_ident()
        if life.inside is not None:
            if life.inside != here:
                life.lost = life.lost or OVERLAP
            return None
        if len(life.steps) >= MOST_STEPS or name in OPERATORS:
            self.end(id(args[0]), life)
            return None
        life.inside = here
        busy = self.watched.begin_busy()
        try:
            step = dict(self._given(args[1:], kwargs), call=name)
        except Exception as error:  # up to here it could be followed
            self.watched.not_followed(error)
            step = None
        finally:
            self.watched.end_busy(busy, life.taken)
        if step is None:
            life.inside = None
            self.end(id(args[0]), life)
            return None
        life.steps.append(step)
        return life

    def _born(self, args: Any, kwargs: Any) -> Optional[Life]:
        watched, key = self.watched, id(args[0])
        known = self.lives.get(key)
        if known is not None and known.inside is not None:
            return None  # its own constructor is called again by itself
        watched.calls += 1
        if len(self.lives) >= MOST_LIVES or watched.is_full():
            return None
        busy, taken = watched.begin_busy(), None
        try:
            if watched.sampler is not None:
                taken = watched.sampler.wants(watched, args[1:], kwargs)
                if taken is None:
                    return None
            given = {} if watched.makes_receiver else self._given(args[1:], kwargs)
            life = self.lives[key] = Life(given, taken)
            life.inside = threading.get_ident()
            weakref.finalize(args[0], self.end, key, life)
            return life
        except Exception as error:
            watched.not_followed(error)
            return None
        finally:
            watched.end_busy(busy, taken)

    def _given(self, args: Any, kwargs: Any) -> Dict[str, Any]:
        return dict(self.watched.forms({"args": args, "kwargs": kwargs}, exact=True))

    def after(self, life: Life, effects: Any) -> None:
        """A call of an instance has ended, well or not."""
        life.inside = None
        if effects.groups:
            life.lost = life.lost or PORTS

    def end(self, key: int, life: Life) -> None:
        """Writes down what an instance went through: it is gone, or is followed no longer."""
        if life.ended:
            return
        life.ended = True
        if self.lives.get(key) is life:
            del self.lives[key]
        watched, busy = self.watched, self.watched.begin_busy()
        try:
            if life.lost is not None:
                watched.not_written(life.lost)
            else:
                watched.write_given(dict(life.given, steps=life.steps))
        except Exception as error:
            watched.not_followed(error)
        finally:
            watched.end_busy(busy, life.taken, ended=True)
            watched.tell()


class Step:
    """One method of the class, in the place of its code."""

    def __init__(self, lives: Lives, name: str) -> None:
        self.lives = lives
        self.name = name
        self.original = None  # type: Any

    @contextlib.contextmanager
    def _followed(self, args: Any, kwargs: Any) -> Iterator[None]:
        """A call, and what it asks of ports meanwhile."""
        life = self.lives.begin(self.name, args, kwargs)
        watch, watched = self.lives.watch, self.lives.watched
        if life is None:
            yield
            return
        effects = watch.Effects(watched.form, watched.plan.masker)
        token = watch.ACTIVE.set((*watch.ACTIVE.get(), effects))
        try:
            yield
        finally:
            watch.ACTIVE.reset(token)
            self.lives.after(life, effects)

    def call(self, args: Any, kwargs: Any) -> Any:
        """The way of plain functions."""
        with self._followed(args, kwargs):
            return self.original(*args, **kwargs)

    async def call_async(self, args: Any, kwargs: Any) -> Any:
        """The way of coroutine functions."""
        with self._followed(args, kwargs):
            return await self.original(*args, **kwargs)

    def call_lazy(self, args: Any, kwargs: Any) -> Any:
        """The way of generators: how far they are read is not known, so nothing follows them."""
        life = self.lives.begin(self.name, args, kwargs)
        if life is not None:
            del life.steps[-1:]
            life.inside = None
            self.lives.end(id(args[0]), life)
        return self.original(*args, **kwargs)
