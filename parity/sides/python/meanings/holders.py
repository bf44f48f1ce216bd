"""Lists, dicts, sets and iterators: indices, order, ties, nulls, laziness, mutation."""

import copy
import functools
import types
from typing import Any, Callable, Dict, Iterator, List, Tuple

from . import jdk
from .comparing import box, boxed_equal, double_key, has_double, has_nan, order_key, unit_key
from .numbers import is_int, is_number

Offer = Tuple[str, Callable[..., Any]]
MUTATES = "!"
"""At the end of a key: trying it changes the operands, so it is not tried on the side."""


def _raise(error: Exception) -> Any:
    raise error


def binary(what: str, a: Any, b: Any) -> Iterator[Offer]:
    """Elements and parts of lists, look-ups in dicts, concatenation."""
    if what == "[]" and isinstance(a, (list, tuple)) and is_int(b):
        if b < 0:
            yield "index-from-end/throws", lambda: _raise(jdk.out_of_bounds())
            if a:
                yield "index-from-end/first", lambda: a[0]
                yield "index-from-end/remainder", lambda: a[abs(b) % len(a)]
        yield "missing-key/null", lambda: a[b] if -len(a) <= b < len(a) else None
    elif what == "[:]" and isinstance(a, (list, tuple)):
        yield from _slice(a, b)
    elif what == "[]" and isinstance(a, dict):
        missing = (
            b not in a and type(a).__missing__ is None if hasattr(a, "__missing__") else b not in a
        )
        yield "missing-key/null", lambda: None if missing else a[b]
        if any(box(b) != box(key) for key in a):
            yield "boxed-equals/key", lambda: _looked_up(a, b)
    elif what == "+" and isinstance(a, list) and isinstance(b, list):
        yield "changed-operand/add-all" + MUTATES, lambda: _extended(a, b)
    elif what in ("|", "&", "-") and isinstance(a, (set, frozenset)):
        call = {"|": "update", "&": "intersection_update", "-": "difference_update"}[what]
        if isinstance(a, set):
            yield "changed-operand/set" + MUTATES, lambda: getattr(a, call)(b) or a


def _extended(a: List[Any], b: List[Any]) -> List[Any]:
    a.extend(b)
    return a


def _looked_up(held: Dict[Any, Any], key: Any) -> Any:
    for one, value in held.items():
        if boxed_equal(one, key):
            return value
    return None


def _slice(held: Any, index: Any) -> Iterator[Offer]:
    size = len(held)
    if not isinstance(index, slice) or index.step not in (None, 1):
        return
    start = index.start or 0
    end = size if index.stop is None else index.stop
    if not (isinstance(start, int) and isinstance(end, int)):
        return

    def sub_list() -> Any:
        if start < 0 or end > size:
            raise jdk.out_of_bounds()
        if start > end:
            raise jdk.illegal("fromIndex > toIndex")
        return held[start:end]

    def copy_of_range() -> Any:
        if start < 0 or start > size:
            raise jdk.thrown("java.lang.ArrayIndexOutOfBoundsException", IndexError)
        if start > end:
            raise jdk.illegal("from > to")
        return list(held[start:end]) + [None] * (end - max(size, start))

    yield "slice-bounds/sub-list", sub_list
    yield "slice-bounds/copy-of-range", copy_of_range
    if start < 0 or end < 0:
        yield "slice-bounds/negative-as-zero", lambda: held[max(start, 0) : max(end, 0)]
    if not start and end < 0:
        yield "slice-bounds/limit", lambda: _raise(jdk.illegal("%d" % end))
    if index.stop is None and index.start is not None:

        def from_end() -> Any:
            """What the last -start are where one reckons from the size: none, or too few."""
            if size + start < 0:
                raise jdk.out_of_bounds()
            if start < 0:
                return held[start:]
            if start > 0:
                raise jdk.illegal("fromIndex > toIndex")
            return held[size:]

        yield "slice-bounds/from-end", from_end


# ---------------------------------------------------------------- made and iterated


def made(what: str, value: Any) -> Iterator[Offer]:
    """A dict or set where it is written down."""
    if isinstance(value, dict):
        yield from _orders(list(value), lambda keys: {key: value[key] for key in keys})


