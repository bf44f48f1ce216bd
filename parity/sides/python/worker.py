"""Runs python units in the project's own interpreter (docs/worker-protocol.md).

Python 3.8 or newer, standard library only, nothing imported of `parity`: it is started by path,
in an environment where `parity` is not installed and may even be the name of another package.
"""

import asyncio
import contextlib
import difflib
import functools
import importlib
import importlib.util
import inspect
import io
import json
import os
import pkgutil
import random
import sys
import time
import traceback
from typing import IO, Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 8)
STACK_BYTES = 256 * 1024 * 1024
CODEC_DEPTH = 50_000
SUBJECT_DEPTH = sys.getrecursionlimit()
FRAMES_BELOW = 10


def load_form() -> Any:
    """The module of the fixture form, loaded by its path."""
    path = os.path.join(HERE, os.pardir, os.pardir, "values", "form.py")
    spec = importlib.util.spec_from_file_location("_parity_form", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["_parity_form"] = module
    spec.loader.exec_module(module)
    return module


form = load_form()


class Unloadable(Exception):
    """A unit that cannot be run here; carries the protocol's PROBLEM."""

    def __init__(self, code: str, what: str, why: str, next_step: str, **more: Any) -> None:
        super().__init__(what)
        self.problem = {"code": code, "what": what, "why": why, "next": next_step}
        self.problem.update(more)


class Subject:
    """A unit that is ready to be called: how to call it and what it is bound to."""

    def __init__(self, kind: str, target: Any, owner: Any, namespace: Dict[str, Any]) -> None:
        self.kind = kind
        self.target = target
        self.owner = owner
        self.namespace = namespace
        self.receiver = None  # type: Optional[Any]
        self.takes_context = False

    def make_receiver(self) -> Any:
        """A fresh receiver, where the fixture brings none."""
        if self.receiver is not None:
            return eval(self.receiver, self.namespace)
        return self.owner()


# ---------------------------------------------------------------- loading


class Loader:
    """Finds what the map names, and reports what is not there with the nearest names."""

    def __init__(self, sources: List[str], types: List[str]) -> None:
        self.sources = [os.path.realpath(source) for source in sources]
        self.types = types

    def load(self, unit: Dict[str, Any]) -> Tuple[Subject, Dict[str, Any]]:
        """The subject of a unit and what is known of it."""
        namespace = self._namespace(unit)
        if unit.get("expression") is not None or unit.get("body") is not None:
            subject = self._expression(unit, namespace)
        else:
            subject = self._reference(unit["python"], namespace)
        if unit.get("receiver") is not None:
            subject.receiver = compile_text(unit["receiver"], "receiver", "eval")
        return subject, describe(subject)

    def _namespace(self, unit: Dict[str, Any]) -> Dict[str, Any]:
        namespace = {"__name__": "parity_expression"}  # type: Dict[str, Any]
        for text in unit.get("imports") or []:
            statement = text if text.startswith(("import ", "from ")) else "import " + text
            try:
                exec(compile_text(statement, "python_imports", "exec"), namespace)
            except Unloadable:
                raise
            except BaseException as error:
                raise import_problem(text, error) from None
        return namespace

    def _expression(self, unit: Dict[str, Any], namespace: Dict[str, Any]) -> Subject:
        names = unit.get("parameters") or []
        for name in names:
            if not name.isidentifier():
                raise Unloadable(
                    "python_expression_wrong",
                    "the parameter %r is no Python name" % name,
                    "parameters are names that the expressions use",
                    "rename it in `parameters`",
                )
        head = "def __unit__(%s):\n" % ", ".join(names)
        if unit.get("body") is not None:
            lines = unit["body"].strip("\n").splitlines() or ["pass"]
            text = head + "".join("    %s\n" % line for line in dedent(lines))
            where = "python_body"
        else:
            text = head + "    return (\n%s\n    )\n" % unit["expression"]
            where = "python"
        exec(compile_text(text, where, "exec", shift=2 if where == "python" else 1), namespace)
        return Subject("expression", namespace["__unit__"], None, namespace)

    def _reference(self, reference: str, namespace: Dict[str, Any]) -> Subject:
        module_name, _, qualname = reference.partition(":")
        module = self._module(module_name)
        owner, target, raw = None, module, None  # type: Any, Any, Any
        for name in qualname.split("."):
            if not hasattr(target, name):
                raise missing_name(module_name, qualname, name, target)
            owner = target
            raw = inspect.getattr_static(target, name)
            target = getattr(target, name)
        space = dict(vars(module))
        space.update(namespace)
        if isinstance(target, type):
            return Subject("class", target, target, space)
        if isinstance(raw, property):
            return Subject("method", raw.fget, owner, space)
        if not callable(target):
            raise Unloadable(
                "python_not_callable",
                "`%s` is %s, not something to call" % (reference, type(target).__name__),
                "a unit is a function, a method or a class",
                'map a callable, or write an expression: python = "..."',
            )
        bound = isinstance(raw, (staticmethod, classmethod)) or not isinstance(owner, type)
        return Subject("function" if bound else "method", target, owner, space)

    def _module(self, name: str) -> Any:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
                near = difflib.get_close_matches(name, modules_in(self.sources), n=3)
                raise Unloadable(
                    "python_module_not_found",
                    "there is no Python module `%s`" % name,
                    "it is in none of %s" % (", ".join(self.sources) or "no sources"),
                    "check the name, or add its root to `sources`",
                    nearest=near,
                ) from None
            raise import_problem(name, error) from None
        except BaseException as error:
            raise import_problem(name, error) from None

    def resolve(self, name: str) -> type:
        """The class that a fixture names, from the configured sources and types only."""
        module_name, colon, qualname = name.partition(":")
        if not colon or "<locals>" in qualname:
            raise form.FormError("%r is no module:Class" % name)
        if module_name not in ("builtins",) and not self._allowed(module_name):
            why = "`%s` is not in `sources`; name its module in `types` to allow it"
            raise form.FormError(why % name)
        target = importlib.import_module(module_name)
        for part in qualname.split("."):
            target = getattr(target, part, None)  # type: ignore[assignment]
        if not isinstance(target, type):
            raise form.FormError("there is no class `%s`" % name)
        return target

    def _allowed(self, module: str) -> bool:
        if any(module == name or module.startswith(name + ".") for name in self.types):
            return True
        spec = importlib.util.find_spec(module.partition(".")[0])
        if spec is None:
            raise form.FormError("there is no module `%s`" % module)
        places = list(spec.submodule_search_locations or ())
        places += [spec.origin] if spec.has_location and spec.origin else []
        real = [os.path.realpath(place) for place in places]
        return any(place.startswith(root + os.sep) for place in real for root in self.sources)


def compile_text(text: str, where: str, mode: str, shift: int = 0) -> Any:
    """Code from a text of the map."""
    try:
        return compile(text, "<%s>" % where, mode)
    except (SyntaxError, ValueError) as error:
        line = max(1, (getattr(error, "lineno", None) or 1) - shift + 1) if shift else 1
        raise Unloadable(
            "python_expression_wrong",
            "the text of `%s` is not Python" % where,
            "%s (line %d: %s)" % (error, line, text.strip().splitlines()[-1][:120]),
            "mend `%s` in the map" % where,
        ) from None


def dedent(lines: List[str]) -> List[str]:
    """The lines without the indentation that all of them share."""
    widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    cut = min(widths or [0])
    return [line[cut:] for line in lines]


def import_problem(name: str, error: BaseException) -> Unloadable:
    """What to say of a module that raises while it is imported."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if "importlib" not in frame.filename]
    place = "%s:%s" % (inside[-1].filename, inside[-1].lineno) if len(inside) > 1 else None
    return Unloadable(
        "python_import_raised",
        "importing `%s` raised %s" % (name, type(error).__name__),
        "%s: %s" % (type(error).__name__, error),
        'mend the import, or judge the unit by what was recorded: judge = "recorded"',
        where=place,
    )


def missing_name(module: str, qualname: str, name: str, owner: Any) -> Unloadable:
    """What to say of a name that a module or class does not have."""
    near = difflib.get_close_matches(name, dir(owner), n=3)
    prefix = qualname[: qualname.rindex(name)] if name in qualname else ""
    return Unloadable(
        "python_name_not_found",
        "`%s` has no `%s`" % (module, qualname),
        "there is no `%s` in %s" % (name, getattr(owner, "__name__", owner)),
        "check the name in the map",
        nearest=["%s:%s%s" % (module, prefix, found) for found in near],
    )


def modules_in(sources: List[str]) -> List[str]:
    """Names of the modules below the source roots, for suggestions."""
    found = []  # type: List[str]
    for source in sources:
        for folder, folders, files in os.walk(source):
            folders[:] = [one for one in folders if not one.startswith((".", "__"))][:200]
            relative = os.path.relpath(folder, source)
            base = "" if relative == "." else relative.replace(os.sep, ".") + "."
            found += [base + name[:-3] for name in files if name.endswith(".py")]
            found += [base + name for name in folders]
            if len(found) > 20_000:
                return found
    return found + [module.name for module in pkgutil.iter_modules()]


def describe(subject: Subject) -> Dict[str, Any]:
    """What the supervisor needs to know of a loaded subject."""
    target = inspect.unwrap(subject.target) if callable(subject.target) else subject.target
    parameters = parameters_of(subject)
    described = {"kind": subject.kind, "parameters": parameters}  # type: Dict[str, Any]
    if parameters is not None and is_lambda_handler(parameters):
        subject.takes_context = True
        parameters[1]["supplied"] = True
    if subject.kind == "class":
        described["methods"] = methods_of(subject)
    with contextlib.suppress(TypeError, OSError):
        described["file"] = inspect.getsourcefile(target)
        described["line"] = inspect.getsourcelines(target)[1]
    return described


def is_lambda_handler(parameters: List[Dict[str, Any]]) -> bool:
    """Whether a signature is that of a Lambda handler, whose context Lambda gives."""
    names = [one["name"] for one in parameters]
    return names == ["event", "context"] and "default" not in parameters[1]


def parameters_of(subject: Subject) -> Optional[List[Dict[str, Any]]]:
    """The parameters that a fixture gives, or None where the signature cannot be read."""
    return signature_of(subject.target, skip=1 if subject.kind == "method" else 0)


def signature_of(target: Any, skip: int) -> Optional[List[Dict[str, Any]]]:
    """The parameters of a callable less the first `skip`, or None where they are not known."""
    try:
        parameters = list(inspect.signature(target).parameters.values())[skip:]
    except (TypeError, ValueError):
        return None
    return [describe_parameter(parameter) for parameter in parameters]


def methods_of(subject: Subject) -> Dict[str, Optional[List[Dict[str, Any]]]]:
    """The parameters of the methods that a step may call."""
    found = {}
    for name in sorted(set(dir(subject.target)) - set(dir(object))):
        raw = inspect.getattr_static(subject.target, name)
        if callable(getattr(subject.target, name)) and not isinstance(raw, type):
            bound = isinstance(raw, (staticmethod, classmethod))
            found[name] = signature_of(getattr(subject.target, name), skip=0 if bound else 1)
    return found


KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "args",
    inspect.Parameter.VAR_KEYWORD: "kwargs",
}


def describe_parameter(parameter: inspect.Parameter) -> Dict[str, Any]:
    """A parameter: name, kind, and its default in fixture form."""
    described = {"name": parameter.name, "kind": KINDS[parameter.kind]}  # type: Dict[str, Any]
    if parameter.default is not inspect.Parameter.empty:
        try:
            described["default"] = form.write(parameter.default, "$default")
        except form.Formless as formless:
            described["formless"] = formless.why
    return described


# ---------------------------------------------------------------- running


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


class Runner:
    """Runs fixtures of one subject and writes down what it did."""

    def __init__(self, resolve: Callable[[str], type], max_items: int) -> None:
        self.resolve = resolve
        self.max_items = max_items

    def observe(self, subject: Subject, fixture: Dict[str, Any]) -> Dict[str, Any]:
        """The observation of one fixture."""
        reader = form.Reader(self.resolve)
        try:
            receiver = reader.read(fixture["self"], "$self") if "self" in fixture else None
            if "steps" in fixture:
                return self._steps(subject, fixture, reader, receiver)
            args = [reader.read(arg, "$args[%d]" % i) for i, arg in enumerate(fixture["args"])]
            kwargs = reader.read(fixture.get("kwargs") or {}, "$kwargs")
        except form.FormError as error:
            return refusal(str(error))
        return self._call(subject, fixture, args, kwargs, receiver)

    def _call(
        self, subject: Subject, fixture: Dict[str, Any], args: Any, kwargs: Any, receiver: Any
    ) -> Dict[str, Any]:
        call = subject.target
        if subject.kind == "method":
            if "self" not in fixture:
                receiver, problem = receiver_of(subject.make_receiver)
                if problem is not None:
                    return problem
            call = bind(subject, receiver)
        if subject.takes_context and "context" not in kwargs and len(args) + len(kwargs) == 1:
            call = functools.partial(call, context=LambdaContext())
        state = State(args, kwargs, receiver if "self" in fixture else None)
        before = state.written()
        observation = self._outcome(call, args, kwargs)
        try:
            observation.update(state.changed(before))
        except form.Formless as formless:
            return formless_outcome(formless)
        return observation

    def _steps(
        self, subject: Subject, fixture: Dict[str, Any], reader: Any, receiver: Any
    ) -> Dict[str, Any]:
        if "self" not in fixture and fixture.get("args") is not None and subject.receiver is None:
            args = [reader.read(arg, "$args[%d]" % i) for i, arg in enumerate(fixture["args"])]
            kwargs = reader.read(fixture.get("kwargs") or {}, "$kwargs")
            receiver, problem = receiver_of(lambda: subject.owner(*args, **kwargs))
        elif "self" not in fixture:
            receiver, problem = receiver_of(subject.make_receiver)
        else:
            problem = None
        if problem is not None:
            return problem
        observations = []  # type: List[Dict[str, Any]]
        for index, step in enumerate(fixture["steps"]):
            where = "$steps[%d]" % index
            call = getattr(receiver, step["call"], None)
            if call is None:
                near = difflib.get_close_matches(step["call"], dir(receiver), n=3)
                why = "there is no method %r; near: %s" % (step["call"], ", ".join(near) or "none")
                return {"steps": [*observations, refusal(why, parameter=where)]}
            try:
                args = reader.read(step.get("args") or [], where + ".args")
                kwargs = reader.read(step.get("kwargs") or {}, where + ".kwargs")
            except form.FormError as error:
                return {"steps": [*observations, refusal(str(error), parameter=where)]}
            state = State(args, kwargs, None)
            before = state.written()
            observation = self._outcome(call, args, kwargs)
            observation.update(state.changed(before))
            observations.append(observation)
        return {"steps": observations}

    def _outcome(self, call: Any, args: Any, kwargs: Any) -> Dict[str, Any]:
        printed = Printed()
        started = time.perf_counter()
        try:
            with printed:
                returned = finish(call_at_usual_depth(call, args, kwargs), self.max_items)
                written = self._write(returned)
            observation = {"returned": written}  # type: Dict[str, Any]
        except form.Formless as formless:
            observation = formless_outcome(formless)
        except BaseException as error:
            if is_ours(error):
                raise
            observation = {"raised": describe_error(error)}
        observation["us"] = round((time.perf_counter() - started) * 1e6, 1)
        if printed.out or printed.err:
            observation["output"] = {"out": printed.out, "err": printed.err}
        return observation

    def _write(self, returned: Any) -> Any:
        sys.setrecursionlimit(CODEC_DEPTH)
        return form.Writer(max_items=self.max_items).write(returned, "$")


class State:
    """What a call may change: its arguments, and a receiver that the fixture brought."""

    def __init__(self, args: Any, kwargs: Any, receiver: Any) -> None:
        self.args = args
        self.kwargs = kwargs
        self.receiver = receiver
        values = [*args, *kwargs.values(), receiver]
        self.fixed = all(type(value) in FIXED for value in values)

    def written(self) -> Optional[Dict[str, Any]]:
        """The state in fixture form, or None where nothing in it can change."""
        if self.fixed:
            return None
        writer = form.Writer()
        state = {}  # type: Dict[str, Any]
        state["args"] = [writer.write(a, "$args[%d]" % i) for i, a in enumerate(self.args)]
        state["kwargs"] = {
            name: writer.write(value, form.member("$kwargs", name))
            for name, value in self.kwargs.items()
        }
        if self.receiver is not None:
            state["self"] = writer.write(self.receiver, "$self")
        return state

    def changed(self, before: Optional[Dict[str, Any]]) -> Dict[str, Any]:
        """The parts of the state that are no longer what they were."""
        if before is None:
            return {}
        after = self.written()
        assert after is not None
        return {
            key: after[key] for key in after if form.dumps(after[key]) != form.dumps(before[key])
        }


FIXED = frozenset({type(None), bool, int, float, str, bytes})


class Printed:
    """Keeps what the subject prints, and gives the streams back afterwards."""

    def __init__(self) -> None:
        self.out = ""
        self.err = ""

    def __enter__(self) -> "Printed":
        self._saved = sys.stdout, sys.stderr
        self._streams = stream(), stream()
        sys.stdout, sys.stderr = self._streams
        return self

    def __exit__(self, *_: Any) -> None:
        sys.stdout, sys.stderr = self._saved
        self.out, self.err = (text_of(one) for one in self._streams)


def stream() -> Any:
    """A text stream with a `buffer`, as programs expect of standard output."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogatepass", newline="", write_through=True)


