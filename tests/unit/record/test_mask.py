"""Tokens stand for secrets and personal data: equal for equal, of one form, never the value."""

from __future__ import annotations

import base64
import json
import re
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.record.hook._parity_mask import KINDS, Masker, iban_check, luhn

KEY = bytes(range(32))


def masker(**terms: Any) -> Masker:
    made = Masker(terms, KEY)
    made.here.hidden = set()
    return made


def masked(*args: Any, names: tuple[str, ...] = (), **terms: Any) -> list[Any]:
    """The positional arguments of a fixture with these, masked."""
    made: list[Any] = masker(**terms).fixture({"args": list(args)}, list(names))["args"]
    return made


def shape(text: str) -> str:
    """What a text looks like: letters by their case, digits, the rest as it is."""
    return re.sub("[A-Z]", "A", re.sub("[a-z]", "a", re.sub(r"\d", "0", text)))


FOUND = {
    "e-mail": "Ann.Smith+shop@mail.corp-one.co.uk",
    "card": "4539 1488 0343 6467",
    "card of another issuer": "378282246310005",
    "phone": "+44 20 7946 0958",
    "phone as in America": "(415) 555-2671",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "social security number": "536-90-4399",
    "AWS key": "AKIAIOSFODNN7EXAMPLE",
    "AWS secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "GitHub token": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "Stripe key": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "bearer": "Bearer 0f3a9c1b77d2e6",
    "address": "203.0.113.78",
    "IPv6 address": "2a02:2f0b:5a1:ffff::42",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_what_is_known_by_its_form_gets_a_token_of_that_form(text: str) -> None:
    (token,) = masked(text)
    assert token != text
    assert len(token) == len(text)
    assert [one.isalnum() for one in token] == [one.isalnum() for one in text]
    assert masked(text) == [token]
    (inside,) = masked(f"said: {text}, then left")
    assert text not in inside
    assert token in inside


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_a_leak_is_found_in_whatever_stands_around_it(text: str) -> None:
    mask = masker()
    mask.fixture({"args": [text]}, [])
    hidden = set(mask.hidden())
    assert hidden
    assert mask.leaks({"args": [f"it was {text}."]}, hidden)
    assert not mask.leaks(mask.fixture({"args": [f"it was {text}."]}, []), hidden)


def test_check_digits_hold() -> None:
    (card,) = masked("4539148803436467")
    assert card.startswith("4539")
    assert luhn(card[:-1]) == int(card[-1])
    (number,) = masked(4539148803436467)
    assert number == int(card)
    (iban,) = masked("DE89370400440532013000")
    assert iban[:2] == "DE"
    assert iban_check("DE", iban[4:]) == iban[2:4]


def test_equal_in_another_writing_stays_equal() -> None:
    one, other, spaced, plain = masked(
        "Ann@Example.org", "ann@example.org", "4539 1488 0343 6467", "4539148803436467"
    )
    assert one.lower() == other
    assert spaced.replace(" ", "") == plain
    same, domain = masked("ann@corp.com", "bob@corp.com")
    assert same.split("@")[1] == domain.split("@")[1]
    assert same.split("@")[0] != domain.split("@")[0]


def test_another_key_gives_other_tokens() -> None:
    assert (
        masked("ann@corp.com")
        != Masker({}, bytes(32)).fixture({"args": ["ann@corp.com"]}, [])["args"]
    )


def test_what_has_a_name_of_a_secret_is_masked_wherever_it_stands() -> None:
    user = {"login": "ann", "password": "corRect-horse-9", "cvv": "123", "ok": True, "pin": None}
    (token, where, also, kept) = masked(
        user,
        "corRect-horse-9",
        "login failed for ann with corRect-horse-9!",
        "corRect",
        names=("user", "text", "message", "word"),
    )
    assert token["login"] == "ann"
    assert token["ok"] is True
    assert token["pin"] is None
    assert shape(token["password"]) == "aaaAaaa-aaaaa-0"
    assert re.fullmatch(r"\d{3}", token["cvv"])
    assert token["cvv"] != "123"
    assert where == token["password"]
    assert also == f"login failed for ann with {where}!"
    assert kept == "corRect"


def test_a_parameter_has_a_name_too() -> None:
    token, other = masked("hunter22", "hunter22", names=("api_key", "x"))
    assert token == other != "hunter22"


def test_names_are_masked_word_by_word() -> None:
    token, first, text = masked(
        {"full_name": "Ann Smith"}, {"firstName": "Ann"}, "Dear Ann Smith, hello"
    )
    assert token["full_name"].split()[0] == first["firstName"]
    assert text == f"Dear {token['full_name']}, hello"


def test_configured_fields_are_masked_and_kept_values_are_not() -> None:
    (record,) = masked({"customer": "Globex Ltd", "city": "Bern"}, fields=["cust*"])
    assert record["city"] == "Bern"
    assert shape(record["customer"]) == "Aaaaaa Aaa"
    kept = "support@corp.com"
    assert masked(kept, "ann@corp.com", keep=["support@*"])[0] == kept
    assert masked(kept, keep=["corp.com"]) == [kept]
    assert masked("203.0.113.78", off=["address"]) == ["203.0.113.78"]
    assert masked({"password": "corRect-horse"}, off=["fields"]) == [{"password": "corRect-horse"}]
    assert {"address", "fields"} < set(KINDS)


def test_values_in_every_form_are_masked() -> None:
    secret = base64.b64encode(b"mail ann@corp.com").decode()
    fixture = {
        "args": [
            {"$bytes": secret},
            {"$tuple": ["ann@corp.com"]},
            {"$set": ["zoe@corp.com", "ann@corp.com"]},
            {"$object": ["shop:User", {"api_key": "hunter22", "name": "ann@corp.com"}]},
            {"$dict": [[1, "ann@corp.com"], ["ann@corp.com", 1]]},
            {"ann@corp.com": 1},
            {"$date": "1980-02-29"},
            {"birth_date": {"$date": "1980-02-29"}},
            {"$enum": ["shop:Mail", "ann@corp.com"]},
        ],
        "observed": {"raised": {"class": "ValueError", "message": "no ann@corp.com"}},
    }
    mask = masker()
    made = mask.fixture(fixture, [])
    token = masked("ann@corp.com")[0]
    assert base64.b64decode(made["args"][0]["$bytes"]).decode() == f"mail {token}"
    assert made["args"][1] == {"$tuple": [token]}
    assert made["args"][2]["$set"] == sorted(made["args"][2]["$set"])
    assert made["args"][3]["$object"][0] == "shop:User"
    assert made["args"][3]["$object"][1]["name"] == token
    assert made["args"][4]["$dict"] == [[1, token], [token, 1]]
    assert made["args"][5] == {token: 1}
    assert made["args"][6] == {"$date": "1980-02-29"}
    assert re.fullmatch(r"1980-\d\d-\d\d", made["args"][7]["birth_date"]["$date"])
    assert made["args"][7]["birth_date"]["$date"] != "1980-02-29"
    assert made["args"][8] == fixture["args"][8]
    assert made["observed"]["raised"] == {"class": "ValueError", "message": f"no {token}"}
    text = json.dumps(made).replace(json.dumps(fixture["args"][8]), "")
    assert "ann@corp.com" not in text
    assert "hunter22" not in text


ORDINARY = [
    *("2024-02-29T23:59:59.123456", "1700000000123", "10.0.19041.1", "1.2.3.4", "127.0.0.1"),
    *("10.1.2.30", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "12:30:45", "a@b", "x = y @ z"),
    *("123e4567-e89b-12d3-a456-426614174000", "MoveEndpoint-0000-11", "SELECT 1", "password"),
    *("/usr/lib/python3.11/site-packages", "4111111111111112", "basic training of people"),
    *("password = %s", "token: ?", "the key is under the mat", "v12.34.56.78"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_only_looks_a_little_like_it_stays(text: str) -> None:
    assert masked(text) == [text]


def test_a_number_is_no_secret_but_for_codes() -> None:
    (kept,) = masked({"token": 100017, "fence_token": 5, "pin": 48213, "cvv": 123})
    assert (kept["token"], kept["fence_token"]) == (100017, 5)
    assert (len(str(kept["pin"])), len(str(kept["cvv"]))) == (5, 3)
    assert kept["pin"] != 48213
    assert kept["cvv"] != 123
    assert masked({"token": "100017"})[0]["token"] != "100017"


NUMBERS = [1_700_000_000_123, 1_700_000_000_123_456, 1_700_000_000_123_456_789, 12, -5, 2**60]


@pytest.mark.parametrize("number", NUMBERS)
def test_times_and_other_numbers_stay(number: int) -> None:
    assert masked(number) == [number]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://shop:s3cr3t-pw@db/shop", "s3cr3t-pw"),
        ("https://api/?api_key=ab12cd34&x=1", "ab12cd34"),
        ('{"password": "op3n-sesame"}', "op3n-sesame"),
        ('{\\"client_secret\\":\\"op3n-sesame\\"}', "op3n-sesame"),
        ("Authorization: Bearer 77aa-88bb-99cc", "77aa-88bb-99cc"),
        ("mail=ann%40corp.com&x=1", "ann%40corp.com"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----", "MIIEvQIBADAN"),
    ],
)
def test_a_secret_in_a_text_is_found_by_what_stands_before_it(text: str, secret: str) -> None:
    (token,) = masked(text)
    assert secret not in token
    start = text.index(secret)
    assert token[:start] == text[:start]
    assert token[start + len(secret) :] == text[start + len(secret) :]


def test_a_line_with_nothing_in_it_is_not_even_parsed() -> None:
    mask = masker()
    assert not mask.may_hold('{"args":[1,"orders",{"limit":10,"name":"x"}]}')
    assert mask.may_hold('{"args":["ann@corp.com"]}')
    mask.fixture({"args": [{"password": "plain-word"}]}, [])
    assert mask.may_hold('{"args":["say\\nplain-word"]}')
    assert not mask.may_hold('{"args":["plain words"]}')


@pytest.mark.parametrize("text", [*FOUND.values(), *ORDINARY])
def test_whatever_is_masked_in_a_line_is_looked_for_in_it(text: str) -> None:
    line = {"args": [text, {"deep": [text]}]}
    if masker().fixture(line, []) != line:
        assert masker().may_hold(json.dumps(line))


def test_threads_do_not_get_in_the_way_of_one_another() -> None:
    mask = masker()
    told: list[list[str]] = []

    def work(number: int) -> None:
        for round_ in range(200):
            address = f"user{number}-{round_}@corp.com"
            made = mask.fixture({"args": [{"password": f"pw-{number}-{round_}"}, address]}, [])
            assert address not in json.dumps(made)
            told.append(mask.hidden())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(told) == 1600
    assert all(len(one) >= 1 for one in told)


HARMLESS = (
    *("orders-0042", "127.0.0.1:8080", "4398046511104", "2026-11-27T02:41:59Z", "sk", "a@b", "key"),
    *("it's 10:20:30", "no password", "tab\there", "\u00fcber\n", "x" * 300, "", "1.2.3", "::"),
)
PLANTED = (*FOUND.values(), "password=hunter22", "a\nann@corp.example", '{"api_key": "k3y4567"}')
ANY_TEXT = st.sampled_from(HARMLESS + PLANTED) | st.text(max_size=12)
ANY_NAME = st.sampled_from(["id", "token", "first_name", "pin", "rows", "na\u00efve"])
ANY_FORM = st.recursive(
    ANY_TEXT | st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.just(378282246310005),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(ANY_NAME, inner, max_size=3)
        | st.lists(st.tuples(ANY_NAME, inner).map(list), max_size=2).map(lambda d: {"$dict": d})
    ),
    max_leaves=8,
)


@given(st.lists(ANY_FORM, min_size=1, max_size=6))
def test_a_line_that_is_said_to_hold_nothing_holds_nothing(forms: list[Any]) -> None:
    one = masker(keep=["support@*"])  # remembers what it found clean in the lines before
    for form in forms:
        fixture = {"args": [form]}
        if not one.may_hold(json.dumps(fixture, separators=(",", ":"))):
            assert masker(keep=["support@*"]).fixture(fixture, ["it"]) == fixture
            assert one.fixture(fixture, ["it"]) == fixture


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_suspicious_is_not_gone_through(text: str) -> None:
    line = json.dumps({"args": [{"token": 7, "note": text}]}, separators=(",", ":"))
    assert not masker().may_hold(line)
