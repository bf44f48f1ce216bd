"""Whose classes a unit sees: its own anew in each batch, jars shared or alone, as one path."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.java.building import annotate, compiled, homes, jar, line, lines, unit
from tests.unit.sides.java.driver import Driver

Load = Callable[..., Driver]

COUNTER = {
    "own.Counter": """
public final class Counter {
  private static int count;
  private static final ThreadLocal<byte[]> KEPT = new ThreadLocal<>();
  public static int count() { KEPT.set(new byte[10]); return ++count + lib.Shared.next() * 100; }
  public static int again() { return ++count; }
}"""
}
SHARED = {
    "lib.Shared": """
public final class Shared {
  private static int count;
  public static int next() { return ++count; }
  public static Class<?> named(String name) throws Exception { return Class.forName(name); }
  public static Class<?> loaded(String name) throws Exception {
    return Shared.class.getClassLoader().loadClass(name);
  }
  public static Object resource(String name) throws Exception {
    var url = Shared.class.getClassLoader().getResource(name);
    return url == null ? null : new String(url.openStream().readAllBytes());
  }
  static int hidden() { return 5; }
}"""
}


@pytest.fixture(params=homes(), ids=lambda home: home.name)
def load(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Load]:
    """Starts workers on a class path, with these units loaded."""
    drivers: list[Driver] = []

    def loaded(path: Sequence[Path], *units: dict[str, Any], whole: bool = True) -> Driver:
        driver = Driver(tmp_path, request.param)
        drivers.append(driver)
        assert "ready" in driver.hello(path)
        answers = driver.load(units)
        assert not whole or all("loaded" in one for one in answers), answers
        driver.told = answers  # type: ignore[attr-defined]
        return driver

    yield loaded
    for driver in drivers:
        driver.process.kill()
        driver.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    return jar(folder / "lib.jar", compiled(folder / "lib", SHARED))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    return compiled(tmp_path_factory.mktemp("own") / "classes", COUNTER, [shared])


def returned(driver: Driver, name: str, fixtures: Sequence[str] | int = 1) -> list[Any]:
    """What a batch returned, fixture by fixture."""
    given = lines(fixtures) if isinstance(fixtures, int) else fixtures
    answers = driver.run(name, given).answers
    return [one.get("returned", one) for one in answers]


def trace(driver: Driver) -> dict[str, Any]:
    told: dict[str, Any] = driver.trace(driver.batches)
    return told


def test_own_statics_are_fresh_in_each_batch_and_those_of_jars_are_not(
    load: Load, own: Path, shared: Path
) -> None:
    driver = load([own, shared], unit("own.Counter#count"), unit("own.Counter#again"))
    assert returned(driver, "count", 3) == [101, 202, 303]
    assert returned(driver, "count", 2) == [401, 502]
    assert returned(driver, "again", 2) == [1, 2]


def test_jars_are_own_where_there_is_no_folder(load: Load, shared: Path) -> None:
    driver = load([shared], unit("lib.Shared#next"))
    assert returned(driver, "next", 2) == [1, 2]
    assert returned(driver, "next", 1) == [1]
    assert trace(driver)["classes"] == {"lib.Shared": str(shared)}


def test_an_isolated_unit_has_jars_of_its_own(load: Load, own: Path, shared: Path) -> None:
    alone = unit("own.Counter#count", "alone", isolate=True)
    driver = load([own, shared], unit("own.Counter#count"), alone)
    assert returned(driver, "count", 2) == [101, 202]
    assert returned(driver, "alone", 2) == [101, 202]
    assert set(trace(driver)["classes"]) == {"own.Counter", "lib.Shared"}


def test_two_units_may_need_two_versions_of_one_library(load: Load, tmp_path: Path) -> None:
    def version(number: int, method: str) -> Path:
        text = f'public class Api {{ public static String {method}() {{ return "v{number}"; }} }}'
        folder = compiled(tmp_path / f"v{number}", {"lib.Api": text})
        return jar(tmp_path / f"lib-{number}.jar", folder)

    one, two = version(1, "before"), version(2, "after")
    path = [one]
    first = "public class First { public static String call() { return lib.Api.before(); } }"
    second = "public class Second { public static String call() { return lib.Api.after(); } }"
    classes = compiled(tmp_path / "classes", {"app.First": first}, [one])
    compiled(tmp_path / "classes", {"app.Second": second}, [two])
    driver = load(
        [classes, *path],
        unit("app.First#call", "first"),
        unit("app.Second#call", "second", classpath=[str(two)]),
        unit(None, "text", classpath=[str(two)], expression="lib.Api.after()", parameters=[]),
    )
    for _ in range(2):
        assert returned(driver, "first") == ["v1"]
        assert returned(driver, "second") == ["v2"]
        assert returned(driver, "text") == ["v2"]
    answer = driver.load([unit("app.Second#call", "wrong")])
    assert "loaded" in answer[0]
    raised = driver.run("wrong", lines(1)).answers[0]["raised"]
    assert raised["class"] == "java.lang.NoSuchMethodError"


def test_a_jar_that_shares_a_package_with_a_folder_is_own(load: Load, tmp_path: Path) -> None:
    inside = {
        "app.Inside": "class Inside { static int count; static int next() { return ++count; }}"
    }
    part = jar(tmp_path / "part.jar", compiled(tmp_path / "part", inside))
    outside = "public class Outside { public static int call() { return Inside.next(); } }"
    classes = compiled(tmp_path / "classes", {"app.Outside": outside}, [part])
    driver = load([classes, part], unit("app.Outside#call"))
    assert returned(driver, "call", 2) == [1, 2]
    assert returned(driver, "call", 1) == [1]


def test_jars_that_need_the_classes_of_the_project_are_not_shared(
    load: Load, tmp_path: Path
) -> None:
    mine = {"app.Mine": "public class Mine { static int n; public static int n() { return ++n; } }"}
    classes = compiled(tmp_path / "classes", mine)
    text = "public class Uses { public static int call() { return app.Mine.n(); } }"
    uses = jar(tmp_path / "uses.jar", compiled(tmp_path / "uses", {"lib.Uses": text}, [classes]))
    hidden = unit(None, "text", package="lib", expression="Uses.call()", parameters=[])
    driver = load([classes, uses], unit("lib.Uses#call"), hidden)
    for _ in range(3):
        assert returned(driver, "call", 2) == [1, 2]
        assert returned(driver, "text", 2) == [1, 2]


def test_an_expression_lives_in_the_package_that_it_names(
    load: Load, own: Path, shared: Path
) -> None:
    hidden = unit(None, "hidden", package="lib", expression="Shared.hidden()", parameters=[])
    driver = load([own, shared], hidden)
    assert returned(driver, "hidden") == [5]
    assert returned(driver, "hidden") == [5]


def test_a_shared_jar_finds_the_classes_and_resources_of_the_unit_by_name(
    load: Load, own: Path, shared: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "own.txt").write_text("mine")
    same = (
        'lib.Shared.named("own.Counter") == own.Counter.class'
        ' && lib.Shared.loaded("own.Counter") == own.Counter.class'
    )
    driver = load(
        [own, shared, texts],
        unit(None, "same", expression=same, parameters=[]),
        unit(None, "text", expression='lib.Shared.resource("own.txt")', parameters=[]),
        unit(None, "none", expression='lib.Shared.named("own.None")', parameters=[]),
    )
    for _ in range(2):
        assert returned(driver, "same") == [True]
    assert returned(driver, "text") == ["mine"]
    assert trace(driver)["resources"] == {"own.txt": str(texts)}
    (answer,) = returned(driver, "none")
    assert answer["raised"]["class"] == "java.lang.ClassNotFoundException"
    assert "own/None.class" in trace(driver)["absent"]


AS_ONE = {
    "context": "Thread.currentThread().getContextClassLoader()"
    " == own.Counter.class.getClassLoader()",
    "services": "ServiceLoader.load(Runnable.class).findFirst()"
    ".map(r -> r.getClass().getName()).get()",
    "title": "lib.Titled.class.getPackage().getImplementationTitle()",
    "vendor": "lib.Titled.class.getPackage().getSpecificationVendor()",
    "sealed": "lib.Titled.class.getPackage().isSealed()",
    "note": "other.Noted.class.getPackage().isAnnotationPresent(Deprecated.class)",
    "source": "lib.Titled.class.getProtectionDomain().getCodeSource().getLocation().toString()",
    "folder": "own.Counter.class.getProtectionDomain().getCodeSource().getLocation().toString()",
    "versioned": "lib.Versioned.which()",
    "linked": "more.Linked.which()",
    "every": 'Collections.list(ClassLoader.getSystemClassLoader().getResources("x")).size()'
    ' + Collections.list(own.Counter.class.getClassLoader().getResources("x.txt")).size()',
    "spaced": 'new String(own.Counter.class.getResourceAsStream("/a b/ü%.txt").readAllBytes())'
    ' + new String(own.Counter.class.getResource("/a b/ü%.txt").openStream().readAllBytes())',
    "packaged": 'own.Counter.class.getClassLoader().getResource("lib/") != null',
    "hidden": 'own.Counter.class.getClassLoader().getResource("parity/harness/Worker.class")',
    "serial": "((java.util.concurrent.Callable<Object>) () -> {"
    " var out = new java.io.ByteArrayOutputStream();"
    " new java.io.ObjectOutputStream(out).writeObject(new own.Kept());"
    " return new java.io.ObjectInputStream(new java.io.ByteArrayInputStream(out.toByteArray()))"
    ".readObject() instanceof own.Kept; }).call()",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A class path on which everything that URLClassLoader knows of is used."""
    folder = tmp_path_factory.mktemp("whole")
    kept = {"own.Kept": "public class Kept implements java.io.Serializable { int x = 1; }"}
    counter = {"own.Counter": "public final class Counter { }"}
    classes = compiled(folder / "classes", counter | kept)
    which = "public class Versioned { public static int which() { return %d; } }"
    base = compiled(folder / "base", {"lib.Versioned": which % 8})
    newer = compiled(folder / "newer", {"lib.Versioned": which % 17})
    compiled(base, {"lib.Titled": "public class Titled {}"})
    compiled(base, {"other.Noted": "public class Noted {}"})
    compiled(base, {"lib.Task": "public class Task implements Runnable { public void run() {} }"})
    annotate(base, "other")
    linked = 'public class Linked { public static String which() { return "linked"; } }'
    jar(folder / "linked.jar", compiled(folder / "linked", {"more.Linked": linked}))
    titled = jar(
        folder / "titled jar.jar",
        base,
        {
            "META-INF/versions/17/lib/Versioned.class": (
                newer / "lib/Versioned.class"
            ).read_bytes(),
            "META-INF/services/java.lang.Runnable": "lib.Task",
            "x.txt": "1",
            "a b/ü%.txt": "spaced ",
        },
        Implementation_Title="the title",
        Specification_Vendor="the vendor",
        Sealed="true",
        Multi_Release="true",
        Class_Path="linked.jar absent.jar",
    )
    (classes / "x.txt").write_text("2")
    return [classes, titled]


