"""cfn-lint on a template that CDK wrote."""

from __future__ import annotations

from typing import Final

import cfnlint.api

LEFT_OUT: Final = {
    "W3005": "CDK writes what a resource depends on although a GetAtt says so already",
}
"""Rules that are not asked, and why."""


def lint(template: str) -> list[str]:
    """What cfn-lint finds: rule and message."""
    found = cfnlint.api.lint(template, regions=["us-east-1"])
    said = sorted({f"{one.rule.id} {one.message}" for one in found})
    return [one for one in said if one.partition(" ")[0] not in LEFT_OUT]
