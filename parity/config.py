"""`[tool.parity]` of pyproject.toml, or parity.toml: read whole or refused whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from parity.errors import ConfigError, ParityError, Problem
from parity.remembered import Remembered


@dataclass(frozen=True, slots=True)
class PythonConfig:
    """How the python side is run."""

    interpreter: str | None = None
    env_pass: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JavaConfig:
    """Where the java side is, and how its JVM is started."""

    maven: str | None = None
    gradle: str | None = None
    classpath: list[str] | None = None
    classpath_command: list[str] | None = None
    home: str | None = None
    jvm_args: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ScanConfig:
    """What `scan` leaves out, what of that and of what lies beside the sources it reads for how
    these are used, and tables of effects beside the shipped one."""

    exclude: list[str] = field(default_factory=lambda: ["test", "tests"])
    users: list[str] = field(default_factory=lambda: ["test", "tests"])
    effects: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MaskConfig:
    """What `record` puts tokens for, beside what it knows by its form and its name."""

    fields: list[str] = field(default_factory=list)
    """Names of parameters, members and attributes, as patterns; whatever has one is masked."""

    keep: list[str] = field(default_factory=list)
    """Values and domains of addresses that stay as they are, as patterns."""

    off: list[str] = field(default_factory=list)
    """Kinds that are not masked."""


@dataclass(frozen=True, slots=True)
class CutoverConfig:
    """How a workflow lets production through: `[workflow.NAME.cutover]`."""

    machine: str | None = None
    """Name or ARN of the state machine in the account; the name in the template without it."""

    alias: str = "live"
    legacy: int = 1
    """The version of it that wraps the legacy server."""

    java: int = 2
    alarms: list[str] = field(default_factory=list)
    floor: float = 90.0
    """Percent of the mutants that the fixtures of each unit have to catch."""

    steps: list[int] = field(default_factory=lambda: [10, 50, 100])
    executions: int = 20
    """How many executions of the Java version each step has to see."""

    seconds: float = 3600.0
    """How long a step waits for them."""

    world: str | None = None
    """A JSON file: the world that inputs of production are tried on, where they bring none."""

    assumed: dict[str, int] = field(default_factory=dict)
    """What limits are reckoned with: `items`, and bytes of `input`, `item`, `result`, `error`."""


@dataclass(frozen=True, slots=True)
class SwitchConfig:
    """How a single unit lets production through: `[switch."module:function"]`."""

    function: str
    """The Lambda that is its counterpart: a name or an ARN, with a version or an alias."""

    file: str
    """The file that the switches in the legacy server follow."""

    log: str
    """The folder in which they tell of calls."""

    answer_seconds: float = 1.0
    """How long the Lambda has; then legacy's answer is served."""

    late: float = 5.0
    """Percent of the calls that may go without an answer of the Lambda."""

    alarms: list[str] = field(default_factory=list)
    floor: float = 90.0
    steps: list[int] = field(default_factory=lambda: [10, 50, 100])
    executions: int = 20
    """How many calls of Java each step has to see."""

    seconds: float = 3600.0

    @property
    def legacy(self) -> int:
        """What the journal calls the function of the legacy server."""
        return 1

    @property
    def java(self) -> int:
        """What it calls the Lambda."""
        return 2


@dataclass(frozen=True, slots=True)
class WorkflowConfig:
    """A workflow that runs on both sides: how each is started, and what of it is compared."""

    template: str
    """What the local AWS makes: a CloudFormation or SAM template, or a `cdk.out`."""

    machine: str
    """The logical id of the state machine in it."""

    requests: str
    """A file with a request a line: `{"id", "input", "world"}`."""

    python: list[str]
    """A program that runs one request on the python side; see docs/workflows.md."""

    java_world: list[str]
    """A program that puts a world into AWS (`load`) and reads it out again (`read`)."""

    parameters: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    """The unit of each state, where it has one."""

    seconds: float = 300.0
    concurrency: int = 4
    numbers: Literal["strict", "by-value"] = "strict"
    nulls: Literal["strict", "absent"] = "strict"
    unordered: list[str] = field(default_factory=list)
    generated: dict[str, str] = field(default_factory=dict)
    """What each side makes for itself: path to `moment`, `duration`, `name` or `derived`."""

    allow: list[dict[str, Any]] = field(default_factory=list)
    """Differences that are accepted, as in the map; dates as text."""

    cutover: CutoverConfig = CutoverConfig()


