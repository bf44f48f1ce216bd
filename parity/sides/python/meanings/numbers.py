"""Arithmetic: what int, long, float and double make of Python's operators and number functions."""

import copy
import decimal
import math
import operator
from typing import Any, Callable, Dict, Iterator, List, Tuple

from . import jdk

Offer = Tuple[str, Callable[..., Any]]
WIDTHS = (("int-overflow", 32), ("long-overflow", 64))
RING: Dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
MOST_POWER = 4096
FAMILIES = {"+": "sum", "-": "sum", "*": "product", "/": "product"}
Term = Tuple[Any, bool]


def is_int(value: Any) -> bool:
    """Whether Java may hold it as a whole number."""
    return isinstance(value, int)


def is_number(value: Any) -> bool:
    """Whether Java may hold it as a primitive number."""
    return isinstance(value, (int, float))


def fits(bits: int, *numbers: int) -> bool:
    """Whether all are within the bounds of an int or a long."""
    return all(jdk.wrapped(int(one), bits) == one for one in numbers)


def binary(what: str, a: Any, b: Any) -> Iterator[Offer]:
    """What the operators of Java's primitive types give."""
    if is_int(a) and is_int(b):
        yield from _whole(what, a, b)
    elif is_number(a) and is_number(b):
        yield from _doubles(what, float(a), float(b))
    elif isinstance(a, decimal.Decimal) and isinstance(b, (int, decimal.Decimal)):
        yield from _decimals(what, a, decimal.Decimal(b))
    elif what == "*" and isinstance(a, list) and is_int(b):
        if any(isinstance(one, (list, dict, set)) for one in a):
            yield (
                "shared-elements/copied!",
                lambda: [copy.deepcopy(one) for _ in range(b) for one in a],
            )


