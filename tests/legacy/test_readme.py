"""What the README says about the code is so."""

from __future__ import annotations

import re
from pathlib import Path

from sable.cluster import PACKAGE
from sable.errors import KINDS

README = (PACKAGE / "README.md").read_text("utf-8")
COUPLINGS = {
    "module-level cache",
    "lock",
    "thread pool",
    "clock",
    "random id",
    "environment",
    "status written on the way",
    "collaborator made in a constructor",
    "context bag",
    "global counter",
    "computes and does I/O",
}


def marked() -> list[tuple[str, str]]:
    """Each coupling that is marked in the code, with file and line."""
    return sorted(
        (found[1], f"{path.relative_to(PACKAGE)}:{number}")
        for path in sorted((PACKAGE / "sable").glob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := re.search(r"# coupling: (.+)", line))
    )


def test_every_coupling_is_in_the_code_once_and_listed_with_its_line() -> None:
    assert sorted(name for name, _ in marked()) == sorted(COUPLINGS)
    listed = re.findall(r"^\| ([^|]+) \| `(sable/\w+\.py:\d+)` \|", README, re.MULTILINE)
    assert sorted(listed) == marked()


def test_the_readme_names_every_module_and_path() -> None:
    reading = README.split("## Read it")[1].split("\n## ")[0]
    modules = {path.stem for path in (PACKAGE / "sable").glob("*.py")}
    assert modules - set(re.findall(r"`(\w+)`", reading)) == {"__init__", "__main__"}
    for module in ("server", "storage"):
        text = (PACKAGE / "sable" / f"{module}.py").read_text("utf-8")
        for path in re.findall(r'"(/v1/\w+)"', text):
            assert path in README


def test_every_error_is_raised_somewhere() -> None:
    code = "".join(
        path.read_text("utf-8")
        for path in sorted(Path(PACKAGE / "sable").glob("*.py"))
        if path.name != "errors.py"
    )
    assert [name for name in KINDS if f"raise {name}(" not in code] == []
