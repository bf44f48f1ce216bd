"""How a state machine says the values of a function: literals, paths, and what it can compare."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from parity.decouple.machine import Refused, State
from parity.decouple.reading import Function, Source, dotted, every_parameter, within
from parity.decouple.variables import assigned_anywhere, constants, is_json

COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "Equals",
    ast.Lt: "LessThan",
    ast.LtE: "LessThanEquals",
    ast.Gt: "GreaterThan",
    ast.GtE: "GreaterThanEquals",
}
COUNTED: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
MOST_NUMBERS: Final = 100
MADE: Final = ("held_", "item_", "items_", "given_", "result_")
"""How variables begin that a draft makes beside those of the function."""


class Sayer:
    """The values of one function in ASL; `returns` tells the type that a call's step returns."""

    def __init__(
        self, source: Source, function: Function, returns: Callable[[ast.Call], str]
    ) -> None:
        self.function = function
        self.notes: list[str] = []
        self._imports = source.imports
        self._returns = returns
        self._constants = constants(source.tree)
        self._assigned = assigned_anywhere(function)
        self._parameters = {one.arg for one in every_parameter(function.args)}
        self._guessed: set[str] = set()
        self._kinds = {
            one.arg: ast.unparse(one.annotation)
            for one in every_parameter(function.args)
            if one.annotation is not None
        }
        self._infer_kinds()

    def is_own(self, name: str) -> bool:
        """Whether a name is a variable or a parameter of the function."""
        return name in self._assigned or name in self._parameters

    # -- kinds of values

    def _infer_kinds(self) -> None:
        """What kind of value a variable holds where each assignment says the same."""
        seen: dict[str, set[str]] = {}
        for node in within(self.function.body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    seen.setdefault(name, set()).add(self.kind(value))
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    seen.setdefault(name, set()).add(ast.unparse(annotation))
                case ast.AugAssign(target=ast.Name(id=name)):
                    seen.setdefault(name, set()).add("int")
                case ast.For(target=ast.Name(id=name)):
                    seen.setdefault(name, set()).add("")
                case _:
                    pass
        for name, kinds in seen.items():
            whole = kinds | ({self._kinds[name]} if name in self._kinds else set())
            if name in self._parameters and name not in self._kinds and kinds == {"int"}:
                self._guessed.add(name)
            self._kinds[name] = whole.pop() if len(whole) == 1 else ""

    def kind(self, value: ast.expr) -> str:
        """The type of a value as the project writes it; empty where that is not seen."""
        match value:
            case ast.Await():
                return self.kind(value.value)
            case ast.Constant():
                return type(value.value).__name__
            case ast.Call():
                return self._returns(value)
            case ast.Name():
                return self._kinds.get(value.id, "")
            case ast.List() | ast.ListComp():
                return "list"
            case ast.Dict() | ast.DictComp():
                return "dict"
            case _:
                return ""

    def is_guessed(self, name: str) -> bool:
        """Whether only what is counted says that a parameter is a whole number."""
        return name in self._guessed

    def holds(self, name: str, value: ast.expr) -> None:
        """Tells that a variable of the draft has the kind of a value."""
        self._kinds[name] = self.kind(value)

    # -- values

    def said(self, value: ast.expr) -> tuple[str, Any]:
        """A value as ASL says it: `.$` with a path, `{}` with a template, or a literal."""
        match value:
            case ast.Constant() if is_json(value.value):
                return "", value.value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return "", -number
            case ast.Name(id=name) if name in self._constants and not self.is_own(name):
                return "", self._constants[name]
            case ast.Name() | ast.Subscript():
                return ".$", self.path(value)
            case ast.List() | ast.Tuple():
                said = [self.said(one) for one in value.elts]
                if any(key for key, _ in said):
                    raise Refused(value, "a list is put together: make it a step")
                return "", [one for _, one in said]
            case ast.Dict():
                return self._object(value)
            case _:
                raise Refused(value, f"no state says {what(value)}: make it a step")

    def _object(self, value: ast.Dict) -> tuple[str, dict[str, Any]]:
        whole: dict[str, Any] = {}
        for name, one in zip(value.keys, value.values, strict=True):
            if not isinstance(name, ast.Constant) or type(name.value) is not str:
                raise Refused(value, "a key that is no text")
            if name.value.endswith(".$"):
                raise Refused(value, "a key that ends in `.$`")
            key, said = self.said(one)
            whole[field_named(name.value, key)] = said
        return ("{}" if any(key.endswith(".$") for key in _keys(whole)) else ""), whole

    def given(self, value: ast.expr) -> dict[str, Any]:
        """The fields of a Pass that gives a value."""
        key, said = self.said(value)
        return {{"": "Result", ".$": "InputPath"}.get(key, "Parameters"): said}

    def path(self, value: ast.expr) -> str:
        """Where a variable, or a field of it, stands in the machine's data."""
        match value:
            case ast.Name(id="self" | "cls"):
                raise Refused(value, "its own object is no data: give what it holds")
            case ast.Name(id=name):
                made = name.rstrip("0123456789") in MADE
                if not self.is_own(name) and not made:
                    raise Refused(value, f"`{name}` is no variable of this function")
                return f"$.{name}"
            case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))) if (
                key.isidentifier()
            ):
                return f"{self.path(inner)}.{key}"
            case ast.Subscript(value=inner, slice=ast.Constant(value=int(at))) if type(
                at
            ) is int and self.kind(inner) not in ("str", "dict"):
                return f"{self.path(inner)}[{at}]"
            case _:
                raise Refused(value, f"no path says {what(value)}: make it a step")

    def constant(self, value: ast.expr) -> Any:
        """The literal that a value is in each case; None where it is none."""
        match value:
            case ast.Constant():
                return value.value
            case ast.BinOp(left=left, op=ast.Sub() | ast.Add() | ast.Mult() as op, right=right):
                first, second = self.constant(left), self.constant(right)
                if type(first) is not int or type(second) is not int:
                    return None
                return COUNTED[type(op)](first, second)
            case ast.Name(id=name) if not self.is_own(name):
                return self._constants.get(name)
            case _:
                return None

    def counted(self, items: ast.expr) -> ast.expr:
        """A `range` whose bounds are written, as its numbers; what else it is, as it is."""
        match items:
            case ast.Call(func=ast.Name(id="range"), args=bounds, keywords=[]):
                known = [self.constant(one) for one in bounds]
                if 0 < len(known) < 3 and all(type(one) is int for one in known):
                    numbers = range(*known)
                    if len(numbers) <= MOST_NUMBERS:
                        each: list[ast.expr] = [ast.Constant(one) for one in numbers]
                        return ast.copy_location(ast.List(each, ast.Load()), items)
            case _:
                pass
        return items

    def seconds(self, value: ast.expr) -> int | None:
        """A literal time in whole seconds; None where it is none."""
        found = self.constant(value)
        if isinstance(found, float) and found.is_integer():
            return int(found)
        return found if type(found) is int else None

    def resolved(self, node: ast.expr) -> str:
        """The dotted name that a name stands for, as far as imports tell."""
        name = dotted(node) or ""
        root, dot, rest = name.partition(".")
        return f"{self._imports.get(root, root)}{dot}{rest}"

    # -- tests

    def rule(self, test: ast.expr, left: ast.expr, op: ast.cmpop, other: ast.expr) -> State:
        """The rule of a Choice for a comparison that does not deny."""
        path = self.path(left)
        if not isinstance(op, ast.In):
            return self._compared(test, path, op, other)
        match other:
            case ast.Tuple(elts=elts) | ast.List(elts=elts) | ast.Set(elts=elts) if elts:
                every = [self._compared(test, path, ast.Eq(), one) for one in elts]
                return {"Or": every} if len(every) > 1 else every[0]
            case _:
                raise Refused(test, "what it may be in is not written here")

    def _compared(self, test: ast.expr, path: str, op: ast.cmpop, other: ast.expr) -> State:
        key, value = self.said(other)
        if isinstance(op, ast.Is | ast.Eq) and not key and value is None:
            return {"Variable": path, "IsNull": True}
        if isinstance(op, ast.Is) and not key and isinstance(value, bool):
            return {"Variable": path, "BooleanEquals": value}
        if isinstance(op, ast.Is):
            raise Refused(test, "`is` asks for the same object")
        word = COMPARED.get(type(op))
        if word is None:
            raise Refused(test, "no Choice compares so")
        if key:
            kinds = {self._kind_at(path), self._kind_at(str(value))}
            if kinds <= {"int", "float"} and path.count(".") == 1 == str(value).count("."):
                return {"Variable": path, f"Numeric{word}Path": value}
            if kinds == {"str"} and path.count(".") == 1 == str(value).count("."):
                return {"Variable": path, f"String{word}Path": value}
            raise Refused(test, "what is compared is not said: annotate both as numbers or texts")
        match value:
            case bool() if word == "Equals":
                return {"Variable": path, "BooleanEquals": value}
            case str():
                return {"Variable": path, f"String{word}": value}
            case int() | float() if not isinstance(value, bool):
                kind = self._kind_at(path) if path.count(".") == 1 else ""
                if kind not in ("", "int", "float"):
                    raise Refused(test, f"a {kind} is compared with a number")
                if not kind:
                    self.notes.append(f"line {test.lineno}: {path} is taken for a number")
                return {"Variable": path, f"Numeric{word}": value}
            case _:
                raise Refused(test, "a Choice compares texts, numbers and truths only")

    def _kind_at(self, path: str) -> str:
        return self._kinds.get(path.removeprefix("$.").partition(".")[0], "")


def field_named(name: str, key: str) -> str:
    """The name of a field of Parameters: `.$` behind it says that a path follows."""
    return f"{name}.$" if key == ".$" else name


def what(node: ast.AST) -> str:
    """How a refusal shows a piece of the source."""
    text = ast.unparse(node).partition("\n")[0]
    return f"`{text[:60]}{'…' if len(text) > 60 else ''}`"


def _keys(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [*value, *(key for one in value.values() for key in _keys(one))]