def text_of(one: Any) -> str:
    """What was printed to a stream, cut at 64 KiB."""
    try:
        data = one.buffer.getvalue()
    except ValueError:
        return "(closed by the unit)"
    return str(data[:65536].decode("utf-8", "backslashreplace"))


def call_at_usual_depth(call: Any, args: Any, kwargs: Any) -> Any:
    """Calls with the recursion limit that the subject would have alone."""
    sys.setrecursionlimit(SUBJECT_DEPTH + FRAMES_BELOW)
    try:
        return call(*args, **kwargs)
    finally:
        sys.setrecursionlimit(CODEC_DEPTH)


def finish(returned: Any, max_items: int) -> Any:
    """Awaits what can be awaited and drains what is drained asynchronously."""
    if inspect.isasyncgen(returned):
        return asyncio.run(drain(returned, max_items))
    if inspect.isawaitable(returned):
        return asyncio.run(wait_for(returned))
    return returned


async def wait_for(awaitable: Any) -> Any:
    """The result of an awaitable."""
    return await awaitable


async def drain(items: Any, max_items: int) -> List[Any]:
    """All items of an asynchronous generator, up to `max_items`."""
    drained = []  # type: List[Any]
    async for item in items:
        if len(drained) == max_items:
            raise form.Formless("$", "async_generator", "it gives more than %d items" % max_items)
        drained.append(item)
    return drained


