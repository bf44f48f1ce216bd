"""Values as text: String.valueOf, String.format, DecimalFormat against str, % and format()."""

import decimal
import math
import re
from typing import Any, Callable, Dict, Iterator, List, Tuple

from . import jdk
from .numbers import is_int, is_number

Offer = Tuple[str, Callable[..., Any]]
PERCENT = re.compile(r"%(\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([a-zA-Z%])")
SPEC = re.compile(r"(.?[<>=^])?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?\Z", re.DOTALL)
FORMATTED = ("f", "F", "e", "E", "g", "G", "%", "d", "n", "")


def _raise(error: Exception) -> Any:
    raise error


def texts(value: Any, function: str) -> Iterator[Offer]:
    """String.valueOf for str() and repr()."""
    if value is None:
        yield "null-in-text/valueOf", lambda: "null"
        yield "null-in-text/empty", lambda: ""
    elif isinstance(value, bool):
        yield "text-of-value/boolean", lambda: jdk.text_of(value)
        yield "bool-as-number/text", lambda: str(int(value))
    elif isinstance(value, float):
        yield "float-text/double", lambda: jdk.double_text(value)
        yield "float-text/float", lambda: jdk.float_text(value)
        yield "float-text/whole", lambda: _whole(value)
        yield "float-text/plain", lambda: _plain(value)
        yield "float-text/plain-exact", lambda: format(decimal.Decimal(value), "f")
    elif isinstance(value, str) and function == "repr":
        yield "text-of-value/repr", lambda: value
        yield "text-of-value/quoted", lambda: '"%s"' % value
        yield "text-of-value/single-quoted", lambda: "'%s'" % value
    elif isinstance(value, (list, tuple, dict, set, frozenset)):
        yield "text-of-value/container", lambda: jdk.text_of(value)
        inner = value.items() if isinstance(value, dict) else value
        if len(value) > 1 and isinstance(value, dict):
            hashed = jdk.hash_order(list(value))
            if hashed is not None:
                yield (
                    "insertion-order/text",
                    lambda: jdk.text_of({k: value[k] for k in hashed or []}),
                )
        del inner
    elif isinstance(value, decimal.Decimal):
        yield "decimal-text/plain", lambda: format(value, "f")
        yield "decimal-text/scientific", lambda: _decimal_text(value)
        yield "decimal-text/double", lambda: jdk.double_text(float(value))
        yield "decimal-text/stripped", lambda: format(value.normalize(), "f")
    elif isinstance(value, (bytes, bytearray)):
        yield "text-of-value/bytes", lambda: bytes(value).decode("utf-8", "replace")


def _whole(value: float) -> str:
    if value == math.floor(value) and abs(value) < 2**63:
        return str(jdk.saturated(value, 64))
    return jdk.double_text(value)


def _plain(value: float) -> str:
    """new BigDecimal(Double.toString(value)).toPlainString()."""
    return format(decimal.Decimal(jdk.double_text(value)), "f")


def _decimal_text(value: decimal.Decimal) -> str:
    """BigDecimal.toString, which Python's str(Decimal) follows but for zeros and signs."""
    return str(value).replace("-0", "0") if value == 0 else str(value)


# ---------------------------------------------------------------- one value by a letter


def fixed(value: Any, digits: int, mode: str = "text") -> str:
    """`%.nf` of Formatter: half-up on the digits of Double.toString, or on all digits."""
    if isinstance(value, float) and (value != value or value in (math.inf, -math.inf)):
        return jdk.double_text(value)
    exact = decimal.Decimal(value)
    number = decimal.Decimal(repr(value)) if isinstance(value, float) and mode == "text" else exact
    if mode == "even":
        number = number.quantize(
            decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_EVEN, context=jdk.EXACT
        )
    else:
        number = jdk.half_up(number, digits)
    text = format(number, "f")
    negative = isinstance(value, float) and math.copysign(1, value) < 0 and not text.startswith("-")
    return "-" + text if negative else text


