"""What Java's formats make of values, for each construct that is meant otherwise."""

from __future__ import annotations

import calendar
import hashlib
import math
import re
import zlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parity.sides.python.meanings import (
    comparing,
    encodings,
    holders,
    jdk,
    numbers,
    patterns,
    rounding,
    texts,
    times,
)
from parity.sides.python.meanings.formats import one, spec
from parity.sides.python.meanings.times import formatted


def meant(value: object, text: str) -> dict[str, str]:
    return {key: thunk() for key, thunk in spec(value, text)}


@pytest.mark.parametrize("value", [Decimal("10.125"), 10.125])
def test_a_format_of_two_places_is_rounded_half_up(value: object) -> None:
    assert format(value, ">10,.2f") == "     10.12"
    assert meant(value, ">10,.2f")["format-rounding/half-up"] == "     10.13"


def test_a_decimal_keeps_all_of_its_digits() -> None:
    value = Decimal("12345678901234567890.125")
    assert meant(value, ",.2f")["format-rounding/half-up"] == "12,345,678,901,234,567,890.13"
    assert meant(Decimal("0.00125"), ".2%")["format-rounding/percent"] == "0.13%"
    assert meant(value, ",.2f")["format-grouping/none"] == "12345678901234567890.12"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert not [key for key, _ in one("f", Decimal(text), 2)]


def test_a_blank_is_no_pattern_and_a_bar_is_one() -> None:
    def keys(sep: str) -> set[str]:
        return {key for key, _ in texts.called("str.split", ("a b|", sep), {})}

    assert keys(" ") == {"split-trailing/dropped", "split-trailing/tokens"}
    assert "split-by-pattern/pattern" in keys("|")


def test_zeros_before_a_year_are_not_the_year_of_the_week() -> None:
    early, late = datetime(117, 3, 3), datetime(2024, 12, 30)

    def told(value: datetime) -> dict[str, str]:
        return {key: thunk() for key, thunk in formatted(value, "%Y-%m")}

    assert told(early)["year-number/week-year"] == early.strftime("%Y-%m")
    assert told(early)["year-padding/four"] == "0117-03"
    assert told(late)["year-number/week-year"] == "2025-12"
    assert told(late)["year-padding/four"] == "2024-12"


def test_a_zero_of_java_has_no_sign() -> None:
    cent = Decimal("0.01")
    offers = dict(rounding.called("decimal.Decimal.quantize", (Decimal("-0.001"), cent), {}))
    assert str(Decimal("-0.001").quantize(cent)) == "-0.00"
    assert str(offers["decimal-negative-zero/quantized"]()) == "0.00"
    rounded = dict(rounding.called("builtins.round", (Decimal("-0.001"), 2), {}))
    assert str(rounded["decimal-negative-zero/rounded"]()) == "0.00"
    product = dict(numbers.binary("*", Decimal("-1.5"), 0))
    assert str(product["decimal-negative-zero/ring"]()) == "0.0"


@pytest.mark.parametrize(("one", "other"), [(Decimal("0.0"), 0), (0, Decimal("0.0"))])
def test_a_decimal_that_equals_a_whole_number_may_have_another_scale(one: Any, other: Any) -> None:
    equal = dict(comparing.binary("==", one, other))
    assert equal["decimal-scale/equals"]() is False
    assert dict(comparing.binary("!=", one, other))["decimal-scale/equals"]() is True
    whole = dict(comparing.binary("==", Decimal("0"), 0))
    assert whole["decimal-scale/equals"]() is True
    assert "decimal-scale/equals" not in dict(comparing.binary("==", one, False))
    assert dict(comparing.truth(Decimal("0.0")))["decimal-scale/zero"]() is True
    assert dict(comparing.truth(Decimal("0")))["decimal-scale/zero"]() is False


def test_what_is_not_a_number_ties_with_nothing() -> None:
    def keys(*values: float) -> set[str]:
        return {key for key, _ in holders.called("builtins.min", values, {})}

    assert "extreme-ties/last" in keys(1.0, 1.0)
    assert "extreme-ties/last" not in keys(1.0, math.nan)
    assert "nan-extreme/nan" in keys(1.0, math.nan)


def test_numbers_in_keys_of_several_parts_are_ordered_as_double_compare_does() -> None:
    scores = {"a": 0.0, "b": math.nan, "c": -0.0}
    key = lambda name: (-scores[name], name)  # noqa: E731
    offers = dict(holders.called("builtins.sorted", (scores,), {"key": key}))
    assert offers["double-order/sorted"]() == ["a", "c", "b"]
    assert offers["double-order/nan-first"]() == ["b", "a", "c"]
    assert offers["utf16-order/sorted"]() == sorted(scores, key=key)


