"""What is made of containers and of objects, by the type arguments and fields declared."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.sides.java.cells import BEAN, POINT, Form, Made
from tests.unit.sides.java.conversions import LANG, NAN, Conversion, refused, whole

UTIL: Final = "java.util."
LIST: Final = f"{UTIL}ArrayList"
MAP: Final = f"{UTIL}LinkedHashMap"
SET: Final = f"{UTIL}LinkedHashSet"
INTS: Final = (f"{LANG}Integer", f"{LANG}Integer")
LONGS: Final = (f"{LANG}Long", f"{LANG}Long")


def made(
    declared: str,
    form: Form,
    kind: str,
    elements: tuple[str | None, ...] | None = None,
    **more: Any,
) -> Conversion:
    """The value comes back as it was sent, or as `value`."""
    return Conversion(declared, form, Made(kind, more.get("value", form)), elements)


ELEMENTS: Final = [
    *[
        made(f"{name}<Integer>", [2, 1], kind, INTS)
        for name, kind in {
            "List": LIST,
            "ArrayList": LIST,
            "Collection": LIST,
            "Iterable": LIST,
            "AbstractList": LIST,
            "LinkedList": f"{UTIL}LinkedList",
            "Queue": f"{UTIL}LinkedList",
            "Deque": f"{UTIL}LinkedList",
            "ArrayDeque": f"{UTIL}ArrayDeque",
            "Vector": f"{UTIL}Vector",
            "CopyOnWriteArrayList": f"{UTIL}concurrent.CopyOnWriteArrayList",
        }.items()
    ],
    *[
        made(f"{name}<Integer>", {"$set": [1, 2]}, kind, INTS)
        for name, kind in {
            "Set": SET,
            "HashSet": f"{UTIL}HashSet",
            "LinkedHashSet": SET,
            "TreeSet": f"{UTIL}TreeSet",
            "SortedSet": f"{UTIL}TreeSet",
            "NavigableSet": f"{UTIL}TreeSet",
            "Collection": SET,
            "Iterable": SET,
        }.items()
    ],
    *[
        made(f"{name}<String, Integer>", {"a": 1, "b": 2}, kind)
        for name, kind in {
            "Map": MAP,
            "HashMap": f"{UTIL}HashMap",
            "AbstractMap": MAP,
            "TreeMap": f"{UTIL}TreeMap",
            "SortedMap": f"{UTIL}TreeMap",
            "NavigableMap": f"{UTIL}TreeMap",
            "ConcurrentMap": f"{UTIL}concurrent.ConcurrentHashMap",
            "ConcurrentHashMap": f"{UTIL}concurrent.ConcurrentHashMap",
            "Hashtable": f"{UTIL}Hashtable",
        }.items()
    ],
    made("List", [1, 2.5, "a", [None]], LIST, (*INTS[:1], f"{LANG}Double", f"{LANG}String", LIST)),
    made("List<?>", [1, None], LIST, (*INTS[:1], None)),
    made("List<Object>", [whole(2**40), True], LIST, (f"{LANG}Long", f"{LANG}Boolean")),
    made("List<Long>", [1, None], LIST, (f"{LANG}Long", None)),
    made("List<Double>", [1, 2.5], LIST, (f"{LANG}Double", f"{LANG}Double"), value=[1.0, 2.5]),
    made("List<? extends Number>", [1, 2.5], LIST, (f"{LANG}Integer", f"{LANG}Double")),
    made("List<? super Integer>", [1, "a"], LIST, (f"{LANG}Integer", f"{LANG}String")),
    made("<T extends Number> List<T>", [1, 2.5], LIST, (f"{LANG}Integer", f"{LANG}Double")),
    made("<T extends Comparable<T>> T", "a", f"{LANG}String"),
    made("<T> T[]", [1, "a"], "[Ljava.lang.Object;", (f"{LANG}Integer", f"{LANG}String")),
    made("Comparable<String>", "a", f"{LANG}String"),
    made("Serializable", 1, f"{LANG}Integer"),
    made("List<List<Long>>", [[1], []], LIST, (LIST, LIST)),
    made("List<String[]>", [["a"], []], LIST, ("[Ljava.lang.String;", "[Ljava.lang.String;")),
    made("List<Long>[]", [[1], [2]], "[Ljava.util.List;", (LIST, LIST)),
    made("Set<List<Long>>", {"$set": [{"$tuple": [1, 2]}]}, SET, (LIST,), value={"$set": [[1, 2]]}),
    made("int[]", [1, 2], "[I"),
    made("byte[][]", [{"$bytes": "YQ=="}], "[[B", ("[B",)),
    made("byte[][]", [], "[[B"),
    made("char[]", ["a", "ß"], "[C"),
    made("double[]", [1, 0.5], "[D", value=[1.0, 0.5]),
    made("long[][]", [[1], [2, 3]], "[[J", ("[J", "[J")),
    made("String[]", ["a", None], "[Ljava.lang.String;", (f"{LANG}String", None)),
    made("Object[]", [1, "a"], "[Ljava.lang.Object;", (f"{LANG}Integer", f"{LANG}String")),
    made("IntStream", [1, 2], f"{UTIL}stream.IntStream", INTS),
    made("LongStream", [1, 2], f"{UTIL}stream.LongStream", LONGS),
    made("DoubleStream", [1, 2.5], f"{UTIL}stream.DoubleStream", value=[1.0, 2.5]),
    made("Map<Integer, String>", {"$dict": [[2, "b"], [1, "a"]]}, MAP),
    made("Map<List<Long>, Long>", {"$dict": [[[1, 2], 3]]}, MAP, (LIST, f"{LANG}Long")),
    made("Map<Colour, Long>", {"$dict": [[{"$enum": ["shop:C", "RED"]}, 1]]}, MAP,
         value={"$dict": [[{"$enum": ["cells.Colour", "RED"]}, 1]]}),
    made("Map<String, Object>", {"a": {"b": [1]}}, MAP, (f"{LANG}String", MAP)),
    made("Map", {"$dict": [[1, "a"], [None, None]]}, MAP, (*INTS[:1], None, f"{LANG}String", None)),
    made("Map<String, Long>", {"$dict": [["$a", 1]]}, MAP),
    made("Map<String, Point>", {"a": {"x": 1, "y": 2}}, MAP, value={"a": POINT}),
    made("Optional<Long>", 7, f"{UTIL}Optional", (f"{LANG}Long",)),
    made("Optional<List<Long>>", [1], f"{UTIL}Optional", (LIST,)),
    made("OptionalInt", 7, f"{UTIL}OptionalInt"),
    made("OptionalInt", None, f"{UTIL}OptionalInt"),
    made("OptionalLong", whole(2**62), f"{UTIL}OptionalLong"),
    made("OptionalDouble", NAN, f"{UTIL}OptionalDouble"),
    made("List<Optional<Long>>", [1, None], LIST, (f"{UTIL}Optional", f"{UTIL}Optional")),
    made("UUID", {"$uuid": "ABCDEF00-1234-5678-1234-567812345678"}, f"{UTIL}UUID",
         value={"$uuid": "abcdef00-1234-5678-1234-567812345678"}),
]  # fmt: skip
REFUSED: Final = [
    *refused("List<Integer>", "out of the range of Integer", [1, 2**31]),
    *refused("List<String>", "a Python int is not taken", ["a", 1]),
    *refused("List<List<Long>>", "a Python str is not taken", [[1], ["a"]]),
    *refused("int[]", "a Python None is not taken", [1, None]),
    *refused("int[]", "a Python float is not taken", [1.0]),
    *refused("char[]", "one UTF-16 unit", ["ab"]),
    *refused("char[]", "a Python str is not taken", "ab"),
    *refused("byte[]", "a Python list is not taken", [1, 2]),
    *refused("IntStream", "a Python float is not taken", [2.5]),
    *refused("ArrayDeque<Integer>", "does not take the element null", [None]),
    *refused("TreeSet", "does not take the element", {"$set": [1, "a"]}),
    *refused("TreeSet", "does not take the element null", {"$set": [None]}),
    *refused("TreeMap<String, Long>", "does not take the entry null", {"$dict": [[None, 1]]}),
    *refused("ConcurrentMap<String, Long>", "does not take the entry a, null", {"a": None}),
    *refused("EnumSet<Colour>", "no plain constructor", {"$set": []}),
    *refused("EnumMap<Colour, Long>", "no plain constructor", {}),
    *refused("Map<String, Long>", "a Python int is not taken", {"$dict": [[1, 1]]}),
    *refused("Map<Integer, Long>", "a Python str is not taken", {"1": 1}),
    *refused("Map<Integer, Long>", "a Python bool is not taken", {"$dict": [[True, 1]]}),
    *refused("Optional<Long>", "a Python str is not taken", "a"),
    *refused("OptionalInt", "out of the range of int", 2**31),
    *refused("OptionalDouble", "no exact double", whole(2**53 + 1)),
    *refused("AtomicInteger", "a Python int is not taken", 1),
    *refused("Shape", "a Python object is not taken", POINT),
    *refused("UUID", "", {"$uuid": "12345678123456781234567812345678"}),
]  # fmt: skip
_LINE: Final = {"from": {"x": 1, "y": 2}, "to": {"x": 3, "y": 4}, "colour": None, "between": []}
_POINT_2: Final = {"$object": ["cells.Point", {"x": 3, "y": 4}, "record"]}
_BLUE: Final = {"$enum": ["cells.Colour", "BLUE"]}
_LINE_BACK: Final = {**_LINE, "from": POINT, "to": _POINT_2}
OBJECTS: Final = [
    made("Line", _LINE, "cells.Line", value={"$object": ["cells.Line", _LINE_BACK, "record"]}),
    made("List<Point>", [{"x": 1, "y": 2}], LIST, ("cells.Point",), value=[POINT]),
    made("Point", {"y": 2, "x": 1}, "cells.Point", value=POINT),
    made("List<Point>", [{"$tuple": [1, 2]}], LIST, ("cells.Point",), value=[POINT]),
    made("Map<Point, Integer>", {"$dict": [[{"$tuple": [1, 2]}, 3]]}, MAP,
         value={"$dict": [[POINT, 3]]}),
    *refused("Point", "a tuple of 3 is not taken by cells.Point, which has 2 components: x, y",
             {"$tuple": [1, 2, 3]}),
    made("List<Map.Entry<String, Integer>>", [{"$tuple": ["a", 1]}], LIST, value=[["a", 1]]),
    *refused("Map.Entry<String, Integer>", "a pair has two items, not 3", {"$tuple": ["a", 1, 2]}),
    *refused("Point", "a Python list is not taken", [1, 2]),
    *refused("Bean", "a Python tuple is not taken", {"$tuple": [1, 2]}),
    made("Bean", {"y": 2, "x": 1}, "cells.Bean", value=BEAN),
    made("Fixed", {"n": 1, "name": "a"}, "cells.Fixed",
         value={"$object": ["cells.Fixed", {"name": "a", "n": 1}]}),
    made("Open", {"n": 1, "colours": [{"$enum": ["shop:C", "BLUE"]}]}, "cells.Open",
         value={"$object": ["cells.Open", {"n": 1, "colours": [_BLUE]}]}),
    made("Colour", {"$enum": ["shop:C", "BLUE"]}, "cells.Colour$1",
         value=_BLUE),
    *refused("Point", "there is no `y`", {"x": 1}, {"$object": ["shop:Point", {"x": 1}]}),
    *refused("Point", "has no z", {"x": 1, "y": 2, "z": 3}),
    *refused("Point", "a key of the dict is not a text", {"$dict": [[1, 2]]}),
    *refused("Point", "a Python float is not taken by long", {"x": 1.0, "y": 2}),
    *refused("Bean", "has no `z`", {"x": 1, "y": 2, "z": 3}),
    *refused("Bean", "y", {"x": 1}, {}),
    *refused("Job", 'has no `max_tries`: it has `maxTries`; if they mean the same, add to the '
             'unit: names = "camel"', {"maxTries": 1, "max_tries": 1}),
    *refused("Open", "colours", {"n": 1}),
    *refused("Fixed", "there is no `name`", {"n": 1}),
    *refused("Positive", "it is not positive", {"n": 0}),
    *refused("Strict", "it is not positive", {"n": 0}),
    *refused("Closed", "no plain constructor", {"n": 1}),
    *refused("Colour", "has no constant GREEN", {"$enum": ["shop:C", "GREEN"]}),
    *refused("Colour", "has no constant azure", {"$enum": ["shop:C", "azure"]}),
    *refused("Move", "there is no `targetHost`", {"target_host": "a", "max_tries": 1}),
    *refused("Move", 'it is given as `target_host`; if they mean the same, add to the unit: '
             'names = "camel"', {"target_host": "a", "max_tries": 1}),
]  # fmt: skip
CONTAINERS: Final[list[Conversion]] = [*ELEMENTS, *REFUSED, *OBJECTS]
