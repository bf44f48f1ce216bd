"""What the java worker packs is what Python's `marshal` makes of the same value."""

from __future__ import annotations

import json
import marshal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from parity.config import Config, ConfigTable
from parity.model import Unit
from parity.sides.answers import AnswerFile
from parity.sides.java.home import java_home
from parity.sides.java.side import java_unit
from parity.sides.worker import is_packed, observed
from tests.unit.sides.java.driver import Driver
from tests.unit.values.test_packed import PLAIN

ECHO = """
import java.util.*;
public class Echo {
  public static Object echo(Object value) { return value; }
  public static Object change(List<Object> value) { value.add(1L); return value; }
  public static Object prints(Object value) { System.out.print("hello"); return value; }
  public static Object itself(Object value) {
    List<Object> list = new ArrayList<>(List.of(value)); list.add(list); return list;
  }
  public static Object made(Object value) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("value", value);
    made.put("longs", new long[] {1, 1L << 40, -5});
    made.put("ints", new int[] {7, Integer.MIN_VALUE});
    made.put("doubles", new double[] {0.5, 1e300});
    made.put("shorts", List.of((short) 3, (byte) -3, 0.25f));
    made.put("array", new Object[] {"a", null, true});
    made.put("deque", new ArrayDeque<>(List.of(1, 2)));
    return made;
  }
  public static Object odd(String what, Object value) {
    List<Object> list = new ArrayList<>();
    list.add(value);
    list.add(switch (what) {
      case "set" -> new TreeSet<>(List.of("a"));
      case "decimal" -> new java.math.BigDecimal("1.0");
      case "big" -> (1L << 53) + 1;
      case "nan" -> Double.NaN;
      case "zero" -> -0.0;
      case "key" -> Map.of(1, 2);
      case "tag" -> Map.of("$int", "5");
      case "char" -> 'c';
      case "bytes" -> new byte[] {1};
      case "date" -> java.time.LocalDate.EPOCH;
      case "optional" -> Optional.of(1);
      case "stream" -> List.of(1, 2).stream();
      case "record" -> new Part(1);
      default -> new Own();
    });
    return list;
  }
  public record Part(int n) {}
  public static class Own extends ArrayList<Object> {}
}
"""
LONG = "x" * 300


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root = tmp_path_factory.mktemp("echo")
    (root / "Echo.java").write_text(ECHO, "utf-8")
    command = ["javac", "-parameters", "-d", str(root / "classes"), str(root / "Echo.java")]
    subprocess.run(command, check=True)
    config = Config(root=root, file=root / "parity.toml", table=ConfigTable())
    driver = Driver(root, java_home(config))
    assert "ready" in driver.hello([root / "classes"])
    names = ["echo", "change", "prints", "itself", "made", "odd"]
    loaded = driver.load([java_unit(Unit(name, "", java=f"Echo#{name}")) for name in names])
    assert [one for one in loaded if "problem" in one] == []

    def told(unit: str, *args: Any, packed: bool = True) -> bytes:
        line = json.dumps({"args": list(args)})
        batch, path = driver.begin(unit, [line], packed=packed)
        assert driver.event() == {"done": batch}
        file = AnswerFile(path)
        (answer,) = file.answers()
        file.close()
        return answer

    yield told
    driver.close()


@given(PLAIN)
@settings(max_examples=300, deadline=None)
def test_a_value_is_packed_as_marshal_packs_it(echo: Any, value: Any) -> None:
    answer = echo("echo", [LONG, value])
    assert answer.partition(b"\t")[2] == b"#" + marshal.dumps([LONG, value], 2)


def test_half_of_a_character_is_packed_as_marshal_packs_it(echo: Any) -> None:
    value = [LONG, "\ud83d", "a\ude00", "😀", "é", "€"]
    assert echo("echo", value).partition(b"\t")[2] == b"#" + marshal.dumps(value, 2)


def test_arrays_and_small_numbers_are_values_like_others(echo: Any) -> None:
    made = {
        "value": LONG,
        "longs": [1, 1 << 40, -5],
        "ints": [7, -(2**31)],
        "doubles": [0.5, 1e300],
        "shorts": [3, -3, 0.25],
        "array": ["a", None, True],
        "deque": [1, 2],
    }
    assert echo("made", LONG).partition(b"\t")[2] == b"#" + marshal.dumps(made, 2)


KINDS = [
    "set",
    "decimal",
    "big",
    "nan",
    "zero",
    "key",
    "tag",
    "char",
    "bytes",
    "date",
    "optional",
    "stream",
    "record",
    "own",
]


@pytest.mark.parametrize("what", KINDS)
def test_what_is_not_its_own_form_is_said_in_text(echo: Any, what: str) -> None:
    wanted, as_ever = echo("odd", what, LONG), echo("odd", what, LONG, packed=False)
    assert not is_packed(wanted)
    assert wanted.partition(b"\t")[2] == as_ever.partition(b"\t")[2]


@pytest.mark.parametrize("unit", ["change", "prints", "itself"])
def test_what_is_more_than_a_result_is_said_in_text(echo: Any, unit: str) -> None:
    wanted, as_ever = echo(unit, [LONG]), echo(unit, [LONG], packed=False)
    assert not is_packed(wanted)
    assert wanted.partition(b"\t")[2] == as_ever.partition(b"\t")[2]


def test_small_results_and_single_texts_are_said_in_text(echo: Any) -> None:
    for value in ([1, 2], LONG, None):
        answer = echo("echo", value)
        assert not is_packed(answer)
        assert observed(answer).outcome == observed(echo("echo", value, packed=False)).outcome
