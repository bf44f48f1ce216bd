"""Bad input gets a clear error and exit status 2, and loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.conftest import CONFIG, Project

ROOT = Path(__file__).resolve().parents[2]


def test_the_project_of_these_tests_matches(project: Project) -> None:
    told = project.javac().run()
    assert told.status == 0, told.text
    assert told.unit["matched"] == 2


# ---------------------------------------------------------------- config and map


def test_all_wrong_keys_of_the_config_are_told_at_once(project: Project) -> None:
    project.write({"parity.toml": 'source = ["src"]\nfixtures = 3\n[java]\nclaspath = []\n'})
    told = project.run()
    assert told.status == 2
    assert "3 problems" in told.err
    for fact in ("source: unknown key", "did you mean `sources`?", "fixtures:", "java.claspath"):
        assert fact in told.err


def test_all_wrong_keys_of_the_map_are_told_at_once(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": '[unit."shop:half"]\njav = "x"\ntimeout = "5"\n'
            '[unit."shop:more"]\nnumbers = "loose"\njava = "shop.Half#more"\n'
        }
    )
    told = project.run()
    assert told.status == 2
    for fact in ("jav: unknown key", "did you mean `java`?", "timeout", "numbers"):
        assert fact in told.err


def test_a_file_that_is_no_toml_is_told_with_its_line(project: Project) -> None:
    project.write({"parity.map.toml": '[unit."shop:half"\njava = 1\n'})
    told = project.run()
    assert told.status == 2
    assert "line 1" in told.err


def test_a_missing_source_root_is_told(project: Project) -> None:
    project.write({"parity.toml": CONFIG.replace('"src"', '"source"')})
    told = project.run()
    assert told.status == 2
    assert "sources[0]: there is no folder" in told.err


def test_an_empty_project_is_told(tmp_path: Path) -> None:
    told = Project(tmp_path).run()
    assert told.status == 2
    assert "there is no project here" in told.err
    assert "hint: write a parity.toml" in told.err


def test_a_working_directory_that_was_deleted_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    steps = "import os, runpy, sys; os.rmdir(os.getcwd()); sys.argv = ['parity', 'run']; "
    code = steps + "runpy.run_module('parity', run_name='__main__')"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", code]
    told = subprocess.run(command, cwd=gone, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "error: the working directory is not there any more" in told.stderr
    assert "hint: go to a folder that is there" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_project_without_a_map_is_told(project: Project) -> None:
    (project.folder / "parity.map.toml").unlink()
    told = project.run()
    assert told.status == 2
    assert "there is no map `parity.map.toml`" in told.err


def test_a_map_without_units_is_told(project: Project) -> None:
    project.write({"parity.map.toml": "schema = 1\n"})
    told = project.run()
    assert told.status == 2
    assert "it has no [unit" in told.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_project_is_told(project: Project) -> None:
    (project.folder / "parity.toml").chmod(0)
    told = project.run()
    assert told.status == 2
    assert "cannot be read" in told.err


def test_a_config_that_is_a_folder_is_told(project: Project) -> None:
    (project.folder / "parity.map.toml").unlink()
    (project.folder / "parity.map.toml").mkdir()
    told = project.run()
    assert told.status == 2
    assert "parity.map.toml" in told.err


def test_a_unit_that_is_not_in_the_map_is_told_with_the_nearest(project: Project) -> None:
    told = project.run("shop:haff")
    assert told.status == 2
    assert "did you mean `shop:half`?" in told.err


# ---------------------------------------------------------------- what the map names


def test_a_python_function_that_does_not_exist_is_told_with_the_nearest(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": '[unit."shop:haalf"]\njava = "shop.Half#half"\n',
            "fixtures/shop/haalf.jsonl": '{"id": "a", "args": [1]}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "python_name_not_found"
    assert "`shop:half`" in told.unit["error"]["hint"]


def test_a_python_module_that_does_not_exist_is_told_with_the_nearest(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": '[unit."shopp:half"]\njava = "shop.Half#half"\n',
            "fixtures/shopp/half.jsonl": '{"id": "a", "args": [1]}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "python_module_not_found"
    assert "`shop`" in told.unit["error"]["hint"]


def test_a_java_class_that_does_not_exist_is_told_with_the_nearest(project: Project) -> None:
    project.write({"parity.map.toml": '[unit."shop:half"]\njava = "shop.Haalf#half"\n'})
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "java_class_not_found"
    assert "shop.Half" in told.unit["error"]["hint"]


def test_a_java_method_that_does_not_exist_is_told_with_the_nearest(project: Project) -> None:
    project.write({"parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#haalf"\n'})
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "java_method_not_found"
    assert "half" in told.unit["error"]["hint"]


def test_an_ambiguous_overload_is_told_with_its_candidates(project: Project) -> None:
    project.write(
        {
            "java/shop/Half.java": "package shop;\npublic final class Half {\n"
            "  public static long half(long n) { return n / 2; }\n"
            "  public static int half(int n) { return n / 2; }\n}\n"
        }
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "ambiguous_overload"
    for candidate in ("half(long)", "half(int)"):
        assert candidate in told.unit["error"]["hint"]


def test_a_unit_in_trouble_does_not_keep_the_others_from_running(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": '[unit."shop:half"]\njava = "shop.Half#half"\n'
            '[unit."shop:gone"]\njava = "shop.Half#half"\n',
            "fixtures/shop/gone.jsonl": '{"id": "a", "args": [1]}\n',
        }
    )
    told = project.javac().run()
    assert told.status == 2
    verdicts = {unit["id"]: unit["verdict"] for unit in told.report["units"]}
    assert verdicts == {"shop:gone": "unknown", "shop:half": "matched"}


def test_a_unit_without_fixtures_is_unknown(project: Project) -> None:
    (project.folder / "fixtures/shop/half.jsonl").unlink()
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["verdict"] == "unknown"
    assert told.unit["error"]["code"] == "no_fixtures"
    assert "half.jsonl" in told.unit["error"]["where"]


# ---------------------------------------------------------------- fixtures


FIXTURES = {
    "no JSON": ('{"id": "b", "args": [1,]}', "line 2, column 2"),
    "a duplicate id": ('{"id": "a", "args": [1]}', "the id `a` is also on line 1"),
    "a duplicate key": ('{"id": "b", "args": [{"x": 1, "x": 2}]}', 'the key "x" stands here twice'),
    "an unknown tag": ('{"id": "b", "args": [{"$tupel": [1]}]}', "unknown tag `$tupel`"),
    "an unknown key": ('{"id": "b", "arguments": [1]}', "unknown key 'arguments'"),
    "no id": ('{"args": [1]}', "the fixture has no `id`"),
    "NaN": ('{"id": "b", "args": [NaN]}', "NaN is no JSON"),
    "a wrong payload": ('{"id": "b", "args": [{"$decimal": "one"}]}', "no decimal number"),
}


@pytest.mark.parametrize("what", FIXTURES)
def test_a_malformed_fixture_line_is_told_with_file_line_and_column(
    project: Project, what: str
) -> None:
    line, fact = FIXTURES[what]
    file = "fixtures/shop/half.jsonl"
    project.write({file: f'{{"id": "a", "args": [1]}}\n{line}\n'})
    told = project.run()
    assert told.status == 2
    assert file in told.err
    assert "line 2, column " in told.err
    assert fact in told.err


# ---------------------------------------------------------------- java


def java_unit(project: Project, text: str, java: str = "shop.Bad#half") -> Project:
    map_text = f'[unit."shop:half"]\njava = "{java}"\n'
    return project.write({"java/shop/Bad.java": text, "parity.map.toml": map_text})


def test_a_class_that_fails_in_static_initialisation_is_told(project: Project) -> None:
    java_unit(
        project,
        'package shop;\npublic final class Bad {\n  static final int N = Integer.parseInt("x");\n'
        "  public static long half(long n) { return n / N; }\n}\n",
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "java_static_initialiser_failed"
    assert "NumberFormatException" in told.unit["error"]["why"]


HANDLER = """package com.amazonaws.services.lambda.runtime;
public interface RequestHandler<I, O> { O handleRequest(I input, Context context); }
"""
CONTEXT = """package com.amazonaws.services.lambda.runtime;
public interface Context { String getAwsRequestId(); }
"""


def test_a_handler_without_a_usable_constructor_is_told(project: Project) -> None:
    runtime = "java/com/amazonaws/services/lambda/runtime"
    project.write({f"{runtime}/RequestHandler.java": HANDLER, f"{runtime}/Context.java": CONTEXT})
    java_unit(
        project,
        "package shop;\nimport com.amazonaws.services.lambda.runtime.*;\nimport java.util.Map;\n"
        "public final class Bad implements RequestHandler<Map<String, Object>, Long> {\n"
        "  public Bad(String table) {}\n"
        "  public Long handleRequest(Map<String, Object> in, Context context) { return 1L; }\n}\n",
        java="shop.Bad",
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "handler_has_no_constructor"


def test_bytecode_newer_than_the_jvm_is_told_with_both_versions(project: Project) -> None:
    project.javac()
    compiled = project.folder / "classes/shop/Half.class"
    data = bytearray(compiled.read_bytes())
    data[6:8] = (99).to_bytes(2, "big")
    compiled.write_bytes(data)
    told = project.run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "bytecode_too_new"
    assert "99" in told.unit["error"]["why"]


def test_a_class_that_needs_a_missing_jar_is_told(project: Project) -> None:
    project.write({"java/shop/Helper.java": "package shop;\npublic class Helper {}\n"})
    java_unit(
        project,
        "package shop;\npublic final class Bad extends Helper {\n"
        "  public static long half(long n) { return n / 2; }\n}\n",
    )
    project.javac()
    (project.folder / "classes/shop/Helper.class").unlink()
    told = project.run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "java_class_missing"
    assert "shop.Helper" in told.unit["error"]["why"].replace("/", ".")


def test_an_entry_of_the_class_path_that_is_missing_is_told(project: Project) -> None:
    project.write({"parity.toml": CONFIG.replace('"classes"', '"lib/gone.jar"')})
    told = project.run()
    assert told.status == 2
    assert "`lib/gone.jar` is not on the class path" in told.err


def test_no_jdk_is_told(project: Project) -> None:
    project.javac().env = {"JAVA_HOME": str(project.folder / "nowhere"), "PATH": "/nowhere"}
    told = project.run()
    assert told.status == 2
    assert "there is no JDK" in told.err
    assert "hint: install a JDK 17" in told.err


def test_a_jdk_that_is_too_old_is_told(project: Project) -> None:
    project.javac().write({"old/release": 'JAVA_VERSION="11.0.2"\n', "old/bin/java": ""})
    project.write({"parity.toml": CONFIG + 'home = "old"\n'})
    told = project.run()
    assert told.status == 2
    assert "the JDK is too old: 11" in told.err


POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shop</groupId><artifactId>shop</artifactId><version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-compiler-plugin</artifactId>
    <version>3.14.1</version>
  </plugin></plugins></build>
</project>
"""


