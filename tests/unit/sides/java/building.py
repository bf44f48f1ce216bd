"""Java texts compiled into folders and jars, and what workers are told of them."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from parity.config import Config, ConfigTable
from parity.sides.java.home import java_home

JVMS = Path("/usr/lib/jvm")
OTHERS = {"receiver": None, "package": None, "expression": None, "body": None, "parameters": None}


def homes() -> list[Path]:
    """A JDK 17 and a JDK 25 where they are installed, else the one at hand."""
    found = [one for kind in ("*-17-*", "*-25-*") for one in sorted(JVMS.glob(kind))]
    config = Config(root=Path.cwd(), file=Path("parity.toml"), table=ConfigTable())
    return found or [java_home(config)]


def compiled(folder: Path, texts: Mapping[str, str], path: Iterable[Path] = ()) -> Path:
    """The classes of Java texts, by qualified name, in a folder."""
    sources = folder.with_name(f"{folder.name}-sources")
    files = []
    for name, text in texts.items():
        file = sources / f"{name.replace('.', '/')}.java"
        file.parent.mkdir(parents=True, exist_ok=True)
        package = name.rpartition(".")[0]
        file.write_text(f"package {package};\n{text}" if package else text, "utf-8")
        files.append(str(file))
    folder.mkdir(parents=True, exist_ok=True)
    entries = ":".join(str(entry) for entry in path) or str(folder)
    subprocess.run(
        ["javac", "-nowarn", "-Xlint:none", "-g", "--release", "17", "-cp", entries]
        + ["-d", str(folder), *files],
        check=True,
    )
    return folder


def annotate(folder: Path, package: str) -> None:
    """Puts `@Deprecated` on a package."""
    file = folder.with_name(f"{folder.name}-notes") / "package-info.java"
    file.parent.mkdir()
    file.write_text(f"@Deprecated package {package};", "ascii")
    subprocess.run(["javac", "--release", "17", "-d", str(folder), str(file)], check=True)


def jar(
    file: Path, folder: Path | None, more: Mapping[str, str | bytes] | None = None, **main: str
) -> Path:
    """A jar of a folder's files and of more; `main` stands in its manifest (`_` for `-`)."""
    manifest = "".join(f"{name.replace('_', '-')}: {text}\n" for name, text in main.items())
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\n{manifest}\n")
        for one in sorted(folder.rglob("*")) if folder else ():
            if one != folder:
                made.write(one, str(one.relative_to(folder)) if folder else None)
        for name, data in (more or {}).items():
            made.writestr(name, data)
    return file


def unit(java: str | None, name: str | None = None, **more: Any) -> dict[str, Any]:
    """The message of a unit; its id is the last word of its counterpart where none is given."""
    told = {
        "id": name or (java or "").rpartition("#")[2],
        "java": java,
        "imports": [],
        "methods": {},
    }
    return {**OTHERS, **told, "class_unit": False, "isolate": False, **more}


def line(*args: Any, **world: Any) -> str:
    """A fixture line; `world` is its world, where it has one."""
    return json.dumps({"args": list(args)} | ({"world": world} if world else {}))


def lines(count: int) -> Sequence[str]:
    return [line()] * count
