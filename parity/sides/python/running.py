"""Runs fixtures of one unit and writes down what it did.

The way of most fixtures is short: values that are their own form, arguments that do not change, a
result that the C encoder may write. Everything else takes the long way, with the same outcome.
"""

import difflib
import functools
import inspect
import json
import marshal
import os
import sys
import types
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple, Union

from . import outcomes
from .answers import PHASE
from .domain import outside
from .loading import Subject
from .ports import Ports, Unfit, port_of
from .printed import NOTHING, Printed
from .surroundings import Surroundings
from .world import STAGE

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

CODEC_DEPTH = 50_000
FIXED = frozenset({type(None), bool, int, float, str, bytes})
SETTLED = FIXED | {list, dict, tuple, set, frozenset}
NONE: Dict[str, Any] = {}
BY_VALUE = 2  # of marshal: exact types, nothing of sharing or interning
SURELY_SHALLOW = 5 * form.MAX_DEPTH
"""So many bytes of marshal hold no more levels and parts than a form may have."""
WORTH_PACKING = 200
"""Bytes up to which text is as quick; java has the same bound (Packer.java)."""

leave = os._exit
plain_text = form.plain_text
scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


class LambdaContext:
    """What Lambda gives a Python handler beside the event; the java side gives the same values."""

    function_name = "parity"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:parity"
    memory_limit_in_mb = "512"
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    log_group_name = "/aws/lambda/parity"
    log_stream_name = "parity"
    identity = None
    client_context = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the call; here always the same."""
        return 300_000

    def log(self, message: object) -> None:
        """Prints, as Lambda's logger does."""
        sys.stdout.write("%s" % (message,))


class Limits:
    """What the supervisor allows each call."""

    def __init__(self, max_items: int, memory: Optional[int], depth: int) -> None:
        self.max_items = max_items
        self.memory = memory
        self.depth = depth