def test_it_is_as_one_class_path_in_one_url_class_loader(load: Load, whole: list[Path]) -> None:
    units = [
        unit(None, f"{name}{more}", expression=text, parameters=[], isolate=bool(more))
        for name, text in AS_ONE.items()
        for more in ("", " alone")
    ]
    driver = load(whole, *units)
    classes, titled = whole
    expected = {
        "context": True,
        "services": "lib.Task",
        "title": "the title",
        "vendor": "the vendor",
        "sealed": True,
        "note": True,
        "source": titled.as_uri().replace("///", "/"),
        "folder": f"{classes.as_uri()}/".replace("///", "/"),
        "versioned": 17,
        "linked": "linked",
        "every": 2,
        "spaced": "spaced spaced ",
        "packaged": True,
        "hidden": None,
        "serial": True,
    }
    for more in ("", " alone"):
        told = {}
        for name in AS_ONE:
            (told[name],) = returned(driver, f"{name}{more}")
        assert told == expected


def test_a_trace_names_what_was_found_and_what_was_not(load: Load, whole: list[Path]) -> None:
    classes, titled = whole
    absent = (
        "((java.util.concurrent.Callable<Object>) () -> {"
        ' try { Class.forName("own.Nowhere"); } catch (ClassNotFoundException none) { }'
        ' own.Counter.class.getResource("nothing.txt");'
        ' own.Counter.class.getClassLoader().getResources("META-INF/services/x.Y");'
        ' System.getenv("SOME_NAME");'
        ' new java.io.File("/nowhere/at/all").exists();'
        ' java.nio.file.Files.exists(java.nio.file.Path.of("/nowhere/either"));'
        " return new own.Kept().getClass().getName(); }).call()"
    )
    driver = load(whole, unit(None, "absent", expression=absent, parameters=[]))
    assert returned(driver, "absent") == ["own.Kept"]
    told = trace(driver)
    assert told["classes"] == {"own.Counter": str(classes), "own.Kept": str(classes)}
    assert {"own/Nowhere.class", "own/nothing.txt", "META-INF/services/x.Y"} <= set(told["absent"])
    assert told["env"] == ["SOME_NAME"]
    assert told["files"] == ["/nowhere/at/all", "/nowhere/either"]
    assert told["beyond"] == []
    services = unit(None, "services", expression=AS_ONE["services"], parameters=[])
    driver = load(whole, services)
    assert returned(driver, "services") == ["lib.Task"]
    assert trace(driver)["resources"] == {"META-INF/services/java.lang.Runnable": str(titled)}


