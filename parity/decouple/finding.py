"""Finds the seams of a unit: what it takes from around it, and whether a caller may give it."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parity.decouple.reading import (
    Function,
    Source,
    bound_in,
    dotted,
    every_parameter,
    imported,
    names_in,
    within,
)
from parity.decouple.rewriting import NotRewritten, Parameter, add_parameters
from parity.scanned import Coupling, ScannedUnit
from parity.seams import Proposal, Refusal, Seam

KIND_OF_EFFECT: Final = {
    "clock": "clock", "random": "random", "env": "environment", "thread": "threads",
    "lock": "lock", "file": "file", "console": "console", "network": "network", "db": "db",
    "process": "process",
}  # fmt: skip
NOT_SEEN: Final = {"dynamic", "unknown"}
"""Effects of which it is not known what they are."""
OF_A_CALL: Final = {"computes and does I/O", "status on the way"}
COLLABORATOR: Final = "collaborator made in a constructor"
BY_OBJECT: Final = {"threads", "lock", COLLABORATOR}
"""Kinds of which a constructor makes one object for all its methods."""
HARMLESS: Final = {
    "staticmethod", "classmethod", "contextlib.contextmanager", "contextlib.asynccontextmanager",
    "functools.lru_cache", "functools.cache", "functools.wraps", "abc.abstractmethod",
    "typing.override", "typing.final", "typing_extensions.override", "typing.no_type_check",
}  # fmt: skip
"""Decorators that let any keyword through and do not read the signature."""
CALLABLE_SPECIAL: Final = {"__init__", "__call__"}
OF_MODULES: Final = {"__getattr__", "__dir__"}
"""Functions of a module that Python itself calls."""
LOOKS_AT_ITSELF: Final = {"locals", "vars", "eval", "exec", "dir"}
WORDS: Final = {"time": "clock", "now": "clock", "open": "opener", "print": "printer"}
"""Better names than the last word of what is called."""
WHY: Final = {
    "clock": "a caller may give the time",
    "random": "a caller may give the chance",
    "environment": "a caller may give the environment",
    "global state": "a caller may give the state",
    "threads": "a caller may give the threads",
    "lock": "a caller may give the lock",
    COLLABORATOR: "a caller may give the collaborator",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A unit with its place in its file, and all that the project says of it."""

    unit: ScannedUnit
    source: Source
    function: Function | None
    owner: ast.ClassDef | None
    couplings: Sequence[Coupling]
    globals: Mapping[str, int]
    """Variables of modules that functions write, `module:name`, with the line of each."""

    keywords: frozenset[str] | None
    """Keywords that callers give, where all are seen; None where others may call as well."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: str
    line: int
    name: str
    """What the expression stands for: `time.time_ns`, or `module:variable`."""

    passes_on: bool = False
    """Whether it only calls what it is given, as `functools.partial` does."""


def propose(target: Target, only: Sequence[str] = ()) -> Proposal:
    """What can be taken apart in a unit, and the changed file."""
    finder = _Finder(target)
    seams, parameters = finder.find(only)
    data = target.source.data
    after = data
    if parameters:
        assert target.function is not None
        try:
            after = add_parameters(data, _line_of_name(target), target.function.name, parameters)
        except NotRewritten as error:
            finder.refuse("rewriting", target.unit.line, str(error))
            seams = []
    return Proposal(
        target.unit.id, target.unit.file, tuple(seams), tuple(finder.refusals), data, after
    )


def _line_of_name(target: Target) -> int:
    """The line in which the name of the function stands, behind a `def`."""
    assert target.function is not None
    return target.function.lineno


class _Finder:
    def __init__(self, target: Target) -> None:
        self.target = target
        self.source = target.source
        self.unit = target.unit
        self.refusals: list[Refusal] = []

    def refuse(self, kind: str, line: int, why: str) -> None:
        """Notes once what is not done."""
        refusal = Refusal(kind, self.unit.id, self.unit.file, line, why)
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def find(self, only: Sequence[str]) -> tuple[list[Seam], list[Parameter]]:
        """Seams with the parameters that make them."""
        for effect in self.unit.effects:
            if effect.kind in NOT_SEEN and not effect.via and not only:
                self.refuse(effect.kind, effect.line, f"what {effect.api} does is not seen")
        wanted = [one for one in self._wanted() if not only or one.kind in only]
        if not wanted:
            return [], []
        function = self.target.function
        if function is None:
            why = "it is run on import: nobody could give it anything"
            if self.unit.kind == "lambda":
                why = "it is a lambda: make it a function first"
            for one in wanted:
                self.refuse(one.kind, one.line, why)
            return [], []
        line, why = self._closed(function)
        if why:
            for one in wanted:
                self.refuse(one.kind, line, f"{why}: {one.name} is used in line {one.line}")
            return [], []
        return self._parameters(function, [*self._environment(function, wanted), *wanted])

    def _environment(self, function: Function, wanted: Sequence[_Wanted]) -> list[_Wanted]:
        """Looks at the environment on lines of which the scan tells another one."""
        if not any(one.kind == "environment" for one in wanted):
            return []
        local = imported(function.body, self.source.module, is_package=self.source.is_package)
        return [
            _Wanted("environment", one.lineno, "os.environ")
            for one in _chains(function)
            if self._resolved(dotted(one) or "", local) == "os.environ"
        ][:1]

    def _wanted(self) -> list[_Wanted]:
        found: dict[tuple[str, int, str], _Wanted] = {}

        def add(kind: str, line: int, name: str) -> None:
            found.setdefault((kind, line, name), _Wanted(kind, line, name))

        itself = {one.line for one in self.unit.calls if one.to == self.unit.id}
        own = self.unit.id.rpartition(":")[2].rpartition(".")[2]
        logged = {one.line for one in self.unit.effects if one.kind == "log" and not one.via}
        for effect in self.unit.effects:
            kind = KIND_OF_EFFECT.get(effect.kind)
            if effect.line in logged and self._is_foreign(effect.api):
                continue  # a log that shows a traceback reads its sources: a part of the log
            if not effect.via and kind is not None:
                add(kind, effect.line, effect.api)
            elif not effect.via and effect.kind == "global":
                name = effect.api.removeprefix("global ")
                if name in self.target.globals:
                    add("global state", effect.line, name)
        for one in self.target.couplings:
            if one.kind == COLLABORATOR:
                add(one.kind, one.line, one.about)
            elif one.kind in OF_A_CALL:
                name = one.about.removeprefix("calls ")
                if one.line in itself and name.rpartition(".")[2] == own:
                    continue
                if not any(line == one.line and name in (n, n.rpartition(".")[2])
                           for _, line, n in found):  # fmt: skip
                    wanted = _Wanted(one.kind, one.line, name, self._passes_on(name, one.line))
                    found.setdefault((one.kind, one.line, name), wanted)
        return sorted(found.values(), key=lambda one: (one.line, one.kind, one.name))

    def _is_foreign(self, api: str) -> bool:
        """Whether what has an effect is of a module that the file does not name at all."""
        root = api.partition(".")[0]
        names = {one.partition(".")[0] for one in self.source.imports.values()}
        return "." in api and root not in names and root != "builtins" and "()" not in api

    def _passes_on(self, name: str, line: int) -> bool:
        """Whether a function of Python's library has no effect in a line, but what it is given."""
        real = self._resolved(name, {})
        apis = [one.api for one in self.unit.effects if one.line == line and not one.via]
        return real.partition(".")[0] in sys.stdlib_module_names and real not in apis

    def _closed(self, function: Function) -> tuple[int, str]:
        """The line of what keeps a parameter from being added, and why; 0 where nothing does."""
        for decorator in function.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self._resolved(dotted(call) or "?", {})
            if name not in HARMLESS:
                shown = ast.unparse(call)
                return decorator.lineno, f"@{shown} may read the signature, or give no keyword on"
        name = function.name
        special = name.startswith("__") and name.endswith("__")
        by_python = (
            name in OF_MODULES if self.target.owner is None else name not in CALLABLE_SPECIAL
        )
        if special and by_python:
            return function.lineno, f"python itself calls {name}, and gives no keyword"
        for node in within(function.body):
            if not isinstance(node, ast.Call) or dotted(node.func) not in LOOKS_AT_ITSELF:
                continue
            if dotted(node.func) not in ("vars", "dir") or not node.args:
                return node.lineno, f"{ast.unparse(node)} sees each variable of the function"
        return 0, ""

    def _resolved(self, name: str, local: Mapping[str, str]) -> str:
        """The dotted name that a chain of names stands for, by the imports of the file."""
        root, dot, rest = name.partition(".")
        base = local.get(root) or self.source.imports.get(root)
        return f"{base}{dot}{rest}" if base else name

    def _parameters(
        self, function: Function, wanted: Sequence[_Wanted]
    ) -> tuple[list[Seam], list[Parameter]]:
        local = imported(function.body, self.source.module, is_package=self.source.is_package)
        bound = bound_in(function)
        chosen: dict[str, tuple[_Wanted, list[ast.expr]]] = {}
        for one in wanted:
            found = self._expression(function, one, local, bound)
            if isinstance(found, tuple):
                self.refuse(one.kind, *found)
                continue
            uses = self._same(function, found)
            chosen.setdefault(ast.unparse(found), (one, uses))
        # who gives `client` gives `client.send`, too
        chosen = {
            expression: found
            for expression, found in chosen.items()
            if not any(expression.startswith(f"{other}.") for other in chosen)
        }
        taken = names_in(function) | set(dir(builtins)) | {"self", "cls"}
        seams: list[Seam] = []
        parameters: list[Parameter] = []
        for expression, (one, uses) in chosen.items():
            name = _name_for(expression, one.kind, taken)
            if not self._may_add(function, one, name):
                continue
            taken.add(name)
            parameters.append(self._parameter(function, name, expression, uses, bound))
            seams.append(
                Seam(
                    one.kind,
                    self.unit.id,
                    self.unit.file,
                    one.line,
                    expression,
                    name,
                    len(uses),
                    self._why(one),
                )
            )
        return seams, parameters

    def _why(self, one: _Wanted) -> str:
        if one.kind in OF_A_CALL:
            return "a caller may answer the call: without it this unit computes only"
        return WHY.get(one.kind, f"a port: a caller may do the {one.kind} I/O, or answer it")

    def _may_add(self, function: Function, one: _Wanted, name: str) -> bool:
        if function.args.kwarg is None:
            return True
        given = self.target.keywords
        if given is not None and name not in given:
            return True
        why = "callers may give any keyword, and not all of them are seen"
        if given is not None:
            why = f"a caller gives the keyword {name}"
        self.refuse(one.kind, function.lineno, f"it takes **{function.args.kwarg.arg}: {why}")
        return False

    def _expression(
        self, function: Function, one: _Wanted, local: Mapping[str, str], bound: set[str]
    ) -> ast.expr | tuple[int, str]:
        """The expression that a parameter can stand for, or the line and the reason why none."""
        if one.kind == COLLABORATOR or (one.kind in BY_OBJECT and function.name == "__init__"):
            made = self._made(function, one, local)
            if made is not None:
                return made
        if one.kind in BY_OBJECT:
            return one.line, self._by_object(one)
        if one.passes_on:
            return one.line, f"`{one.name}` only calls what it is given: take apart what that is"
        if one.kind == "global state":
            return self._global(function, one, local, bound)
        return self._called(function, one, local, bound)

    def _by_object(self, one: _Wanted) -> str:
        if "()" in one.name:
            return f"{one.name} acts on an object: take it apart where that is made"
        return f"{one.name} is made and used here: keep it in an attribute that __init__ sets"

    def _made(self, function: Function, one: _Wanted, local: Mapping[str, str]) -> ast.expr | None:
        """The call whose result a constructor keeps in an attribute in a line."""
        for node in function.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Attribute(value=ast.Name())], value=ast.Call() as call)
                    | ast.AnnAssign(
                        target=ast.Attribute(value=ast.Name()), value=ast.Call() as call
                    )
                ) if node.lineno <= one.line <= (node.end_lineno or node.lineno):
                    if one.kind == COLLABORATOR:
                        return call
                    if self._resolved(dotted(call.func) or "?", local) == one.name:
                        return call
                case _:
                    pass
        return None

    def _global(
        self, function: Function, one: _Wanted, local: Mapping[str, str], bound: set[str]
    ) -> ast.expr | tuple[int, str]:
        module, _, variable = one.name.partition(":")
        for node in ast.walk(function):
            if isinstance(node, ast.Global) and variable in node.names:
                return node.lineno, f"it binds `{variable}` anew: no parameter could do that"
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Global) and variable in node.names:
                why = f"a function binds `{variable}` anew: the parameter would not see it"
                return node.lineno, why
        for expression in _chains(function):
            name = dotted(expression)
            if name is None or not isinstance(getattr(expression, "ctx", None), ast.Load):
                continue
            plain = name == variable and module == self.source.module and variable not in bound
            if plain or self._resolved(name, local) == f"{module}.{variable}":
                return expression
        return one.line, f"`{variable}` is not used by its name"

    def _called(
        self, function: Function, one: _Wanted, local: Mapping[str, str], bound: set[str]
    ) -> ast.expr | tuple[int, str]:
        """The chain of names in a line that stands for what has the effect."""
        environment = one.kind == "environment" and one.name.startswith("os.environ")
        if not environment and ("()" in one.name or "[]" in one.name):
            maker = one.name.partition("(")[0]
            why = f"{one.name} acts on what {maker} gave: take that apart where it is made"
            return one.line, why
        for expression in _chains(function):
            if not expression.lineno <= one.line <= (expression.end_lineno or 0):
                continue
            name = dotted(expression)
            if name is None or not isinstance(getattr(expression, "ctx", None), ast.Load):
                continue
            found = self._resolved(name, local)
            if environment:
                if found == "os.environ":
                    return expression
                continue
            api = one.name.removeprefix("builtins.")
            if found != api and name != api:
                continue
            root = name.partition(".")[0]
            if root in bound and root not in local:
                return self._held(root, one)
            return expression
        root = one.name.partition(".")[0]
        if root in bound:
            return self._held(root, one)
        if self._is_foreign(one.name):
            return one.line, f"what is called there does it ({one.name}): take that apart"
        return one.line, f"{one.name} is not called by a name there"

    def _held(self, root: str, one: _Wanted) -> tuple[int, str]:
        assert self.target.function is not None
        parameters = {item.arg for item in every_parameter(self.target.function.args)}
        if root in ("self", "cls") and root in parameters:
            return one.line, (
                f"`{one.name}` goes through its own object: a port already, "
                "name the class of it in the map; or take the method apart that it calls"
            )
        if root in parameters:
            return one.line, f"callers give `{root}`: it is a port already, name it in the map"
        return one.line, f"`{root}` is made within: take apart what gives it"

    def _same(self, function: Function, expression: ast.expr) -> list[ast.expr]:
        """All places where the same expression is read, those of functions within included."""
        if isinstance(expression, ast.Call):
            return [expression]
        text = ast.dump(expression)
        return [one for one in _chains(function) if ast.dump(one) == text]

    def _parameter(
        self,
        function: Function,
        name: str,
        expression: str,
        uses: Sequence[ast.expr],
        bound: set[str],
    ) -> Parameter:
        root = expression.partition(".")[0]
        first = (
            len(uses) > 1
            and root not in bound
            and function.body[0].lineno > function.lineno
            and {id(one) for one in uses} <= {id(one) for one in within(function.body)}
            and any(_always(function, one) for one in uses)
        )
        whole: set[int] = set()
        for node in within(function.body):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                whole.add(id(node.value))
            elif isinstance(node, ast.Call):
                whole.update(map(id, node.args))
        spans = {self.source.span(one): id(one) in whole for one in uses}
        return Parameter(
            name,
            expression,
            self._annotation(function),
            frozenset(spans),
            frozenset(span for span, bare in spans.items() if bare),
            first,
        )

    def _annotation(self, function: Function) -> str | None:
        """A type where the function has types, and the names for one are there already."""
        typed = function.returns is not None or any(
            one.annotation for one in every_parameter(function.args)
        )
        imports = self.source.imports.items()
        anything = next((name for name, real in imports if real == "typing.Any"), None)
        return anything if typed else None