def _orders(keys: List[Any], build: Callable[[List[Any]], Any]) -> Iterator[Offer]:
    """The other orders that Java's maps and sets have."""
    if len(keys) < 2:
        return
    hashed = jdk.hash_order(keys)
    if hashed is not None:
        yield "insertion-order/hash-map", lambda: build(hashed or [])
        headed = jdk.hash_order(keys, head=True)
        yield "insertion-order/hash-map-head", lambda: build(headed or [])
    try:
        ordered = sorted(keys, key=order_key)
    except TypeError:
        return
    yield "insertion-order/tree-map", lambda: build(ordered)


def each(value: Any) -> Iterator[Offer]:
    """What a loop goes over."""
    if isinstance(value, range) and len(value) > 1:
        yield "loop-variable/advanced", lambda: value[::2]
    if isinstance(value, str):
        if jdk.has_astral(value):
            yield "utf16-index/iteration", lambda: jdk.units(value)
    elif isinstance(value, (bytes, bytearray)):
        yield "signed-bytes/iteration", lambda: [jdk.wrapped(one, 8) for one in value]
    elif isinstance(value, (dict, set, frozenset)):
        yield from _orders(list(value), lambda keys: keys)
    elif isinstance(value, type({}.items())):
        pairs: Dict[Any, Any] = dict(value)
        yield from _orders(list(pairs), lambda keys: [(key, pairs[key]) for key in keys])
    elif isinstance(value, type({}.keys())):
        yield from _orders(list(value), lambda keys: keys)


def closure(value: Any) -> Iterator[Offer]:
    """A lambda: Java captures values, not variables."""
    cells = getattr(value, "__closure__", None)
    if cells:
        yield "captured-variable/captured", lambda: captured(value)


def captured(function: Any) -> Any:
    """The function with the values that its variables have now."""
    cells = []
    for cell in function.__closure__:
        try:
            cells.append(types.CellType(cell.cell_contents))
        except ValueError:
            cells.append(cell)
    made = types.FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        tuple(cells),
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def generator(value: Any) -> Iterator[Offer]:
    """A generator expression: a stream that is collected, or a list that can be read again."""
    yield "lazy-generator/collected" + MUTATES, lambda: iter(list(value))
    yield "spent-iterator/list" + MUTATES, lambda: list(value)


# ---------------------------------------------------------------- functions


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """What Java's collections give for functions and methods of Python's."""
    if name in FUNCTIONS:
        try:
            yield from FUNCTIONS[name](name.rpartition(".")[2], *args, **kwargs)
        except TypeError:
            return


