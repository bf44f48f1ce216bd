"""The term `domain`: an expression over the unit's parameters says whether an input counts."""

import inspect
from typing import Any, Callable, Dict, List, Optional

from .loading import Subject, Unloadable, compile_text

DEFAULTS = "__parity_defaults__"
SELF = "self"


def domain_of(subject: Subject, text: str) -> Callable[..., Any]:
    """What says whether arguments are inside; it takes them as the unit does."""
    compile_text(text, "domain", "eval")
    try:
        parameters = list(inspect.signature(subject.target).parameters.values())
    except (TypeError, ValueError):
        raise Unloadable(
            "python_domain_wrong",
            "`domain` cannot be evaluated",
            "python does not say which parameters the unit has",
            "write the unit as an expression over `parameters`, or leave `domain` out",
        ) from None
    if subject.kind == "method":
        parameters = [parameters[0].replace(name=SELF), *parameters[1:]]
    defaults: List[Any] = []
    head = ", ".join(_written(parameters, defaults))
    space = dict(subject.namespace)
    space[DEFAULTS] = defaults
    source = "def __domain__(%s):\n    return (\n%s\n    )\n" % (head, text)
    exec(compile_text(source, "domain", "exec", shift=2), space)
    made: Callable[..., Any] = space["__domain__"]
    return made


def outside(text: str, error: Optional[BaseException]) -> Dict[str, Any]:
    """The observation of an input that is outside, or of which the domain cannot tell."""
    if error is None:
        return {"outside": text}
    why = "`domain` raised %s: %s" % (type(error).__name__, error)
    return {"refused": {"parameter": "domain", "index": None, "type": None, "why": why}}


def _written(parameters: List[inspect.Parameter], defaults: List[Any]) -> List[str]:
    """The parameters as the head of a function has them; defaults are taken from a list."""
    written: List[str] = []
    starred = False
    for index, one in enumerate(parameters):
        text = one.name
        if one.kind is one.VAR_POSITIONAL:
            text, starred = "*" + text, True
        elif one.kind is one.VAR_KEYWORD:
            text = "**" + text
        elif one.kind is one.KEYWORD_ONLY and not starred:
            written.append("*")
            starred = True
        if one.default is not one.empty:
            defaults.append(one.default)
            text += "=%s[%d]" % (DEFAULTS, len(defaults) - 1)
        written.append(text)
        after = parameters[index + 1].kind if index + 1 < len(parameters) else None
        if one.kind is one.POSITIONAL_ONLY and after is not one.POSITIONAL_ONLY:
            written.append("/")
    return written
