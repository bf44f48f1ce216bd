"""SQL through DB-API (PEP 249): statements in one writing, typed parameters, commits that count."""

import collections
import functools
import re
import sys
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

DRIVERS = (
    "sqlite3",
    "sqlite3.dbapi2",
    "psycopg2",
    "psycopg",
    "pymysql",
    "MySQLdb",
    "mysql.connector",
    "mariadb",
    "pyodbc",
    "oracledb",
    "cx_Oracle",
    "pg8000",
    "pg8000.dbapi",
    "pymssql",
    "duckdb",
)
TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<text>'(?:[^']|'')*')
    |(?P<name>"(?:[^"]|"")*"|`[^`]*`)
    |(?P<percent>%%|%s|%\(\w+\)s)
    |(?P<mark>\?\d*)
    |(?P<colon>(?<![:\w]):[A-Za-z_0-9]\w*)
    |(?P<word>[A-Za-z_][\w$]*)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<sign>::|<=|>=|<>|!=|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
PLACES = {
    "qmark": ("mark", "colon"),
    "named": ("colon",),
    "numeric": ("colon",),
    "format": ("percent",),
    "pyformat": ("percent",),
}
"""What stands for a parameter, by the `paramstyle` of a driver."""
READS = ("select", "show", "explain", "describe", "values", "pragma", "with")
CHANGES = ("insert", "update", "delete", "merge", "replace")
COUNTING = ("pymysql", "MySQLdb")
"""Drivers whose `execute` gives the number of rows; others give None or the cursor."""
CLOSING = ("pymysql", "MySQLdb", "mysql.connector", "mariadb")
"""Drivers whose `with` closes and does not commit."""
NAMES = (
    "IntegrityError",
    "ProgrammingError",
    "DataError",
    "NotSupportedError",
    "InternalError",
    "OperationalError",
    "DatabaseError",
    "InterfaceError",
    "Error",
)
"""The errors that PEP 249 knows, the closest first."""
SEAM = "parity_stood_for"
TIGHT_BEFORE = (",", ")", ".", "::")
TIGHT_AFTER = ("(", ".", "::")


