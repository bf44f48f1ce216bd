"""A class file counts by what it means: debug information aside, everything in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from parity.evidence.classfile import SKIPPED, WIDTHS, WIDTHS_LATER, class_hash

JAVA = shutil.which("java")
pytestmark = pytest.mark.skipif(JAVA is None, reason="needs a JDK")

# Many constants, so that a moved pool turns `ldc` into `ldc_w`; switches, whose padding moves too.
STRINGS = "\n".join(f'    static String s{i}() {{ return "text {i}"; }}' for i in range(150))
SOURCE = (
    """
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

@Subject.Mark(name = "one", numbers = {1, 2})
public class Subject {
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Mark { String name(); int[] numbers() default {}; }
    record Pair<T extends Comparable<T>>(@Deprecated T first, int second) {}
    sealed interface Shape permits Circle, Square {}
    record Circle(double radius) implements Shape {}
    record Square(double side) implements Shape {}
    enum Color { RED, GREEN }
    static final long BIG = 123456789012L;
"""
    + STRINGS
    + """
    static int pick(int amount, String word) {
        int total = amount + 40000;
        long wide = 5L * amount;
        double part = 0.25 * amount;
        switch (amount) { case 1: total += 7; break; case 2: total += 8; break; case 3: total++; }
        switch (amount) { case 10: total -= 1; break; case 5000: total -= 2; break; default: }
        switch (word) { case "a": return 1; case "b": return 2; default: }
        for (int step = 0; step < amount; step++) { total += step % 3; }
        try { total = Integer.parseInt(word); }
        catch (NumberFormatException wrong) { total = first(second(total)); }
        finally { total += (int) wide; }
        return total > part ? total : -total;
    }
    static int first(int a) { return a + 1; }
    static int second(int a) { return a + 2; }
    static Supplier<String> lambda(int by) { return () -> "is " + by + " and " + BIG; }
    static IntUnaryOperator reference() { return Subject::first; }
    static Object inner(int a) {
        return new Object() { public String toString() { return "in"; } };
    }
    static int[][] grid() { return new int[2][3]; }
    static boolean is(Object o) { return o instanceof Pair<?> && ((Pair<?>) o).second() > 1; }
    static synchronized void locked(Object o) throws java.io.IOException {
        synchronized (o) { assert o != null : "none"; }
    }
    @SuppressWarnings({"unchecked", "rawtypes"}) static <T> List<T> list(T... all) {
        return (List) List.of(all);
    }
    int field = 3;
    @Deprecated void old(@Mark(name = "p") int value) { field += value; }
}
"""
)
SAME = {
    "comments": ("int total = amount", "/* the\n sum */\n\n   int total = amount"),
    "a renamed local": ("total", "anotherNameForTheSum"),
    "a renamed parameter": ("(int amount, String word)", "(int amount, String word)"),
    "a renamed loop variable": ("step", "turn"),
    "a renamed exception": ("wrong", "unreadable"),
}
DIFFERENT = {
    "an int": ("40000", "40001"),
    "a long": ("123456789012L", "123456789013L"),
    "a double": ("0.25", "0.250001"),
    "a small int": ("a + 1", "a + 3"),
    "a text": ('"text 7"', '"text seven"'),
    "a text of a concatenation": ('"is "', '"was "'),
    "an operator": ("5L * amount", "5L + amount"),
    "a comparison": ("total > part", "total >= part"),
    "what is caught": ("NumberFormatException wrong", "RuntimeException wrong"),
    "what is declared thrown": ("java.io.IOException", "java.io.UncheckedIOException"),
    "the order of calls": ("first(second(total))", "second(first(total))"),
    "a case": ("case 2:", "case 4:"),
    "a sparse case": ("case 5000:", "case 5001:"),
    "a case of text": ('case "b"', 'case "c"'),
    "where a case goes": ("total += 8", "total += 7"),
    "a method that is referred to": ("Subject::first", "Subject::second"),
    "an annotation's text": ('@Subject.Mark(name = "one"', '@Subject.Mark(name = "two"'),
    "an annotation's numbers": ("{1, 2}", "{1, 3}"),
    "an annotation that is gone": ("@Deprecated void", "void"),
    "an annotation of a parameter": ('@Mark(name = "p") int', '@Mark(name = "q") int'),
    "a default of an annotation": ("default {}", "default {0}"),
    "a field's value": ("field = 3", "field = 4"),
    "a field's type": ("int field = 3", "long field = 3"),
    "a modifier": ("static int first", "static final int first"),
    "synchronized": ("static synchronized void", "static void"),
    "a dimension": ("new int[2][3]", "new int[3][2]"),
    "the order of enum constants": ("RED, GREEN", "GREEN, RED"),
    "a bound": ("T extends Comparable<T>", "T"),
    "a remainder": ("step % 3", "step / 3"),
    "a sign": (": -total", ": total"),
    "a component's type": ("int second) {}", "long second) {}"),
    "what is permitted": ("permits Circle, Square {}", "permits Square, Circle {}"),
    "an inner class": ('return "in"', 'return "out"'),
    "a finally": ("total += (int) wide", "total -= (int) wide"),
}


MANY = " ".join(f"int aLocalOfNumber{i} = {i % 5};" for i in range(200))
WITH_MANY = SOURCE.replace("static int pick(", f"static void many() {{ {MANY} }} static int pick(")
RENAMED = SOURCE.replace("first(int a) { return a", "first(int b) { return b")

# All variants are compiled by one JVM: NAME, the flags, and the source.
VARIANTS = {
    "usual": ("-g", SOURCE),
    "without": ("-g:none", SOURCE),
    "source": ("-g:source", SOURCE),
    "lines and vars": ("-g:lines,vars", SOURCE),
    "many locals": ("-g", WITH_MANY),
    "many locals without": ("-g:none", WITH_MANY),
    "parameters": ("-parameters", SOURCE),
    "parameters renamed": ("-parameters", RENAMED),
    **{f"same {name}": ("-g", SOURCE.replace(old, new)) for name, (old, new) in SAME.items()},
    **{
        f"different {name}": ("-g", SOURCE.replace(old, new, 1))
        for name, (old, new) in DIFFERENT.items()
    },
}
COMPILER = """
import java.nio.file.*;
import java.util.*;
import javax.tools.*;