def bind(subject: Subject, receiver: Any) -> Any:
    """The unit as a method of `receiver`."""
    return lambda *args, **kwargs: subject.target(receiver, *args, **kwargs)


def describe_error(error: BaseException) -> Dict[str, Any]:
    """Class, bases, message, line and causes of what was raised."""
    kinds = [kind for kind in type(error).__mro__ if kind not in (object, BaseException)]
    names = [class_name(kind) for kind in kinds]
    try:
        message = str(error)  # type: Optional[str]
    except Exception:
        message = None
    causes = []  # type: List[str]
    cause = error.__cause__
    while cause is not None and len(causes) < 10:
        causes.append(class_name(type(cause)))
        cause = cause.__cause__
    described = {"class": names[0] if names else class_name(type(error))}  # type: Dict[str, Any]
    described["bases"] = names[1:]
    described.update({"message": message, "line": line_of(error), "causes": causes})
    return described


def class_name(kind: type) -> str:
    """`module:Class`, or the bare name of a built-in one."""
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return "%s:%s" % (kind.__module__, kind.__qualname__)


def line_of(error: BaseException) -> Optional[str]:
    """File and line of the innermost frame of the project, or of any frame outside this file."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    if not frames:
        return None
    own = [f for f in frames if any(f.filename.startswith(s + os.sep) for s in LOADER_SOURCES)]
    frame = (own or frames)[-1]
    return "%s:%s" % (frame.filename, frame.lineno)


LOADER_SOURCES = []  # type: List[str]


def formless_outcome(formless: Any) -> Dict[str, Any]:
    """The observation of a value that has no fixture form."""
    return {"formless": {"path": formless.path, "type": formless.kind, "why": formless.why}}


def is_ours(error: BaseException) -> bool:
    """Whether the worker raised it while it wrote a value: the innermost frame is the writer's."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename == form.__file__