def _always(function: Function, use: ast.expr) -> bool:
    """Whether an expression is read whenever the function runs."""
    for statement in function.body:
        if isinstance(statement, ast.Return | ast.Raise):
            return any(node is use for node in _unconditional(statement))
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            if any(node is use for node in _unconditional(statement)):
                return True
        elif isinstance(statement, ast.For | ast.AsyncFor):
            if any(node is use for node in _unconditional(statement.iter)):
                return True
        elif isinstance(statement, ast.If | ast.While):
            if any(node is use for node in _unconditional(statement.test)):
                return True
            if any(isinstance(one, ast.Return | ast.Raise) for one in within([statement])):
                return False
        elif any(isinstance(one, ast.Return | ast.Raise) for one in within([statement])):
            return False
    return False


def _unconditional(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    match node:
        case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return
        case ast.BoolOp():
            yield from _unconditional(node.values[0])
        case ast.IfExp():
            yield from _unconditional(node.test)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _unconditional(child)


def _chains(function: Function) -> list[ast.expr]:
    """Names and chains of names in the body, and the beginnings of longer ones, in their order."""
    found: list[ast.expr] = []
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name | ast.Attribute) and dotted(node) is not None:
                found.append(node)
    return sorted(found, key=lambda one: (one.lineno, one.col_offset, -len(dotted(one) or "")))


def _name_for(expression: str, kind: str, taken: set[str]) -> str:
    """A name of the parameter that the function mentions nowhere."""
    callee = expression.partition("(")[0]
    last = callee.rpartition(".")[2].lstrip("_")
    plain = "".join(
        f"_{one.lower()}" if one.isupper() and at and last[at - 1].islower() else one.lower()
        for at, one in enumerate(last)
    )
    word = kind.partition(" ")[0] if not plain.isidentifier() else plain
    for name in (word, WORDS.get(word, f"{word}_given"), *(f"{word}_{n}" for n in range(2, 99))):
        if name.isidentifier() and name not in taken and not _is_keyword(name):
            return name
    raise NotRewritten("there is no free name for the parameter")


def _is_keyword(name: str) -> bool:
    import keyword

    return keyword.iskeyword(name) or keyword.issoftkeyword(name)