def test_what_reaches_beyond_is_told(load: Load, whole: list[Path]) -> None:
    texts = {
        "process": 'new ProcessBuilder("true").start().waitFor()',
        "socket": "new java.net.Socket().isBound()",
        "url": 'new java.net.URL("http://127.0.0.1:1/").openStream()',
        "resource": 'own.Counter.class.getResource("/x.txt").openStream().read()',
    }
    units = [unit(None, name, expression=text, parameters=[]) for name, text in texts.items()]
    driver = load(whole, *units)
    told = {}
    for name in texts:
        driver.run(name, lines(1))
        told[name] = trace(driver)["beyond"]
    assert told == {
        "process": ["java.lang.ProcessBuilder"],
        "socket": ["java.net.Socket"],
        "url": ["java.net.URL"],
        "resource": [],
    }


BROKEN = {
    "app.Hangs": "public class Hangs { static { while (Math.abs(1) > 0) { Thread.onSpinWait(); } }"
    " public static int call() { return 1; } }",
    "app.Exits": "public class Exits { static { System.exit(3); }"
    " public static int call() { return 1; } }",
    "app.Raises": 'public class Raises { static int x = 1 / Integer.parseInt("0");'
    " public static int call() { return 1; } }",
    "app.Fine": "public class Fine { public static int call() { return 1; } }",
}


