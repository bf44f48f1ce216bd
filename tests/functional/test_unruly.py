"""Subjects that do not behave: the run goes on, and blames the right fixture and the right side."""

from __future__ import annotations

import pytest

from tests.functional.conftest import CONFIG, Project, Told

FIXTURES = "".join(f'{{"id": "n{n}", "args": [{n}]}}\n' for n in range(4))


def run(project: Project, python: str, java: str, more: str = "") -> Told:
    """One unit of one int, on 0 to 3, whose python and java are these bodies."""
    entry = f"[unit.u]\nparameters = {{ n = 'int' }}\ntimeout = 1\n{more}\n"
    entry += f'python_body = """\n{python}\n"""\njava_body = """\n{java}\n"""\n'
    project.write(
        {
            "parity.toml": CONFIG.replace("src", ".") + 'jvm_args = ["-Xmx256m"]\n',
            "parity.map.toml": entry,
            "fixtures/u.jsonl": FIXTURES,
        }
    )
    return project.javac().run()


def findings(told: Told) -> list[tuple[str, str, str]]:
    """Fixture, verdict and kind of each finding."""
    return [(one["fixture"], one["verdict"], one["kind"]) for one in told.unit["findings"]]


JAVA_ENDS = {
    "exit": "if (n == 2) { System.exit(0); } return n;",
    "halt": "if (n == 2) { Runtime.getRuntime().halt(0); } return n;",
    "out of memory": "if (n == 2) { long[][] all = new long[100000][];"
    " for (int i = 0; i < 100000; i++) { all[i] = new long[1 << 20]; } } return n;",
}
PYTHON_ENDS = {
    "exit": "import os\nif n == 2: os._exit(0)\nreturn n",
    "signal": "import os\nif n == 2: os.kill(os.getpid(), 9)\nreturn n",
}


@pytest.mark.parametrize("java", JAVA_ENDS.values(), ids=JAVA_ENDS)
def test_java_that_ends_its_process_differs_on_that_fixture(project: Project, java: str) -> None:
    told = run(project, "return n", java)
    assert findings(told) == [("n2", "differs", "crashed")]
    assert told.unit["matched"] == 3


def test_what_ran_out_of_memory_says_so(project: Project) -> None:
    told = run(project, "return n", JAVA_ENDS["out of memory"])
    (finding,) = told.unit["findings"]
    assert "OutOfMemoryError" in finding["note"]


@pytest.mark.parametrize("python", PYTHON_ENDS.values(), ids=PYTHON_ENDS)
def test_python_that_ends_its_process_is_unknown(project: Project, python: str) -> None:
    told = run(project, python, "return n;")
    assert told.status == 2
    assert findings(told) == [("n2", "unknown", "crashed")]
    assert told.unit["matched"] == 3


def test_python_that_closes_every_descriptor_is_judged(project: Project) -> None:
    told = run(project, "import os\nif n == 2: os.closerange(3, 100)\nreturn n", "return n;")
    assert told.status == 0, told.text
    assert told.unit["matched"] == 4


def test_java_that_does_not_end_differs(project: Project) -> None:
    told = run(project, "return n", "while (n == 1) { Thread.onSpinWait(); } return n;")
    assert findings(told) == [("n1", "differs", "timeout")]
    assert told.unit["matched"] == 3


def test_python_that_does_not_end_is_unknown(project: Project) -> None:
    told = run(project, "while n == 1: pass\nreturn n", "return n;")
    assert told.status == 2
    assert findings(told) == [("n1", "unknown", "timeout")]


def test_java_that_gives_something_else_each_time_is_unstable(project: Project) -> None:
    told = run(project, "return n", "return n + (n == 3 ? System.nanoTime() : 0);")
    assert findings(told) == [("n3", "differs", "unstable")]


def test_python_that_gives_something_else_each_time_is_no_judge(project: Project) -> None:
    python = "import time\nreturn n + (time.perf_counter_ns() if n == 3 else 0)"
    told = run(project, python, "return n;")
    assert told.status == 2
    assert findings(told) == [("n3", "unknown", "unstable")]


def test_what_hash_order_leaks_into_python_is_found_though_both_agree_at_first(
    project: Project,
) -> None:
    python = "return [w for w in {'north', 'south', 'east', 'west', 'up', 'down'}][n % 6]"
    told = run(project, python, 'return "north";')
    assert told.status == 2
    assert {kind for _, _, kind in findings(told)} == {"unstable"}


def test_what_a_subject_prints_or_closes_does_not_reach_the_report(project: Project) -> None:
    python = "import sys\nprint('py', n)\nif n == 1: sys.stdout.close()\nreturn n"
    java = 'System.out.println("java " + n); if (n == 1) { System.out.close(); } return n;'
    told = run(project, python, java)
    assert told.status == 0, told.text
    assert told.unit["matched"] == 4


def test_output_is_compared_where_the_terms_say_so(project: Project) -> None:
    python = "print('told', n)\nreturn n"
    java = 'System.out.println("told " + (n == 2 ? "two" : "" + n)); return n;'
    told = run(project, python, java, more='compare = ["output"]')
    assert told.status == 1
    (finding,) = told.unit["findings"]
    assert (finding["fixture"], finding["kind"], finding["path"]) == ("n2", "output", "$output.out")
    assert (finding["python"], finding["java"]) == ("told 2\n", "told two\n")


def test_a_changed_locale_zone_or_property_does_not_reach_the_next_fixture(
    project: Project,
) -> None:
    java = (
        'String seen = System.getProperty("shop", "none") + java.util.Locale.getDefault()'
        " + java.util.TimeZone.getDefault().getID();"
        ' System.setProperty("shop", "open");'
        ' java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));'
        ' java.util.TimeZone.setDefault(java.util.TimeZone.getTimeZone("Asia/Tokyo"));'
        " return seen;"
    )
    told = run(project, "return 'noneUTC'", java)
    assert told.status == 0, told.text


def test_java_that_takes_all_of_the_common_pool_leaves_it_to_the_next_fixture(
    project: Project,
) -> None:
    java = (
        "var pool = java.util.concurrent.ForkJoinPool.commonPool();"
        " int told = pool.submit(() -> n).get(1, java.util.concurrent.TimeUnit.SECONDS);"
        " Runnable endless = () -> { while (n == 1) { Thread.onSpinWait(); } };"
        " for (int i = 0; i < 16; i++) { pool.execute(endless); }"
        " return told;"
    )
    told = run(project, "return n", java)
    assert told.status == 0, told.text
    assert told.unit["matched"] == 4


def test_the_order_of_set_of_is_turned_around_and_the_same_in_each_run(project: Project) -> None:
    java = 'return String.join(",", Set.of("north", "south", "east", "west", "n" + n));'
    runs = [run(project, "return 'north'", java).unit["findings"] for _ in range(4)]
    assert all(found == runs[0] for found in runs)
    for finding in runs[0]:
        one, other = finding["java"]
        assert finding["kind"] == "unstable"
        assert one != other
        assert sorted(one.split(",")) == sorted(other.split(","))
