"""AWS's runtime interface client, which Maven is asked for once."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import zipfile
from pathlib import Path
from threading import Event
from typing import Final

from parity.errors import ParityError
from parity.sides.java.build import run_build

VERSION: Final = "2.9.0"
ARTIFACT: Final = "aws-lambda-java-runtime-interface-client"
PLUGIN: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
SECONDS: Final = 300.0

POM: Final = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parity.local</groupId>
  <artifactId>lambda-runtime</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>{ARTIFACT}</artifactId>
      <version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def runtime_jars(cache: Path) -> list[Path]:
    """The client and what it needs; from the list in `cache`, or from Maven."""
    stamp = cache / f"lambda-runtime-{hashlib.sha256(POM.encode()).hexdigest()[:12]}.json"
    try:
        known = [Path(jar) for jar in json.loads(stamp.read_text("utf-8"))]
    except (OSError, ValueError):
        known = []
    if known and all(jar.is_file() for jar in known):
        return known
    found = _ask_maven(cache)
    temporary = stamp.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps([str(jar) for jar in found]), "utf-8")
    temporary.replace(stamp)
    return found


def _ask_maven(cache: Path) -> list[Path]:
    program = shutil.which("mvn")
    if program is None:
        raise ParityError(
            "AWS's runtime for Java handlers cannot be fetched",
            where=f"com.amazonaws:{ARTIFACT}:{VERSION}",
            why="there is no `mvn` on PATH, and Maven knows where it is",
            next_step="install Maven; it is asked once for each project",
        )
    folder = cache / f"lambda-runtime-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "pom.xml").write_text(POM, "utf-8")
        output = folder / "classpath"
        command = [program, "-q", "-B", "-ntp", PLUGIN, f"-Dmdep.outputFile={output}"]
        done = run_build(command, folder, os.environ, SECONDS, Event())
        if done.returncode != 0:
            raise ParityError(
                "AWS's runtime for Java handlers cannot be fetched",
                where=f"com.amazonaws:{ARTIFACT}:{VERSION}",
                why="\n".join((done.stdout + done.stderr).strip().splitlines()[:8]),
                next_step="see whether Maven reaches its repository",
            )
        return [Path(jar) for jar in output.read_text("utf-8").strip().split(os.pathsep)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def native_entry() -> str:
    """Where the native half of the client for this system is in its jar. Raises ParityError."""
    machine = {"aarch64": "aarch_64", "arm64": "aarch_64"}.get(platform.machine(), "x86_64")
    musl = "_musl" if platform.libc_ver()[0] == "" else ""
    entry = f"jni/libaws-lambda-jni.linux{musl}-{machine}.so"
    if platform.system() != "Linux":
        raise ParityError(
            "Java handlers cannot run on this system",
            where=platform.system(),
            why="AWS's runtime interface client comes for Linux only",
            next_step="run it on Linux, or in a Linux container",
        )
    return entry


def unpack_native(jars: list[Path], folder: Path) -> Path:
    """The native half of the client, out of its jar: JVMs that each unpack it race for one path."""
    jar = next(jar for jar in jars if ARTIFACT in jar.name)
    target = folder / "libaws-lambda-jni.so"
    with zipfile.ZipFile(jar) as packed:
        target.write_bytes(packed.read(native_entry()))
    return target
