"""The hash of a Java class file without debug information (JVM specification, chapter 4).

A renamed local or a blank line moves the constant pool, and with it the lengths of `ldc`, the
padding of switches and every offset behind them. So nothing is cut out of the bytes: constants are
written as what they stand for, and places in the code as numbers of instructions.

Not written: the names and lines of debugging, the name of the source file, and the stack maps,
which follow from the code and serve the verifier alone.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from typing import Final

MAGIC: Final = 0xCAFEBABE
SKIPPED: Final = {
    b"LineNumberTable",
    b"LocalVariableTable",
    b"LocalVariableTypeTable",
    b"SourceFile",
    b"SourceDebugExtension",
    b"StackMapTable",
    b"BootstrapMethods",  # written where an instruction or constant uses them
}
SKIPPED_IN_CODE: Final = SKIPPED | {
    b"RuntimeVisibleTypeAnnotations",  # of locals and casts: no program can see them
    b"RuntimeInvisibleTypeAnnotations",
}

WIDTHS: Final = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4}
WIDTHS_LATER: Final = {15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}

# How the bytes behind an opcode are read: a plain length, or one of these.
POOL_1, POOL_2, JUMP_2, JUMP_4, TABLE, LOOKUP, WIDE, UNKNOWN = range(100, 108)


def _kinds() -> list[int]:
    kinds = [0] * 256
    for opcode in (16, 188, *range(21, 26), *range(54, 59), 169):
        kinds[opcode] = 1  # bipush, newarray, loads and stores with an index, ret
    for opcode in (17, 132):
        kinds[opcode] = 2  # sipush, iinc
    kinds[18] = POOL_1  # ldc
    for opcode in (19, 20, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 189, 192, 193, 197):
        kinds[opcode] = POOL_2
    for opcode in (*range(153, 169), 198, 199):
        kinds[opcode] = JUMP_2
    kinds[200] = kinds[201] = JUMP_4
    kinds[170], kinds[171], kinds[196] = TABLE, LOOKUP, WIDE
    for opcode in range(202, 256):
        kinds[opcode] = UNKNOWN
    return kinds


KINDS: Final = _kinds()
BEHIND_POOL: Final = {185: 2, 186: 2, 197: 1}  # count of invokeinterface, zeros, dimensions
GOTO: Final = {200: 167, 201: 168}  # goto_w and jsr_w are what they are when short

TARGETS: Final = {0: 1, 1: 1, 16: 2, 17: 2, 18: 2, 19: 0, 20: 0, 21: 0, 22: 1, 23: 2}
"""Bytes that say what a type annotation is on, by its kind."""

U2: Final = struct.Struct(">H").unpack_from
U4: Final = struct.Struct(">I").unpack_from
S2: Final = struct.Struct(">h").unpack_from
S4: Final = struct.Struct(">i").unpack_from
PAIR: Final = struct.Struct(">HH").unpack_from


class Unreadable(Exception):
    """Something in the class file is not known here."""


def class_hash(data: bytes) -> str | None:
    """The hash of what a class file means, or None where something in it is not known."""
    try:
        return hashlib.sha256(_ClassFile(data).meaning()).hexdigest()
    except (Unreadable, struct.error, IndexError, KeyError, RecursionError):
        return None


def superclass(data: bytes) -> str:
    """The name of the class that a class file extends.

    Raises Unreadable where something in its constants is not known.
    """
    read = _ClassFile(data)
    (parent,) = U2(data, read.at + 4)
    if not parent:
        return "java.lang.Object"
    (name,) = U2(data, read.places[parent])
    return read.bare(name).decode("utf-8", "replace").replace("/", ".")


def _text(data: bytes) -> bytes:
    return b"%d:%b" % (len(data), data)


def _number(value: int) -> bytes:
    return b"%d;" % value


class _ClassFile:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 10
        if U4(data, 0)[0] != MAGIC:
            raise Unreadable
        self.major = U2(data, 6)[0]
        self.tags, self.places = self._pool(U2(data, 8)[0])
        self.known: dict[int, bytes] = {}
        self.names: dict[int, bytes] = {}
        self.bootstraps_at = -1

    def meaning(self) -> bytes:
        """The whole class, constants resolved."""
        data = self.data
        at = self.at
        flags, this, parent, count = struct.unpack_from(">HHHH", data, at)
        at += 8
        interfaces = struct.unpack_from(f">{count}H", data, at)
        members_at = at + 2 * count
        self._find_bootstraps(members_at)
        constant = self.constant
        out = [_number(self.major), _number(flags), constant(this), constant(parent)]
        out += [constant(one) for one in interfaces]
        self.at = members_at
        for kind in (b"fields", b"methods"):
            (count,) = U2(data, self.at)
            self.at += 2
            out.append(kind + _number(count))
            for _ in range(count):
                flags, name, descriptor = struct.unpack_from(">HHH", data, self.at)
                self.at += 6
                out += (_number(flags), self.utf8(name), self.utf8(descriptor))
                self._attributes(out, SKIPPED)
        out.append(b"class")
        self._attributes(out, SKIPPED)
        if self.at != len(data):
            raise Unreadable
        return b"".join(out)

    # ------------------------------------------------------------ constants

    def _pool(self, count: int) -> tuple[list[int], list[int]]:
        data = self.data
        at = 10
        tags = [0] * count
        places = [0] * count
        index = 1
        while index < count:
            tag = data[at]
            tags[index] = tag
            places[index] = at + 1
            if tag == 1:
                at += 3 + (data[at + 1] << 8 | data[at + 2])
            elif tag in WIDTHS:
                at += 1 + WIDTHS[tag]
                index += tag in (5, 6)
            elif tag in WIDTHS_LATER:
                at += 1 + WIDTHS_LATER[tag]
            else:
                raise Unreadable
            index += 1
        self.at = at
        return tags, places

    def utf8(self, index: int) -> bytes:
        """A text of the pool."""
        if self.tags[index] != 1:
            raise Unreadable
        return self.constant(index)

    def bare(self, index: int) -> bytes:
        """A text of the pool as it stands there."""
        at = self.places[index]
        return self.data[at + 2 : at + 2 + U2(self.data, at)[0]]

    def constant(self, index: int) -> bytes:
        """What a constant stands for; its kind is part of it."""
        known = self.known.get(index)
        if known is None:
            known = self.known[index] = self._constant(index)
        return known

    def _constant(self, index: int) -> bytes:
        if index == 0:
            return b"none;"
        tag, at, data = self.tags[index], self.places[index], self.data
        if tag == 1:
            return b"1:" + _text(self.bare(index))
        if tag in (3, 4, 5, 6):
            return b"%d:%b" % (tag, data[at : at + WIDTHS[tag]])
        if tag in (7, 8, 16, 19, 20):
            return b"%d:%b" % (tag, self.constant(U2(data, at)[0]))
        if tag in (9, 10, 11, 12):
            first, second = PAIR(data, at)
            return b"%d:%b%b" % (tag, self.constant(first), self.constant(second))
        if tag == 15:
            return b"15:%d;%b" % (data[at], self.constant(U2(data, at + 1)[0]))
        if tag in (17, 18):
            bootstrap, name = PAIR(data, at)
            return b"%d:%b%b" % (tag, self._bootstrap(bootstrap), self.constant(name))
        raise Unreadable

    def _bootstrap(self, number: int) -> bytes:
        at = self.bootstraps_at
        if at < 0 or number >= U2(self.data, at)[0]:
            raise Unreadable
        at += 2
        for _ in range(number):
            at += 4 + 2 * U2(self.data, at + 2)[0]
        method, count = PAIR(self.data, at)
        arguments = struct.unpack_from(f">{count}H", self.data, at + 4)
        parts = [self.constant(method), _number(count), *map(self.constant, arguments)]
        return b"".join(parts)

    def _find_bootstraps(self, at: int) -> None:
        """BootstrapMethods stands behind the code that uses it."""
        data = self.data
        for _ in range(2):
            (count,) = U2(data, at)
            at += 2
            for _ in range(count):
                (attributes,) = U2(data, at + 6)
                at += 8
                for _ in range(attributes):
                    at += 6 + U4(data, at + 2)[0]
        (attributes,) = U2(data, at)
        at += 2
        for _ in range(attributes):
            if self.bare(U2(data, at)[0]) == b"BootstrapMethods":
                self.bootstraps_at = at + 6
            at += 6 + U4(data, at + 2)[0]

    # ------------------------------------------------------------ attributes

    def _attributes(self, out: list[bytes], skipped: set[bytes]) -> None:
        """Writes the attributes at this place, by name: their order means nothing."""
        data = self.data
        (count,) = U2(data, self.at)
        self.at += 2
        written: list[tuple[bytes, bytes]] = []
        for _ in range(count):
            index = data[self.at] << 8 | data[self.at + 1]
            name = self.names.get(index)
            if name is None:
                name = self.names[index] = self.bare(index)
            (length,) = U4(data, self.at + 2)
            self.at += 6
            end = self.at + length
            if name not in skipped:
                reader = READERS.get(name)
                if reader is None:
                    raise Unreadable
                inner: list[bytes] = []
                reader(self, inner)
                if self.at != end:
                    raise Unreadable
                written.append((name, b"".join(inner)))
            self.at = end
        written.sort()
        out.append(_number(len(written)))
        for name, inner_bytes in written:
            out += (_text(name), inner_bytes)

    def u1(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def u2(self) -> int:
        value: int = U2(self.data, self.at)[0]
        self.at += 2
        return value

    def next_constant(self) -> bytes:
        return self.constant(self.u2())

    def nothing(self, out: list[bytes]) -> None:
        """Deprecated, Synthetic."""

    def one(self, out: list[bytes]) -> None:
        """ConstantValue, Signature, NestHost, ModuleMainClass."""
        out.append(self.next_constant())

    def several(self, out: list[bytes]) -> None:
        """Exceptions, NestMembers, PermittedSubclasses, ModulePackages."""
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            out.append(self.next_constant())

    def pair(self, out: list[bytes]) -> None:
        """EnclosingMethod."""
        out += (self.next_constant(), self.next_constant())

    def inner_classes(self, out: list[bytes]) -> None:
        """InnerClasses: which are declared in which, under what name and flags."""
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            out += (self.next_constant(), self.next_constant(), self.next_constant())
            out.append(_number(self.u2()))

    def method_parameters(self, out: list[bytes]) -> None:
        """MethodParameters: reflection sees them."""
        count = self.u1()
        out.append(_number(count))
        for _ in range(count):
            out += (self.next_constant(), _number(self.u2()))

    def record(self, out: list[bytes]) -> None:
        """Record: its components, in order."""
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            out += (self.next_constant(), self.next_constant())
            self._attributes(out, SKIPPED)

    def annotations(self, out: list[bytes]) -> None:
        """Runtime(In)VisibleAnnotations."""
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            self._annotation(out)

    def parameter_annotations(self, out: list[bytes]) -> None:
        """Runtime(In)VisibleParameterAnnotations."""
        count = self.u1()
        out.append(_number(count))
        for _ in range(count):
            self.annotations(out)

    def type_annotations(self, out: list[bytes]) -> None:
        """Runtime(In)VisibleTypeAnnotations of a class, a member or a component."""
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            target = self.u1()
            out += (_number(target), self._take(TARGETS[target]))
            out.append(_text(self._take(2 * self.u1())))
            self._annotation(out)

    def _annotation(self, out: list[bytes]) -> None:
        out.append(self.next_constant())
        count = self.u2()
        out.append(_number(count))
        for _ in range(count):
            out.append(self.next_constant())
            self.element(out)

    def element(self, out: list[bytes]) -> None:
        """A value in an annotation; AnnotationDefault."""
        tag = self.u1()
        out.append(_number(tag))
        if tag in b"BCDFIJSZsc":
            out.append(self.next_constant())
        elif tag == ord("e"):
            out += (self.next_constant(), self.next_constant())
        elif tag == ord("@"):
            self._annotation(out)
        elif tag == ord("["):
            count = self.u2()
            out.append(_number(count))
            for _ in range(count):
                self.element(out)
        else:
            raise Unreadable

    def module(self, out: list[bytes]) -> None:
        """Module: requires, exports, opens, uses, provides."""
        out += (self.next_constant(), _number(self.u2()), self.next_constant())
        for _ in range(self.u2()):
            out += (b"r", self.next_constant(), _number(self.u2()), self.next_constant())
        for kind in (b"x", b"o"):
            for _ in range(self.u2()):
                out += (kind, self.next_constant(), _number(self.u2()))
                self.several(out)
        out.append(b"u")
        self.several(out)
        for _ in range(self.u2()):
            out += (b"p", self.next_constant())
            self.several(out)

    def _take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        self.at += length
        return taken

    # ------------------------------------------------------------ code

    def code(self, out: list[bytes]) -> None:
        """Code: its instructions, what is caught where, and what is not for debugging."""
        data = self.data
        stack, locals_, length = struct.unpack_from(">HHI", data, self.at)
        begin = self.at + 8
        out += (_number(stack), _number(locals_))
        numbers = self._instructions(out, begin, begin + length)
        self.at = begin + length
        count = self.u2()
        out.append(b"caught" + _number(count))
        for _ in range(count):
            start, end, handler, caught = struct.unpack_from(">HHHH", data, self.at)
            self.at += 8
            places = b"%d,%d,%d;" % (numbers[start], numbers[end], numbers[handler])
            out += (places, self.constant(caught))
        self._attributes(out, SKIPPED_IN_CODE)

    def _instructions(self, out: list[bytes], begin: int, end: int) -> dict[int, int]:
        """Writes instructions; gives the number of the one at each offset."""
        data, kinds = self.data, KINDS
        starts: list[int] = []
        jumps: list[tuple[int, int]] = []  # where in `out` a jump's target belongs, its offset
        at = copied = begin
        while at < end:
            starts.append(at - begin)
            kind = kinds[data[at]]
            if kind < 100:
                at += 1 + kind
                continue
            if at > copied:
                out.append(data[copied:at])
            at = copied = self._special(out, jumps, kind, at, begin)
        if at != end:
            raise Unreadable
        if end > copied:
            out.append(data[copied:end])
        starts.append(end - begin)
        numbers = {start: number for number, start in enumerate(starts)}
        for place, target in jumps:
            out[place] = b"%d;" % numbers[target]
        return numbers

    def _special(
        self, out: list[bytes], jumps: list[tuple[int, int]], kind: int, at: int, begin: int
    ) -> int:
        """Writes an instruction that names a constant or a place; gives where the next begins."""
        data = self.data
        opcode = data[at]
        if kind == POOL_2:
            more = BEHIND_POOL.get(opcode, 0)
            opcode = 18 if opcode == 19 else opcode
            constant = self.constant(data[at + 1] << 8 | data[at + 2])
            out.append(b"\xfe%d:%b%b" % (opcode, constant, data[at + 3 : at + 3 + more]))
            return at + 3 + more
        if kind == POOL_1:
            out.append(b"\xfe18:%b" % self.constant(data[at + 1]))
            return at + 2
        if kind in (JUMP_2, JUMP_4):
            offset = S2(data, at + 1)[0] if kind == JUMP_2 else S4(data, at + 1)[0]
            out += (b"\xfe%d:" % GOTO.get(opcode, opcode), b"")
            jumps.append((len(out) - 1, at - begin + offset))
            return at + (3 if kind == JUMP_2 else 5)
        if kind == WIDE:
            length = 6 if data[at + 1] == 132 else 4
            out.append(data[at : at + length])
            return at + length
        if kind in (TABLE, LOOKUP):
            return self._switch(out, jumps, kind, at, begin)
        raise Unreadable

    def _switch(
        self, out: list[bytes], jumps: list[tuple[int, int]], kind: int, at: int, begin: int
    ) -> int:
        data = self.data
        here = at - begin
        operands = at + 4 - here % 4
        end: int
        default, first, second = struct.unpack_from(">iii", data, operands)
        if kind == TABLE:
            count = second - first + 1
            offsets = struct.unpack_from(f">{count}i", data, operands + 12)
            out.append(b"\xfe170:%d,%d;" % (first, second))
            end = operands + 12 + 4 * count
        else:
            pairs = struct.unpack_from(f">{2 * first}i", data, operands + 8)
            offsets = pairs[1::2]
            out.append(b"\xfe171:%s;" % ",".join(map(str, pairs[::2])).encode())
            end = operands + 8 + 8 * first
        for offset in (default, *offsets):
            out.append(b"")
            jumps.append((len(out) - 1, here + offset))
        return end


Reader = Callable[[_ClassFile, list[bytes]], None]
READERS: Final[dict[bytes, Reader]] = {
    b"AnnotationDefault": _ClassFile.element,
    b"Code": _ClassFile.code,
    b"ConstantValue": _ClassFile.one,
    b"Deprecated": _ClassFile.nothing,
    b"EnclosingMethod": _ClassFile.pair,
    b"Exceptions": _ClassFile.several,
    b"InnerClasses": _ClassFile.inner_classes,
    b"MethodParameters": _ClassFile.method_parameters,
    b"Module": _ClassFile.module,
    b"ModuleMainClass": _ClassFile.one,
    b"ModulePackages": _ClassFile.several,
    b"NestHost": _ClassFile.one,
    b"NestMembers": _ClassFile.several,
    b"PermittedSubclasses": _ClassFile.several,
    b"Record": _ClassFile.record,
    b"RuntimeInvisibleAnnotations": _ClassFile.annotations,
    b"RuntimeInvisibleParameterAnnotations": _ClassFile.parameter_annotations,
    b"RuntimeInvisibleTypeAnnotations": _ClassFile.type_annotations,
    b"RuntimeVisibleAnnotations": _ClassFile.annotations,
    b"RuntimeVisibleParameterAnnotations": _ClassFile.parameter_annotations,
    b"RuntimeVisibleTypeAnnotations": _ClassFile.type_annotations,
    b"Signature": _ClassFile.one,
    b"Synthetic": _ClassFile.nothing,
}