class Runner:
    """Runs fixtures of one subject; `phase` is where it says whether the subject runs."""

    def __init__(
        self,
        subject: Subject,
        resolve: Callable[[str], type],
        sources: List[str],
        limits: Limits,
        phase: Any,
        packs: bool = False,
        surroundings: Optional[Surroundings] = None,
    ) -> None:
        """`packs` says that results are wanted packed (docs/worker-protocol.md) where they can;
        `surroundings` are those that the process remembered of which this one is a copy."""
        self.subject = subject
        self.resolve = resolve
        self.sources = sources
        self.limits = limits
        self.phase = phase
        self.packs = packs and sys.implementation.name == "cpython"
        self.alone = ""
        """The last observation that was made of nothing but what a call returned."""
        self.stage = STAGE
        self.clock = self.stage.perf_counter
        self.printed = Printed()
        self.printed.install()
        self._begin(frames() - 1)
        self.surroundings = surroundings or Surroundings()
        self.surroundings.begin(self.usual_depth)

    def in_copy(self) -> None:
        """To be called in a copy of the process, by whoever goes on to call `answer`; the target
        of the subject may be another one than it was."""
        self._begin(frames() - 1)
        self.surroundings.depth = self.usual_depth

    def _begin(self, below: int) -> None:
        self.direct: Any = self.subject.target if self.subject.is_direct else None
        self.getpid, self.pid = os.getpid, os.getpid()
        # A function called from a script runs in its second frame: here it gets as many. Of the
        # frames `below` the last is that of whoever calls `answer`, and two lead from there to it.
        self.usual_depth = self.limits.depth + below
        sys.setrecursionlimit(self.usual_depth)

    def answer(self, line: str) -> Union[str, bytes]:
        """The answer to a fixture line, as the answer file holds it."""
        self.micros = 0.0
        observation: Union[str, bytes]
        try:
            observation = self._quickly(line) if self.direct else self._observe(line)
        except Exception as error:
            self.phase[PHASE] = 0
            self.printed.take()
            with DEEP:
                observation = form.dumps(self._fault(error))
        self.surroundings.restore()
        if isinstance(observation, bytes):
            return b"%.1f %d \t#%b\n" % (self.micros, len(observation), observation)
        if observation is self.alone:
            return "%.1f \t%s\n" % (self.micros, observation)
        return "%.1f\t%s\n" % (self.micros, observation)

    def _quickly(self, line: str) -> Union[str, bytes]:
        """The observation of a call without any trouble; each other one goes the long way."""
        try:
            fixture, _ = scan(line, 0)
            args = fixture["args"]
            kwargs = NONE if len(fixture) == 1 else fixture["kwargs"]
            if len(fixture) > 2 or is_tagged(line):
                return self._observe(line)
            fixed = FIXED.issuperset(map(type, args))
            if kwargs:
                fixed = fixed and FIXED.issuperset(map(type, kwargs.values()))
            before = b"" if fixed else marshal.dumps((args, kwargs), BY_VALUE)
        except (KeyError, RecursionError, ValueError):
            return self._observe(line)
        call, clock, phase = self.direct, self.clock, self.phase
        own = self.surroundings.builtins
        text = packed = failure = None
        phase[PHASE] = 1
        started = clock()
        try:
            returned = call(*args, **kwargs) if kwargs else call(*args)
            self.micros = (clock() - started) * 1e6
            if own.counter[0] != own.version:
                own.restore()  # what follows needs them
            if self.getpid() != self.pid:
                leave(0)  # the unit forked, and this is its copy: nothing of it counts
            if self.packs:
                packed = pack(returned)
            if packed is None:
                text = plain_text(returned)
                if text is None:
                    text = self._settled(returned, started)
        except BaseException as error:
            failure = self._failed(error, started)
        phase[PHASE] = 0
        try:
            changed = not fixed and marshal.dumps((args, kwargs), BY_VALUE) != before
        except ValueError:
            changed = True
        printed = self.printed.take()
        if failure is None and not changed and printed is NOTHING:
            if packed is not None:
                return packed
            self.alone = '{"returned":%s}' % text
            return self.alone
        if packed is not None and failure is None:
            try:
                text = self._settled(returned, started)
            except BaseException as error:
                failure = self._failed(error, started)
        state = State(args, kwargs or {}) if changed else None
        return self._told(text, failure, state, line, printed)

    def _fault(self, error: Exception) -> Dict[str, Any]:
        if isinstance(error, MemoryError) and self.limits.memory is not None:
            return outcomes.out_of_memory(self.limits.memory)
        return outcomes.fault(error)

    # -- a call

    def _observe(self, line: str) -> str:
        try:
            fixture, _ = scan(line, 0)
        except RecursionError:
            with DEEP:
                fixture, _ = scan(line, 0)
        if self.subject.ports is not None:
            return self._answered(self.subject.ports, fixture, line)
        return self._placed(fixture, line)

    def _placed(self, fixture: Dict[str, Any], line: str) -> str:
        if not fixture.get("world"):
            return self._judge(fixture, line)
        try:
            with self.stage.showing(fixture["world"]):
                self.clock = self.stage.perf_counter  # the other one stands still now
                return self._judge(fixture, line)
        except form.FormError as error:
            return form.dumps(outcomes.refusal(str(error), parameter="world"))

    def _answered(self, ports: Ports, fixture: Dict[str, Any], line: str) -> str:
        """The observation of a call whose port calls are answered from the fixture."""
        recorded = (fixture.get("world") or {}).pop("ports", None)
        ports.begin(recorded, fixture.get("by_name", False))
        try:
            text = self._placed(fixture, line)
        except Unfit as error:
            return form.dumps(outcomes.refusal(str(error), parameter="world"))
        finally:
            self.surroundings.settle_threads()
            calls = ports.end()
        if calls.unfit is not None:
            return form.dumps(outcomes.refusal(calls.unfit, parameter="world"))
        if recorded is None and not calls.made:
            return text
        with DEEP:
            return '%s,"effects":%s}' % (text[:-1], form.dumps(calls.told()))

    def _judge(self, fixture: Dict[str, Any], line: str) -> str:
        if is_tagged(line) or "steps" in fixture or "self" in fixture:
            return self._observe_tagged(fixture, line)
        args, kwargs = fixture["args"], fixture.get("kwargs") or {}
        return self._call(line, args, kwargs, None, False)

    def _observe_tagged(self, fixture: Dict[str, Any], line: str) -> str:
        reader = self._reader()
        brought = "self" in fixture
        try:
            with DEEP:
                receiver = reader.read(fixture["self"], "$self") if brought else None
                if "args" in fixture:
                    args, kwargs = read_call(reader, fixture)
        except form.FormError as error:
            return form.dumps(outcomes.refusal(str(error)))
        if "steps" not in fixture:
            return self._call(line, args, kwargs, receiver, brought)
        if self.subject.domain is not None and "args" in fixture:
            told = self._outside(args, kwargs, None)
            if told is not None:
                return form.dumps(told)
        if not brought:
            if fixture.get("args") is not None and self.subject.receiver is None:
                receiver, problem = self._constructed(args, kwargs)
            else:
                receiver, problem = self._receiver(self.subject.make_receiver)
            if problem is not None:
                return form.dumps(problem)
        return '{"steps":[%s]}' % ",".join(self._steps(fixture["steps"], reader, receiver))

    def _reader(self) -> Any:
        ports = self.subject.ports
        return form.Reader(self.resolve, None if ports is None else ports.stand_in)

    def _call(self, line: str, args: Any, kwargs: Any, receiver: Any, brought: bool) -> str:
        subject = self.subject
        call = subject.target
        if subject.kind == "method":
            if not brought:
                receiver, problem = self._receiver(subject.make_receiver)
                if problem is not None:
                    return form.dumps(problem)
            call = types.MethodType(call, receiver)
        if subject.takes_context and "context" not in kwargs and len(args) + len(kwargs) == 1:
            call = functools.partial(call, context=LambdaContext())
        state = State(args, kwargs, receiver if brought else None)
        if subject.ports is not None:
            args, kwargs = supplied(subject, subject.ports, args, kwargs)
        if subject.domain is not None:
            told = self._outside(args, kwargs, receiver)
            if told is not None:
                return form.dumps(told)
        try:
            state.remember(by_line=not brought)
        except form.Formless as error:  # nested too deep to be written down again
            return form.dumps(outcomes.formless(error))
        text, failure = self._outcome(call, args, kwargs)
        changed = state if state.may_have_changed() else None
        return self._told(text, failure, changed, line, self.printed.take())

    def _outside(self, args: Any, kwargs: Any, receiver: Any) -> Optional[Dict[str, Any]]:
        """What to say of arguments that the term `domain` leaves out; None where they count."""
        subject, domain = self.subject, self.subject.domain
        assert domain is not None
        given = [receiver, *args] if subject.kind == "method" else args
        self.phase[PHASE] = 1
        try:
            counts = domain(*given, **kwargs)
            return None if counts else outside(subject.domain_text, None)
        except TypeError as error:
            if is_call_wrong(domain, given, kwargs):
                return None  # python cannot be called with them either: that is told as ever
            return outside(subject.domain_text, error)
        except Exception as error:
            return outside(subject.domain_text, error)
        finally:
            self.phase[PHASE] = 0

    def _told(
        self,
        text: Optional[str],
        failure: Optional[Dict[str, Any]],
        state: Optional["State"],
        line: str,
        printed: Tuple[str, str],
    ) -> str:
        """The observation of a call that has ended: how, what it changed and what it printed."""
        more: Dict[str, Any] = {}
        with DEEP:
            if state is not None:
                try:
                    more = self._changes(state, line)
                except form.Formless as error:
                    return form.dumps(outcomes.formless(error))
            if any(printed):
                more["output"] = {"out": printed[0], "err": printed[1]}
            if failure is not None:
                failure.update(more)
                return form.dumps(failure)
            if not more:
                self.alone = '{"returned":%s}' % text
                return self.alone
            return '{"returned":%s,%s' % (text, form.dumps(more)[1:])

    def _outcome(
        self, call: Any, args: Any, kwargs: Any
    ) -> Tuple[Optional[str], Optional[Dict[str, Any]]]:
        """The text of what was returned, or the observation of another ending."""
        before = self.micros
        sys.setrecursionlimit(self.limits.depth + frames() - 1)
        self.phase[PHASE] = 1
        started = self.clock()
        try:
            returned = call(*args, **kwargs)
            self.micros = (self.clock() - started) * 1e6
            self.surroundings.builtins.restore()
            if self.getpid() != self.pid:
                leave(0)  # the unit forked, and this is its copy: nothing of it counts
            return self._settled(returned, started), None
        except BaseException as error:
            return None, self._failed(error, started)
        finally:
            self.phase[PHASE] = 0
            self.micros += before
            sys.setrecursionlimit(self.usual_depth)

    def _settled(self, returned: Any, started: float) -> str:
        """The text of a result that may have to be awaited or drained: that is the unit's work."""
        if type(returned) not in SETTLED:
            returned = self._finish(returned)
            self.micros = (self.clock() - started) * 1e6
        text = form.plain_text(returned)
        if text is None:
            with DEEP:
                writer = form.Writer(max_items=self.limits.max_items)
                text = form.dumps(writer.write(returned, "$"))
            if type(returned) not in SETTLED:
                self.micros = (self.clock() - started) * 1e6
        return text

    def _failed(self, error: BaseException, started: float) -> Dict[str, Any]:
        """The observation of what was raised."""
        self.surroundings.builtins.restore()
        if self.getpid() != self.pid:
            leave(exit_code(error))
        self.micros = self.micros or (self.clock() - started) * 1e6
        if isinstance(error, form.Formless):
            return outcomes.formless(error)
        if isinstance(error, MemoryError) and self.limits.memory is not None:
            return outcomes.out_of_memory(self.limits.memory)
        with DEEP:
            if outcomes.is_ours(error):
                raise error
            return outcomes.raised(error, self.sources)

    def _finish(self, returned: Any) -> Any:
        """Awaits what can be awaited and drains what is drained asynchronously."""
        if isinstance(returned, types.AsyncGeneratorType):
            return run_async(drain(returned, self.limits.max_items))
        if isinstance(returned, types.CoroutineType) or is_awaitable(returned):
            return run_async(wait_for(returned))
        return returned

    def _changes(self, state: "State", line: str) -> Dict[str, Any]:
        """The parts of the state that the call changed, in full."""
        before = state.before if state.before is not None else self._state_of(line)
        after = state.written()
        return {
            key: after[key] for key in after if form.dumps(after[key]) != form.dumps(before[key])
        }

    def _state_of(self, line: str) -> Dict[str, Any]:
        """The state before the call, from its line once more."""
        fixture, _ = scan(line, 0)
        args, kwargs = read_call(self._reader(), fixture)
        return State(args, kwargs).written()

    def _receiver(self, make: Callable[[], Any]) -> Tuple[Any, Optional[Dict[str, Any]]]:
        """A receiver, or the refusal that says why there is none."""
        self.phase[PHASE] = 1
        try:
            return make(), None
        except Exception as error:
            why = "the receiver cannot be made: %s: %s" % (type(error).__name__, error)
            return None, outcomes.refusal(why, parameter="self")
        finally:
            self.phase[PHASE] = 0

    # -- the calls of a class

    def _constructed(self, args: Any, kwargs: Any) -> Tuple[Any, Optional[Dict[str, Any]]]:
        """A receiver of the fixture's arguments, or what its constructor raised.

        What a class refuses to hold is part of what it does.
        """
        self.phase[PHASE] = 1
        started = self.clock()
        try:
            return self.subject.construct(args, kwargs), None
        except Exception as error:
            return None, self._failed(error, started)
        finally:
            self.phase[PHASE] = 0

    def _steps(self, steps: List[Dict[str, Any]], reader: Any, receiver: Any) -> List[str]:
        """The observations of the calls, up to the first that cannot be made."""
        told: List[str] = []
        for index, step in enumerate(steps):
            where = "$steps[%d]" % index
            call = getattr(receiver, step["call"], None)
            if call is None:
                near = difflib.get_close_matches(step["call"], dir(receiver), n=3)
                why = "there is no method %r; near: %s" % (step["call"], ", ".join(near) or "none")
                return [*told, form.dumps(outcomes.refusal(why, parameter=where))]
            try:
                with DEEP:
                    args = reader.read(step.get("args") or [], where + ".args")
                    kwargs = reader.read(step.get("kwargs") or {}, where + ".kwargs")
            except form.FormError as error:
                return [*told, form.dumps(outcomes.refusal(str(error), parameter=where))]
            # A step may hold what an earlier one holds, as it is by now: its line says less.
            state = State(args, kwargs)
            state.remember(by_line=False)
            text, failure = self._outcome(call, args, kwargs)
            changed = state if state.may_have_changed() else None
            told.append(self._told(text, failure, changed, "", self.printed.take()))
        return told