def _sorted(name: str, items: Any, key: Any = None, reverse: bool = False) -> Iterator[Offer]:
    if not _is_held(items):
        return
    held: List[Any] = list(items)
    target: Any = items
    if isinstance(items, (dict, *VIEWS)):
        yield from _orders(held, lambda order: sorted(order, key=key, reverse=reverse))
    keys: List[Any] = [key(one) if key is not None else one for one in held]
    mutated = name == "sort"

    def in_order(compare: Callable[[Any, Any], int], backwards: bool = False) -> Callable[[], Any]:
        def result() -> Any:
            pairs: List[Tuple[Any, Any]] = list(zip(keys, held))

            def by_key(x: Any, y: Any) -> int:
                return compare(x[0], y[0])

            pairs.sort(key=functools.cmp_to_key(by_key))
            if backwards:
                pairs.reverse()
            made = [one for _, one in pairs]
            if mutated:
                target[:] = made
                return None
            return made

        return result

    mark = MUTATES if mutated else ""
    if mutated:
        yield "lost-mutation/not-sorted" + MUTATES, lambda: None
    elif isinstance(items, list):
        yield (
            "changed-operand/sorted-in-place" + MUTATES,
            lambda: _sort_in_place(items, sorted(items, key=key, reverse=reverse)),
        )
    way = -1 if reverse else 1
    if any(one is None for one in keys):
        first = _nulls(True)
        yield "null-order/first" + mark, in_order(lambda x, y: way * first(x, y))
        last = _nulls(False)
        yield "null-order/last" + mark, in_order(lambda x, y: way * last(x, y))
        yield (
            "null-order/dropped" + mark,
            lambda: sorted((one for one in held if one is not None), reverse=reverse),
        )
    if any(isinstance(one, (str, bytes, tuple)) for one in keys):
        yield (
            "utf16-order/sorted" + mark,
            in_order(lambda x, y: way * _three_way(unit_key(x), unit_key(y))),
        )
    if any(isinstance(one, (str, tuple)) for one in keys):
        yield (
            "case-order/sorted" + mark,
            in_order(lambda x, y: way * _three_way(_folded(x), _folded(y))),
        )
    if keys and all(map(is_int, keys)):
        for bits in (32, 64):
            yield (
                "subtract-comparator/%d" % bits + mark,
                in_order(_subtracting(bits, way)),
            )
        yield "text-order/sorted" + mark, in_order(lambda x, y: way * _three_way(str(x), str(y)))
    if any(map(has_double, keys)):
        yield (
            "double-order/sorted" + mark,
            in_order(lambda x, y: way * _three_way(double_key(x, 1), double_key(y, 1))),
        )
        yield (
            "double-order/nan-first" + mark,
            in_order(lambda x, y: way * _three_way(double_key(x, -1), double_key(y, -1))),
        )
    if any(isinstance(one, float) for one in keys):
        yield (
            "subtract-comparator/cast" + mark,
            in_order(lambda x, y: way * jdk.saturated(float(x) - float(y), 32)),
        )
    if reverse:
        yield "reverse-ties/reversed" + mark, in_order(_three_way, backwards=True)
    elif key is not None:
        yield "sort-ties/reversed" + mark, in_order(lambda x, y: 1 if not y < x and x != y else 0)
        yield (
            "sort-ties/by-value" + mark,
            lambda: sorted(held, key=lambda one: (key(one), order_key(one))),
        )


def _sort_in_place(items: List[Any], ordered: List[Any]) -> List[Any]:
    items[:] = ordered
    return items


def _subtracting(bits: int, way: int) -> Callable[[Any, Any], int]:
    return lambda x, y: way * jdk.wrapped(x - y, bits)


def _three_way(x: Any, y: Any) -> int:
    return int(x > y) - int(x < y)


def _folded(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_folded, value))
    return value.upper().lower() if isinstance(value, str) else value


def _nulls(first: bool) -> Callable[[Any, Any], int]:
    def compare(x: Any, y: Any) -> int:
        if x is None or y is None:
            order = (y is None) - (x is None)
            return order if first else -order
        return _three_way(order_key(x), order_key(y))

    return compare


def _extreme(name: str, *values: Any, key: Any = None, default: Any = _raise) -> Iterator[Offer]:
    items = list(values[0]) if len(values) == 1 and _is_held(values[0]) else list(values)
    if len(values) == 1 and not _is_held(values[0]):
        return
    if not items:
        if default is _raise:
            for variant, value in (
                ("zero", 0),
                ("null", None),
                ("minus-one", -1),
                ("zero-double", 0.0),
            ):
                yield "empty-extreme/" + variant, lambda value=value: value
            edge = -(1 << 63) if name == "max" else (1 << 63) - 1
            yield "empty-extreme/limit", lambda: edge
            yield "empty-extreme/int-limit", lambda: jdk.saturated_int(edge, 32)
            yield "empty-extreme/no-element", lambda: _raise(jdk.no_element())
            yield "empty-extreme/empty", lambda: ""
        return
    keys = [key(one) if key is not None else one for one in items]
    if len(values) == 1 and isinstance(values[0], (dict, set, frozenset, *VIEWS)):
        call = max if name == "max" else min
        yield from _orders(items, lambda order: call(order, key=key))
    if not any(map(has_nan, keys)):
        yield "extreme-ties/last", lambda: _last(name, keys, items)
    if all(map(is_number, items)) and key is None:
        yield from _number_extreme(name, items)
    if any(one is None for one in keys):
        kept = [one for one in items if one is not None]
        if key is None and kept:
            yield "null-order/skipped", lambda: max(kept) if name == "max" else min(kept)
    if any(isinstance(one, str) for one in keys):
        yield "utf16-order/extreme", lambda: _first(name, [order_key(one) for one in keys], items)
        yield "case-order/extreme", lambda: _first(name, [_folded(one) for one in keys], items)
    if any(isinstance(one, float) for one in keys) and key is not None:
        yield "double-order/extreme", lambda: _first(name, [order_key(one) for one in keys], items)