def test_bytes_that_are_texts_are_ordered_as_java_orders_the_texts() -> None:
    def ordered(*items: bytes) -> Any:
        return dict(holders.called("builtins.sorted", (list(items),), {}))["utf16-order/sorted"]()

    last, beyond = "\uffff".encode(), "\U0001f600".encode()
    assert sorted([beyond, last]) == [last, beyond]
    assert ordered(last, beyond) == [beyond, last]
    assert ordered(b"\xff", b"\xfe") == [b"\xfe", b"\xff"]


def test_java_reckons_by_the_instant_where_python_goes_by_the_clock_on_the_wall() -> None:
    zone = ZoneInfo("Europe/Berlin")
    before = datetime(2024, 3, 30, 2, 30, tzinfo=zone)
    noon = datetime(2024, 3, 31, 12, tzinfo=zone)
    day = timedelta(hours=24)
    made = {key: thunk().isoformat() for key, thunk in times.binary("+", before, day)}
    assert (before + day).isoformat() == "2024-03-31T02:30:00+01:00"
    assert made["wall-clock/instant"] == "2024-03-31T03:30:00+02:00"
    assert made["wall-clock/skipped"] == "2024-03-31T03:30:00+02:00"
    between = dict(times.binary("-", noon, before))["wall-clock/between"]
    assert (noon - before, between()) == (timedelta(hours=33.5), timedelta(hours=32.5))
    assert not list(times.binary("+", datetime(2024, 3, 30), day))


@pytest.mark.parametrize(("held", "rest"), [([1, 2], []), ("ab", "")])
def test_what_is_reckoned_from_the_size_is_nothing_for_zero_and_too_little_below(
    held: Any, rest: Any
) -> None:
    """`held[-n:]` for an n of 0 is all there is, and for -1 all but the first."""
    binary = texts.binary if isinstance(held, str) else holders.binary
    key = "slice-bounds/text-from-end" if isinstance(held, str) else "slice-bounds/from-end"
    meant = dict(binary("[:]", held, slice(0, None, None)))
    assert meant[key]() == rest
    with pytest.raises(jdk.Thrown):
        dict(binary("[:]", held, slice(1, None, None)))[key]()
    assert key not in dict(binary("[:]", held, slice(None, None, None)))


def test_a_limit_below_zero_is_refused() -> None:
    meant = dict(holders.binary("[:]", [1, 2], slice(None, -1, None)))
    with pytest.raises(jdk.Thrown):
        meant["slice-bounds/limit"]()
    assert "slice-bounds/limit" not in dict(holders.binary("[:]", [1], slice(None, 1, None)))


def test_a_checksum_in_an_int_of_java_is_signed_and_is_that_of_its_own_function() -> None:
    def signed(name: str, *args: Any) -> int:
        told = {key: thunk() for key, thunk in encodings.called(f"zlib.{name}", args, {})}
        return int(told["int-overflow/checksum"])

    assert signed("crc32", b"a") == zlib.crc32(b"a") - 2**32
    assert signed("crc32", b"b", zlib.crc32(b"a")) == zlib.crc32(b"ab") - 2**32
    assert signed("adler32", b"z" * 1000) == zlib.adler32(b"z" * 1000) - 2**32


def test_a_digest_as_a_number_has_no_zeros_in_front() -> None:
    digest = hashlib.md5(b"user5")
    told = {
        key: thunk() for key, thunk in encodings.called("_hashlib.HASH.hexdigest", (digest,), {})
    }
    assert digest.hexdigest() == "0" + told["zero-padding/big"]


@pytest.mark.parametrize(
    ("name", "third"), [("decimal32", "0.3333333"), ("decimal64", "0.3333333333333333")]
)
def test_a_named_context_of_java_rounds_to_its_digits(name: str, third: str) -> None:
    told = dict(numbers.binary("/", Decimal(1), Decimal(3)))
    assert str(told[f"decimal-precision/{name}"]()) == third


def test_a_part_that_is_reckoned_from_the_length_throws_of_a_shorter_text() -> None:
    def from_end(text: str, part: slice) -> Any:
        return dict(texts.binary("[:]", text, part))["slice-bounds/text-from-end"]()

    last, but_last = slice(-3, None), slice(None, -1)
    assert from_end("abcd", last) == "bcd"
    assert from_end("a\U0001f680", last) == "a\U0001f680"  # three units
    assert from_end("abc", but_last) == "ab"
    for text, part in (("ab", last), ("", but_last)):
        with pytest.raises(jdk.Thrown):
            from_end(text, part)


def test_a_sublist_that_is_reckoned_from_the_size_throws_of_a_shorter_list() -> None:
    def from_end(held: list[int]) -> Any:
        return dict(holders.binary("[:]", held, slice(-2, None)))["slice-bounds/from-end"]()

    assert from_end([1, 2, 3]) == [2, 3]
    with pytest.raises(jdk.Thrown):
        from_end([1])


