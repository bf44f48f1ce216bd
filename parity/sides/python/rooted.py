"""Which files are the project's own, and which were installed below its sources."""

import os
from typing import Sequence

INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)


def is_of_sources(file: str, sources: Sequence[str]) -> bool:
    """Whether a file stands under one of some folders, and not in an environment below that."""
    return any(
        file.startswith(root + os.sep) and not any(part in file[len(root) :] for part in INSTALLED)
        for root in sources
    )
