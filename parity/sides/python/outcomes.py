"""What a call did, in the protocol's words."""

import os
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from .rooted import is_of_sources

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep

Observation = Dict[str, Any]
Place = Tuple[str, int]


def raised(error: BaseException, sources: List[str]) -> Observation:
    """Class, bases, message, line and causes of what was raised."""
    kinds = [kind for kind in type(error).__mro__ if kind not in (object, BaseException)]
    names = [class_name(kind) for kind in kinds]
    try:
        message: Optional[str] = str(error)
    except Exception:
        message = None
    causes: List[str] = []
    cause = error.__cause__
    while cause is not None and len(causes) < 10:
        causes.append(class_name(type(cause)))
        cause = cause.__cause__
    described: Dict[str, Any] = {"class": names[0] if names else class_name(type(error))}
    described["bases"] = names[1:]
    described.update({"message": message, "line": line_of(error, sources), "causes": causes})
    return {"raised": described}


def class_name(kind: type) -> str:
    """`module:Class`, or the bare name of a built-in one."""
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return "%s:%s" % (kind.__module__, kind.__qualname__)


def places(error: BaseException) -> List[Place]:
    """File and line of each frame that an error went through, outermost first."""
    found: List[Place] = []
    step = error.__traceback__
    while step is not None:
        found.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    return found


def line_of(error: BaseException, sources: List[str]) -> Optional[str]:
    """File and line of the innermost frame of the project, or of any frame outside this folder."""
    others = [place for place in places(error) if not place[0].startswith(HERE)]
    if not others:
        return None
    own = [place for place in others if is_of_sources(place[0], sources)]
    return "%s:%s" % (own or others)[-1]


def is_ours(error: BaseException) -> bool:
    """Whether the worker raised it while it wrote a value: the innermost frame is the writer's."""
    passed = places(error)
    return bool(passed) and passed[-1][0] == form.__file__


def formless(error: form.Formless) -> Observation:
    """The observation of a value that has no fixture form."""
    return {"formless": {"path": error.path, "type": error.kind, "why": error.why}}


def fault(error: BaseException) -> Observation:
    """The observation of a fixture on which this worker, not the subject, failed."""
    shown = ["%s:%s" % (os.path.basename(file), line) for file, line in places(error)[-3:]]
    why = "%s: %s at %s" % (type(error).__name__, error, " < ".join(reversed(shown)))
    return {"fault": why}


def refusal(why: str, parameter: Optional[str] = None) -> Observation:
    """The observation of a fixture that this side cannot take."""
    return {"refused": {"parameter": parameter, "index": None, "type": None, "why": why}}


def out_of_memory(limit: int) -> Observation:
    """The observation of a call that asked for more memory than it may have."""
    return {"ended": "it needed more than %d MiB of memory" % (limit // (1024 * 1024))}