def test_a_java_build_that_fails_is_told_with_the_line(project: Project) -> None:
    broken = "package shop;\npublic final class Half {\n  long half(long n) { return }\n}\n"
    project.write({"pom.xml": POM, "src/main/java/shop/Half.java": broken})
    project.write({"parity.toml": CONFIG.replace('classpath = ["classes"]', 'maven = "pom.xml"')})
    told = project.run()
    assert told.status == 2
    assert "the Maven build failed" in told.err
    assert "Half.java:[3," in told.err


def test_an_expression_that_does_not_compile_is_told_with_its_text(project: Project) -> None:
    project.write(
        {
            "parity.map.toml": '[unit."shop:half"]\njava_expression = "nn / 2"\n'
            'parameters = { n = "long" }\n'
        }
    )
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "java_does_not_compile"
    assert "nn" in told.unit["error"]["why"]


def test_a_class_older_than_its_source_is_never_run(project: Project) -> None:
    project.javac()
    source = project.folder / "java/shop/Half.java"
    newer = (project.folder / "classes/shop/Half.class").stat().st_mtime + 5
    os.utime(source, (newer, newer))
    told = project.run()
    assert told.status == 2
    assert "Half.class is older than its source" in told.err


# ---------------------------------------------------------------- python


def test_a_module_that_raises_on_import_is_told_with_its_line(project: Project) -> None:
    project.write({"src/shop.py": "import os\nraise RuntimeError('no licence')\n"})
    told = project.javac().run()
    assert told.status == 2
    error = told.unit["error"]
    assert error["code"] == "python_import_raised"
    assert "no licence" in error["why"]
    assert error["where"].endswith("shop.py:2")


