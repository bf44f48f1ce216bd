"""What the JDK does with numbers and texts, in Python."""

import decimal
import math
import re
import struct
from typing import Any, Dict, List, Optional, Tuple, Type

INT, LONG = 32, 64
DOUBLE_TEXT = re.compile(
    r"[+-]?(NaN|Infinity|((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
    r"|0[xX](?:[0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?\d+)[fFdD]?)\Z",
    re.ASCII,
)
EXACT = decimal.Context(prec=2000)


class Thrown(Exception):
    """What Java throws; its classes are also the Python exceptions that they stand for."""


_CLASSES: Dict[str, Type[Exception]] = {}


def thrown(name: str, base: Type[BaseException] = ValueError, message: str = "") -> Exception:
    """An instance of a Java exception."""
    if name not in _CLASSES:
        package, _, simple = name.rpartition(".")
        _CLASSES[name] = type(simple, (Thrown, base), {"__module__": package})
    return _CLASSES[name](message)


def out_of_bounds(message: str = "") -> Exception:
    """IndexOutOfBoundsException."""
    return thrown("java.lang.IndexOutOfBoundsException", IndexError, message)


def bad_number(text: Any) -> Exception:
    """NumberFormatException."""
    return thrown("java.lang.NumberFormatException", ValueError, 'For input string: "%s"' % text)


def no_element() -> Exception:
    """NoSuchElementException."""
    return thrown("java.util.NoSuchElementException", LookupError)


def null_pointer() -> Exception:
    """NullPointerException."""
    return thrown("java.lang.NullPointerException", TypeError)


def illegal(message: str = "") -> Exception:
    """IllegalArgumentException."""
    return thrown("java.lang.IllegalArgumentException", ValueError, message)


def arithmetic(message: str = "") -> Exception:
    """ArithmeticException."""
    return thrown("java.lang.ArithmeticException", ArithmeticError, message)


# ---------------------------------------------------------------- numbers


def wrapped(number: int, bits: int) -> int:
    """The low bits of a number, as a signed int or long."""
    low = number & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low


def saturated(number: float, bits: int) -> int:
    """`(int)` or `(long)` of a double."""
    if number != number:
        return 0
    least, most = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if number in (math.inf, -math.inf):
        return most if number > 0 else least
    return min(most, max(least, int(number)))


def truncated_quotient(a: int, b: int) -> int:
    """`a / b` of whole numbers."""
    quotient = abs(a) // abs(b)
    return quotient if (a >= 0) == (b >= 0) else -quotient


def truncated_remainder(a: int, b: int) -> int:
    """`a % b` of whole numbers."""
    return a - b * truncated_quotient(a, b)


def float_quotient(a: float, b: float) -> float:
    """`a / b` of doubles, which divides by zero."""
    if b != 0:
        try:
            return a / b
        except OverflowError:
            return math.inf
    if a == 0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def float_remainder(a: float, b: float) -> float:
    """`a % b` of doubles."""
    if b == 0 or a != a or b != b or a in (math.inf, -math.inf):
        return math.nan
    return math.fmod(a, b)


