"""What the script of a Gradle build names as its libraries, for a person who has to fetch them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

NAMED: Final = re.compile(
    r"(?:^|[{;])[ \t]*(?:api|compile|implementation|runtime|runtimeOnly|compileOnly)\s*\(?\s*"
    r"""["']([\w.-]+:[\w.-]+:[\w.+-]+)["']""",
    re.MULTILINE,
)


def named_in(folder: Path) -> list[str]:
    """`group:name:version` of each library that a script below a folder names in full.

    A script is a program: what it computes is not seen.
    """
    found: dict[str, None] = {}
    for name in ("build.gradle", "build.gradle.kts"):
        for file in sorted(folder.glob(f"**/{name}")):
            for match in NAMED.finditer(file.read_text("utf-8", "replace")):
                found[match[1]] = None
    return list(found)