class Deep:
    """Inside of it, values may be nested deeper than the subject may call."""

    def __init__(self) -> None:
        self.limits: List[int] = []

    def __enter__(self) -> None:
        self.limits.append(sys.getrecursionlimit())
        sys.setrecursionlimit(CODEC_DEPTH)

    def __exit__(self, *_: object) -> None:
        sys.setrecursionlimit(self.limits.pop())


DEEP = Deep()


class State:
    """What a call may change: its arguments, and a receiver that the fixture brought."""

    def __init__(self, args: Any, kwargs: Any, receiver: Any = None) -> None:
        self.args = args
        self.kwargs = kwargs
        self.receiver = receiver
        self.fixed = False
        self.before: Optional[Dict[str, Any]] = None
        self.bytes: Optional[bytes] = None

    def remember(self, by_line: bool) -> None:
        """Keeps what is needed to see a change; `by_line` if the fixture's line says all of it."""
        self.fixed = FIXED.issuperset(map(type, [*self.args, *self.kwargs.values(), self.receiver]))
        if self.fixed:
            return
        if by_line:
            try:
                self.bytes = marshal.dumps((self.args, self.kwargs), BY_VALUE)
                return
            except ValueError:
                pass
        with DEEP:
            self.before = self.written()

    def may_have_changed(self) -> bool:
        """Whether the state is worth writing down: its bytes differ, or it has none."""
        if self.fixed:
            return False
        try:
            return self.bytes != marshal.dumps((self.args, self.kwargs), BY_VALUE)
        except ValueError:
            return True

    def written(self) -> Dict[str, Any]:
        """The state in fixture form."""
        writer = form.Writer()
        state: Dict[str, Any] = {}
        state["args"] = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(self.args)]
        state["kwargs"] = {
            name: writer.write(value, form.member("$kwargs", name))
            for name, value in self.kwargs.items()
        }
        if self.receiver is not None:
            state["self"] = writer.write(self.receiver, "$self")
        return state


