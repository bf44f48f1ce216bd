"""The sample's table holds under sixteen threads: its JUnit tests on moto's DynamoDB."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

server = pytest.importorskip("moto.server")
ROOT = Path(__file__).resolve().parents[2]


class OneAtATime:
    """Answers DynamoDB's requests one after the other: moto's are not atomic by themselves."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._lock:
            return list(self._app(environ, start_response))


@pytest.fixture
def dynamodb() -> Iterator[str]:
    """The address of a DynamoDB that is atomic."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else a line a request
    app = OneAtATime(DomainDispatcherApplication(create_backend_app))
    serving = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


def test_the_table_holds_under_sixteen_threads(dynamodb: str) -> None:
    command = ["mvn", "-q", "-B", "-ntp", "-f", "java_lambdas/pom.xml", "-pl", "moves", "test"]
    done = subprocess.run(
        [*command, "-Dtest=TableReplicaTest", "-Dsurefire.failIfNoSpecifiedTests=true"],
        cwd=ROOT,
        env={**os.environ, "SABLE_TEST_ENDPOINT": dynamodb},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = ROOT / "java_lambdas/moves/target/surefire-reports"
    (told,) = report.glob("*.TableReplicaTest.txt")
    assert "Skipped: 0" in told.read_text("utf-8")
