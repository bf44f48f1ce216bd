"""`parity map`, and units that class files map by `@PortedFrom`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.conftest import ROOT, Project

ANNOTATION = (ROOT / "parity/ported_from/src/main/java/parity/PortedFrom.java").read_text("utf-8")
ANNOTATED = (
    "package shop;\n\nimport parity.PortedFrom;\n\npublic final class Half {\n"
    '  @PortedFrom("shop:half")\n  public static long of(long n) { return Math.floorDiv(n, 2); }\n'
    "  public static String of(String n) { return n; }\n}\n"
)


def annotated(project: Project, half: str = ANNOTATED) -> Project:
    project.write({"java/parity/PortedFrom.java": ANNOTATION, "java/shop/Half.java": half})
    (project.folder / "parity.map.toml").unlink()
    return project.javac()


def test_both_signatures_stand_side_by_side(project: Project) -> None:
    told = project.javac().parity("map", "--json")
    (unit,) = told.report["units"]
    assert (told.status, unit["how"], unit["checked"]) == (0, "map", True)
    assert unit["python_signature"] == "half(n: int) -> int"
    assert unit["java_signature"] == "long half(long)"


def test_an_annotated_method_is_run_without_a_map(project: Project) -> None:
    annotated(project)
    told = project.run()
    assert (told.status, told.unit["java"]) == (0, "shop.Half#of(long)"), told.text
    assert project.parity("map", "--json").report["units"][0]["how"] == "annotation"


def test_the_terms_of_defaults_hold_for_an_annotated_unit(project: Project) -> None:
    annotated(project, ANNOTATED.replace("public static long", "public static double"))
    assert project.run().status == 1
    project.write({"parity.map.toml": '[defaults]\nnumbers = "by-value"\n'})
    told = project.run()
    assert told.status == 0, told.text


def test_the_map_wins_over_the_annotation(project: Project) -> None:
    annotated(project)
    project.write({"parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#of(String)"\n'})
    report = project.parity("map", "--json").report
    assert [(one["how"], one["java"]) for one in report["units"]] == [
        ("map", "shop.Half#of(String)")
    ] or report["units"][0]["how"] == "map"
    assert project.run().unit["java"] == "shop.Half#of(String)"


def test_two_classes_that_claim_one_unit_are_refused_by_name(project: Project) -> None:
    other = ANNOTATED.replace("class Half", "class Halves")
    annotated(project).write({"java/shop/Halves.java": other}).javac()
    told = project.run()
    assert told.status == 2
    assert "shop.Half#of(long)" in told.err
    assert "shop.Halves#of(long)" in told.err
    assert project.parity("map").status == 2


def test_all_that_does_not_fit_is_told_at_once(project: Project) -> None:
    annotated(project, ANNOTATED.replace("shop:half", "shop:hafl"))
    project.write(
        {
            "parity.map.toml": '[unit."shop:half"]\njava = "shop.Haff#of"\n'
            '[unit."shop:halve"]\njava = "shop.Half#off(long)"\n'
            '[unit."shop:third"]\njava = "shop.Half#of(int)"\n'
        }
    )
    told = project.parity("map")
    assert told.status == 2
    for part in (
        "there is no class `shop.Haff`",
        "did you mean `shop.Half`?",
        "`shop.Half` has no method `off`",
        "did you mean `of`?",
        "no overload has these parameter types",
        "long of(long)",
        "@PortedFrom names it, and the sources have no such unit",
        "did you mean `shop:half`?",
    ):
        assert part in told.out, part


def test_names_find_a_handler_and_a_method_and_say_so(project: Project) -> None:
    (project.folder / "parity.map.toml").unlink()
    project.write(
        {
            "src/prices.py": "def net_total(a, b):\n    return a\n\n\ndef tax(a):\n    return a\n",
            "java/com/amazonaws/services/lambda/runtime/RequestHandler.java": "package "
            "com.amazonaws.services.lambda.runtime;\npublic interface RequestHandler<I, O> {\n"
            "  O handleRequest(I input, Object context);\n}\n",
            "java/shop/Tax.java": "package shop;\nimport com.amazonaws.services.lambda.runtime."
            "RequestHandler;\npublic final class Tax implements RequestHandler<String, String> {\n"
            "  public String handleRequest(String input, Object context) { return input; }\n}\n",
            "java/shop/Prices.java": "package shop;\npublic final class Prices {\n"
            "  public static long netTotal(long a, long b) { return a; }\n"
            "  public static long netTotal(long a) { return a; }\n}\n",
        }
    ).javac()
    report = project.parity("map", "--json").report
    found = {one["id"]: (one["java"], one["how"]) for one in report["units"]}
    assert found == {
        "prices:net_total": ("shop.Prices#netTotal(long,long)", "name"),
        "prices:tax": ("shop.Tax", "name"),
    }
    tables = project.parity("map", "--entries").out
    assert '[unit."prices:tax"]\njava = "shop.Tax"\n' in tables


INTERFACE = {
    "java/com/amazonaws/services/lambda/runtime/RequestHandler.java": "package "
    "com.amazonaws.services.lambda.runtime;\npublic interface RequestHandler<I, O> {\n"
    "  O handleRequest(I input, Object context);\n}\n"
}
HANDLER = (
    "package shop;\nimport com.amazonaws.services.lambda.runtime.RequestHandler;\n"
    "public final class %s implements RequestHandler<String, String> {\n"
    "  public String handleRequest(String input, Object context) { return input; }\n}\n"
)


@pytest.mark.parametrize(
    ("python", "handlers", "found"),
    [
        ("def handle(event, context=None):\n    return event\n", ["Intake"], {"app:handle"}),
        ("def handler(event):\n    return event\n", ["Intake"], {"app:handler"}),
        ("def handle(error):\n    return error\n", ["Intake"], set()),
        ("def handle(event):\n    return event\n", ["Intake", "Outlet"], set()),
    ],
)
def test_the_only_handler_is_the_only_function_that_is_called_one(
    project: Project, python: str, handlers: list[str], found: set[str]
) -> None:
    (project.folder / "parity.map.toml").unlink()
    java = {f"java/shop/{name}.java": HANDLER % name for name in handlers}
    project.write({"src/app.py": python, **INTERFACE, **java}).javac()
    report = project.parity("map", "--json").report
    assert {one["id"] for one in report["units"]} == found


def test_a_handler_may_carry_a_suffix_or_the_name_of_its_module(project: Project) -> None:
    (project.folder / "parity.map.toml").unlink()
    names = ("TaxHandler", "RefundLambda", "Refund", "ShippingHandler")
    project.write(
        {
            "src/prices.py": "def tax(a):\n    return a\n\n\ndef refund(a):\n    return a\n",
            "src/shipping.py": "def lambda_handler(event, context):\n    return event\n",
            **INTERFACE,
            **{f"java/shop/{name}.java": HANDLER % name for name in names},
        }
    ).javac()
    report = project.parity("map", "--json").report
    assert {one["id"]: one["java"] for one in report["units"]} == {
        "prices:tax": "shop.TaxHandler",
        "prices:refund": "shop.Refund",
        "shipping:lambda_handler": "shop.ShippingHandler",
    }
    assert [one["java"] for one in report["near"]] == ["shop.RefundLambda"]


def test_methods_of_a_class_that_is_mapped_as_a_whole_are_parts_of_it(project: Project) -> None:
    """By their names they were units of their own, which no evidence could ever prove."""
    project.write(
        {
            "src/shop.py": "class Till:\n    def push(self, n):\n        return n\n",
            "java/shop/Till.java": "package shop;\npublic final class Till {\n"
            "  public long push(long n) { return n; }\n}\n",
            "parity.map.toml": '[unit."shop:Till"]\njava = "shop.Till"\n',
        }
    ).javac()
    assert [one["id"] for one in project.parity("map", "--json").report["units"]] == ["shop:Till"]
    units = {one["id"]: one for one in project.parity("status", "--json").report["units"]}
    assert units["shop:Till.push"]["why"].startswith("a part of shop:Till")


def test_two_units_of_one_name_are_a_near_miss_and_none_is_taken(project: Project) -> None:
    (project.folder / "parity.map.toml").unlink()
    half = "class Half:\n    def half(self, n):\n        return n\n"
    project.write({"src/one.py": half, "src/two.py": half}).javac()
    report = project.parity("map", "--json").report
    assert report["units"] == []
    assert {one["unit"] for one in report["near"]} == {"one:Half.half", "two:Half.half"}


def test_where_nothing_was_built_nothing_is_said_of_classes(project: Project) -> None:
    told = project.parity("map")
    assert told.status == 2
    assert "there are no classes" in told.out


def test_nothing_of_the_project_runs(project: Project, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    touch = f"import pathlib\npathlib.Path({str(canary)!r}).touch()\n"
    project.write({"src/shop.py": f"{touch}def half(n: int) -> int:\n    return n // 2\n"})
    config = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\n'
    project.write({"parity.toml": f'{config}classpath_command = ["touch", "{canary}"]\n'}).javac()
    project.parity("map")
    assert not canary.exists()