class SqlError(Exception):
    """An error of a database, by the name that PEP 249 has for it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def stand_in(module: Any, crossings: Any) -> None:
    """Stands in for `connect` of a driver, whoever knows it."""
    real = module.connect
    if hasattr(real, SEAM):
        return  # it is that of another module, which was first

    def connect(*args: Any, **kwargs: Any) -> Any:
        made = Connection(module, crossings, real, kwargs)
        if crossings.does_real:
            made.__dict__["_database"] = real(*args, **kwargs)
        return made

    setattr(connect, SEAM, True)
    connect.__doc__, connect.__module__ = real.__doc__, module.__name__
    for other in list(sys.modules.values()):
        names = getattr(other, "__dict__", None)
        if isinstance(names, dict):
            for name, one in list(names.items()):
                if one is real and other is not sys.modules[__name__]:
                    names[name] = connect


SEAMS: Dict[str, Callable[[Any, Any], None]] = dict.fromkeys(DRIVERS, stand_in)

# ---------------------------------------------------------------- statements


def normal(statement: str, style: str, values: Any) -> Tuple[str, List[Any]]:
    """A statement in one writing, and its parameters in the order of their places."""
    places = PLACES.get(style, ())
    made: List[str] = []
    given: List[Any] = []
    for match in TOKEN.finditer(statement):
        kind, word = str(match.lastgroup), match.group()
        if kind == "space":
            continue
        if kind in places and values is not None:
            if word == "%%":
                made.append("%")
                continue
            given.append(parameter(word, values, len(given)))
            made.append("?")
        elif kind == "word":
            made.append(word.lower())
        else:
            made.append("<>" if word == "!=" else word)
    while made and made[-1] == ";":
        made.pop()
    return joined(made), given


def joined(tokens: Sequence[str]) -> str:
    """Tokens with one way to put spaces between them."""
    text = ""
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else "("
        tight = token in TIGHT_BEFORE or before in TIGHT_AFTER
        text += token if tight else " " + token
    return text


def parameter(word: str, values: Any, before: int) -> Any:
    """What is given for one place."""
    name = word.strip("%()s:?") if word.startswith(("%(", ":")) else word[1:]
    if word.startswith("%("):
        name = word[2:-2]
    if isinstance(values, dict) or hasattr(values, "keys"):
        return plain(values[name])
    index = int(name) - 1 if name.isdigit() else before
    return plain(values[index])


def plain(value: Any) -> Any:
    """A parameter as fixtures hold it."""
    return bytes(value) if isinstance(value, (bytearray, memoryview)) else value


def changes(statement: str) -> bool:
    """Whether a statement changes what is in a database, or its tables."""
    words = statement.split()
    if not words or words[0] not in READS:
        return bool(words)
    return words[0] == "with" and any(word in CHANGES for word in words)


# ---------------------------------------------------------------- connections


class Switch(int):
    """`autocommit`, which some drivers have as a value and some as a method."""

    owner: Any = None

    def __call__(self, on: Any = True) -> None:
        self.owner.autocommit = on


class Connection:
    """Stands for a connection: what is executed on it is answered from the fixture."""

    def __init__(self, module: Any, crossings: Any, real: Any, options: Dict[str, Any]) -> None:
        self._database: Any = None
        """The real connection, where what is done is noted and not answered."""
        self._module = module
        self._crossings = crossings
        self._real = real
        self._pending = False
        self._explicit = False
        self._automatic = bool(options.get("autocommit", False)) and (
            options.get("autocommit") != getattr(module, "LEGACY_TRANSACTION_CONTROL", None)
        )
        self.isolation_level = options.get("isolation_level", "")
        self.row_factory = options.get("row_factory")
        self.text_factory = str
        self._shape = options.get("cursor_factory") or options.get("cursorclass")
        self.closed = 0
        self.in_transaction = False

    def __getattr__(self, name: str) -> Any:
        if name[:1].isupper():
            return getattr(self._module, name)  # the errors, as PEP 249 allows
        if not name.startswith("_") and self._database is not None:
            return getattr(self._database, name)
        raise AttributeError("what stands for a connection has no `%s`" % name)

    @property
    def autocommit(self) -> Switch:
        """Whether each statement is committed by itself."""
        switch = Switch(self._automatic)
        switch.owner = self
        return switch

    @autocommit.setter
    def autocommit(self, on: Any) -> None:
        self._automatic = bool(on)
        if self._database is not None:
            self._database.autocommit = on

    def cross(self, call: str, args: List[Any], real: Any = None) -> Any:
        """Asks for the answer to a call. Raises the driver's error where that is the answer."""
        crossing = self._crossings.ask("sql")
        if crossing is None:
            return None if real is None else real()  # no unit runs: a module is imported
        kept: List[BaseException] = []

        def done() -> Any:
            try:
                return real()
            except self._module.Error as error:
                kept.append(error)
                name = next(one for one in NAMES if isinstance(error, getattr(self._module, one)))
                raise SqlError(name, str(error)) from None

        try:
            return crossing("sql", call, args, None if real is None else done)
        except SqlError as error:
            if kept:
                raise kept[0] from None
            raise getattr(self._module, error.name, self._module.Error)(str(error)) from None

    def _execute(self, statement: str, values: Any) -> Dict[str, Any]:
        """What the real database answers, whole."""
        if self.row_factory is not None:
            self._database.row_factory = None
        cursor = self._database.cursor()
        try:
            cursor.execute(statement, values) if values is not None else cursor.execute(statement)
            made: Dict[str, Any] = {"count": cursor.rowcount}
            if cursor.description is not None:
                made["columns"] = [one[0] for one in cursor.description]
                made["rows"] = [list(row) for row in cursor.fetchall()]
                made["count"] = len(made["rows"])
            elif getattr(cursor, "lastrowid", None) is not None:
                made["id"] = cursor.lastrowid
            return made
        finally:
            cursor.close()

    def run(self, statement: str, values: Any) -> Dict[str, Any]:
        """The answer to one statement."""
        text, given = normal(statement, self._module.paramstyle, values)
        words = text.split()
        if words[:1] == ["begin"] or words[:2] == ["start", "transaction"]:
            self._explicit = True
            if self._database is not None:
                self._execute(statement, values)
            return {}
        if words[:1] in (["commit"], ["end"]) or text == "rollback":
            self.finish("rollback" if text == "rollback" else "commit")
            return {}
        real = None
        if self._database is not None:
            real = functools.partial(self._execute, statement, values)
        answer = self.cross("execute", [text, given], real) or {}
        if changes(text):
            self._pending = True
            if not self._explicit and (self._automatic or self.isolation_level is None):
                self.finish("commit")
        self.in_transaction = self._pending
        return dict(answer)

    def finish(self, call: str) -> None:
        """A commit or a rollback: of nothing, it is none."""
        pending, self._pending, self._explicit = self._pending, False, False
        self.in_transaction = False
        real = None if self._database is None else getattr(self._database, call)
        if pending:
            self.cross(call, [], real)
        elif real is not None:
            real()

    def commit(self) -> None:
        """Commits."""
        self.finish("commit")

    def rollback(self) -> None:
        """Rolls back."""
        self.finish("rollback")

    def close(self) -> None:
        """Closes: what was not committed is lost."""
        self.finish("rollback")
        self.closed = 1
        if self._database is not None:
            self._database.close()

    def cursor(self, *args: Any, **kwargs: Any) -> "Cursor":
        """A cursor."""
        shape = next((one for one in (*args, *kwargs.values()) if callable(one)), self._shape)
        if kwargs.get("dictionary"):
            shape = dict
        return Cursor(self, shape if shape is not None else self.row_factory)

    def execute(self, statement: str, values: Any = None, *more: Any) -> "Cursor":
        """A cursor that has executed a statement."""
        made = self.cursor()
        made.execute(statement, values)
        return made

    def executemany(self, statement: str, rows: Any) -> "Cursor":
        """A cursor that has executed a statement for each row."""
        made = self.cursor()
        made.executemany(statement, rows)
        return made

    def executescript(self, script: str) -> "Cursor":
        """A cursor that has executed statements."""
        made = self.cursor()
        made.executescript(script)
        return made

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._module.__name__ not in CLOSING:
            self.finish("commit" if kind is None else "rollback")
        if self._module.__name__ in (*CLOSING, "psycopg"):
            self.close()

    def real_rows(self, columns: List[str], rows: List[Any], factory: Any) -> List[Any]:
        """Rows as a factory of sqlite3 makes them, which wants a cursor of its own."""
        with_names = ", ".join('? AS "%s"' % one.replace('"', '""') for one in columns)
        connection = self._real(":memory:")
        connection.row_factory = factory
        try:
            return [connection.execute("SELECT " + with_names, row).fetchone() for row in rows]
        finally:
            connection.close()