def pack(value: Any) -> Optional[bytes]:
    """The bytes by which a value is known that is most likely its own form; None for others.

    Whoever reads them finds out whether it is: java packs nothing else, so equal bytes are equal.
    """
    if type(value) is not dict and type(value) is not list:
        return None
    try:
        packed = marshal.dumps(value, BY_VALUE)
    except ValueError:
        return None
    if len(packed) <= WORTH_PACKING:
        return None
    return packed if len(packed) <= SURELY_SHALLOW or form.is_plain(value) else None


def is_call_wrong(call: Any, args: Any, kwargs: Any) -> bool:
    """Whether the arguments do not fit the parameters."""
    try:
        inspect.signature(call).bind(*args, **kwargs)
        return False
    except TypeError:
        return True


def supplied(subject: Subject, ports: Ports, args: Any, kwargs: Any) -> Tuple[Any, Any]:
    """The arguments with what stands for the ports that the fixture leaves out."""
    rest, given, named = list(args), [], dict(kwargs)
    gap = False
    for one in subject.parameters:
        name, port = one["name"], one.get("port")
        if one["kind"] == "args":
            break
        by_place = one["kind"].startswith("positional")
        if port is None or (by_place and rest and port_of(rest[0]) is not None):
            if by_place and rest:
                given.append(rest.pop(0))
            else:
                gap = gap or by_place
        elif name in named:
            gap = True
        elif by_place and not gap:
            given.append(ports.stand_in(port))
        else:
            named[name] = ports.stand_in(port)
    return given + rest, named