class Compiler {
    public static void main(String[] folders) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (String folder : folders) {
            Path path = Path.of(folder);
            List<String> options = new ArrayList<>(Files.readAllLines(path.resolve("flags")));
            options.addAll(List.of("-nowarn", "-Xlint:none", "-d", folder));
            try (var files = compiler.getStandardFileManager(null, null, null)) {
                var units = files.getJavaFileObjects(path.resolve("Subject.java"));
                if (!compiler.getTask(null, files, null, options, null, units).call()) {
                    throw new IllegalStateException(folder);
                }
            }
        }
    }
}
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of the classes of each variant."""
    root = tmp_path_factory.mktemp("variants")
    folders = {name: root / str(index) for index, name in enumerate(VARIANTS)}
    for name, (flags, source) in VARIANTS.items():
        folders[name].mkdir()
        (folders[name] / "flags").write_text(flags, "utf-8")
        (folders[name] / "Subject.java").write_text(source, "utf-8")
    (root / "Compiler.java").write_text(COMPILER, "utf-8")
    assert JAVA is not None
    command = [JAVA, str(root / "Compiler.java"), *map(str, folders.values())]
    subprocess.run(command, check=True, capture_output=True)
    return folders


def hashes(folder: Path) -> dict[str, str]:
    """The hash of each class in a folder; none may be unreadable."""
    found = {one.name: class_hash(one.read_bytes()) for one in folder.glob("*.class")}
    assert len(found) > 5
    assert None not in found.values()
    return {name: str(one) for name, one in found.items()}


@pytest.mark.parametrize("name", ["without", "source", "lines and vars"])
def test_debug_information_means_nothing(folders: dict[str, Path], name: str) -> None:
    assert hashes(folders[name]) == hashes(folders["usual"])


@pytest.mark.parametrize("name", SAME)
def test_form_means_nothing(folders: dict[str, Path], name: str) -> None:
    assert SAME[name][0] in SOURCE
    assert hashes(folders[f"same {name}"]) == hashes(folders["usual"])


def test_a_pool_that_moves_means_nothing(folders: dict[str, Path]) -> None:
    """Names of locals fill the pool until every `ldc` behind them has to be an `ldc_w`."""
    assert hashes(folders["many locals"]) == hashes(folders["many locals without"])
    files = [folders[name] / "Subject.class" for name in ("many locals", "many locals without")]
    assert files[0].stat().st_size > files[1].stat().st_size


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_means_something_counts(folders: dict[str, Path], name: str) -> None:
    assert DIFFERENT[name][0] in SOURCE
    assert hashes(folders[f"different {name}"]) != hashes(folders["usual"])


def test_parameter_names_that_reflection_sees_count(folders: dict[str, Path]) -> None:
    assert hashes(folders["parameters"]) != hashes(folders["parameters renamed"])


@pytest.mark.parametrize("data", [b"", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbe\0\0\0\x3d\0\1" * 3])
def test_what_is_no_class_file_has_no_hash(data: bytes) -> None:
    assert class_hash(data) is None


def test_any_changed_byte_counts_or_is_debug_information(folders: dict[str, Path]) -> None:
    """Without debug information no bit can change unseen but the format's minor version, and
    what the verifier alone reads."""
    data = (folders["without"] / "Subject$Pair.class").read_bytes()
    usual = class_hash(data)
    unseen = set()
    for place in range(len(data)):
        for bit in (1, 2, 64):
            changed = bytearray(data)
            changed[place] ^= bit
            if class_hash(bytes(changed)) == usual:
                unseen.add(place)
    assert unseen <= {4, 5} | set(_skipped(data))


def _skipped(data: bytes) -> list[int]:
    """Where attributes stand that are not read, names of attributes in the pool aside."""
    at, names = 10, {}
    for index in range(1, int.from_bytes(data[8:10])):
        if data[at] == 1:
            size = int.from_bytes(data[at + 1 : at + 3])
            names[index] = data[at + 3 : at + 3 + size]
            at += 3 + size
        else:
            at += 1 + {**WIDTHS, **WIDTHS_LATER}[data[at]]
    skipped = [index for index, name in names.items() if name in SKIPPED]
    found: list[int] = []
    for index in skipped:
        place = data.find(index.to_bytes(2), at)
        while place >= 0:
            size = int.from_bytes(data[place + 2 : place + 6])
            if place + 6 + size <= len(data):
                found += range(place, place + 6 + size)
            place = data.find(index.to_bytes(2), place + 1)
    return found