def test_a_power_of_two_as_a_shift_uses_the_low_bits_of_its_distance() -> None:
    told = dict(numbers.binary("**", 2, 33))
    assert told["shift-distance/power-32"]() == 2
    assert told["shift-distance/power-64"]() == 2**33
    assert not [key for key, _ in numbers.binary("**", 3, 33) if key.startswith("shift")]


def test_a_moment_may_be_told_by_another_clock() -> None:
    moment = datetime(2024, 6, 1, 1, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    berlin = ZoneInfo("Europe/Berlin")
    name = "datetime.datetime.astimezone"
    told = {key: thunk() for key, thunk in times.called(name, (moment, berlin), {})}
    assert told["zone-conversion/utc"].isoformat() == "2024-05-31T16:30:00+00:00"
    assert told["zone-conversion/left-out"] is moment
    assert told["zone-conversion/same-clock"].isoformat() == "2024-06-01T01:30:00+02:00"


def test_what_a_function_gives_for_a_match_is_a_replacement_in_java() -> None:
    def price(found: Any) -> str:
        return f"${found.group(1)}\\"

    def meant(text: str) -> Any:
        pattern = re.compile("<(.)>")
        offers = dict(patterns.called("re.Pattern.sub", (pattern, price, text), {}))
        return offers["regex-replacement/computed"]()

    with pytest.raises(IndexError):  # there is no group 7
        meant("<7>")
    with pytest.raises(ValueError, match="escaped is missing"):  # a backslash at the end
        meant("<1>")
    by_name = dict(patterns.called("re.sub", ("(a)(b)", lambda _: "$2\\$", "ab"), {}))
    assert by_name["regex-replacement/computed"]() == "b$"


def test_the_views_of_a_dict_are_sorted_as_lists_are() -> None:
    points = {"b": 1, "C": 2}
    offers = dict(holders.called("builtins.sorted", (points.keys(),), {}))
    assert offers["case-order/sorted"]() == ["b", "C"] != sorted(points.keys())
    pairs = dict(
        holders.called("builtins.sorted", (points.items(),), {"key": lambda one: (0, one[0])})
    )
    assert pairs["case-order/sorted"]() == [("b", 1), ("C", 2)]
    largest = dict(holders.called("builtins.max", (points.keys(),), {}))
    assert largest["case-order/extreme"]() == "C"


def test_the_first_of_several_modes_is_pythons() -> None:
    offers = dict(numbers.called("statistics.mode", ([3, 1, 2, 1, 3],), {}))
    told = {key: thunk() for key, thunk in offers.items()}
    assert told["extreme-ties/mode-least"] == 1
    assert told["extreme-ties/mode-last"] == 1
    assert told["extreme-ties/mode-greatest"] == 3


def test_the_first_day_of_a_month_has_other_numbers_elsewhere() -> None:
    offers = dict(times.called("calendar.monthrange", (2024, 2), {}))
    assert calendar.monthrange(2024, 2) == (3, 29)
    assert offers["week-day/iso"]() == (4, 29)
    assert offers["week-day/sunday-zero"]() == (4, 29)
    sunday = dict(times.called("calendar.weekday", (2024, 3, 3), {}))
    assert [sunday[f"week-day/{key}"]() for key in times.DAYS] == [7, 1, 0]


def test_two_characters_may_share_their_first_half() -> None:
    faces = ["a\U0001f600", "a\U0001f601"]
    offers = dict(texts.called("genericpath.commonprefix", (faces,), {}))
    assert offers["utf16-index/common-prefix"]() == "a\ud83d"
    assert not list(texts.called("genericpath.commonprefix", (["ab", "ac"],), {}))


def test_a_binary_search_finds_any_of_equals_or_less_than_nothing() -> None:
    def found(name: str, value: int) -> dict[str, int]:
        held = [1, 2, 2, 2, 5]
        offers = holders.called(f"_bisect.{name}", (held, value), {})
        return {key.partition("/")[2]: thunk() for key, thunk in offers}

    for name in ("bisect_left", "bisect_right"):
        assert found(name, 2) == {"any": 2, "negative": 2}
        assert found(name, 3) == {"any": 4, "negative": -5}
        assert found(name, 9) == {"any": 5, "negative": -6}
    assert not dict(holders.called("_bisect.bisect_left", ([1], 1, 0), {}))


def test_a_loop_to_its_end_runs_once_where_python_never_does() -> None:
    def closed(*args: int) -> list[int]:
        return list(dict(holders.called("builtins.range", args, {}))["range-end/closed"]())

    assert closed(5, 5) == [5]
    assert closed(5, 5, -1) == [5]
    assert closed(0, 2) == [0, 1, 2]
    assert not dict(holders.called("builtins.range", (3, 1), {}))
