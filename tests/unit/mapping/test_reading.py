"""Map files: what units they say, and everything that is wrong in them at once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from parity.config import Config, ConfigTable
from parity.errors import ConfigError
from parity.mapping import file_name, read_explanations, read_map
from parity.model import Allowance, Explanation, Terms, Unit

UNIT = '[unit."shop:total"]\njava = "com.example.Prices#total"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def units(root: Path, text: str, **more: str) -> dict[str, Unit]:
    (root / "parity.map.toml").write_text(text, "utf-8")
    for name, other in more.items():
        (root / f"{name}.map.toml").write_text(other, "utf-8")
    table = ConfigTable(map=["*.map.toml"])
    config = Config(root=root, file=root / "parity.toml", table=table)
    return {unit.id: unit for unit in read_map(config)}


def problems(root: Path, text: str, **more: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ConfigError) as told:
        units(root, text, **more)
    return [(one.where, one.why, one.hint) for one in told.value.problems]


def test_a_unit_without_terms_is_strict(root: Path) -> None:
    unit = units(root, UNIT)["shop:total"]
    assert unit.terms == Terms()
    assert unit.reference == "shop:total"
    assert unit.java == unit.java_text == "com.example.Prices#total"
    assert unit.allowances == ()


def test_units_are_sorted_and_of_all_files(root: Path) -> None:
    found = units(root, UNIT, b='[unit."a:b"]\njava = "A"\n', a='[unit."z:z"]\njava = "Z"\n')
    assert list(found) == ["a:b", "shop:total", "z:z"]
    assert found["a:b"].map_file.endswith("b.map.toml")


def test_the_longest_prefix_of_the_defaults_wins_and_the_unit_over_it(root: Path) -> None:
    found = units(
        root,
        '[defaults]\ntimeout = 1\nnulls = "absent"\n'
        '[defaults."shop"]\ntimeout = 2\nfloat_ulps = 2\n'
        '[defaults."shop.prices"]\ntimeout = 3\n'
        '[unit."shop.prices:a"]\njava = "A"\n'
        '[unit."shop.prices:b"]\njava = "B"\ntimeout = 4\n'
        '[unit."shop.pricesless:c"]\njava = "C"\n'
        '[unit."shopping:d"]\njava = "D"\n',
    )
    terms = {unit_id: unit.terms for unit_id, unit in found.items()}
    assert terms["shop.prices:a"] == Terms(timeout=3, nulls="absent")
    assert terms["shop.prices:b"] == Terms(timeout=4, nulls="absent")
    assert terms["shop.pricesless:c"] == Terms(timeout=2, nulls="absent", float_ulps=2)
    assert terms["shopping:d"] == Terms(timeout=1, nulls="absent")


def test_a_term_can_be_set_back_to_strict(root: Path) -> None:
    text = '[defaults]\nnumbers = "by-value"\nunordered = ["$"]\n'
    unit = units(root, f'{text}{UNIT}numbers = "strict"\nunordered = []\n')["shop:total"]
    assert unit.terms == Terms()


def test_every_term_reaches_the_unit(root: Path) -> None:
    unit = units(
        root,
        f'{UNIT}numbers = "by-value"\nfloat_ulps = 1\nfloat_relative = 1e-9\nnulls = "absent"\n'
        'unordered = ["$.hosts"]\nnames = "camel"\nraises = { A = "x.B" }\njudge = "recorded"\n'
        'compare = ["messages", "map-order"]\nevent = "request"\norder = ["b", "a"]\n'
        "max_items = 5\ntimeout = 0.5\n",
    )["shop:total"]
    assert unit.terms == Terms(
        timeout=0.5,
        numbers="by-value",
        float_ulps=1,
        float_relative=1e-9,
        nulls="absent",
        unordered=("$.hosts",),
        names="camel",
        raises={"A": "x.B"},
        judge="recorded",
        compare=frozenset({"messages", "map-order"}),
        event="request",
        order=("b", "a"),
        max_items=5,
    )


def test_a_domain_is_a_term_of_a_unit_that_python_judges(root: Path) -> None:
    assert units(root, f'{UNIT}domain = "n >= 0"\n')["shop:total"].terms.domain == "n >= 0"


def test_an_allowance_is_read_with_its_day(root: Path) -> None:
    allow = '[[unit."shop:total".allow]]\npath = "$.total"\nkind = "changed"\nreason = "tax"\n'
    text = UNIT + allow + 'owner = "@billing"\nexpires = {}\nat_most = 2\n'
    expected = Allowance("$.total", "changed", "tax", "@billing", datetime.date(2027, 6, 30), 2)
    for day in ("2027-06-30", '"2027-06-30"'):
        assert units(root, text.format(day))["shop:total"].allowances == (expected,)


def test_what_is_said_of_survivors_is_no_part_of_a_unit(root: Path) -> None:
    before = units(root, UNIT)
    text = UNIT + SURVIVOR + 'source = "  return 1; "\nat_most = 2\n'
    assert units(root, text) == before
    config = Config(root=root, file=root / "parity.toml", table=ConfigTable(map=["*.map.toml"]))
    said = Explanation("C", "negated conditional", "r", source="return 1;", at_most=2)
    assert read_explanations(config) == (said,)


def test_a_free_name_has_expressions_on_both_sides(root: Path) -> None:
    unit = units(
        root,
        '[unit."tax.rounded"]\nparameters = { n = "double" }\npython = "round(n)"\n'
        'java_expression = "Math.round(n)"\n',
    )["tax.rounded"]
    assert unit.reference is None
    assert dict(unit.parameters) == {"n": "double"}


RECEIVERS = (
    '[receiver."till"]\npython = "till()"\njava = "Till.open()"\n'
    '[receiver."shop:Shop"]\npython = "Shop(1)"\njava = "new Shop(1)"\n'
)


@pytest.mark.parametrize(
    ("unit_id", "line", "expected"),
    [
        ("shop:Till.pay", 'receiver = "till"', ("till()", "Till.open()")),
        ("shop:Till.pay", 'receiver = "new Till()"', (None, "new Till()")),
        ("shop:Till.pay", "", (None, None)),
        ("shop:Shop.sell", "", ("Shop(1)", "new Shop(1)")),
        ("shop:Shop", "", ("Shop(1)", "new Shop(1)")),
        ("shop:Shop.sell", 'receiver = "new Shop(2)"', ("Shop(1)", "new Shop(2)")),
    ],
)
def test_a_receiver(
    root: Path, unit_id: str, line: str, expected: tuple[str | None, str | None]
) -> None:
    unit = units(root, f'{RECEIVERS}[unit."{unit_id}"]\njava = "A#b"\n{line}\n')[unit_id]
    assert (unit.python_receiver, unit.java_receiver) == expected


def test_a_unit_in_two_maps_is_an_error_that_names_both(root: Path) -> None:
    with pytest.raises(ConfigError) as told:
        units(root, UNIT, other=UNIT)
    assert "other.map.toml" in str(told.value)
    assert "parity.map.toml" in str(told.value)


@pytest.mark.parametrize(("one", "other"), [("shop:Total", "shop:total"), ("a b", "a_b")])
def test_two_units_whose_fixtures_would_meet_are_told(root: Path, one: str, other: str) -> None:
    free = 'parameters = {}\npython = "1"\njava_expression = "1"\n'
    tables = [
        f'[unit."{unit_id}"]\n' + ('java = "A"\n' if ":" in unit_id else free)
        for unit_id in (one, other)
    ]
    ((where, why, _),) = problems(root, "".join(tables))
    assert one in where + why
    assert other in where + why


@pytest.mark.parametrize(
    ("unit_id", "name"),
    [
        ("shop.prices:total", "shop.prices/total"),
        ("shop:Shop.sell", "shop/Shop.sell"),
        ("phone.is_valid", "phone.is_valid"),
        ("a b/c*d", "a_b_c_d"),
        ("größe:maß", "größe/maß"),
        ("../x", ".._x"),
    ],
)
def test_the_file_of_a_units_fixtures(unit_id: str, name: str) -> None:
    assert file_name(unit_id) == name


ALLOW = '[[unit."shop:total".allow]]\npath = "$"\nreason = "r"\nexpires = 2030-01-01\n'
SURVIVOR = '[[survivor]]\nclass = "C"\nmutation = "negated conditional"\nreason = "r"\n'
WRONG = {
    "nothing": ("", "unit", "it has no"),
    "an unknown version": ("schema = 2\n" + UNIT, "schema", "1"),
    "a table of the config": (UNIT + '[switch."shop:total"]\n', "switch", "unknown key"),
    "a misspelt key": (UNIT + "timout = 1\n", "unit.shop:total.timout", "unknown key"),
    "no counterpart": ('[unit."a:b"]\n', 'unit."a:b"', "has no counterpart"),
    "two counterparts": (
        UNIT + 'parameters = {}\njava_body = "x"\n',
        'unit."shop:total"',
        "keep one",
    ),
    "no module": ('[unit."a:1b"]\njava = "A"\n', 'unit."a:1b"', "is no module:qualname"),
    "a callable and an expression": (
        UNIT + 'parameters = {}\npython = "1"\n',
        'unit."shop:total".python',
        "is that callable",
    ),
    "a free name without python": ('[unit."a"]\njava = "A"\n', 'unit."a"', "free name needs"),
    "an expression without parameters": (
        '[unit."a:b"]\njava_expression = "1"\n',
        'unit."a:b"',
        "need their parameters",
    ),
    "a parameter that is no name": (
        '[unit."a:b"]\njava_expression = "1"\nparameters = { "1a" = "int" }\n',
        'unit."a:b".parameters.1a',
        "no name of a parameter",
    ),
    "a timeout of nothing": (UNIT + "timeout = 0\n", "unit.shop:total.timeout", "greater than 0"),
    "a term of another kind": (
        UNIT + "float_ulps = 1.5\n",
        "unit.shop:total.float_ulps",
        "valid integer",
    ),
    "a term with another word": (UNIT + 'nulls = "gone"\n', "unit.shop:total.nulls", "absent"),
    "a path that is none": (
        UNIT + 'unordered = ["hosts"]\n',
        "unit.shop:total.unordered.0",
        "starts with `$`",
    ),
    "a domain that is no Python": (
        UNIT + 'domain = "n >"\n',
        "unit.shop:total.domain",
        "no Python expression",
    ),
    "an unknown default": (
        UNIT + "[defaults]\nfloatulps = 1\n",
        "defaults.floatulps",
        "unknown key",
    ),
    "a wrong default": (UNIT + '[defaults."shop"]\nnulls = 1\n', 'defaults."shop".nulls', "absent"),
    "a port": (UNIT + '[port."a.B"]\njava = "B"\n', 'port."a.B"', "is no module:Class"),
    "a port without java": (UNIT + '[port."a:B"]\n', 'port."a:B"', "has no Java type"),
    "a class for the world": (UNIT + '[port.sql]\njava = "B"\n', 'port."sql"', "no class stands"),
    "an allowance without owner": (
        UNIT + ALLOW + 'kind = "changed"\n',
        "unit.shop:total.allow.0.owner",
        "required",
    ),
    "an allowance of no kind": (
        UNIT + ALLOW + 'kind = "odd"\nowner = "o"\n',
        "unit.shop:total.allow.0.kind",
        "a kind is one of changed, missing",
    ),
    "a survivor nobody can find": (
        UNIT + SURVIVOR,
        "survivor 1",
        "neither the line nor the method",
    ),
    "a survivor of another unit": (
        UNIT + SURVIVOR + 'method = "m"\nunits = ["shop:totl"]\n',
        "survivor 1.units",
        "`shop:total`",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(root: Path, name: str) -> None:
    text, place, part = WRONG[name]
    ((where, why, hint),) = problems(root, text)
    assert where == place
    assert part in f"{why} {hint}"


def test_everything_wrong_is_told_at_once(root: Path) -> None:
    text = '[unit."a:b"]\n[unit."c d:e"]\njava = "A"\n[defaults]\nx = 1\n[port.p]\njava = "P"\n'
    assert len(problems(root, text)) == 4


def test_a_misspelt_key_has_its_neighbour_as_hint(root: Path) -> None:
    ((_, _, hint),) = problems(root, UNIT + "jva = 1\n")
    assert "`java`" in hint