VIEWS: Tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))


def _is_held(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset, dict, *VIEWS))


def _number_extreme(name: str, items: List[Any]) -> Iterator[Offer]:
    if any(isinstance(one, float) for one in items):
        doubles = [float(one) for one in items]
        if any(one != one for one in doubles):
            yield "nan-extreme/nan", lambda: float("nan")
        elif all(isinstance(one, float) for one in items):
            yield (
                "zero-extreme/signed",
                lambda: _first(name, [order_key(one) for one in doubles], doubles),
            )
        if any(is_int(one) for one in items):
            yield "numeric-promotion/extreme", lambda: _first(name, doubles, doubles)


def _first(name: str, keys: List[Any], items: List[Any]) -> Any:
    best = 0
    for index in range(1, len(keys)):
        if keys[index] > keys[best] if name == "max" else keys[index] < keys[best]:
            best = index
    return items[best]


def _last(name: str, keys: List[Any], items: List[Any]) -> Any:
    best = 0
    for index in range(1, len(keys)):
        if not (keys[index] < keys[best] if name == "max" else keys[index] > keys[best]):
            best = index
    return items[best]


def _zip(name: str, *sides: Any, strict: bool = False) -> Iterator[Offer]:
    if len(sides) < 2 or not all(isinstance(one, (list, tuple, str, range)) for one in sides):
        return
    longest = max(map(len, sides))

    def up_to(count: int) -> Iterator[Any]:
        for index in range(count):
            row = []
            for side in sides:
                if index >= len(side):
                    raise jdk.out_of_bounds()
                row.append(side[index])
            yield tuple(row)

    yield "zip-shortest/first", lambda: up_to(len(sides[0]))
    yield "zip-shortest/last", lambda: up_to(len(sides[-1]))
    yield "zip-shortest/longest", lambda: up_to(longest)
    yield (
        "zip-shortest/padded",
        lambda: (
            tuple(side[i] if i < len(side) else None for side in sides) for i in range(longest)
        ),
    )


def _next(name: str, items: Any, *default: Any) -> Iterator[Offer]:
    if not default:
        return
    yield "spent-iterator/no-default", lambda: _next_or_throw(items)


def _next_or_throw(items: Any) -> Any:
    for item in items:
        return item
    raise jdk.no_element()


def _reiterable(name: str, *args: Any, **kwargs: Any) -> Iterator[Offer]:
    if name == "zip":
        yield from _zip(name, *args, **kwargs)
    call: Any = {"map": map, "filter": filter, "zip": zip, "iter": iter, "reversed": reversed}[name]
    yield "spent-iterator/list" + MUTATES, lambda: list(call(*args, **kwargs))
    if name in ("map", "filter"):
        yield "lazy-generator/collected" + MUTATES, lambda: iter(list(call(*args, **kwargs)))


def _listed(name: str, items: Any = (), **more: Any) -> Iterator[Offer]:
    build = {"list": list, "tuple": tuple}[name]
    if isinstance(items, (dict, set, frozenset, type({}.keys()))):
        yield from _orders(list(items), build)
    elif isinstance(items, type({}.items())):
        pairs: Dict[Any, Any] = dict(items)
        yield from _orders(list(pairs), lambda keys: build([(key, pairs[key]) for key in keys]))
    elif isinstance(items, type({}.values())):
        pairs = dict(getattr(items, "mapping", {}))
        if pairs:
            yield from _orders(list(pairs), lambda keys: build([pairs[key] for key in keys]))
    if name == "list" and isinstance(items, list):
        yield "shared-list/not-copied" + MUTATES, lambda: items


def _from_keys(name: str, kind: Any, keys: Any = (), value: Any = None) -> Iterator[Offer]:
    if not isinstance(kind, type):
        keys, value = kind, keys if keys != () else None
    if isinstance(keys, (list, tuple, str, dict)):
        unique = list(dict.fromkeys(keys))
        yield from _orders(unique, lambda order: dict.fromkeys(order, value))
        again = list(dict.fromkeys(reversed(list(keys))))[::-1]
        yield "reinserted-key/last", lambda: dict.fromkeys(again, value)