def test_a_class_that_cannot_be_initialised_is_a_problem_of_its_unit_alone(
    load: Load, tmp_path: Path
) -> None:
    classes = compiled(tmp_path / "classes", BROKEN)
    units = [unit(f"{name}#call", name.rpartition(".")[2], timeout=2) for name in BROKEN]
    driver = load([classes], *units, whole=False)
    told = {one["unit"]: one for one in driver.told}  # type: ignore[attr-defined]
    assert told["Hangs"]["problem"]["code"] == "java_static_initialiser_hangs"
    assert "app.Hangs" in told["Hangs"]["problem"]["why"]
    assert told["Exits"]["problem"]["code"] == "java_static_initialiser_failed"
    assert told["Exits"]["problem"]["why"] == "it called System.exit(3)"
    assert told["Raises"]["problem"]["code"] == "java_static_initialiser_failed"
    assert "loaded" in told["Fine"]
    driver.begin("Fine", [line()])
    assert driver.event() == {"done": 1, "unfit": True}


USED = """Object[] used = new Object[2];
for (var pool : java.lang.management.ManagementFactory.getMemoryPoolMXBeans()) {
  if (pool.getName().equals("Metaspace")) { System.gc(); used[0] = pool.getUsage().getUsed(); }
}
used[1] = java.lang.management.ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
return used;"""
HANDLER = {
    "com.amazonaws.services.lambda.runtime.RequestHandler": "public interface RequestHandler<I, O>"
    " { O handleRequest(I input, Context context); }",
    "com.amazonaws.services.lambda.runtime.Context": "public interface Context {}",
    "app.Event": "public class Event { public int x; public java.util.List<Event> more; }",
    "app.Handler": "public class Handler implements"
    " com.amazonaws.services.lambda.runtime.RequestHandler<Event, Event> {"
    " public Event handleRequest(Event event,"
    " com.amazonaws.services.lambda.runtime.Context context) { event.x++; return event; } }",
}


def test_a_thousand_batches_leave_nothing_behind(
    load: Load, own: Path, shared: Path, tmp_path: Path
) -> None:
    handlers = compiled(tmp_path / "handlers", HANDLER)
    driver = load(
        [own, handlers, shared],
        unit("own.Counter#count"),
        unit("app.Handler", "handler"),
        unit(
            None,
            "text",
            expression="List.of(1, 2).stream().map(x -> x + 1).toList()",
            parameters=[],
        ),
        unit(None, "used", body=USED, parameters=[]),
    )
    event = json.dumps({"event": '{"x": 1, "more": [{"x": 2}]}'})

    def batches(count: int) -> tuple[int, int]:
        for _ in range(count):
            assert returned(driver, "count")[0] % 100 == 1
            assert returned(driver, "handler", [event])[0]["x"] == 2
            assert returned(driver, "text") == [[2, 3]]
        ((metaspace, classes),) = returned(driver, "used")
        return metaspace, classes

    batches(30)
    metaspace, classes = batches(30)
    after, classes_after = batches(300)
    assert classes_after - classes < 60
    assert after - metaspace < 1 << 20
