"""What class files declare, read without a JVM: names, methods and `@PortedFrom`.

Files are kept by time and size, so that an unchanged one is not read again. Any annotation whose
simple name is `PortedFrom` counts, wherever it is declared: a project may have one of its own.
"""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from parity.counterparts import PUBLIC, VARARGS, JavaClass, JavaMethod
from parity.remembered import write_quietly

SCHEMA: Final = 3
MAGIC: Final = 0xCAFEBABE
ENDINGS: Final = (b"/PortedFrom;", b"$PortedFrom;")
ANNOTATIONS: Final = (b"RuntimeInvisibleAnnotations", b"RuntimeVisibleAnnotations")
WIDTHS: Final = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3}
WIDTHS_LATER: Final = {17: 5, 18: 5, 19: 3, 20: 3}
SIZES: Final = [(WIDTHS | WIDTHS_LATER).get(tag, 0) for tag in range(256)]
JDK: Final = ("java.", "javax.", "jdk.", "sun.", "com.sun.", "org.w3c.dom.", "org.xml.sax.")

U2: Final = struct.Struct(">H").unpack_from
U4: Final = struct.Struct(">I").unpack_from
MEMBER: Final = struct.Struct(">HHHH").unpack_from

Row = list[Any]
"""`[name, flags, parent, interfaces, methods, ported from, source, constructors]`, as it is kept.

Of constructors it is the descriptors of those that are public.
"""


def is_of_the_jdk(name: str) -> bool:
    """Whether a class is one that no class path holds."""
    return name.startswith(JDK)


def read_class(data: bytes, place: str = "") -> JavaClass | None:
    """What a class file declares; None where it is none, or of a form that is not known."""
    row = _row(data)
    return None if row is None else _class(row, place)


class ClassIndex:
    """The classes below folders of a class path, and of its jars those that are asked for."""

    def __init__(self, entries: Sequence[Path], cache: Path | None, inside: Path | None) -> None:
        self._place = cache / "classes.json" if cache is not None else None
        self._kept = _kept(self._place)
        self._entries = [str(entry) for entry in entries]
        self._inside = f"{inside}{os.sep}" if inside is not None else None
        self._jars: dict[str, Mapping[str, Row] | None] = {}
        self._folders: dict[str, dict[str, Row]] = {}
        self._changed = False
        self.rows: dict[str, tuple[Row, str]] = {}
        for entry in reversed(self._entries):
            if os.path.isdir(entry):
                files = self._folders[entry] = self._folder(entry)
                for name, row in files.items():
                    self.rows[row[2]] = (row[3:], f"{entry}/{name}")
            elif self._is_ours(entry):
                for row in (self._jar(entry) or {}).values():
                    self.rows[row[0]] = (row[1:], entry)
        self._keep()

    def __len__(self) -> int:
        return len(self.rows)

    def declared(self) -> Iterator[tuple[str, Row]]:
        """The name of each class that the project itself has compiled, and its row behind it."""
        for name, (row, _) in self.rows.items():
            yield name, row

    def annotated(self) -> Iterator[JavaClass]:
        """Those that carry `@PortedFrom`, themselves or on a method."""
        for name, (row, place) in self.rows.items():
            if row[4] or any(method[4] for method in row[3]):
                yield _class([name, *row], place)

    def of(self, name: str) -> JavaClass | None:
        """The class of a name, be it written with dots or with `$` for those inside of others."""
        for spelling in _spellings(name):
            known = self.rows.get(spelling)
            if known is not None:
                return _class([spelling, *known[0]], known[1])
        for spelling in _spellings(name):
            for entry in self._entries:
                row = (self._jar(entry) or {}).get(spelling) if entry.endswith(".jar") else None
                if row is not None:
                    return _class(row, entry)
        return None

    def ancestors(self, one: JavaClass) -> Iterator[JavaClass | str]:
        """The classes and interfaces above a class; the name where nothing is known of one."""
        seen = {one.name}
        open_names = [one.parent, *one.interfaces]
        while open_names:
            name = open_names.pop(0)
            if not name or name in seen or name == "java.lang.Object":
                continue
            seen.add(name)
            above = None if is_of_the_jdk(name) else self.of(name)
            yield above if above is not None else name
            if above is not None:
                open_names += [above.parent, *above.interfaces]

    # ------------------------------------------------------------ folders

    def _folder(self, folder: str) -> dict[str, Row]:
        kept: dict[str, Row] = self._kept["folders"].get(folder, {})
        found: dict[str, Row] = {}
        for name, stat in _class_files(folder):
            stamp = [stat.st_mtime_ns, stat.st_size]
            row = kept.get(name)
            if row is None or row[:2] != stamp:
                read = _read(f"{folder}/{name}")
                row = None if read is None else [*stamp, *read]
                self._changed = True
            if row is not None:
                found[name] = row
        if len(found) != len(kept):
            self._changed = True
        return found

    # ------------------------------------------------------------ jars

    def _is_ours(self, entry: str) -> bool:
        """Whether a jar lies in the project: what it was built from may carry annotations."""
        return self._inside is not None and entry.startswith(self._inside)

    def _jar(self, entry: str) -> Mapping[str, Row] | None:
        """All classes of a jar by name, read once as long as it stays the same."""
        if entry not in self._jars:
            self._jars[entry] = self._read_jar(entry)
        return self._jars[entry]

    def _read_jar(self, entry: str) -> Mapping[str, Row] | None:
        try:
            stat = os.stat(entry)
            stamp = [stat.st_mtime_ns, stat.st_size]
            kept = self._kept["jars"].get(entry)
            if kept is None or kept[0] != stamp:
                kept = self._kept["jars"][entry] = [stamp, *self._contents(entry)]
                self._changed = True
        except (OSError, zipfile.BadZipFile):
            return None
        _, names, rows = kept
        return _Lazy(entry, names) if rows is None else {row[0]: row for row in rows}

    def _contents(self, entry: str) -> tuple[list[str], list[Row] | None]:
        """The class files of a jar, and where it is ours what each declares."""
        with zipfile.ZipFile(entry) as jar:
            names = [
                one
                for one in jar.namelist()
                if one.endswith(".class") and not one.startswith("META-INF/")
            ]
            if not self._is_ours(entry):
                return names, None
            read = (_row(jar.read(name)) for name in names)
            return [], [row for row in read if row is not None]

    def _keep(self) -> None:
        if self._place is None or not self._changed:
            return
        folders = {**self._kept["folders"], **self._folders}
        folders = {folder: rows for folder, rows in folders.items() if os.path.isdir(folder)}
        document = {"classes": SCHEMA, "folders": folders, "jars": self._kept["jars"]}
        write_quietly(self._place, json.dumps(document, separators=(",", ":")))


