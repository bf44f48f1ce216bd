"""The sample's template in a local AWS, and its fleet, for measuring in this process."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from bench.project import ROOT
from parity.aws.local import LocalAws
from parity.config import find_config
from parity.pipeline.local import Local, local_aws
from parity.pipeline.progress import UNWATCHED

TEMPLATE: Final = ROOT / "java_lambdas/workflow/template.json"
LEGACY: Final = str(ROOT / "legacy_py")


@contextmanager
def sample_aws(concurrency: int = 2) -> Iterator[LocalAws]:
    """The local AWS, which the environment of this process leads to from then on."""
    local = Local((TEMPLATE,), concurrency=concurrency, prefer_project=True)
    with local_aws(find_config(ROOT), local, UNWATCHED) as aws:
        os.environ.update(aws.environment)
        outputs = {name: value for stack in aws.stacks for name, value in stack.outputs.items()}
        os.environ["PARITY_OUTPUTS"] = json.dumps(outputs)
        os.environ["PYTHONPATH"] = LEGACY
        yield aws


@contextmanager
def sample_cloud() -> Iterator[Any]:
    """The sample's storage hosts and table, ended in each case; its code is imported only now."""
    if LEGACY not in sys.path:
        sys.path.insert(0, LEGACY)
    from sable_trial.cloud import Cloud

    cloud = Cloud()
    try:
        yield cloud
    finally:
        cloud.end()
