"""Finds what the map names, and says what is known of it before it is called."""

import contextlib
import difflib
import importlib
import importlib.util
import inspect
import os
import traceback
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from . import outside
from .ports import Ports, Unfit
from .tracing import EXPRESSION, HERE, TRACER, UNIT

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form


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
        self.receiver: Optional[Any] = None
        self.takes_context = False
        self.ports: Optional[Ports] = None
        self.parameters: List[Dict[str, Any]] = []
        self.own_ports: Dict[str, str] = {}
        """Ports by the parameters of the receiver's constructor."""
        self.is_handed_ports = False  # without the fixture saying so
        self.domain: Optional[Callable[..., Any]] = None
        self.domain_text = ""
        self.source: Optional[Tuple[str, str]] = None  # name and text of what is in no file
        self.imports = ""  # statements of the map

    @property
    def is_direct(self) -> bool:
        """Whether a call is nothing but the target with the fixture's arguments."""
        kept = self.domain is not None or self.is_handed_ports
        return self.kind != "method" and not self.takes_context and not kept

    def make_receiver(self) -> Any:
        """A fresh receiver, where the fixture brings none."""
        if self.receiver is not None:
            return eval(self.receiver, self.namespace)
        return self.construct((), {})

    def construct(self, args: Any, kwargs: Any) -> Any:
        """An instance of the owner, given what stands for the ports that its constructor takes."""
        stand_ins = {}
        if self.own_ports and self.ports is not None:
            names = list(self.own_ports) if not args else self._not_in(args)
            stand_ins = {
                name: self.ports.stand_in(self.own_ports[name])
                for name in names
                if name not in kwargs
            }
        return self.owner(*args, **dict(kwargs, **stand_ins))

    def _not_in(self, args: Any) -> List[str]:
        """The constructor's ports that positional arguments do not fill."""
        positional = list(inspect.signature(self.owner).parameters)[: len(args)]
        return [name for name in self.own_ports if name not in positional]


class Loader:
    """Finds what the map names, and reports what is not there with the nearest names."""

    def __init__(self, sources: List[str], types: List[str], max_items: int = 10_000) -> None:
        self.sources = [os.path.realpath(source) for source in sources]
        self.types = types
        self.max_items = max_items

    def load(self, unit: Dict[str, Any]) -> Tuple[Subject, Dict[str, Any]]:
        """The subject of a unit and what is known of it."""
        outside.install(unit.get("ports"))
        namespace = self._namespace(unit)
        if unit.get("expression") is not None or unit.get("body") is not None:
            subject = self._expression(unit, namespace)
        else:
            subject = self._reference(unit["python"], namespace)
        subject.imports = "\n".join(map(statement_of, unit.get("imports") or []))
        if unit.get("receiver") is not None:
            subject.receiver = compile_text(unit["receiver"], "receiver", "eval")
        with TRACER.paused():
            try:
                self._give_ports(subject, unit)
            except Unfit as error:
                raise Unloadable(
                    "python_port_wrong",
                    "a port of `%s` cannot be stood in for" % unit["id"],
                    str(error),
                    'mend [port."module:Class"] in the map',
                ) from None
            return subject, describe(subject)

    def _give_ports(self, subject: Subject, unit: Dict[str, Any]) -> None:
        if not unit.get("ports"):
            return
        ports = subject.ports = Ports(unit["ports"], self.resolve, self.max_items)
        if subject.kind in ("method", "class") and isinstance(subject.owner, type):
            constructor = getattr(subject.owner, "__init__", None)
            subject.own_ports = ports.of_parameters(constructor, own_parameters(subject.owner))
        named: Dict[str, Any] = {}
        if subject.kind == "expression":
            named.update(ports.names_in(subject.target.__code__))
        if subject.receiver is not None:
            named.update(ports.names_in(subject.receiver))
        subject.namespace.update(named)
        handed = bool(named or subject.own_ports or ports.outside)
        subject.is_handed_ports = handed or ports.has_places()

    def _namespace(self, unit: Dict[str, Any]) -> Dict[str, Any]:
        namespace: Dict[str, Any] = {"__name__": EXPRESSION, "__parity_unit__": unit["id"]}
        for text in unit.get("imports") or []:
            try:
                exec(compile_text(statement_of(text), "python_imports", "exec"), namespace)
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
        subject = Subject("expression", namespace["__unit__"], None, namespace)
        subject.source = "<%s>" % where, text
        return subject

    def _reference(self, reference: str, namespace: Dict[str, Any]) -> Subject:
        module_name, _, qualname = reference.partition(":")
        module = self._module(module_name)
        owner: Any = None
        target: Any = module
        raw: Any = None
        for name in qualname.split("."):
            if not hasattr(target, name):
                raise missing_name(module_name, qualname, name, target)
            owner = target
            raw = inspect.getattr_static(target, name)
            target = getattr(target, name)
        TRACER.imported(UNIT + TRACER.unit, module_name)
        TRACER.imported(UNIT + TRACER.unit, getattr(target, "__module__", None) or module_name)
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
        TRACER.imported(UNIT + TRACER.unit, module_name)
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