class Cursor:
    """Stands for a cursor."""

    arraysize = 1

    def __init__(self, connection: Connection, shape: Any) -> None:
        self.connection = connection
        self.row_factory = shape
        self.description: Optional[List[Tuple[Any, ...]]] = None
        self.rowcount = -1
        self.lastrowid: Any = None
        self._rows: List[Any] = []

    def execute(self, statement: Any, values: Any = None, *more: Any, **named: Any) -> Any:
        """Executes a statement."""
        given = named or ((values, *more) if more else values)
        if not isinstance(statement, str):
            statement = statement.decode() if isinstance(statement, bytes) else str(statement)
        if given is not None and not hasattr(given, "__getitem__"):
            given = tuple(given)
        self._take(self.connection.run(statement, given))
        return self._executed()

    def executemany(self, statement: str, rows: Any) -> Any:
        """Executes a statement for each row."""
        count = 0
        for row in rows:
            self._take(self.connection.run(statement, row))
            count += max(self.rowcount, 0)
        self.rowcount = count
        return self._executed()

    def executescript(self, script: str) -> Any:
        """Executes statements, after a commit, as sqlite3 does."""
        self.connection.finish("commit")
        for statement in split(script):
            self._take(self.connection.run(statement, None))
        return self._executed()

    def _executed(self) -> Any:
        name = str(self.connection._module.__name__)
        return self.rowcount if name in COUNTING else self

    def _take(self, answer: Dict[str, Any]) -> None:
        columns = answer.get("columns")
        rows = [tuple(row) for row in answer.get("rows") or []]
        self.description = None if columns is None else [(name, *[None] * 6) for name in columns]
        self.rowcount = answer.get("count", len(rows) if columns is not None else -1)
        self.lastrowid = answer.get("id")
        self._rows = self._shaped(columns or [], rows)

    def _shaped(self, columns: List[str], rows: List[Any]) -> List[Any]:
        shape = self.row_factory
        if shape is None or not rows:
            return rows
        name = getattr(shape, "__name__", type(shape).__name__).lower()
        if self.connection._module.__name__.startswith("sqlite3"):
            return self.connection.real_rows(columns, rows, shape)
        if "dict" in name:
            return [dict(zip(columns, row)) for row in rows]
        if "namedtuple" in name or "named_tuple" in name:
            kind = collections.namedtuple("Row", columns)  # type: ignore[misc]
            return [kind(*row) for row in rows]
        return rows

    def fetchone(self) -> Any:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: Optional[int] = None) -> List[Any]:
        """Some rows."""
        count = self.arraysize if size is None else size
        taken, self._rows = self._rows[:count], self._rows[count:]
        return taken

    def fetchall(self) -> List[Any]:
        """All rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Nothing is open."""

    def setinputsizes(self, *sizes: Any) -> None:
        """Nothing depends on it."""

    def setoutputsize(self, *sizes: Any) -> None:
        """Nothing depends on it."""

    def __iter__(self) -> Iterator[Any]:
        while self._rows:
            yield self._rows.pop(0)

    def __next__(self) -> Any:
        if not self._rows:
            raise StopIteration
        return self._rows.pop(0)

    def __enter__(self) -> "Cursor":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def split(script: str) -> List[str]:
    """The statements of a script."""
    made, last = [], 0
    for match in TOKEN.finditer(script):
        if match.group() == ";":
            made.append(script[last : match.start()])
            last = match.end()
    made.append(script[last:])
    return [one for one in made if one.strip()]
