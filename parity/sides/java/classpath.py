"""The class path of a project, and that what stands on it is as new as its sources."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parity.config import Config
from parity.content import Content
from parity.errors import ParityError
from parity.remembered import write_quietly

SKIPPED = {".git", ".venv", "node_modules", "target", ".parity", "__pycache__", ".gradle"}
DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
OUTPUT = "target/parity.classpath"
BUILD_SECONDS = 1800
GRADLE_TASK = "parityClassPath"
GRADLE_MARK = "parity-class-path:"
GRADLE_SCRIPT = f"""// Prints the class path of a build. Written anew by each run of parity.
gradle.projectsEvaluated {{
  def owners = gradle.rootProject.allprojects.findAll {{ it.extensions.findByName('sourceSets') }}
  def sets = owners.collectMany {{ one ->
    ['main', 'test'].collect {{ one.extensions.getByName('sourceSets').findByName(it) }}.findAll()
  }}
  gradle.rootProject.tasks.create('{GRADLE_TASK}') {{
    dependsOn sets.collect {{ it.output }}
    def paths = sets.collect {{ it.runtimeClasspath }}
    doLast {{
      paths*.files.flatten().findAll {{ it.exists() }}.each {{ println '{GRADLE_MARK}' + it }}
    }}
  }}
}}
"""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ADVICE = re.compile(
    r"^\[ERROR\](\s*$| -> \[Help| \[Help \d| To see the full| Re-run Maven| For more information"
    r"| After correcting|   mvn )"
)
"""What Maven adds to each failure: about itself, not about the build."""
QUIETLY = ("-q", "-B", "-ntp", "-Dstyle.color=never")


def class_path(config: Config, home: Path, stop: threading.Event | None = None) -> list[Path]:
    """Folders and jars of the user's code, built where a build is configured.

    Raises ParityError where the build fails, an entry is missing, or a class is older than its
    source; Stopped where `stop` is set meanwhile.
    """
    stop = stop or threading.Event()
    java = config.table.java
    if java.maven is not None:
        return Maven(config, config.root / java.maven, home, stop).class_path()
    if java.gradle is not None:
        entries = _from_gradle(config, config.root / java.gradle, home, stop)
        _keep_printed(config, ["gradle", java.gradle], entries)
    elif java.classpath_command is not None:
        entries = _from_command(config, java.classpath_command, home, stop)
        _keep_printed(config, java.classpath_command, entries)
    else:
        entries = list(listed_entries(config, java.classpath or []))
    refuse_stale_classes(config.root, entries)
    return entries


def known_class_path(config: Config) -> list[Path]:
    """The class path as far as it is known without starting anything; what is there of it.

    That of a build and of `classpath_command` is known from the last run. Before the first one,
    the folders that Maven compiles into.
    """
    java = config.table.java
    if java.maven is not None:
        return known_maven(config, config.root / java.maven)
    command = java.classpath_command if java.gradle is None else ["gradle", java.gradle]
    if command is not None:
        try:
            kept = json.loads(_printed(config).read_bytes())
            entries = kept["entries"] if kept["command"] == command else []
        except (OSError, ValueError, LookupError, TypeError):
            return []
        return [Path(entry) for entry in entries if os.path.exists(entry)]
    entries = []
    for pattern in java.classpath or []:
        path = str(config.root / pattern)
        found = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else [path]
        entries += [Path(entry) for entry in found if os.path.exists(entry)]
    return entries


def _printed(config: Config) -> Path:
    return config.private / "cache" / "classpath.json"


def _keep_printed(config: Config, command: list[str], entries: list[Path]) -> None:
    kept = {
        "command": command,
        "entries": [str(entry.resolve()) for entry in entries],
    }
    write_quietly(_printed(config), json.dumps(kept))


def listed_entries(config: Config, patterns: list[str]) -> Iterator[Path]:
    """What the patterns of `classpath` name. Raises ParityError where one names nothing."""
    for pattern in patterns:
        path = str(config.root / pattern)
        found = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else [path]
        found = [entry for entry in found if os.path.exists(entry)]
        if not found:
            raise ParityError(
                f"`{pattern}` is not on the class path",
                where=str(config.file),
                why=f"there is no file or folder {path}",
                next_step="build it or put it there, or mend `classpath` in [java]",
            )
        yield from (Path(entry) for entry in found)


def _from_command(
    config: Config, command: list[str], home: Path, stop: threading.Event
) -> list[Path]:
    shown = " ".join(command)
    output = _run(command, config.root, home, f"`classpath_command` ({shown})", stop)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if not lines:
        raise ParityError(
            "`classpath_command` printed no class path",
            where=shown,
            why="its standard output is empty",
            next_step="let it print entries separated by `:` or one a line",
        )
    entries = [config.root / entry for line in lines for entry in line.split(os.pathsep) if entry]
    for entry in entries:
        if not entry.exists():
            raise ParityError(
                f"`{entry}` is not there",
                where=shown,
                why="`classpath_command` printed it",
                next_step="build it, or mend the command",
            )
    return entries


def _from_gradle(config: Config, folder: Path, home: Path, stop: threading.Event) -> list[Path]:
    """What Gradle prints when it is asked with our script, after it has compiled what changed."""
    script = config.private / "cache" / "parity.gradle"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(GRADLE_SCRIPT, "utf-8")
    program = gradle_program(folder)
    command = [program, "-q", "--console=plain", "-I", str(script), GRADLE_TASK]
    output = _run(command, folder, home, "the Gradle build", stop)
    listed = [one for one in output.splitlines() if one.startswith(GRADLE_MARK)]
    if not listed:
        raise ParityError(
            "the Gradle build has no class path",
            where=str(folder),
            why="none of its projects has a source set `main`",
            next_step="let `gradle` in [java] name the folder of the settings.gradle, "
            "or give classpath_command instead",
        )
    return [Path(one.removeprefix(GRADLE_MARK)) for one in dict.fromkeys(listed)]


def gradle_program(folder: Path) -> str:
    """The wrapper of a Gradle build, or the `gradle` on PATH."""
    wrapper = folder / "gradlew"
    return str(wrapper) if os.access(wrapper, os.X_OK) else (shutil.which("gradle") or "gradle")


def _run(command: list[str], folder: Path, home: Path, what: str, stop: threading.Event) -> str:
    from parity.sides.java.build import run_build  # hardly ever needed, and imports much

    env = dict(os.environ) | {"JAVA_HOME": str(home)}
    try:
        done = run_build(command, folder, env, BUILD_SECONDS, stop)
    except FileNotFoundError:
        raise ParityError(
            f"{what} cannot be started",
            where=str(folder),
            why=f"there is no program `{command[0]}`",
            next_step="install it, or mend [java] of the config",
        ) from None
    except subprocess.TimeoutExpired:
        raise ParityError(
            f"{what} did not end",
            where=str(folder),
            why=f"it took more than {BUILD_SECONDS} s",
            next_step="run it by hand and see where it stops",
        ) from None
    if done.returncode != 0:
        errors = _errors(done.stdout + done.stderr)
        raise ParityError(
            f"{what} failed with status {done.returncode}",
            where=str(folder),
            why="\n".join(errors[:15]) or "it printed nothing",
            next_step="mend the build; nothing was run",
        )
    return done.stdout


def _errors(printed: str) -> list[str]:
    """The lines of a build that say what is wrong, each once and without colours."""
    lines = [line.rstrip() for line in COLOURS.sub("", printed).splitlines()]
    told = [line for line in dict.fromkeys(lines) if line and not ADVICE.search(line)]
    return [line for line in told if "error" in line.casefold()] or told


# ---------------------------------------------------------------- Maven


@dataclass(frozen=True, slots=True)
class Built:
    """What the last build saw: hashes of poms and sources, and the class path it had."""

    poms: str
    sources: dict[str, str]
    entries: list[str]


def maven_stamp(config: Config, pom: Path) -> Path:
    """Where it is kept what the last build of a pom saw."""
    digest = hashlib.sha256(str(pom.resolve()).encode()).hexdigest()[:12]
    return config.private / "cache" / f"maven-{digest}.json"


def read_stamp(stamp: Path) -> Built | None:
    """What the last build saw; None where there was none."""
    try:
        return Built(**json.loads(stamp.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def known_maven(config: Config, pom: Path) -> list[Path]:
    """The class path of the last build, as far as it is there; else where Maven compiles into."""
    built = read_stamp(maven_stamp(config, pom))
    if built is not None:
        return [Path(entry) for entry in built.entries if os.path.exists(entry)]
    modules = [Path(file).parent for file in _files(pom.resolve().parent, ("pom.xml",))]
    outputs = [
        module / "target" / name for module in modules for name in ("classes", "test-classes")
    ]
    return [output for output in outputs if output.is_dir()]


class Maven:
    """Asks Maven for the class path once, and to compile whenever a source has changed."""

    def __init__(self, config: Config, pom: Path, home: Path, stop: threading.Event) -> None:
        self.config = config
        self.stop = stop
        self.pom = pom.resolve()
        self.folder = self.pom.parent
        self.home = home
        self.modules = [Path(file).parent for file in _files(self.folder, ("pom.xml",))]
        self.stamp = maven_stamp(config, pom)

    def class_path(self) -> list[Path]:
        """Classes of all modules and their dependencies, up to date."""
        poms = _digest([*(module / "pom.xml" for module in self.modules), self.pom, *self._above()])
        sources = self._sources()
        built = read_stamp(self.stamp)
        if built is None or not self._holds(built, poms, sources):
            built = self._build(built, poms, sources)
        return [Path(entry) for entry in built.entries if Path(entry).exists()]

    def unseen(self) -> list[str]:
        """Sources that the last build has not seen as they are now."""
        built = read_stamp(self.stamp)
        sources = self._sources()
        then = built.sources if built is not None else {}
        return [file for file, digest in sources.items() if then.get(file) != digest]

    def _above(self) -> list[Path]:
        """Poms of the folders above, which may be parents of these."""
        return [folder / "pom.xml" for folder in self.folder.parents if _has_pom(folder)]

    def _forget_classes(self) -> None:
        """Removes what the compiler has written, and nothing else of `target`."""
        for module in self.modules:
            for output in ("classes", "test-classes", "maven-status"):
                shutil.rmtree(module / "target" / output, ignore_errors=True)

    def _holds(self, built: Built, poms: str, sources: dict[str, str]) -> bool:
        whole = all(Path(entry).exists() for entry in built.entries)
        return whole and built.poms == poms and built.sources == sources

    def _build(self, built: Built | None, poms: str, sources: dict[str, str]) -> Built:
        started = time.time_ns()
        new_class_path = built is None or built.poms != poms
        goals = ["test-compile"]
        if new_class_path or built is None or not all(Path(e).exists() for e in built.entries):
            goals += [DEPENDENCY_PLUGIN, f"-Dmdep.outputFile={OUTPUT}", "-Dmdep.includeScope=test"]
        self._maven(goals)
        changed = [
            file for file in sources if built is None or built.sources.get(file) != sources[file]
        ]
        removed = built is not None and set(built.sources) - set(sources)
        if built is not None and (removed or not self._compiled(changed, started)):
            self._forget_classes()
            self._maven(goals)
        entries = self._entries() if len(goals) > 1 or built is None else built.entries
        done = Built(poms=poms, sources=sources, entries=[str(entry) for entry in entries])
        self._write_stamp(done)
        return done

    def _maven(self, goals: list[str]) -> None:
        wrapper = self.folder / "mvnw"
        program = str(wrapper) if wrapper.is_file() else (shutil.which("mvn") or "mvn")
        command = [program, *QUIETLY, "-f", str(self.pom), *goals]
        _run(command, self.folder, self.home, "the Maven build", self.stop)

    def _compiled(self, changed: list[str], started: int) -> bool:
        """Whether each changed Java source has a class that this build wrote.

        Maven goes by times: a source that was changed to an older file is one that it passes over.
        """
        for file in changed:
            for root, output in (("src/main/java/", "classes"), ("src/test/java/", "test-classes")):
                module, found, inner = file.partition(root)
                if not found or not inner.endswith(".java") or inner.endswith("-info.java"):
                    continue
                path = Path(module) / "target" / output / (inner.removesuffix(".java") + ".class")
                if path.is_file() and path.stat().st_mtime_ns < started:
                    return False
        return True

    def _entries(self) -> list[Path]:
        entries: list[Path] = []
        listed = ""
        for module in self.modules:
            entries += [module / "target" / "classes", module / "target" / "test-classes"]
            output = module / OUTPUT
            listed += os.pathsep + output.read_text("utf-8") if output.is_file() else ""
        entries = [entry for entry in entries if entry.is_dir()]
        jars = [Path(jar) for jar in listed.split(os.pathsep) if jar.strip()]
        return list(dict.fromkeys([*entries, *jars]))

    def _sources(self) -> dict[str, str]:
        content = Content(self.config.private / "cache" / "sources.json")
        found: dict[str, str] = {}
        for module in self.modules:
            for file in _files(module / "src", ()):
                found[file] = content.raw(file) or "unreadable"
        content.keep()
        return found

    def _write_stamp(self, built: Built) -> None:
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"poms": built.poms, "sources": built.sources, "entries": built.entries})
        temporary = self.stamp.with_suffix(".tmp")
        temporary.write_text(text, "utf-8")
        temporary.replace(self.stamp)


def _has_pom(folder: Path) -> bool:
    return (folder / "pom.xml").is_file()


def _digest(files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(set(files)):
        whole.update(str(file).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _files(folder: Path, endings: tuple[str, ...]) -> list[str]:
    """Files below a folder with one of the endings (all, where none is given), sorted."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in SKIPPED)
        found += [f"{place}/{file}" for file in files if not endings or file.endswith(endings)]
    return sorted(found)


