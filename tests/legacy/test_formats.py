"""Names, sizes, durations and timestamps as text, and back."""

from __future__ import annotations

import pytest

from sable import formats
from sable.errors import InvalidName, InvalidSize, InvalidTimestamp


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("orders", "orders"),
        ("  orders ", "orders"),
        ("gro\u0308\u00dfe", "gr\u00f6\u00dfe"),
        ("東京-倉庫", "東京-倉庫"),
        ("a" * 64, "a" * 64),
        ("𝒜b", "𝒜b"),
    ],
)
def test_a_name_has_one_spelling(text: str, name: str) -> None:
    assert formats.canonical_name(text) == name


@pytest.mark.parametrize("text", ["", "_x", ".x", "a/b", "a b", "a" * 65, "x\n y", "😀"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidName):
        formats.canonical_name(text)


def test_names_are_ordered_as_people_read_them() -> None:
    names = ["b", "Ä", "a", "A", "ß", "ss", "é", "ﬁ", "fi"]
    wanted = ["A", "a", "b", "fi", "ﬁ", "ss", "ß", "Ä", "é"]
    assert sorted(names, key=formats.name_key) == wanted


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (1029, "1 KiB"),
        (1030, "1.01 KiB"),
        (1024**2 - 1, "1 MiB"),
        (2**31, "2 GiB"),
        (2**53 + 1, "8 PiB"),
        (2**70, "1048576 PiB"),
        (-2048, "-2 KiB"),
    ],
)
def test_a_size_as_text(size: int, text: str) -> None:
    assert formats.size_text(size) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (4096, 4096),
        ("4096", 4096),
        ("64 kB", 64_000),
        ("64 KiB", 65_536),
        ("1.5GiB", 1_610_612_736),
        ("2p", 2 * 10**15),
        (" 0.1 MB ", 100_000),
        ("0.0001 kB", 0),
        ("٣ B", 3),
        (2**63 - 1, 2**63 - 1),
        ("8191 PiB", 8191 * 2**50),
    ],
)
def test_a_size_is_read(text: str | int, size: int) -> None:
    assert formats.parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "-1", "1.", "5 iB", "1 XB", "1e3", True, -1, None, 1.5, 2**63, "8192 PiB"]
)
def test_what_is_no_size_is_refused(text: object) -> None:
    with pytest.raises(InvalidSize):
        formats.parse_size(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 ms"),
        (0.5, "0 ms"),
        (1.5, "2 ms"),
        (999.5, "1000 ms"),
        (1000, "1.00 s"),
        (59_999, "60.00 s"),
        (60_000, "1m 00s"),
        (187_000, "3m 07s"),
        (3_720_000, "1h 02m"),
        (93_600_000, "1d 02h"),
        (-4250, "-4.25 s"),
    ],
)
def test_a_duration_as_text(milliseconds: float, text: str) -> None:
    assert formats.duration_text(milliseconds) == text


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T12:30:00+01:00", 1_709_206_200_000),
        ("2024-02-29 12:30+0100", 1_709_206_200_000),
        ("2024-02-29T12:30:00.123456Z", 1_709_209_800_123),
        ("1969-12-31T23:59:59.9995Z", -1),
        ("2038-01-19T03:14:08-00:30", 2_147_485_448_000),
    ],
)
def test_a_timestamp_is_read(text: str, milliseconds: int) -> None:
    assert formats.parse_timestamp(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "2024-02-29T12:30:00", "2023-02-29T12:30:00Z", "2024-02-29", "24-02-29T1:30Z", 5]
)
def test_what_is_no_timestamp_is_refused(text: object) -> None:
    with pytest.raises(InvalidTimestamp):
        formats.parse_timestamp(text)  # type: ignore[arg-type]


def test_a_timestamp_as_text() -> None:
    assert formats.timestamp_text(0) == "1970-01-01T00:00:00.000Z"
    assert formats.timestamp_text(-1) == "1969-12-31T23:59:59.999Z"
    assert formats.timestamp_text(1_709_206_200_000, 60) == "2024-02-29T12:30:00.000+01:00"
    assert formats.timestamp_text(1_709_206_200_000, -210) == "2024-02-29T08:00:00.000-03:30"
