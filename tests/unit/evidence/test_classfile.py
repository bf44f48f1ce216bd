"""A class file counts by what it means: debug information aside, everything in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from parity.evidence.classfile import class_hash

JAVAC = shutil.which("javac")
pytestmark = pytest.mark.skipif(JAVAC is None, reason="needs a JDK")

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
    static Object inner(int a) { return new Object() { public String toString() { return "in"; } }; }
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


def compiled(folder: Path, source: str, flags: Sequence[str] = ("-g",)) -> dict[str, str]:
    """The hash of each class that a source gives; none may be unreadable."""
    folder.mkdir(parents=True)
    file = folder / "Subject.java"
    file.write_text(source, "utf-8")
    assert JAVAC is not None
    command = [JAVAC, "-nowarn", "-Xlint:none", *flags, "-d", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    hashes = {one.name: class_hash(one.read_bytes()) for one in folder.glob("*.class")}
    assert len(hashes) > 5
    assert None not in hashes.values()
    return {name: str(one) for name, one in hashes.items()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return compiled(tmp_path_factory.mktemp("usual") / "it", SOURCE)


@pytest.mark.parametrize("flags", [("-g:none",), ("-g:source",), ("-g:lines,vars",)])
def test_debug_information_means_nothing(
    tmp_path: Path, usual: dict[str, str], flags: Sequence[str]
) -> None:
    assert compiled(tmp_path / "it", SOURCE, flags) == usual


@pytest.mark.parametrize("name", SAME)
def test_form_means_nothing(tmp_path: Path, usual: dict[str, str], name: str) -> None:
    old, new = SAME[name]
    assert old in SOURCE
    assert compiled(tmp_path / "it", SOURCE.replace(old, new)) == usual


def test_a_pool_that_moves_means_nothing(tmp_path: Path) -> None:
    """Names of locals fill the pool until every `ldc` behind them has to be an `ldc_w`."""
    names = " ".join(f"int aLocalOfNumber{i} = {i % 5};" for i in range(200))
    source = SOURCE.replace(
        "static int pick(", f"static void many() {{ {names} }} static int pick("
    )
    with_names = compiled(tmp_path / "a", source)
    without = compiled(tmp_path / "b", source, ("-g:none",))
    assert with_names == without
    lengths = [(tmp_path / one / "Subject.class").stat().st_size for one in "ab"]
    assert lengths[0] > lengths[1]


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_means_something_counts(tmp_path: Path, usual: dict[str, str], name: str) -> None:
    old, new = DIFFERENT[name]
    assert old in SOURCE
    assert compiled(tmp_path / "it", SOURCE.replace(old, new, 1)) != usual


def test_parameter_names_that_reflection_sees_count(tmp_path: Path) -> None:
    flags = ("-g:none", "-parameters")
    before = compiled(tmp_path / "a", SOURCE, flags)
    renamed = SOURCE.replace(
        "static int first(int a) { return a", "static int first(int b) { return b"
    )
    assert compiled(tmp_path / "b", renamed, flags) != before
    assert compiled(tmp_path / "c", renamed.replace("wrong", "bad"), flags) != before


@pytest.mark.parametrize("data", [b"", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbe\0\0\0\x3d\0\1" * 3])
def test_what_is_no_class_file_has_no_hash(data: bytes) -> None:
    assert class_hash(data) is None


def test_any_changed_byte_counts_or_is_debug_information(tmp_path: Path) -> None:
    """No byte of a class without debug information can be changed unseen, stack maps aside."""
    folder = tmp_path / "it"
    folder.mkdir()
    source = 'class Subject { static int a(int b) { return b * 3 + 70000; } String c = "d"; }'
    (folder / "Subject.java").write_text(source, "utf-8")
    assert JAVAC is not None
    subprocess.run([JAVAC, "-g:none", str(folder / "Subject.java")], check=True)
    data = (folder / "Subject.class").read_bytes()
    usual = class_hash(data)
    unseen = []
    for place in range(len(data)):
        for bit in (1, 2, 64):
            changed = bytearray(data)
            changed[place] ^= bit
            if class_hash(bytes(changed)) == usual:
                unseen.append(place)
    assert set(unseen) <= {4, 5}, "only the minor version of the format means nothing"