@dataclass(frozen=True, slots=True)
class ConfigTable:
    """The keys of the config file."""

    sources: list[str] = field(default_factory=lambda: ["."])
    map: str | list[str] = "parity.map.toml"
    fixtures: str = "tests/fixtures"
    evidence: str = "tests/evidence"
    types: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    """The program that runs the project's own tests, for `parity decouple --write`."""

    python: PythonConfig = PythonConfig()
    java: JavaConfig = JavaConfig()
    scan: ScanConfig = ScanConfig()
    mask: MaskConfig = MaskConfig()
    workflow: dict[str, WorkflowConfig] = field(default_factory=dict)
    switch: dict[str, SwitchConfig] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """A project: its root folder, and what its config file says."""

    root: Path
    file: Path
    table: ConfigTable

    @property
    def sources(self) -> list[Path]:
        """Roots that are put on sys.path."""
        return [(self.root / source).resolve() for source in self.table.sources]

    @property
    def fixtures(self) -> Path:
        """The folder of the fixture files."""
        return self.root / self.table.fixtures

    @property
    def private(self) -> Path:
        """Folder for what need not be kept: caches and the state of a run."""
        return private_folder(self.root)

    def place_of(self, table: str) -> str:
        """How a table of the config is headed, and in which file it is to be written."""
        prefix = "tool.parity." if self.file.name == "pyproject.toml" else ""
        return f"[{prefix}{table}] in {self.file.name}"

    def map_files(self) -> list[Path]:
        """The map files, sorted. Raises ParityError where there is none."""
        patterns = self.table.map if isinstance(self.table.map, list) else [self.table.map]
        found: set[Path] = set()
        for pattern in patterns:
            files = sorted(self.root.glob(pattern)) if not Path(pattern).is_absolute() else []
            files = files or [path for path in [self.root / pattern] if path.is_file()]
            if not files:
                raise ParityError(
                    f"there is no map `{pattern}`",
                    where=str(self.file),
                    why=f"`map` names it, and nothing in {self.root} has that name",
                    next_step='write one table per unit: [unit."module:function"] '
                    'java = "com.example.Class#method"',
                )
            found.update(files)
        return sorted(found)


def find_config(folder: Path) -> Config:
    """The config of the nearest folder, from `folder` upwards, that has one."""
    config = config_above(folder)
    if config is not None:
        return config
    raise ParityError(
        "there is no project here",
        where=str(folder.resolve()),
        why="neither it nor a folder above it has a parity.toml "
        "or a pyproject.toml with [tool.parity]",
        next_step='write a parity.toml, for example: sources = ["src"]',
    )


def config_above(folder: Path) -> Config | None:
    """The config of the nearest folder, from `folder` upwards, or None where none has one."""
    try:
        folder = folder.resolve()
    except FileNotFoundError:
        raise ParityError(
            "the working directory is not there any more",
            where=str(folder),
            why="it was deleted or moved after this shell went there",
            next_step="go to a folder that is there, or name one with -C and its whole path",
        ) from None
    for root in [folder, *folder.parents]:
        for name in ("parity.toml", "pyproject.toml"):
            config = _config_in(root / name)
            if config is not None:
                return config
    return None


def tool_table(file: Path, data: bytes | None = None) -> dict[str, Any] | None:
    """The table of ours in a file, or None where it has none."""
    document = read_toml(file, data)
    if file.name == "parity.toml":
        return document
    table = document.get("tool", {}).get("parity")
    return table if table is None or isinstance(table, dict) else {"": table}


def toml_key(name: str) -> str:
    """A name as it stands in the head of a TOML table: quoted where it has to be."""
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name)