def _dict(name: str, *args: Any, **kwargs: Any) -> Iterator[Offer]:
    if len(args) > 1:
        return
    source = args[0] if args else {}
    if isinstance(source, (dict, list, tuple)):
        whole = dict(source, **kwargs)
        yield from _orders(list(whole), lambda keys: {key: whole[key] for key in keys})
        if isinstance(source, dict) and not kwargs:
            yield "shared-list/not-copied" + MUTATES, lambda: source


def _get(name: str, held: Any, key: Any, *default: Any) -> Iterator[Offer]:
    if not isinstance(held, dict):
        return
    fallback = default[0] if default else None
    value = held.get(key, fallback)
    if default:
        yield "null-default/absent", lambda: value if value is not None else fallback
        yield "missing-key/null", lambda: held.get(key)
    if any(box(key) != box(one) for one in held):
        yield (
            "boxed-equals/key",
            lambda: (
                fallback
                if not any(boxed_equal(one, key) for one in held)
                else _looked_up(held, key)
            ),
        )


def _dict_pop(name: str, held: Any, key: Any, *default: Any) -> Iterator[Offer]:
    if not default and key not in held:
        yield "missing-key/null", lambda: None


def _set_default(name: str, held: Any, key: Any, value: Any = None) -> Iterator[Offer]:
    if held.get(key, value) is None:

        def put() -> Any:
            if held.get(key) is None:
                held[key] = value
            return held[key]

        yield "null-default/put-if-absent" + MUTATES, put


def _remove(name: str, held: Any, value: Any) -> Iterator[Offer]:
    if not isinstance(held, list):
        return
    if is_int(value):

        def by_index() -> None:
            if not 0 <= value < len(held):
                raise jdk.out_of_bounds()
            del held[value]

        yield "list-remove/index" + MUTATES, by_index
    if value not in held:
        yield "list-remove/absent", lambda: None
    yield "list-remove/all" + MUTATES, lambda: _remove_all(held, value)
    yield "boxed-equals/remove" + MUTATES, lambda: _remove_boxed(held, value)
    yield "lost-mutation/not-removed" + MUTATES, lambda: None


def _remove_all(held: List[Any], value: Any) -> None:
    held[:] = [one for one in held if one != value]


def _remove_boxed(held: List[Any], value: Any) -> None:
    for index, one in enumerate(held):
        if boxed_equal(one, value):
            del held[index]
            return


def _list_index(name: str, held: Any, value: Any, *_: Any) -> Iterator[Offer]:
    if value not in held:
        yield "index-not-found/minus-one", lambda: -1
    else:
        yield (
            "boxed-equals/index",
            lambda: next((i for i, one in enumerate(held) if boxed_equal(one, value)), -1),
        )
        yield "extreme-ties/last-index", lambda: len(held) - 1 - list(held)[::-1].index(value)


def _list_count(name: str, held: Any, value: Any) -> Iterator[Offer]:
    yield "boxed-equals/frequency", lambda: sum(boxed_equal(one, value) for one in held)


def _pop(name: str, held: Any, index: Any = -1) -> Iterator[Offer]:
    if isinstance(held, list) and is_int(index):
        if index < 0:
            yield "index-from-end/throws", lambda: _raise(jdk.out_of_bounds())
            yield "pop-end/first" + MUTATES, lambda: held.pop(0)
        if not held:
            yield "empty-pop/null", lambda: None


def _insert(name: str, held: Any, index: Any, value: Any) -> Iterator[Offer]:
    if isinstance(held, list) and is_int(index) and not 0 <= index <= len(held):
        yield "slice-bounds/insert", lambda: _raise(jdk.out_of_bounds())
    yield "lost-mutation/not-inserted" + MUTATES, lambda: None


def _lost(name: str, held: Any, *_: Any) -> Iterator[Offer]:
    yield "lost-mutation/%s" % name + MUTATES, lambda: None