def _whole(what: str, a: int, b: int) -> Iterator[Offer]:
    if what in RING:
        call = RING[what]
        for cause, bits in WIDTHS:
            if fits(bits, a, b):
                yield "%s/%s" % (cause, bits), lambda bits=bits: jdk.wrapped(call(a, b), bits)
                yield cause + "/exact", lambda bits=bits: _exact(call(a, b), bits)
        yield "integers-as-doubles/long", lambda: jdk.saturated(call(float(a), float(b)), 64)
        yield "integers-as-doubles/int", lambda: jdk.saturated(call(float(a), float(b)), 32)
        yield "integers-as-doubles/double", lambda: call(float(a), float(b))
    elif what == "//" and b:
        yield "floor-division/truncated", lambda: jdk.truncated_quotient(a, b)
        for cause, bits in WIDTHS:
            if fits(bits, a, b):
                yield "%s/%s" % (cause, bits), lambda bits=bits: jdk.wrapped(a // b, bits)
        yield "floor-division/cast", lambda: jdk.saturated(float(a) / float(b), 64)
        yield "integers-as-doubles/floor", lambda: jdk.saturated(math.floor(float(a) / b), 64)
    elif what == "//":
        yield "division-by-zero/cast", lambda: jdk.saturated(jdk.float_quotient(a, b), 64)
    elif what == "%" and b:
        yield "floor-modulo/truncated", lambda: jdk.truncated_remainder(a, b)
        yield "floor-modulo/absolute", lambda: abs(jdk.truncated_remainder(a, b))
    elif what == "/":
        if b:
            yield "true-division/integer", lambda: jdk.truncated_quotient(a, b)
            yield "true-division/widened", lambda: float(jdk.truncated_quotient(a, b))
        else:
            yield "division-by-zero/double", lambda: jdk.float_quotient(a, b)
        yield "integers-as-doubles/division", lambda: jdk.float_quotient(float(a), float(b))
    elif what == "**":
        yield from _powers(a, b)
    elif what in ("<<", ">>"):
        yield from _shifts(what, a, b)


def grouped(family: str, terms: List[Term]) -> Iterator[Offer]:
    """A sum or a product of doubles that is reckoned in another order; each term with whether it is
    taken away or divided by."""
    values = [one for one, _ in terms]
    if len(terms) < 3 or not all(type(one) in (int, float) for one in values):
        return
    if not any(type(one) is float for one in values):
        return
    first, *rest = terms
    yield "float-grouping/left", lambda: _folded(family, terms)
    yield "float-grouping/right", lambda: _joined(family, _folded(family, [first]), rest)
    if len(terms) == 3:
        swapped = [terms[0], terms[2], terms[1]]
        yield "float-grouping/swapped", lambda: _folded(family, swapped)


def _folded(family: str, terms: List[Term]) -> float:
    """From left to right."""
    (value, is_turned), *rest = terms
    total = float(value)
    if is_turned:
        total = -total if family == "sum" else jdk.float_quotient(1.0, total)
    for one, turned in rest:
        if family == "sum":
            total = total - one if turned else total + one
        else:
            total = jdk.float_quotient(total, float(one)) if turned else total * one
    return total


def _joined(family: str, first: float, rest: List[Term]) -> float:
    """The first with all others, which are reckoned before."""
    turned = rest[0][1]
    inside = _folded(family, [(one, is_turned != turned) for one, is_turned in rest])
    return _folded(family, [(first, False), (inside, turned)])


def _exact(number: int, bits: int) -> int:
    if not fits(bits, number):
        raise jdk.arithmetic("integer overflow" if bits == 32 else "long overflow")
    return number


def _powers(a: int, b: int) -> Iterator[Offer]:
    if a == 2:  # as 1 << b
        for bits in (32, 64):
            key = "shift-distance/power-%d" % bits
            yield key, lambda bits=bits: jdk.wrapped(1 << (b & (bits - 1)), bits)
    if 0 <= b <= MOST_POWER:
        for cause, bits in WIDTHS:
            if fits(bits, a):
                yield "%s/pow" % cause, lambda bits=bits: jdk.wrapped(pow(a, b, 1 << bits), bits)
        yield "integers-as-doubles/pow-long", lambda: jdk.saturated(jdk.power(a, b), 64)
        yield "integers-as-doubles/pow-int", lambda: jdk.saturated(jdk.power(a, b), 32)
        yield "integers-as-doubles/pow", lambda: jdk.power(a, b)
    if b < 0:
        yield "negative-exponent/throws", lambda: _raise(jdk.arithmetic("Negative exponent"))
        yield "negative-exponent/one", lambda: 1
        yield "negative-exponent/zero", lambda: jdk.saturated(jdk.power(a, b), 64)
        if a == 0:
            yield "division-by-zero/pow", lambda: jdk.power(a, b)


def _shifts(what: str, a: int, b: int) -> Iterator[Offer]:
    for cause, bits in (("shift-distance", 32), ("shift-distance", 64)):
        if not fits(bits, a):
            continue
        distance = b & (bits - 1)
        if what == "<<":
            yield "%s/%d" % (cause, bits), lambda n=distance, w=bits: jdk.wrapped(a << n, w)
        else:
            yield "%s/%d" % (cause, bits), lambda n=distance: a >> n
    if what == "<<" and 0 <= b < 64:
        for cause, bits in WIDTHS:
            if fits(bits, a) and b < bits:
                yield "%s/shift" % cause, lambda bits=bits: jdk.wrapped(a << b, bits)
    if what == ">>" and a < 0 <= b:
        for bits in (32, 64):
            if fits(bits, a):
                yield (
                    "unsigned-shift/%d" % bits,
                    lambda w=bits: jdk.wrapped((a & ((1 << w) - 1)) >> (b & (w - 1)), w),
                )


def _doubles(what: str, a: float, b: float) -> Iterator[Offer]:
    if what == "%":
        yield "floor-modulo/double", lambda: jdk.float_remainder(a, b)
        yield "floor-modulo/ieee", lambda: math.remainder(a, b)
    elif what == "//":
        yield "floor-division/double", lambda: jdk.float_quotient(a, b)
        yield "floor-division/truncated-double", lambda: float(math.trunc(jdk.float_quotient(a, b)))
        yield "floor-division/cast", lambda: jdk.saturated(jdk.float_quotient(a, b), 64)
        if b == 0:
            yield "division-by-zero/floor", lambda: jdk.float_quotient(a, b)
    elif what == "/" and b == 0:
        yield "division-by-zero/double", lambda: jdk.float_quotient(a, b)
    elif what == "**":
        yield "domain-error/pow", lambda: jdk.power(a, b)
    if what in ("+", "-", "*", "/") and not (what == "/" and b == 0):
        call = {**RING, "/": operator.truediv}[what]
        yield "float32/arithmetic", lambda: jdk.float32(call(jdk.float32(a), jdk.float32(b)))
        if math.isfinite(a) and math.isfinite(b):
            yield "float-as-decimal/exact", lambda: float(call(jdk.value_of(a), jdk.value_of(b)))


CONTEXTS = (("decimal32", 7), ("decimal64", 16), ("decimal128", 34))


def _decimals(what: str, a: decimal.Decimal, b: decimal.Decimal) -> Iterator[Offer]:
    if what in RING or (what == "/" and b):
        call = RING.get(what, operator.truediv)
        for name, digits in CONTEXTS:
            yield "decimal-precision/" + name, lambda digits=digits: _within(digits, call, a, b)
    if what in RING:
        call = RING[what]
        yield "decimal-precision/exact", lambda: _exactly(call, a, b)
        yield "decimal-as-double/double", lambda: call(float(a), float(b))
        yield "decimal-negative-zero/ring", lambda: unsigned(call(a, b))
    elif what == "/" and b:
        yield "decimal-negative-zero/division", lambda: unsigned(a / b)
        yield "decimal-division/throws", lambda: _terminating(a, b)
        for mode in (decimal.ROUND_HALF_UP, decimal.ROUND_HALF_EVEN, decimal.ROUND_DOWN):
            yield "decimal-division/scale-%s" % mode[6:].lower(), lambda m=mode: _scaled(a, b, m)
        yield "decimal-as-double/division", lambda: float(a) / float(b)
    elif what == "%" and b:
        yield "decimal-modulo/floor", lambda: a - b * (a / b).to_integral_value(decimal.ROUND_FLOOR)


def unsigned(number: decimal.Decimal) -> decimal.Decimal:
    """The number, a zero without its sign: a BigDecimal has none."""
    return number if number else number.copy_abs()


def _exactly(call: Any, a: decimal.Decimal, b: decimal.Decimal) -> decimal.Decimal:
    with decimal.localcontext(jdk.EXACT):
        return call(a, b)  # type: ignore[no-any-return]


def _within(digits: int, call: Any, a: decimal.Decimal, b: decimal.Decimal) -> decimal.Decimal:
    """The result as one of MathContext's named contexts rounds it."""
    with decimal.localcontext(decimal.Context(digits, decimal.ROUND_HALF_EVEN)):
        return call(a, b)  # type: ignore[no-any-return]


def _terminating(a: decimal.Decimal, b: decimal.Decimal) -> decimal.Decimal:
    with decimal.localcontext(jdk.EXACT) as context:
        quotient = a / b
        if context.flags[decimal.Inexact]:
            raise jdk.arithmetic("Non-terminating decimal expansion")
    return quotient


def _scaled(a: decimal.Decimal, b: decimal.Decimal, mode: str) -> decimal.Decimal:
    with decimal.localcontext(jdk.EXACT):
        exponent = int(a.as_tuple().exponent)
        return (a / b).quantize(decimal.Decimal(1).scaleb(exponent), mode)


def _raise(error: Exception) -> Any:
    raise error


def unary(what: str, a: Any) -> Iterator[Offer]:
    """Negation at the end of the range."""
    if not is_int(a):
        return
    if what == "neg":
        for cause, bits in WIDTHS:
            if fits(bits, a):
                yield "%s/%d" % (cause, bits), lambda bits=bits: jdk.wrapped(-a, bits)
    elif what == "~" and isinstance(a, bool):
        yield "bool-as-number/not", lambda: not a


# ---------------------------------------------------------------- functions


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """What Java's functions on numbers give for those of builtins, math and statistics."""
    a: Any = args[0] if args else None
    if name == "builtins.abs" and is_int(a):
        for cause, bits in WIDTHS:
            if fits(bits, a):
                yield "%s/%d" % (cause, bits), lambda bits=bits: jdk.wrapped(abs(a), bits)
    elif name == "builtins.divmod" and len(args) == 2:
        yield from _divmod(a, args[1])
    elif name == "builtins.int" and isinstance(a, float) and len(args) == 1:
        yield "float-to-int/long", lambda: jdk.saturated(a, 64)
        yield "float-to-int/int", lambda: jdk.saturated(a, 32)
        yield "float-to-int/round", lambda: jdk.java_round(a)
        yield "float-to-int/floor", lambda: jdk.saturated(float(math.floor(a)), 64)
    elif name == "builtins.int" and isinstance(a, decimal.Decimal) and len(args) == 1:
        for bits in (32, 64):
            yield "float-to-int/low-bits-%d" % bits, lambda b=bits: jdk.wrapped(int(a), b)
    elif name == "builtins.int" and is_int(a) and len(args) == 1:
        for cause, bits in WIDTHS:
            yield "%s/cast" % cause, lambda bits=bits: jdk.wrapped(int(a), bits)
    elif name == "builtins.pow" and len(args) >= 2:
        yield from _pow(args)
    elif name == "builtins.sum" and args:
        yield from _sum(args, kwargs)
    elif name == "builtins.float" and is_int(a):
        yield "float32/cast", lambda: jdk.float32(float(a))
    elif name == "builtins.complex":
        return
    elif name.startswith("math."):
        yield from _math(name[5:], args)
    elif name.startswith("statistics."):
        yield from _statistics(name[11:], args)
    elif name in ("builtins.hex", "builtins.bin", "builtins.oct") and is_int(a):
        yield from _radix(name[9:], int(a))
    elif name == "builtins.chr" and is_int(a):
        yield "char-truncation/char", lambda: chr(a & 0xFFFF)
    elif name in ("int.bit_length", "int.bit_count") and is_int(a):
        for bits in (32, 64):
            if name == "int.bit_count":
                yield (
                    "negative-bits/count-%d" % bits,
                    lambda w=bits: bin(a & ((1 << w) - 1)).count("1"),
                )
            else:
                yield (
                    "negative-bits/length-%d" % bits,
                    lambda w=bits: (a & ((1 << w) - 1)).bit_length(),
                )


def _divmod(a: Any, b: Any) -> Iterator[Offer]:
    if is_int(a) and is_int(b) and b:
        yield (
            "floor-division/divmod",
            lambda: (
                jdk.truncated_quotient(a, b),
                jdk.truncated_remainder(a, b),
            ),
        )
    elif is_number(a) and is_number(b):
        yield (
            "floor-division/divmod",
            lambda: (
                float(math.trunc(jdk.float_quotient(a, b))),
                jdk.float_remainder(a, b),
            ),
        )


def _pow(args: Tuple[Any, ...]) -> Iterator[Offer]:
    if len(args) == 2:
        if is_int(args[0]) and is_int(args[1]):
            yield from _powers(args[0], args[1])
        elif is_number(args[0]) and is_number(args[1]):
            yield from _doubles("**", float(args[0]), float(args[1]))
    elif all(map(is_int, args)):
        a, b, m = args
        if m and b >= 0:
            yield "floor-modulo/pow", lambda: jdk.truncated_remainder(a**b, m) if b < 999 else None
            yield (
                "floor-modulo/mod-pow",
                lambda: (
                    pow(a, b, m)
                    if m > 0
                    else _raise(jdk.arithmetic("BigInteger: modulus not positive"))
                ),
            )


def _sum(args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    if not isinstance(args[0], (list, tuple)):
        return
    items: List[Any] = list(args[0])
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    if items and all(isinstance(one, bool) for one in items):
        yield "bool-as-number/size", lambda: len(items)
        yield "bool-as-number/any", lambda: int(any(items))
    if all(map(is_int, items)) and is_int(start):
        for cause, bits in WIDTHS:
            if fits(bits, start, *items):
                yield "%s/sum" % cause, lambda bits=bits: jdk.wrapped(sum(items, start), bits)
        yield "integers-as-doubles/sum", lambda: float(sum(items, start))
    elif all(map(is_number, items)) and is_number(start):
        yield "float-sum/compensated", lambda: kahan(items) + start
        yield "float-sum/plain", lambda: _plain_sum(items, start)
        yield "float-sum/exact", lambda: math.fsum([start, *items])
        yield "float32/sum", lambda: _float_sum(items, start)
        yield (
            "float-as-decimal/sum",
            lambda: float(sum(map(jdk.value_of, items), jdk.value_of(start))),
        )


def kahan(items: List[Any]) -> float:
    """DoubleStream.sum: Kahan's summation, with the plain sum where that is infinite."""
    high = low = plain = 0.0
    for item in items:
        number = float(item)
        plain += number
        corrected = number - low
        total = high + corrected
        low = (total - high) - corrected
        high = total
    result = high - low
    return plain if result != result and plain in (math.inf, -math.inf) else result


def _plain_sum(items: List[Any], start: Any) -> float:
    total = float(start)
    for item in items:
        total += item
    return total


def _float_sum(items: List[Any], start: Any) -> float:
    total = jdk.float32(float(start))
    for item in items:
        total = jdk.float32(total + jdk.float32(float(item)))
    return total


def _math(name: str, args: Tuple[Any, ...]) -> Iterator[Offer]:
    a: Any = args[0] if args else None
    if name in ("floor", "ceil", "trunc") and is_number(a):
        if isinstance(a, float):
            call = getattr(math, name)
            yield "float-to-int/long", lambda: jdk.saturated(_rounded_double(call, a), 64)
            yield "float-to-int/int", lambda: jdk.saturated(_rounded_double(call, a), 32)
            yield "floor-gives-int/double", lambda: _rounded_double(call, a)
            if name != "trunc":
                yield "floor-toward-zero/cast", lambda: jdk.saturated(a, 64)
    elif name in _DOMAIN and all(map(is_number, args)):
        yield "domain-error/%s" % name, lambda: _domain(name, *[float(one) for one in args])
    elif name in ("factorial", "comb", "perm", "prod", "gcd", "lcm"):
        call = getattr(math, name, None)
        if call is not None:
            for cause, bits in WIDTHS:
                yield "%s/%s" % (cause, name), lambda bits=bits: jdk.wrapped(call(*args), bits)
        if name == "gcd" and all(map(is_int, args)) and len(args) == 2:
            yield "negative-gcd/euclid", lambda: _euclid(args[0], args[1])
    elif name == "isqrt" and is_int(a):
        yield "integers-as-doubles/isqrt", lambda: jdk.saturated(math.sqrt(float(a)), 64)
    elif name == "fsum" and isinstance(a, (list, tuple)):
        yield "float-sum/compensated", lambda: kahan(list(a))
        yield "float-sum/plain", lambda: _plain_sum(list(a), 0)
    elif name == "isclose":
        yield "float-tolerance/absolute", lambda: abs(args[0] - args[1]) < 1e-9
    elif name == "fmod" and len(args) == 2 and all(map(is_number, args)):
        yield "domain-error/fmod", lambda: jdk.float_remainder(float(args[0]), float(args[1]))


def _rounded_double(call: Any, number: float) -> float:
    if number != number or number in (math.inf, -math.inf):
        return number
    result = float(call(number))
    return math.copysign(result, number) if result == 0 else result


def _euclid(a: int, b: int) -> int:
    while b:
        a, b = b, jdk.truncated_remainder(a, b)
    return a


_DOMAIN = {
    "sqrt",
    "log",
    "log2",
    "log10",
    "log1p",
    "asin",
    "acos",
    "exp",
    "cosh",
    "sinh",
    "pow",
} | {
    "expm1",
    "acosh",
    "atanh",
    "sin",
    "cos",
    "tan",
}


def _domain(name: str, *args: float) -> float:
    """A function of java.lang.Math: no domain errors, no overflow errors."""
    if name == "pow":
        return jdk.power(*args)
    a = args[0]
    try:
        return float(getattr(math, name)(*args))
    except OverflowError:
        return -math.inf if name == "sinh" and a < 0 else math.inf
    except ValueError:
        if name.startswith("log") and a == (-1 if name == "log1p" else 0):
            return -math.inf
        return math.nan


def _statistics(name: str, args: Tuple[Any, ...]) -> Iterator[Offer]:
    if not args or not isinstance(args[0], (list, tuple)):
        return
    items = list(args[0])
    if not items:
        if name in ("mean", "fmean", "median"):
            yield "empty-extreme/zero", lambda: 0.0
            yield "empty-extreme/nan", lambda: math.nan
        return
    if name == "mode":
        yield from _mode(items)
    if not all(map(is_number, items)):
        return
    middle = len(items) // 2
    if name in ("mean", "fmean"):
        yield "float-sum/mean", lambda: kahan(items) / len(items)
        yield "float-sum/plain-mean", lambda: _plain_sum(items, 0) / len(items)
        if all(map(is_int, items)):
            yield "true-division/mean", lambda: jdk.truncated_quotient(sum(items), len(items))
            yield "round-gives-int/mean", lambda: sum(items) / len(items)
    elif name == "median":
        yield "even-median/upper", lambda: sorted(items)[middle]
        yield "even-median/lower", lambda: sorted(items)[(len(items) - 1) // 2]
        if all(map(is_int, items)) and len(items) % 2 == 0:
            both = sorted(items)[middle - 1 : middle + 1]
            yield "true-division/median", lambda: jdk.truncated_quotient(sum(both), 2)
        yield "round-gives-int/median", lambda: float(_median(items))
    elif name in ("stdev", "variance", "pstdev", "pvariance") and len(items) > 1:
        other = {"stdev": "pstdev", "pstdev": "stdev", "variance": "pvariance"}
        from statistics import pstdev, pvariance, stdev, variance

        table = {"stdev": stdev, "pstdev": pstdev, "variance": variance, "pvariance": pvariance}
        yield "sample-deviation/other", lambda: table[other.get(name, "variance")](items)


def _mode(items: List[Any]) -> Iterator[Offer]:
    """Others of those that come most often: Python takes the first."""
    from statistics import multimode

    yield "extreme-ties/mode-least", lambda: min(multimode(items))
    yield "extreme-ties/mode-greatest", lambda: max(multimode(items))
    yield "extreme-ties/mode-last", lambda: multimode(items)[-1]


def _median(items: List[Any]) -> Any:
    from statistics import median

    return median(items)


def _radix(name: str, number: int) -> Iterator[Offer]:
    letter = {"hex": "x", "bin": "b", "oct": "o"}[name]
    prefix = "0" + letter
    for bits in (32, 64):
        if fits(bits, number) and number < 0:
            digits = format(number & ((1 << bits) - 1), letter)
            yield "radix-sign/prefixed-%d" % bits, lambda d=digits: prefix + d
            yield "radix-sign/plain-%d" % bits, lambda d=digits: d
    yield "radix-prefix/none", lambda: format(number, letter)
    yield "radix-prefix/upper", lambda: prefix + format(number, letter).upper()
    if number < 0:
        yield "radix-sign/inside", lambda: prefix + format(number, letter)