def statement_of(text: str) -> str:
    """An import of the map as a statement."""
    return text if text.startswith(("import ", "from ")) else "import " + text


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
    others = ("importlib", HERE)
    inside = [one for one in frames if not any(other in one.filename for other in others)]
    place = "%s:%s" % (inside[-1].filename, inside[-1].lineno) if inside else None
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
    import pkgutil  # only for a name that is not there

    found: List[str] = []
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
    subject.parameters = parameters or []
    described: Dict[str, Any] = {"kind": subject.kind, "parameters": parameters}
    if parameters is not None and is_lambda_handler(parameters):
        subject.takes_context = True
        parameters[1]["supplied"] = True
    if subject.kind == "class":
        described["methods"] = methods_of(subject)
    with contextlib.suppress(TypeError, OSError):
        described["file"] = inspect.getsourcefile(target)
        described["line"] = first_line(target)
    return described


def first_line(target: Any) -> int:
    """The line where a subject begins, decorators and all. Raises OSError and TypeError."""
    code = getattr(getattr(target, "__func__", target), "__code__", None)
    if code is not None:
        return int(code.co_firstlineno)  # `inspect` reads the file to say the same
    return inspect.getsourcelines(target)[1]


def is_lambda_handler(parameters: List[Dict[str, Any]]) -> bool:
    """Whether a signature is that of a Lambda handler, whose context Lambda gives."""
    names = [one["name"] for one in parameters]
    return names == ["event", "context"] and "default" not in parameters[1]


def parameters_of(subject: Subject) -> Optional[List[Dict[str, Any]]]:
    """The parameters that a fixture gives, or None where the signature cannot be read."""
    skip = 1 if subject.kind == "method" else 0
    described = signature_of(subject.target, skip)
    if described is not None and subject.ports is not None:
        target = subject.target
        if subject.kind == "class":
            ports = subject.own_ports
        else:
            own = list(inspect.signature(target).parameters.values())[skip:]
            ports = subject.ports.of_parameters(inspect.unwrap(target), own)
        subject.is_handed_ports = subject.is_handed_ports or bool(ports)
        for one in described:
            if one["name"] in ports:
                one.update(port=ports[one["name"]], supplied=True)
                one.pop("default", None)
                one.pop("formless", None)
    return described


def own_parameters(owner: type) -> List[inspect.Parameter]:
    """The parameters of a class's constructor."""
    try:
        return list(inspect.signature(owner).parameters.values())
    except (TypeError, ValueError):
        return []


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
    described: Dict[str, Any] = {"name": parameter.name, "kind": KINDS[parameter.kind]}
    if parameter.default is not inspect.Parameter.empty:
        try:
            described["default"] = form.write(parameter.default, "$default")
        except form.Formless as formless:
            described["formless"] = formless.why
    return described