def test_a_module_that_exits_on_import_is_told(project: Project) -> None:
    project.write({"src/shop.py": "import os\nos._exit(7)\n"})
    told = project.javac().run()
    assert told.status == 2
    assert told.unit["error"]["code"] == "python_load_crashed"
    assert "7" in told.unit["error"]["why"]


def test_a_module_that_prints_on_import_runs_and_its_text_is_shown_on_request(
    project: Project,
) -> None:
    project.write({"src/shop.py": "print('licence found')\ndef half(n):\n    return n // 2\n"})
    told = project.javac().run()
    assert told.status == 0
    assert told.unit["printed"] == "licence found\n"
    assert "licence found" not in project.parity("run").text
    assert "licence found" in project.parity("run", "--show-output").out


def test_an_interpreter_that_is_not_there_is_told(project: Project) -> None:
    text = 'sources = ["src"]\nfixtures = "fixtures"\n[python]\ninterpreter = "gone/bin/python"\n'
    told = project.write({"parity.toml": text}).run()
    assert told.status == 2
    assert "python.interpreter: there is no file" in told.err


@pytest.mark.parametrize(
    ("version", "facts"),
    [("3.6", ["the interpreter is Python 3.6", "3.8 or newer"]), (None, ["did not start", "3.8"])],
)
def test_an_interpreter_that_is_too_old_is_told(
    project: Project, version: str | None, facts: list[str]
) -> None:
    """Another interpreter is played by this one: under a false version, or refusing the text."""
    told = f"sys.version_info = ({version.replace('.', ', ')}, 0)" if version else "1 +"
    start = f"import sys, runpy\n{told}\nsys.argv = [*sys.argv[1:], 'deep']\n"
    start += "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    script = f'#!/bin/sh\nexec {sys.executable} "$(dirname "$0")/start.py" "$@"\n'
    project.write({"start.py": start, "python": script})
    (project.folder / "python").chmod(0o755)
    project.write({"parity.toml": CONFIG + '[python]\ninterpreter = "python"\n'})
    result = project.javac().run()
    assert result.status == 2
    for fact in facts:
        assert fact in result.err


def test_an_input_by_hand_that_is_no_fixture_is_told(project: Project) -> None:
    told = project.parity("compare", "shop:half", "--input", "[1,")
    assert told.status == 2
    assert "column" in told.err