def read_toml(file: Path, data: bytes | None = None) -> dict[str, Any]:
    """A TOML file (or `data` read from it); ConfigError names line and column of what is wrong."""
    import tomllib

    data = read_bytes(file) if data is None else data
    try:
        return tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), [Problem(str(file), str(error))], kind="file") from None


def read_bytes(file: Path) -> bytes:
    """What stands in a file that people wrote."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ParityError(
            f"{file} cannot be read",
            where=str(file),
            why=error.strerror or str(error),
            next_step="check its name and its rights",
        ) from None


def read_config(file: Path, table: dict[str, Any]) -> Config:
    """The config that `table` of `file` says; everything wrong in it is one ConfigError."""
    from pydantic import ValidationError

    from parity.tables import ConfigFile, problems_of

    try:
        read = ConfigFile.model_validate(table).model_dump(mode="json")
    except ValidationError as error:
        problems = problems_of(error, ConfigFile)
        raise ConfigError(str(file), problems, kind="config") from None
    return _with_paths(Config(file.parent, file, _table(read)))


def _config_in(file: Path) -> Config | None:
    """The config in a file, or None where there is no such file or nothing of ours in it."""
    if not file.is_file():
        return None
    data = read_bytes(file)
    remembered = Remembered(private_folder(file.parent) / "cache", file, data)
    known = remembered.recall()
    if known is not None:
        return _with_paths(Config(file.parent, file, _table(known)))
    table = tool_table(file, data)
    if table is None:
        return None
    config = read_config(file, table)
    remembered.keep(asdict(config.table))
    return config


def private_folder(root: Path) -> Path:
    """Folder of a project for what need not be kept."""
    return root / ".parity"


def _table(read: Mapping[str, Any]) -> ConfigTable:
    sides = {
        "python": PythonConfig(**read["python"]),
        "java": JavaConfig(**read["java"]),
        "scan": ScanConfig(**read["scan"]),
        "mask": MaskConfig(**read.get("mask", {})),
    }
    flows = {
        name: WorkflowConfig(**{**table, "cutover": CutoverConfig(**table.get("cutover", {}))})
        for name, table in read.get("workflow", {}).items()
    }
    switches = {name: SwitchConfig(**table) for name, table in read.get("switch", {}).items()}
    return ConfigTable(**{**read, **sides, "workflow": flows, "switch": switches})


def _with_paths(config: Config) -> Config:
    problems = list(_missing_paths(config))
    if problems:
        raise ConfigError(str(config.file), problems, kind="config")
    return config


def _missing_paths(config: Config) -> Iterable[Problem]:
    table = config.table
    for index, source in enumerate(table.sources):
        if not (config.root / source).is_dir():
            yield Problem(f"sources[{index}]", f"there is no folder {config.root / source}")
    if table.python.interpreter and not (config.root / table.python.interpreter).is_file():
        path = config.root / table.python.interpreter
        yield Problem("python.interpreter", f"there is no file {path}")
    if table.java.maven and not (config.root / table.java.maven).is_file():
        yield Problem("java.maven", f"there is no file {config.root / table.java.maven}")
    if table.java.home and not (config.root / table.java.home).is_dir():
        yield Problem("java.home", f"there is no folder {config.root / table.java.home}")
    for index, file in enumerate(table.scan.effects):
        if not (config.root / file).is_file():
            yield Problem(f"scan.effects[{index}]", f"there is no file {config.root / file}")
    for index, name in enumerate(table.scan.users):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            why = "a name is needed, or a path below the folder of the config"
            yield Problem(f"scan.users[{index}]", why)
    if table.java.gradle and not (config.root / table.java.gradle).is_dir():
        yield Problem("java.gradle", f"there is no folder {config.root / table.java.gradle}")
    ways = [table.java.maven, table.java.gradle, table.java.classpath, table.java.classpath_command]
    if sum(way is not None for way in ways) > 1:
        why = "more than one of maven, gradle, classpath, classpath_command is given"
        yield Problem("java", why, "keep one")