def one(letter: str, value: Any, digits: Any) -> Iterator[Tuple[str, str]]:
    """The texts that Java's formats give for a number by a conversion letter of Python's."""
    places = 6 if digits is None else digits
    if letter in ("f", "F") and _has_digits(value):
        yield "format-rounding/half-up", fixed(value, places)
        yield "format-rounding/exact", fixed(value, places, "exact")
        yield "format-rounding/even-text", _even_text(value, places)
        yield "format-rounding/scaled", fixed(_scaled(value, places), places)
        plain = _unsigned_zero(fixed(value, places))
        yield "format-rounding/no-negative-zero", plain
        yield "format-rounding/no-negative-zero-even", _unsigned_zero(_python("f", value, places))
        yield "format-point/comma", _python("f", value, places).replace(".", ",")
        yield "format-digits/double", jdk.double_text(float(value))
        yield "format-digits/stripped", _stripped(_python("f", value, places))
        if (isinstance(value, float) and value != value) or value in (math.inf, -math.inf):
            yield "float-text/special", jdk.double_text(float(value))
    elif letter in ("e", "E") and is_number(value):
        yield "format-rounding/exponent", _exponent(float(value), places)
        yield "float-text/exponent", jdk.double_text(float(value))
        yield "format-general/exponent", re.sub("e([+-])0", r"e\1", _python("e", value, places))
    elif letter in ("g", "G") and is_number(value):
        general = _general(float(value), places)
        yield "format-general/fixed", general
        yield "format-general/double", jdk.double_text(float(value))
        yield "format-general/point", _python("f", value, places)
    elif letter == "%" and _has_digits(value):
        hundredfold = value * 100 if isinstance(value, decimal.Decimal) else float(value) * 100
        yield "format-rounding/percent", fixed(hundredfold, places) + "%"
        yield "format-digits/percent", str(jdk.java_round(float(hundredfold))) + "%"
    elif letter in ("d", "n", "i", "u") and is_number(value):
        for bits, cause in ((32, "int-overflow"), (64, "long-overflow")):
            yield cause + "/format", str(jdk.wrapped(int(value), bits))
        if isinstance(value, bool):
            yield "text-of-value/boolean", jdk.text_of(value)
    elif letter in ("x", "X", "o", "b") and is_int(value) and value < 0:
        for bits in (32, 64):
            yield "radix-sign/format-%d" % bits, format(value & ((1 << bits) - 1), letter)
    elif letter in ("s", "r", ""):
        for key, thunk in texts(value, "repr" if letter == "r" else "str"):
            yield key, thunk()


def _has_digits(value: Any) -> bool:
    """Whether it has a text with a point: a number, or a Decimal that Java has as a BigDecimal."""
    return is_number(value) or (isinstance(value, decimal.Decimal) and value.is_finite())


def _python(letter: str, value: Any, digits: int) -> str:
    return format(value, ".%d%s" % (digits, letter))


def _even_text(value: Any, digits: int) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return fixed(decimal.Decimal(repr(value)), digits, "even")
    return fixed(value, digits)


def _scaled(value: Any, digits: int) -> float:
    scale = math.pow(10, digits)
    return jdk.java_round(float(value) * scale) / scale