def float32(number: float) -> float:
    """The float nearest to a double."""
    try:
        return float(struct.unpack(">f", struct.pack(">f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def power(a: float, b: float) -> float:
    """Math.pow."""
    try:
        result = math.pow(a, b)
    except OverflowError:
        odd = float(b).is_integer() and int(b) % 2 == 1
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:
        if a == 0 and b < 0:
            odd = float(b).is_integer() and int(b) % 2 == 1
            return math.copysign(math.inf, a) if odd else math.inf
        return math.nan
    if abs(a) == 1 and (b != b or b in (math.inf, -math.inf)):
        return math.nan
    if a != a and b != 0:
        return math.nan
    if a == 1 and b != b:
        return math.nan
    return result


def half_up(number: decimal.Decimal, digits: int) -> decimal.Decimal:
    """BigDecimal.setScale(digits, HALF_UP)."""
    return number.quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP, context=EXACT)


def value_of(number: float) -> decimal.Decimal:
    """BigDecimal.valueOf: what the text of a number says."""
    return decimal.Decimal(repr(number))


def java_round(number: float, bits: int = LONG) -> int:
    """Math.round: floor(x + 1/2)."""
    if number != number or number in (math.inf, -math.inf):
        return saturated(number, bits)
    exact = decimal.Decimal(number) + decimal.Decimal("0.5")
    return saturated_int(int(exact.to_integral_value(decimal.ROUND_FLOOR)), bits)


def saturated_int(number: int, bits: int) -> int:
    """A whole number kept within the bounds of its type."""
    return min((1 << (bits - 1)) - 1, max(-(1 << (bits - 1)), number))


def double_text(number: float) -> str:
    """Double.toString, as it is since JDK 19; the older one differs in some last digits."""
    if number != number:
        return "NaN"
    if number in (math.inf, -math.inf):
        return "Infinity" if number > 0 else "-Infinity"
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    if number == 0:
        return sign + "0.0"
    _, digits, exponent = decimal.Decimal(repr(abs(number))).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)
    if -3 < point <= 7:
        if point <= 0:
            return sign + "0." + "0" * -point + text
        whole = text[:point].ljust(point, "0")
        return sign + whole + "." + (text[point:] or "0")
    return sign + text[0] + "." + (text[1:] or "0") + "E" + str(point - 1)


def float_text(number: float) -> str:
    """Float.toString of the nearest float, by its shortest digits."""
    near = float32(number)
    for digits in range(1, 10):
        text = "%.*e" % (digits - 1, near)
        if float32(float(text)) == near:
            return double_text(float(text))
    return double_text(near)


def parse_long(text: str, radix: int, bits: int) -> int:
    """Long.parseLong and Integer.parseInt."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if not body:
        raise bad_number(text)
    number = 0
    for character in body:
        digit = char_digit(character, radix)
        if digit < 0:
            raise bad_number(text)
        number = number * radix + digit
    if text[:1] == "-":
        number = -number
    if wrapped(number, bits) != number:
        raise bad_number(text)
    return number


def char_digit(character: str, radix: int) -> int:
    """Character.digit of one UTF-16 unit."""
    if ord(character) > 0xFFFF:
        return -1
    if character.isdecimal():
        digit = int(character)
    else:
        code = ord(character)
        if 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A:
            code = code - 0xFF21 + 65 if code <= 0xFF3A else code - 0xFF41 + 97
        letter = chr(code)
        if not ("a" <= letter <= "z" or "A" <= letter <= "Z"):
            return -1
        digit = ord(letter.lower()) - 87
    return digit if digit < radix else -1


def parse_double(text: str) -> float:
    """Double.parseDouble."""
    body = text.strip("".join(map(chr, range(0x21))))
    if not DOUBLE_TEXT.match(body):
        raise bad_number(text)
    if body.lstrip("+-")[:2].lower() == "0x":
        return float.fromhex(body.rstrip("fFdD") if "p" in body.lower() else body)
    plain = body if body.endswith(("NaN", "Infinity")) else body.rstrip("fFdD")
    return float(plain)


# ---------------------------------------------------------------- texts


def units(text: str) -> List[str]:
    """The UTF-16 units of a text, each a text of one."""
    if text.isascii():
        return list(text)
    data = text.encode("utf-16-le", "surrogatepass")
    return [chr(data[i] | data[i + 1] << 8) for i in range(0, len(data), 2)]


def of_units(parts: List[str]) -> str:
    """The text of UTF-16 units; halves that stand together are one character."""
    text = "".join(parts)
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def has_astral(text: str) -> bool:
    """Whether some character takes two UTF-16 units."""
    return bool(text) and max(text) > "\uffff"


def compared(one: str, other: str) -> int:
    """String.compareTo, by its sign."""
    mine = one.encode("utf-16-be", "surrogatepass")
    theirs = other.encode("utf-16-be", "surrogatepass")
    return (mine > theirs) - (mine < theirs)


def sort_key(text: str) -> bytes:
    """What orders texts as String.compareTo does."""
    return text.encode("utf-16-be", "surrogatepass")


def is_java_space(character: str) -> bool:
    """Character.isWhitespace."""
    if character in "\u00a0\u2007\u202f\x85":
        return False
    return character.isspace()


def trimmed(text: str) -> str:
    """String.trim."""
    return text.strip("".join(map(chr, range(0x21))))


def java_strip(text: str, left: bool = True, right: bool = True) -> str:
    """String.strip, stripLeading and stripTrailing."""
    start, end = 0, len(text)
    while left and start < end and is_java_space(text[start]):
        start += 1
    while right and end > start and is_java_space(text[end - 1]):
        end -= 1
    return text[start:end]


def string_hash(text: str) -> int:
    """String.hashCode."""
    result = 0
    for unit in units(text):
        result = (result * 31 + ord(unit)) & 0xFFFFFFFF
    return wrapped(result, INT)


def hash_of(value: Any) -> Optional[int]:
    """Object.hashCode, where it is known."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        return (
            wrapped((value ^ (value >> 32)) & 0xFFFFFFFF, INT)
            if -(1 << 63) <= value < 1 << 63
            else None
        )
    if isinstance(value, float):
        bits = struct.unpack(">Q", struct.pack(">d", value))[0]
        return wrapped(bits ^ (bits >> 32), INT)
    if isinstance(value, str):
        return string_hash(value)
    if isinstance(value, (tuple, list)):
        result = 1
        for item in value:
            code = hash_of(item)
            if code is None:
                return None
            result = (31 * result + code) & 0xFFFFFFFF
        return wrapped(result, INT)
    return None


def hash_order(keys: List[Any], head: bool = False) -> Optional[List[Any]]:
    """Keys in the order in which a HashMap gives them that took them one after the other.

    `put` appends to what has the same place, computeIfAbsent puts it in front (`head`).
    """
    capacity = 16
    codes = []
    for key in keys:
        code = hash_of(key)
        if code is None:
            return None
        code &= 0xFFFFFFFF
        codes.append(code ^ (code >> 16))
    while len(keys) > capacity * 0.75:
        capacity *= 2
    way = -1 if head else 1
    placed: List[Tuple[int, int]] = sorted(
        (code & (capacity - 1), way * index) for index, code in enumerate(codes)
    )
    return [keys[way * index] for _, index in placed]


def text_of(value: Any) -> str:
    """String.valueOf of a value as Java holds it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(map(text_of, value))
    if isinstance(value, (set, frozenset)):
        return "[%s]" % ", ".join(map(text_of, value))
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s=%s" % (text_of(k), text_of(v)) for k, v in value.items())
    return str(value)