def is_tagged(line: str) -> bool:
    """Whether a line may hold values that are not their own form.

    One character is found many times as fast as two: most lines have none of them.
    """
    return ("$" in line and '"$' in line) or ("\\" in line and '"\\u0024' in line)


def read_call(reader: Any, fixture: Dict[str, Any]) -> Tuple[Any, Any]:
    """The arguments of a fixture."""
    args = [reader.read(arg, "$args[%d]" % i) for i, arg in enumerate(fixture["args"])]
    return args, reader.read(fixture.get("kwargs") or {}, "$kwargs")


def exit_code(error: BaseException) -> int:
    """What a process ends with that ends by this."""
    if not isinstance(error, SystemExit):
        return 1
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF
    return 1


def frames() -> int:
    """How many frames there are below the caller, with its own."""
    count = 0
    frame: Optional[types.FrameType] = sys._getframe(1)
    while frame is not None:
        count, frame = count + 1, frame.f_back
    return count


def is_awaitable(value: Any) -> bool:
    """Whether `await` would take it, beside coroutines."""
    if hasattr(type(value), "__await__"):
        return True
    is_generator = isinstance(value, types.GeneratorType)
    return is_generator and bool(value.gi_code.co_flags & 0x100)  # CO_ITERABLE_COROUTINE


def run_async(coroutine: Any) -> Any:
    """What a coroutine gives in an event loop of its own."""
    import asyncio  # costs more to import than all the rest: only where it is needed

    return asyncio.run(coroutine)


async def wait_for(awaitable: Any) -> Any:
    """The result of an awaitable."""
    return await awaitable


async def drain(items: Any, max_items: int) -> List[Any]:
    """All items of an asynchronous generator, up to `max_items`."""
    drained: List[Any] = []
    async for item in items:
        if len(drained) == max_items:
            raise form.Formless("$", "async_generator", "it gives more than %d items" % max_items)
        drained.append(item)
    return drained
