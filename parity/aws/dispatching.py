"""Which of moto's services answers a request.

Most services have no paths: what is posted to `/` names its action in a header. For these moto asks
all services for their addresses and Flask for the one route that there is, each time; here a
service is found once, and called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import flask
from botocore.exceptions import ClientError
from moto import backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.moto_api import recorder
from moto.moto_server.werkzeug_app import (
    BackendRequest,
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.exceptions import HTTPException

Dispatch = Callable[[Any, str, dict[str, str]], Any]
Key = tuple[str, str]


class Services:
    """All of moto's services as one WSGI application."""

    def __init__(self) -> None:
        self._all: Final = DomainDispatcherApplication(create_backend_app)
        self._found: dict[Key, Dispatch | None] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        dispatch = self._dispatch(environ)
        if dispatch is None:
            return list(self._all(environ, start_response))
        answer: Any
        try:
            answer = _answer(dispatch, environ)
        except HTTPException as error:
            answer = error.get_response(environ)
        return list(answer(environ, start_response))

    def _dispatch(self, environ: dict[str, Any]) -> Dispatch | None:
        """What answers a request of that kind; None where there is more to look at."""
        key = _key(environ)
        if key is None:
            return None
        if key not in self._found:
            self._found[key] = _at_root(self._all.get_application(environ))
        return self._found[key]


def _key(environ: dict[str, Any]) -> Key | None:
    """The service, as action and signature name it, of a signed request that is posted to `/`.

    A browser's request has an origin, which Flask answers to as well.
    """
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[0]
    signed = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0]
    posted = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/"
    if not (target and signed and posted) or "HTTP_ORIGIN" in environ:
        return None
    return target, "/".join(signed.split("/")[2:])


def _at_root(application: Any) -> Dispatch | None:
    """What a service has at `/`, if anything."""
    found: Any = backends.get_backend(application.service)
    if isinstance(found, BackendDict):
        regions = found[DEFAULT_ACCOUNT_ID]
        backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
    else:
        backend = found["global"]
    dispatch: Dispatch | None = backend.flask_paths.get("/")
    return dispatch


def _answer(dispatch: Dispatch, environ: dict[str, Any]) -> flask.Response:
    """As `moto.core.utils.convert_to_flask_response` makes it."""
    request = BackendRequest(environ)
    recorder._record_request(request)
    try:
        result = dispatch(request, request.raw_url, dict(request.headers))
    except ClientError as error:
        result = 400, {}, error.response["Error"]["Message"]
    status, headers, content = result if len(result) == 3 else (200, {}, result)
    return flask.Response(content, status=status, headers=headers)
