"""Named errors: each has an HTTP status and crosses the wire by its name."""

from __future__ import annotations

from typing import Any


class SableError(Exception):
    """A failure with a name that callers can act on."""

    status = 400

    def __init__(self, text: str, **details: Any) -> None:
        super().__init__(text)
        self.text = text
        self.details = details

    @property
    def name(self) -> str:
        """The name under which the error crosses the wire."""
        return type(self).__name__

    def as_json(self) -> dict[str, Any]:
        """The error as the body of a reply."""
        return {"error": self.name, "text": self.text, "details": self.details}


class MalformedJson(SableError):
    """The body is not a JSON object."""


class InvalidField(SableError):
    """A field is missing, of the wrong type, or out of range."""


class InvalidName(SableError):
    """A name that does not follow the rule for names."""


class InvalidSize(SableError):
    """A text that is not a size."""


class InvalidTimestamp(SableError):
    """A text that is not a timestamp with a zone."""


class SameSourceAndTarget(SableError):
    """A move to the host where the endpoint already lives."""


class RepeatedEndpoint(SableError):
    """A batch that names one endpoint twice."""


class UnknownEndpoint(SableError):
    """An endpoint that nobody registered."""

    status = 404


class UnknownHost(SableError):
    """A storage host that nobody registered."""

    status = 404


class UnknownWorkflow(SableError):
    """A workflow that nobody started."""

    status = 404


class UnknownPath(SableError):
    """A path that the server does not have."""

    status = 404


class WrongMethod(SableError):
    """A path that exists, called with a method it does not have."""

    status = 405


class WrongSource(SableError):
    """A move whose source is not where the endpoint lives."""

    status = 409


class EndpointLocked(SableError):
    """An endpoint that a move or an operator holds."""

    status = 409


class AlreadyRegistered(SableError):
    """A name that is registered with other facts."""

    status = 409


class DuplicateStart(SableError):
    """A request id that was used for another batch."""

    status = 409


class TooLateToCancel(SableError):
    """A workflow that has switched a route or has ended."""

    status = 409


class Cancelled(SableError):
    """A workflow that was told to roll back."""

    status = 409


class TargetFull(SableError):
    """A target without room for what would move there."""

    status = 409


class Fenced(SableError):
    """A command of a leader that is no longer the leader."""

    status = 409


class Frozen(SableError):
    """A write to an endpoint that is about to switch: try again soon."""

    status = 409


class NotHere(SableError):
    """An endpoint that does not live on this host: look up its route again."""

    status = 410


class BodyTooLarge(SableError):
    """A body over the limit."""

    status = 413


class CopyDiffers(SableError):
    """A copy that is not equal to its source."""

    status = 500


class PausesDisabled(SableError):
    """A pause was armed on a server that was not started to allow it."""

    status = 403


class Unavailable(SableError):
    """No answer: the process is down, or the cluster has no leader now."""

    status = 503


KINDS: dict[str, type[SableError]] = {kind.__name__: kind for kind in SableError.__subclasses__()}


def error_from_json(body: dict[str, Any], status: int) -> SableError:
    """The error that a reply carries."""
    kind = KINDS.get(str(body.get("error")), SableError)
    error = kind(str(body.get("text", f"status {status}")), **dict(body.get("details") or {}))
    error.status = status
    return error