# ---------------------------------------------------------------- without a build


def refuse_stale_classes(root: Path, entries: list[Path]) -> None:
    """A class in a folder of the class path must not be older than its source."""
    folders = [entry for entry in entries if entry.is_dir()]
    if not folders:
        return
    sources: dict[str, list[str]] = {}
    for file in _files(root, (".java", ".kt")):
        sources.setdefault(file.rpartition("/")[2], []).append(file)
    for folder in folders:
        for place, _, files in os.walk(folder):
            package = place.removeprefix(str(folder))
            for name in files:
                if name.endswith(".class"):
                    _refuse_stale_class(f"{place}/{name}", package, sources)


def _refuse_stale_class(compiled: str, package: str, sources: dict[str, list[str]]) -> None:
    name = compiled.rpartition("/")[2]
    source = _source_of(name.removesuffix(".class"), package, sources)
    if source is not None and os.stat(source).st_mtime_ns > os.stat(compiled).st_mtime_ns:
        raise ParityError(
            f"{name} is older than its source",
            where=source,
            why="a class that is not what its source says would be judged",
            next_step='build it again; or let parity build it: maven = "pom.xml" in [java]',
        )


def _source_of(name: str, package: str, sources: dict[str, list[str]]) -> str | None:
    """The source of a class; `package` is its folder below that of the class path."""
    for ending in (".java", ".kt"):
        for source in sources.get(name.partition("$")[0] + ending, ()):
            if source.rpartition("/")[0].endswith(package):
                return source
    return None