def fault(error: BaseException) -> Dict[str, Any]:
    """The observation of a fixture on which this worker, not the subject, failed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = ["%s:%s" % (os.path.basename(f.filename), f.lineno) for f in reversed(frames)]
    return {"fault": "%s: %s at %s" % (type(error).__name__, error, " < ".join(places))}


def receiver_of(make: Callable[[], Any]) -> Tuple[Any, Optional[Dict[str, Any]]]:
    """A receiver, or the refusal that says why there is none."""
    try:
        return make(), None
    except Exception as error:
        why = "the receiver cannot be made: %s: %s" % (type(error).__name__, error)
        return None, refusal(why, parameter="self")


def refusal(why: str, parameter: Optional[str] = None) -> Dict[str, Any]:
    """The observation of a fixture that this side cannot take."""
    return {"refused": {"parameter": parameter, "index": None, "type": None, "why": why}}


# ---------------------------------------------------------------- serving


def too_old() -> Dict[str, Any]:
    """The PROBLEM of an interpreter that lacks what this program uses."""
    return {
        "code": "python_too_old",
        "what": "the interpreter is Python %d.%d" % sys.version_info[:2],
        "where": sys.executable,
        "why": "the python side runs in Python %d.%d or newer" % OLDEST,
        "next": "name another `interpreter` in [python], or judge by recordings: "
        'judge = "recorded"',
    }


class Steps:
    """Notes which steps from line to line of the project's files are taken, in this thread."""

    def __init__(self, sources: List[str]) -> None:
        self.roots = tuple(source + os.sep for source in sources)
        self.taken: Set[Tuple[str, int, int]] = set()
        self.known = {}  # type: Dict[str, Optional[str]]

    def __enter__(self) -> "Steps":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: Any) -> None:
        sys.settrace(None)

    def _call(self, frame: Any, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self.known:
            real = os.path.realpath(name)
            self.known[name] = os.path.basename(real) if real.startswith(self.roots) else None
        file = self.known[name]
        if file is None:
            return None
        last = [-frame.f_code.co_firstlineno]

        def step(frame: Any, event: str, argument: Any) -> Any:
            if event != "exception":
                line = frame.f_lineno if event == "line" else -frame.f_code.co_firstlineno
                self.taken.add((file, last[0], line))
                last[0] = frame.f_lineno
            return step

        return step


class Server:
    """Answers the supervisor, line by line."""

    def __init__(self, requests: IO[bytes], answers: int) -> None:
        self.requests = requests
        self.answers = answers
        self.subjects = {}  # type: Dict[str, Subject]

    def serve(self) -> None:
        """Answers until the supervisor closes its end."""
        hello = self._next()
        if sys.version_info < OLDEST:
            self._answer({"problem": too_old()})
            return
        self.loader = Loader(hello["sources"], hello["types"])
        LOADER_SOURCES[:] = self.loader.sources
        self.runner = Runner(self.loader.resolve, hello.get("max_items", 10_000))
        sys.path[:0] = hello["sources"]
        self._answer({"ready": {"version": "%d.%d.%d" % sys.version_info[:3]}})
        while True:
            request = self._next()
            if request is None:
                return
            getattr(self, "_" + request["op"])(request)

    def _load(self, request: Dict[str, Any]) -> None:
        for unit in request["units"]:
            printed = Printed()
            try:
                with printed:
                    self.subjects[unit["id"]], loaded = self.loader.load(unit)
                loaded["output"] = printed.out + printed.err
                self._answer({"unit": unit["id"], "loaded": loaded})
            except Unloadable as problem:
                self._answer({"unit": unit["id"], "problem": problem.problem})

    def _run(self, request: Dict[str, Any]) -> None:
        subject = self.subjects[request["unit"]]
        for _ in range(request["fixtures"]):
            fixture = self._next()
            random.seed(0)
            try:
                observation = self.runner.observe(subject, fixture)
            except Exception as error:
                observation = fault(error)
            self._answer(observation)

    def _ways(self, request: Dict[str, Any]) -> None:
        subject = self.subjects[request["unit"]]
        target = inspect.unwrap(subject.target)
        code = getattr(target, "__code__", None)
        own = [os.path.dirname(os.path.realpath(code.co_filename))] if code is not None else []
        for _ in range(request["fixtures"]):
            fixture = self._next()
            random.seed(0)
            steps = Steps(self.loader.sources + own)
            with contextlib.suppress(Exception), steps:
                self.runner.observe(subject, fixture)
            self._answer({"ways": sorted(steps.taken)})

    def _next(self) -> Any:
        line = self.requests.readline()
        return json.loads(line) if line else None

    def _answer(self, answer: Any) -> None:
        data = form.dumps(answer).encode("ascii") + b"\n"
        while data:
            data = data[os.write(self.answers, data) :]


@contextlib.contextmanager
def own_streams() -> Iterator[None]:
    """Keeps the subject's hands off standard input and standard output of this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    yield


def with_a_deep_stack() -> None:
    """Starts this program again with room for deeply nested values, once."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    enough = soft == resource.RLIM_INFINITY or soft >= STACK_BYTES
    if enough or "deep" in sys.argv or (hard != resource.RLIM_INFINITY and hard < STACK_BYTES):
        return
    resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, hard))
    os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), *sys.argv[1:], "deep"])


def main() -> None:
    """Serves on the two file descriptors that the command line names."""
    with_a_deep_stack()
    requests, answers = int(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(requests, False)
    os.set_inheritable(answers, False)
    sys.argv[:] = [""]
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    sys.setrecursionlimit(CODEC_DEPTH)
    with own_streams():
        Server(os.fdopen(requests, "rb"), answers).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
