"""`[tool.parity]` of pyproject.toml, or parity.toml: read whole or refused whole."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from parity.errors import ConfigError, ParityError, Problem, did_you_mean

Text = Annotated[str, Field(strict=True, min_length=1)]


class Table(BaseModel):
    """A table of a file of ours: frozen, and every unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PythonConfig(Table):
    """How the python side is run."""

    interpreter: Text | None = None
    env_pass: list[Text] = []


class JavaConfig(Table):
    """Where the java side is, and how its JVM is started."""

    maven: Text | None = None
    gradle: Text | None = None
    classpath: list[Text] | None = None
    classpath_command: list[Text] | None = None
    home: Text | None = None
    jvm_args: list[Text] = []


class ConfigTable(Table):
    """The keys of the config file."""

    sources: list[Text] = ["."]
    map: Text | list[Text] = "parity.map.toml"
    fixtures: Text = "tests/fixtures"
    evidence: Text = "tests/evidence"
    types: list[Text] = []
    python: PythonConfig = PythonConfig()
    java: JavaConfig = JavaConfig()


class Config(Table):
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
        return self.root / ".parity"

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
    folder = folder.resolve()
    for root in [folder, *folder.parents]:
        for name in ("parity.toml", "pyproject.toml"):
            file = root / name
            if file.is_file():
                table = tool_table(file)
                if table is not None:
                    return read_config(file, table)
    raise ParityError(
        "there is no project here",
        where=str(folder),
        why="neither it nor a folder above it has a parity.toml "
        "or a pyproject.toml with [tool.parity]",
        next_step='write a parity.toml, for example: sources = ["src"]',
    )


def tool_table(file: Path) -> dict[str, Any] | None:
    """The table of ours in a file, or None where it has none."""
    document = read_toml(file)
    if file.name == "parity.toml":
        return document
    table = document.get("tool", {}).get("parity")
    return table if table is None or isinstance(table, dict) else {"": table}


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file; ConfigError names line and column of what cannot be read."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), [Problem(str(file), str(error))], kind="file") from None
    except OSError as error:
        raise ParityError(
            f"{file} cannot be read",
            where=str(file),
            why=error.strerror or str(error),
            next_step="check its name and its rights",
        ) from None


def read_config(file: Path, table: dict[str, Any]) -> Config:
    """The config that `table` of `file` says; everything wrong in it is one ConfigError."""
    try:
        read = ConfigTable.model_validate(table)
    except ValidationError as error:
        problems = problems_of(error, ConfigTable)
        raise ConfigError(str(file), problems, kind="config") from None
    config = Config(root=file.parent, file=file, table=read)
    problems = list(_missing_paths(config))
    if problems:
        raise ConfigError(str(file), problems, kind="config")
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
    if table.java.gradle:
        yield Problem("java.gradle", "Gradle is not supported yet", "use classpath_command")
    ways = [table.java.maven, table.java.gradle, table.java.classpath, table.java.classpath_command]
    if sum(way is not None for way in ways) > 1:
        why = "more than one of maven, gradle, classpath, classpath_command is given"
        yield Problem("java", why, "keep one")


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Everything that validation found, each with its place and a hint."""
    return [_problem(dict(detail), model) for detail in error.errors(include_url=False)]


def _problem(detail: dict[str, Any], model: type[BaseModel]) -> Problem:
    place = [part for part in detail["loc"] if not _is_branch(part)]
    where = ".".join(str(part) for part in place) or "the file"
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        hint = did_you_mean(str(place[-1]), known) or f"known: {', '.join(sorted(known))}"
        return Problem(where, "unknown key", hint)
    shown = repr(detail.get("input"))
    return Problem(where, f"{_sentence(detail['msg'])}, not {shown[:80]}")


def _is_branch(part: Any) -> bool:
    """Pydantic names the branch of a union in its places; people did not write it."""
    text = str(part)
    return "[" in text or text in ("constrained-str", "list", "str", "function-after")


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").strip()


def _known_keys(model: type[BaseModel], place: list[Any]) -> list[str]:
    for part in place:
        field = model.model_fields.get(str(part))
        inner = _table_in(field.annotation) if field is not None else None
        if inner is None:
            return list(model.model_fields)
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _table_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _table_in(inner)
        if found is not None:
            return found
    return None
