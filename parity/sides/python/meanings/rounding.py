"""What Java means where numbers are rounded: by another mode, or not at the same digits."""

import decimal
import math
from typing import Any, Callable, Dict, Iterator, Tuple

from . import jdk
from .numbers import Offer, is_int, unsigned

MODES = {
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
    "half-up": decimal.ROUND_HALF_UP,
    "half-down": decimal.ROUND_HALF_DOWN,
    "half-even": decimal.ROUND_HALF_EVEN,
}
"""What java.math.RoundingMode names, but for UNNECESSARY."""
OTHERS = ("up", "ceiling", "floor", "half-down")
"""Those that nobody takes for half to even or for cutting digits off."""
WHOLE = ("decimal.Decimal.to_integral_value", "decimal.Decimal.to_integral_exact")


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """What Java gives where Python rounds, or cuts off, a number."""
    a: Any = args[0] if args else None
    if name == "builtins.round" and args:
        yield from _rounded(a, args[1] if len(args) > 1 else kwargs.get("ndigits"))
    elif name == "decimal.Decimal.quantize" and len(args) > 1:
        yield from _quantized(a, args[1], args[2:], kwargs)
    elif name in WHOLE and isinstance(a, decimal.Decimal):
        mode = args[1] if len(args) > 1 else kwargs.get("rounding")
        yield from _modes(mode, a.to_integral_value)


def _modes(mode: Any, rounded: Callable[[str], Any]) -> Iterator[Offer]:
    """A Decimal that is rounded by each mode but the one that Python names."""
    mode = mode or decimal.getcontext().rounding
    for name, other in MODES.items():
        if other == mode:
            continue
        cause = "rounding-mode"
        if name == "down":
            cause = "round-digits"
        elif name == "half-up" and mode == decimal.ROUND_HALF_EVEN:
            cause = "half-even"
        yield "%s/decimal-%s" % (cause, name), lambda other=other: rounded(other)


def _to(number: decimal.Decimal, digits: int, mode: str) -> decimal.Decimal:
    """BigDecimal.setScale."""
    return number.quantize(decimal.Decimal(1).scaleb(-digits), mode, context=jdk.EXACT)


def _rounded(a: Any, digits: Any) -> Iterator[Offer]:
    if isinstance(a, float) and digits is None:
        yield "half-even/round", lambda: jdk.java_round(a)
        yield "half-even/round-int", lambda: jdk.java_round(a, 32)
        yield (
            "half-even/away",
            lambda: int(decimal.Decimal(a).to_integral_value(decimal.ROUND_HALF_UP)),
        )
        yield "half-even/plus-half", lambda: jdk.saturated(a + 0.5, 64)
        yield "float-to-int/rounded", lambda: jdk.saturated(float(round(a)), 64)
        yield "round-gives-int/rint", lambda: float(round(a))
        yield "half-even/double", lambda: float(jdk.java_round(a))
        yield "round-digits/cast", lambda: jdk.saturated(a, 64)
        yield "round-digits/cast-int", lambda: jdk.saturated(a, 32)
    elif isinstance(a, float) and is_int(digits) and abs(digits) < 300:
        scale = math.pow(10, digits)
        yield "half-even/scaled", lambda: jdk.java_round(a * scale) / scale
        yield "half-even/scaled-by-tens", lambda: jdk.java_round(a / 10.0**-digits) * 10.0**-digits
        yield "half-even/decimal-text", lambda: float(jdk.half_up(jdk.value_of(a), digits))
        yield "half-even/decimal-exact", lambda: float(jdk.half_up(decimal.Decimal(a), digits))
        yield (
            "half-even/decimal-even",
            lambda: float(
                jdk.value_of(a).quantize(
                    decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_EVEN, context=jdk.EXACT
                )
            ),
        )
        yield "half-even/rint", lambda: round(a * scale) / scale
        yield "half-even/floor", lambda: math.floor(a * scale + 0.5) / scale
        yield "round-digits/truncated", lambda: math.trunc(a * scale) / scale
        for mode in OTHERS:
            yield (
                "rounding-mode/%s" % mode,
                lambda mode=mode: float(_to(jdk.value_of(a), digits, MODES[mode])),
            )
    elif is_int(a) and is_int(digits) and digits < 0:
        yield "half-even/whole", lambda: int(jdk.half_up(decimal.Decimal(a), digits))
        step = 10**-digits
        yield "half-even/whole-scaled", lambda: jdk.java_round(a / step) * step
        yield "round-digits/whole", lambda: int(a)
    elif isinstance(a, decimal.Decimal) and (digits is None or is_int(digits)):
        mode = decimal.ROUND_HALF_EVEN
        if digits is None:
            yield from _modes(mode, lambda other: int(a.to_integral_value(other)))
        else:
            yield from _modes(mode, lambda other: _to(a, digits, other))
            yield "decimal-negative-zero/rounded", lambda: unsigned(round(a, digits))


def _quantized(
    number: decimal.Decimal, step: Any, more: Tuple[Any, ...], kwargs: Dict[str, Any]
) -> Iterator[Offer]:
    if not isinstance(step, decimal.Decimal):
        return
    rounding = more[0] if more else kwargs.get("rounding")
    yield from _modes(rounding, lambda other: number.quantize(step, other))
    if rounding in (None, decimal.ROUND_HALF_EVEN):
        yield (
            "half-even/quantized-double",
            lambda: decimal.Decimal(jdk.double_text(float(number))).quantize(
                step, decimal.ROUND_HALF_UP
            ),
        )
    yield "decimal-as-double/rounded", lambda: _by_double(number, step)
    yield (
        "decimal-negative-zero/quantized",
        lambda: unsigned(number.quantize(step, *more, **kwargs)),
    )


def _by_double(number: decimal.Decimal, step: decimal.Decimal) -> decimal.Decimal:
    """Math.round(a * 100) / 100.0, as Decimal of that scale."""
    scale = 10.0 ** -int(step.as_tuple().exponent)
    return decimal.Decimal(repr(jdk.java_round(float(number) * scale) / scale)).quantize(step)