class _Lazy(Mapping[str, Row]):
    """The classes of a jar from elsewhere: what they declare is read when it is asked for."""

    def __init__(self, entry: str, names: Sequence[str]) -> None:
        self._entry = entry
        self._names = {name.removesuffix(".class").replace("/", "."): name for name in names}
        self._read: dict[str, Row | None] = {}

    def __getitem__(self, name: str) -> Row:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            with zipfile.ZipFile(self._entry) as jar:
                self._read[name] = _row(jar.read(self._names[name]))
        row = self._read[name]
        if row is None:
            raise KeyError(name)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _class_files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Class files below a folder, by their path from it."""
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        try:
            entries = list(os.scandir(f"{folder}/{inner}"))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".class"):
                yield f"{inner}{entry.name}", entry.stat()
            elif "." not in entry.name and entry.is_dir():
                waiting.append(f"{inner}{entry.name}/")


def _kept(place: Path | None) -> dict[str, Any]:
    try:
        kept = json.loads(place.read_bytes()) if place is not None else {}
        if kept.get("classes") == SCHEMA:
            return {"folders": dict(kept["folders"]), "jars": dict(kept["jars"])}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return {"folders": {}, "jars": {}}


def _spellings(name: str) -> Iterator[str]:
    """A class name as written, then with its last dots as `$`, one after the other."""
    yield name
    head, tail = name, ""
    while "." in head:
        head, _, last = head.rpartition(".")
        tail = f"${last}{tail}"
        yield f"{head}{tail}"


def _class(row: Row, place: str) -> JavaClass:
    name, flags, parent, interfaces, methods, ported, source, constructors = row
    return JavaClass(
        name=name,
        flags=flags,
        parent=parent,
        interfaces=tuple(interfaces),
        methods=tuple(_method(one) for one in methods),
        ported_from=tuple(ported),
        source=source,
        place=place,
        constructors=tuple(constructors),
    )


def _method(row: Row) -> JavaMethod:
    name, descriptor, signature, flags, ported = row
    return JavaMethod(name, descriptor, signature, flags, tuple(ported))


def _read(path: str) -> Row | None:
    try:
        with open(path, "rb") as file:
            return _row(file.read())
    except OSError:
        return None


# ---------------------------------------------------------------- one class file


def _row(data: bytes) -> Row | None:
    try:
        return _Declared(data).row()
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return None


class _Declared:
    def __init__(self, data: bytes) -> None:
        if U4(data, 0)[0] != MAGIC:
            raise ValueError
        self.data = data
        (count,) = U2(data, 8)
        places = self.places = [0] * count
        at, index = 10, 1
        while index < count:
            tag = data[at]
            places[index] = at + 1
            if tag == 1:
                at += 3 + (data[at + 1] << 8 | data[at + 2])
            else:
                size = SIZES[tag]
                if not size:
                    raise ValueError
                at += size
                index += tag in (5, 6)
            index += 1
        self.at = at
        self.annotated = b"PortedFrom;" in data
        self.ported: list[str] = []
        self.signature = ""
        self.source = ""
        self.constructors: list[str] = []

    def row(self) -> Row:
        data = self.data
        flags, this, parent, count = MEMBER(data, self.at)
        self.at += 8
        interfaces = [self._named(U2(data, self.at + 2 * one)[0]) for one in range(count)]
        self.at += 2 * count
        self._skip_members()
        methods = list(self._methods())
        self._attributes()
        above = self._named(parent) if parent else ""
        told = [interfaces, methods, self.ported, self.source, self.constructors]
        return [self._named(this), flags, above, *told]

    def _bytes(self, index: int) -> bytes:
        at = self.places[index]
        return self.data[at + 2 : at + 2 + (self.data[at] << 8 | self.data[at + 1])]

    def _text(self, index: int) -> str:
        return self._bytes(index).decode("utf-8", "replace")

    def _named(self, index: int) -> str:
        return self._text(U2(self.data, self.places[index])[0]).replace("/", ".")

    def _skip_members(self) -> None:
        data = self.data
        (count,) = U2(data, self.at)
        at = self.at + 2
        for _ in range(count):
            (attributes,) = U2(data, at + 6)
            at += 8
            for _ in range(attributes):
                at += 6 + U4(data, at + 2)[0]
        self.at = at

    def _methods(self) -> Iterator[list[Any]]:
        data = self.data
        (count,) = U2(data, self.at)
        self.at += 2
        for _ in range(count):
            flags, name, descriptor = struct.unpack_from(">HHH", data, self.at)
            self.at += 6
            self._attributes()
            if flags & 0x1000:
                continue
            if data[self.places[name] + 2] != 0x3C:  # no <init>, <clinit>
                ported = self.ported
                yield [self._text(name), self._text(descriptor), self.signature, flags, ported]
            elif flags & PUBLIC and self._bytes(name) == b"<init>":
                self.constructors.append(self._text(descriptor))

    def _attributes(self) -> None:
        """Takes what matters of the attributes at this place, and goes behind them."""
        data = self.data
        self.ported, self.signature = [], ""
        (count,) = U2(data, self.at)
        at = self.at + 2
        for _ in range(count):
            name, length = struct.unpack_from(">HI", data, at)
            at += 6
            if length == 2:
                word = self._bytes(name)
                if word == b"Signature":
                    self.signature = self._text(U2(data, at)[0])
                elif word == b"SourceFile":
                    self.source = self._text(U2(data, at)[0])
            elif self.annotated and self._bytes(name) in ANNOTATIONS:
                self._annotations(at)
            at += length
        self.at = at

    def _annotations(self, at: int) -> None:
        (count,) = U2(self.data, at)
        at += 2
        for _ in range(count):
            at = self._annotation(at)

    def _annotation(self, at: int) -> int:
        kind, pairs = struct.unpack_from(">HH", self.data, at)
        ours = self._bytes(kind).endswith(ENDINGS)
        at += 4
        for _ in range(pairs):
            at = self._element(at + 2, ours)
        return at

    def _element(self, at: int, ours: bool) -> int:
        """Goes behind a value; keeps a text of `@PortedFrom`, also of those inside of another."""
        data = self.data
        tag = data[at]
        at += 1
        if tag == ord("e"):
            return at + 4
        if tag == ord("@"):
            return self._annotation(at)
        if tag == ord("["):
            (count,) = U2(data, at)
            at += 2
            for _ in range(count):
                at = self._element(at, ours)
            return at
        if ours and tag == ord("s"):
            self.ported.append(self._text(U2(data, at)[0]))
        return at + 2


# ---------------------------------------------------------------- descriptors, for people

PRIMITIVES: Final = {
    "B": "byte",
    "C": "char",
    "D": "double",
    "F": "float",
    "I": "int",
    "J": "long",
    "S": "short",
    "V": "void",
    "Z": "boolean",
}


def parameter_types(method: JavaMethod) -> list[str]:
    """The types of its parameters by qualified names, without type arguments."""
    read = _Types(method.descriptor, short=False)
    return read.parameters()


def full_types(method: JavaMethod) -> list[str]:
    """The same with their type arguments, where the class file says them."""
    plain = parameter_types(method)
    try:
        full = _Types(method.signature or method.descriptor, short=False).parameters()
    except (IndexError, ValueError):
        return plain
    pairs = (
        zip(full, plain, strict=True) if len(full) == len(plain) else zip(plain, plain, strict=True)
    )
    return [one if one.partition("<")[0] == erased else erased for one, erased in pairs]


def result_type(method: JavaMethod) -> str:
    """The type of what it returns by its qualified name, without type arguments."""
    read = _Types(method.descriptor, short=False)
    read.parameters()
    return read.one()


def told(method: JavaMethod) -> str:
    """`List<Row> free(Map<String, Long>, int)`."""
    try:
        given, inside = _short_types(method.signature or method.descriptor)
    except (IndexError, ValueError):
        given, inside = _short_types(method.descriptor)
    if method.flags & VARARGS and inside:
        inside = (*inside[:-1], inside[-1].removesuffix("[]") + "...")
    return f"{given} {method.name}({', '.join(inside)})"


@cache
def _short_types(text: str) -> tuple[str, tuple[str, ...]]:
    """What a method gives and takes; many methods share a descriptor."""
    read = _Types(text, short=True)
    inside = tuple(read.parameters())
    return read.one(), inside


class _Types:
    """Reads descriptors and signatures (JVM specification, 4.3 and 4.7.9.1)."""

    def __init__(self, text: str, *, short: bool) -> None:
        self.text = text
        self.at = self._behind_type_parameters() + 1
        self.short = short

    def _behind_type_parameters(self) -> int:
        if not self.text.startswith("<"):
            return 0
        depth = 0
        for at, letter in enumerate(self.text):
            depth += (letter == "<") - (letter == ">")
            if depth == 0:
                return at + 1
        raise ValueError

    def parameters(self) -> list[str]:
        """All types up to the closing bracket."""
        found = []
        while self.text[self.at] != ")":
            found.append(self.one())
        self.at += 1
        return found

    def one(self) -> str:
        """The type at this place."""
        letter = self.text[self.at]
        self.at += 1
        if letter in PRIMITIVES:
            return PRIMITIVES[letter]
        if letter == "[":
            return f"{self.one()}[]"
        if letter == "T":
            end = self.text.index(";", self.at)
            name, self.at = self.text[self.at : end], end + 1
            return name
        if letter == "L":
            return self._reference()
        if letter == "*":
            return "?"
        if letter in "+-":
            return f"? {'extends' if letter == '+' else 'super'} {self.one()}"
        raise ValueError

    def _reference(self) -> str:
        name = ""
        while True:
            letter = self.text[self.at]
            self.at += 1
            if letter == "<":
                inside = []
                while self.text[self.at] != ">":
                    inside.append(self.one())
                self.at += 1
                name += f"<{', '.join(inside)}>"
            elif letter == ";":
                return name
            elif letter == "/" and self.short:
                name = ""
            else:
                name += "." if letter in "/." else letter


def same_types(method: JavaMethod, written: Iterable[str]) -> bool:
    """Whether its parameters are those that a map writes, by simple or qualified names."""
    wanted = [one.strip().partition("<")[0].replace("...", "[]") for one in written]
    has = parameter_types(method)
    return len(has) == len(wanted) and all(
        one == two or one.replace("$", ".").endswith(f".{two.replace('$', '.')}") or two == "?"
        for one, two in zip(has, wanted, strict=True)
    )