def _append(name: str, held: Any, value: Any) -> Iterator[Offer]:
    yield "lost-mutation/%s" % name + MUTATES, lambda: None
    if isinstance(value, (list, dict, set)):
        yield "shared-elements/copied-in" + MUTATES, lambda: held.append(copy.deepcopy(value))


def _counter_most(name: str, held: Any, *count: Any) -> Iterator[Offer]:
    items = list(held.items())
    for cause, order in _orders([key for key, _ in items], lambda keys: keys):
        yield (
            cause,
            lambda order=order: sorted(
                ((key, held[key]) for key in order()), key=lambda one: -one[1]
            )[: count[0] if count and count[0] is not None else None],
        )
    yield (
        "sort-ties/most-common",
        lambda: sorted(items, key=lambda one: (-one[1], -items.index(one)))[
            : count[0] if count and count[0] is not None else None
        ],
    )


def _grouped(name: str, items: Any, key: Any = None) -> Iterator[Offer]:
    if not isinstance(items, (list, tuple, str)):
        return
    groups: Dict[Any, List[Any]] = {}
    for item in items:
        groups.setdefault(item if key is None else key(item), []).append(item)
    yield "group-runs/whole", lambda: iter([(k, iter(v)) for k, v in groups.items()])


def _range(name: str, *args: Any) -> Iterator[Offer]:
    if len(args) == 3 and args[2] < 0:
        yield "range-step/ascending", lambda: range(0)
    if len(args) >= 1:
        ends = range(*args)
        if ends or ends.start == ends.stop:  # a loop with <= runs once where python's never does
            yield (
                "range-end/closed",
                lambda: range(ends.start, ends.stop + (1 if ends.step > 0 else -1), ends.step),
            )


def _bisected(name: str, held: Any, value: Any, *ends: Any, **more: Any) -> Iterator[Offer]:
    """Collections.binarySearch: any of equals, less than zero where there is none."""
    if ends or more or not isinstance(held, (list, tuple)):
        return

    def found(missing: Callable[[int], int]) -> int:
        low, high = 0, len(held) - 1
        while low <= high:
            middle = (low + high) >> 1
            if held[middle] < value:
                low = middle + 1
            elif value < held[middle]:
                high = middle - 1
            else:
                return middle
        return missing(low)

    yield "binary-search/any", lambda: found(lambda at: at)
    yield "binary-search/negative", lambda: found(lambda at: -at - 1)


def _copied(name: str, value: Any, *_: Any) -> Iterator[Offer]:
    yield "shared-list/not-copied" + MUTATES, lambda: value
    if name == "deepcopy":
        yield "shared-list/shallow", lambda: copy.copy(value)
    elif name == "copy" and isinstance(value, (list, dict)):
        yield "shared-elements/deep", lambda: copy.deepcopy(value)


FUNCTIONS: Dict[str, Callable[..., Iterator[Offer]]] = {
    "builtins.sorted": _sorted,
    "list.sort": _sorted,
    "builtins.max": _extreme,
    "builtins.min": _extreme,
    "builtins.zip": _reiterable,
    "builtins.map": _reiterable,
    "builtins.filter": _reiterable,
    "builtins.iter": _reiterable,
    "builtins.reversed": _reiterable,
    "builtins.next": _next,
    "builtins.list": _listed,
    "builtins.tuple": _listed,
    "builtins.dict": _dict,
    "builtins.range": _range,
    "_bisect.bisect_left": _bisected,
    "_bisect.bisect_right": _bisected,
    "dict.fromkeys": _from_keys,
    "dict.get": _get,
    "dict.pop": _dict_pop,
    "dict.setdefault": _set_default,
    "dict.update": _lost,
    "dict.copy": _copied,
    "list.remove": _remove,
    "list.index": _list_index,
    "list.count": _list_count,
    "list.pop": _pop,
    "list.insert": _insert,
    "list.reverse": _lost,
    "list.append": _append,
    "list.extend": _lost,
    "list.clear": _lost,
    "list.copy": _copied,
    "set.add": _lost,
    "set.discard": _lost,
    "collections.Counter.most_common": _counter_most,
    "itertools.groupby": _grouped,
    "copy.copy": _copied,
    "copy.deepcopy": _copied,
}
