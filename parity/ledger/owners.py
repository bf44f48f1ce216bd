"""Who owns a file: CODEOWNERS, where it is in one of the places that GitHub and GitLab know."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parity.errors import ParityError

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Owners:
    """The owners of files below a folder; of none where there is no CODEOWNERS above it."""

    def __init__(self, root: Path) -> None:
        self._known: dict[str, str] = {}
        self._prefix = ""
        self._read = None
        for folder in [root, *root.parents]:
            found = next((folder / one for one in PLACES if (folder / one).is_file()), None)
            if found is not None:
                from codeowners import CodeOwners

                self._prefix = f"{root.relative_to(folder).as_posix()}/".removeprefix("./")
                try:
                    self._read = CodeOwners(found.read_text("utf-8", "replace"))
                except ValueError as error:
                    raise ParityError(
                        "the owners of files cannot be read",
                        where=str(found),
                        why=str(error),
                        next_step="mend that line",
                    ) from None
                return
            if (folder / ".git").exists():
                return

    def of(self, file: str) -> str:
        """The owners of a file, which is named from the root of the project."""
        if self._read is None or not file:
            return ""
        if file not in self._known:
            owners = self._read.of(f"{self._prefix}{file}")
            self._known[file] = " ".join(name for _, name in owners)
        return self._known[file]
