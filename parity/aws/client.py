"""boto3's door: clients of AWS and of the local one; only endpoint and credentials differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.errors import ParityError

REGION = "us-east-1"


def client(service: str, endpoint: str | None = None, region: str | None = None) -> Any:
    """A boto3 client; of AWS, as the environment says, where no endpoint is given."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise no_extra() from None
    if endpoint is None:
        return boto3.client(service, region_name=region)
    patient = Config(
        retries={"max_attempts": 0},
        read_timeout=900,
        s3={"addressing_style": "path"},
        max_pool_connections=50,
    )
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region or REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=patient,
    )


def environment(endpoint: str, region: str) -> Mapping[str, str]:
    """What makes any AWS SDK or the AWS CLI talk to the local AWS."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def no_extra() -> ParityError:
    """What to say where boto3 or moto is not there."""
    return ParityError(
        "the local AWS is not installed",
        where=None,
        why="boto3 and moto come with an extra",
        next_step="pip install 'parity-ledger[aws]'",
    )