def _unsigned_zero(text: str) -> str:
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def _stripped(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exponent(value: float, digits: int) -> str:
    """`%.ne` of Formatter."""
    if not math.isfinite(value):
        return jdk.double_text(value)
    if value == 0:
        return format(value, ".%de" % digits)
    number = decimal.Decimal(repr(value))
    shift = number.adjusted()
    mantissa = jdk.half_up(number.scaleb(-shift, context=jdk.EXACT), digits)
    if abs(mantissa) >= 10:
        mantissa, shift = jdk.half_up(mantissa / 10, digits), shift + 1
    return "%se%s%02d" % (format(mantissa, "f"), "-" if shift < 0 else "+", abs(shift))


def _general(value: float, digits: int) -> str:
    """`%g` of Formatter: no zeros are dropped, and exponents begin elsewhere."""
    digits = digits or 1
    if not math.isfinite(value):
        return jdk.double_text(value)
    if value == 0:
        return format(value, ".%df" % (digits - 1))
    number = decimal.Decimal(repr(value))
    with decimal.localcontext(jdk.EXACT) as context:
        context.prec, context.rounding = digits, decimal.ROUND_HALF_UP
        rounded = +number
    if decimal.Decimal("0.0001") <= abs(rounded) < decimal.Decimal(10) ** digits:
        return fixed(value, max(0, digits - rounded.adjusted() - 1))
    return _exponent(value, digits - 1)


# ---------------------------------------------------------------- whole formats


def percent(template: str, values: Any) -> Iterator[Offer]:
    """`template % values` as String.format reads it, one conversion after the other."""
    found = list(PERCENT.finditer(template))
    if any("*" in (part.group(4) or "", part.group(5) or "") for part in found):
        return
    keys = _percent_keys(found, values)
    for key in sorted(keys):
        yield key, lambda key=key: _filled(template, values, key)
    if any(part.group(6) in "di" for part in found):
        yield "format-type/throws", lambda: _typed(template, values)


def _operands(found: List[Any], values: Any) -> List[Any]:
    taken: List[Any] = []
    rest = list(values) if isinstance(values, tuple) else [values]
    for part in found:
        if part.group(6) == "%":
            taken.append(None)
        elif part.group(1):
            taken.append(values[part.group(2)])
        else:
            taken.append(rest.pop(0))
    return taken


def _percent_keys(found: List[Any], values: Any) -> List[str]:
    keys = set()
    try:
        for part, value in zip(found, _operands(found, values)):
            digits = int(part.group(5)) if part.group(5) else None
            if part.group(6) != "%":
                keys |= {key for key, _ in one(part.group(6), value, digits)}
    except (IndexError, KeyError, TypeError):
        return []
    return list(keys)


def _filled(template: str, values: Any, key: str) -> str:
    found = list(PERCENT.finditer(template))
    made, last = [], 0
    for part, value in zip(found, _operands(found, values)):
        made.append(template[last : part.start()])
        last = part.end()
        letter = part.group(6)
        if letter == "%":
            made.append("%")
            continue
        digits = int(part.group(5)) if part.group(5) else None
        text = dict(one(letter, value, digits)).get(key)
        if text is None:
            shape = "%" + (part.group(3) or "") + (part.group(4) or "")
            shape += ".%d" % digits if digits is not None else ""
            made.append((shape + letter) % (value,))
        else:
            made.append(_wide(text, part.group(3) or "", part.group(4)))
    return "".join(made) + template[last:]


def _wide(text: str, flags: str, width: Any) -> str:
    if "+" in flags and not text.startswith("-"):
        text = "+" + text
    elif " " in flags and not text.startswith("-"):
        text = " " + text
    size = int(width or 0)
    if "-" in flags:
        return text.ljust(size)
    return text.zfill(size) if "0" in flags else text.rjust(size)


def _typed(template: str, values: Any) -> str:
    found = list(PERCENT.finditer(template))
    for part, value in zip(found, _operands(found, values)):
        if part.group(6) in "di" and not is_int(value):
            raise jdk.thrown("java.util.IllegalFormatConversionException", ValueError)
    return str(template % values)


def spec(value: Any, text: str) -> Iterator[Offer]:
    """`format(value, text)` and fields of f-strings."""
    parts = SPEC.match(text)
    if parts is None:
        yield from _dated(value, text)
        return
    align, sign, _, zero, width, group, digits, letter = parts.groups()
    places = int(digits) if digits else None
    if (is_number(value) and not isinstance(value, bool)) or letter not in (None, "s"):
        kind = letter or ("" if not group and places is None else "d" if is_int(value) else "f")
        if not letter and places is not None:
            kind = "g"
    else:
        kind = letter or "s"
    for key, made in one(kind, value, places):
        yield key, lambda made=made: _placed(made, align, sign, zero, width, group)
    if group and _has_digits(value):
        for other, name in ((".", "dot"), ("\u202f", "narrow"), ("'", "quote"), (" ", "blank")):
            swapped = (
                format(value, text).replace(group, "\0").replace(".", ",").replace("\0", other)
            )
            yield "format-grouping/" + name, lambda swapped=swapped: swapped
        yield "format-grouping/none", lambda: format(value, text.replace(group, ""))
    if width and isinstance(value, str):
        yield "format-align/other", lambda: value.rjust(int(width)) if not align else value
        yield (
            "utf16-length/padded",
            lambda: format(value, text)[
                : max(len(value), int(width) - (len(jdk.units(value)) - len(value)))
            ],
        )
    if digits and isinstance(value, str):
        yield "format-digits/not-cut", lambda: value


def _placed(text: str, align: Any, sign: Any, zero: Any, width: Any, group: Any) -> str:
    if sign in ("+", " ") and not text.startswith("-"):
        text = sign + text
    if group:
        whole, point, rest = text.partition(".")
        text = re.sub(r"(?<=\d)(?=(\d{3})+\Z)", ",", whole) + point + rest
    size = int(width or 0)
    if zero:
        return text.zfill(size)
    fill = align[0] if align and len(align) == 2 else " "
    way = align[-1] if align else ">"
    if way == "<":
        return text.ljust(size, fill)
    return text.center(size, fill) if way == "^" else text.rjust(size, fill)


def _dated(value: Any, text: str) -> Iterator[Offer]:
    if hasattr(value, "strftime") and "%" in text:
        from .times import formatted

        yield from formatted(value, text)


def called(name: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    """str(), repr(), format() and the method format."""
    if name in ("builtins.str", "builtins.repr", "builtins.ascii") and len(args) == 1:
        yield from texts(args[0], name.rpartition(".")[2])
    elif name == "builtins.format" and args:
        yield from spec(args[0], args[1] if len(args) > 1 else "")
    elif name == "str.format" and args and isinstance(args[0], str):
        yield from _template(args[0], args[1:], kwargs)


def _template(template: str, args: Tuple[Any, ...], kwargs: Dict[str, Any]) -> Iterator[Offer]:
    import string

    class Turned(string.Formatter):
        """Fills a template with what another meaning gives for its fields."""

        def __init__(self, key: str) -> None:
            self.key = key
            self.keys: Dict[str, None] = {}

        def format_field(self, value: Any, format_spec: str) -> Any:
            for key, thunk in spec(value, format_spec):
                self.keys[key] = None
                if key == self.key:
                    return thunk()
            return super().format_field(value, format_spec)

    look = Turned("")
    look.vformat(template, args, kwargs)
    for key in look.keys:
        yield key, lambda key=key: Turned(key).vformat(template, args, kwargs)
