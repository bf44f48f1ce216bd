"""One fixture does not disturb the next: exits, threads, defaults, and the world that each has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sides.java.building import compiled, homes, line, lines, unit
from tests.unit.sides.java.driver import Driver, read

SUBJECT = """
import java.util.*;
import java.util.concurrent.*;

public class Subject {
  static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  public static int exit(int n) { if (n == 1) { System.exit(3); } return n; }
  public static int swallowed(int n) {
    try { if (n == 1) { Runtime.getRuntime().halt(4); } } catch (Throwable any) { n = 9; } return n;
  }
  public static int ofThread(int n) throws Exception {
    Thread thread = new Thread(() -> { if (n == 1) { System.exit(5); } });
    thread.start(); thread.join(); return n;
  }
  public static int hook(int n) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook"))); return n;
  }

  public static String defaults(int n) throws Exception {
    String told = Locale.getDefault() + " " + TimeZone.getDefault().getID() + " "
        + System.getProperty("subject.x") + " " + System.getProperty("java.version").isEmpty() + " "
        + Thread.currentThread().getName() + " " + Thread.currentThread().getPriority() + " "
        + Thread.currentThread().isInterrupted() + " " + System.in.read() + " "
        + (Thread.getDefaultUncaughtExceptionHandler() == null) + " "
        + (Thread.currentThread().getContextClassLoader() == Subject.class.getClassLoader());
    switch (n) {
      case 0 -> Locale.setDefault(Locale.GERMANY);
      case 1 -> TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      case 2 -> System.setProperty("subject.x", "1");
      case 3 -> System.setProperties(new Properties());
      case 4 -> System.getProperties().entrySet().clear();
      case 5 -> { Thread.currentThread().setName("x"); Thread.currentThread().setPriority(1); }
      case 6 -> Thread.currentThread().interrupt();
      case 7 -> System.setIn(new java.io.ByteArrayInputStream(new byte[] {65}));
      case 8 -> Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
      case 9 -> Thread.currentThread().setContextClassLoader(null);
      case 10 -> System.setOut(new java.io.PrintStream(new java.io.ByteArrayOutputStream()));
      case 11 -> { System.out.close(); System.err.close(); }
      default -> System.out.print("said");
    }
    return told;
  }

  public static int spins(int n) {
    if (n == 1) {
      Runnable spin = () -> { while (true) { System.out.print("."); Math.random(); } };
      Thread thread = new Thread(spin, "spinner");
      thread.setDaemon(true);
      thread.start();
    }
    return n;
  }
  public static int sleeps(int n) {
    Runnable sleep = () -> { try { Thread.sleep(100_000); } catch (Exception e) { } };
    if (n == 1) { new Thread(sleep, "sleeper").start(); }
    return n;
  }
  public static int timer(int n) {
    if (n == 1) {
      new Timer("ticks").schedule(new TimerTask() { public void run() { } }, 50_000, 50_000);
    }
    return n;
  }
  public static int brief(int n) {
    new Thread(() -> { for (int i = 0; i < 1000; i++) { Thread.onSpinWait(); } }).start();
    return n;
  }
  public static int pooled(int n) throws Exception { return POOL.submit(() -> n).get(); }
  public static int common(int n) { return CompletableFuture.supplyAsync(() -> n).join(); }
  public static int asked(int n) throws Exception {
    return ForkJoinPool.commonPool().submit(() -> n).get();
  }
  public static int taken(int n) {
    Runnable spin = () -> { while (true) { Thread.onSpinWait(); } };
    for (int i = 0; n == 1 && i < 64; i++) { ForkJoinPool.commonPool().execute(spin); }
    return n;
  }
  public static int slow(int n) {
    Runnable wait = () -> { try { Thread.sleep(400); } catch (Exception e) { } };
    if (n == 1) { for (int i = 0; i < 2; i++) { ForkJoinPool.commonPool().execute(wait); } }
    return n;
  }
  public static int late(int n) {
    return new CompletableFuture<Integer>().completeOnTimeout(n, 1, TimeUnit.MILLISECONDS).join();
  }
  public static int clock(int n) throws Exception {
    Executor here = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run);
    CountDownLatch begun = new CountDownLatch(1);
    if (n == 1) {
      here.execute(() -> { begun.countDown(); while (true) { Thread.onSpinWait(); } });
      begun.await(); // what is not yet due takes nothing
    }
    return n;
  }
  public static int cleans(int n) throws Exception {
    if (n == 1) {
      java.lang.ref.Cleaner.create().register(new Object(), Subject::spin);
      System.gc();
      Thread.sleep(100); // until its thread has been told
    }
    return n;
  }
  static void spin() { while (true) { Thread.onSpinWait(); } }
  public static String shared(int n) throws Exception {
    var beans = java.lang.management.ManagementFactory.getPlatformMBeanServer();
    var name = new javax.management.ObjectName("shop:type=Till");
    var log = java.util.logging.Logger.getLogger("shop");
    String told = (java.security.Security.getProvider("Shop") != null) + " "
        + (java.security.Security.getProvider("SunJCE") == null) + " "
        + java.security.Security.getProperty("networkaddress.cache.negative.ttl") + " "
        + javax.net.ssl.SSLContext.getDefault().getProtocol() + " "
        + javax.net.ssl.HttpsURLConnection.getDefaultHostnameVerifier().getClass().getSimpleName()
        + " " + java.net.URLConnection.getFileNameMap().getContentTypeFor("a.shop") + " "
        + beans.isRegistered(name) + " " + log.getLevel() + log.getHandlers().length;
    if (n == 1) {
      java.security.Security.addProvider(new Shop());
      java.security.Security.removeProvider("SunJCE");
      java.security.Security.setProperty("networkaddress.cache.negative.ttl", "77");
      var context = javax.net.ssl.SSLContext.getInstance("TLSv1.2");
      context.init(null, null, null);
      javax.net.ssl.SSLContext.setDefault(context);
      javax.net.ssl.HttpsURLConnection.setDefaultHostnameVerifier((host, session) -> true);
      java.net.URLConnection.setFileNameMap(file -> "shop/" + n);
      beans.registerMBean(new Till(), name);
      log.setLevel(java.util.logging.Level.ALL);
      log.addHandler(new java.util.logging.ConsoleHandler());
    }
    return told;
  }
  static final class Shop extends java.security.Provider { Shop() { super("Shop", "1", ""); } }
  public interface TillMBean { int getSum(); }
  public static final class Till implements TillMBean { public int getSum() { return 1; } }
  public static int parallel(int n) {
    return List.of(n, 0, 0, 0, 0).parallelStream().mapToInt(x -> x).sum();
  }
  public static int scheduled(int n) throws Exception {
    var pool = Executors.newScheduledThreadPool(1);
    int told = pool.schedule(() -> n, 1, TimeUnit.MILLISECONDS).get();
    if (n == 1) {
      pool.scheduleAtFixedRate(() -> {}, 60, 60, TimeUnit.SECONDS);
      Thread.sleep(100); // until its thread has woken up and waits for that moment
    }
    return told;
  }
  public static double draw(int n) { return Math.random(); }
  public static String drawn(int n) throws Exception {
    return POOL.submit(() -> UUID.randomUUID().toString()).get();
  }
  public static String world() throws Exception {
    Thread.sleep(1500);
    return java.time.Instant.now() + " " + new Random().nextInt(10) + " " + System.getenv("LC_ALL");
  }
}
"""
METHODS = [
    "exit", "swallowed", "ofThread", "hook", "defaults", "spins", "sleeps", "timer", "brief",
    "pooled", "common", "parallel", "scheduled", "draw", "drawn", "world", "asked", "taken", "slow",
    "late", "clock", "cleans", "shared",
]  # fmt: skip


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("isolation") / "classes", {"own.Subject": SUBJECT})


@pytest.fixture(params=homes(), ids=lambda home: home.name)
def driver(request: pytest.FixtureRequest, classes: Path, tmp_path: Path) -> Iterator[Driver]:
    """A worker that has loaded every method."""
    driver = Driver(tmp_path, request.param)
    assert "ready" in driver.hello([classes])
    loaded = driver.load([unit(f"own.Subject#{name}") for name in METHODS])
    assert ["loaded" in one for one in loaded] == [True] * len(METHODS), loaded
    yield driver
    driver.process.kill()
    driver.close()


def ran(driver: Driver, name: str, given: Sequence[str]) -> tuple[list[Any], bool, list[str]]:
    """What a batch answered, whether the worker is unfit now, and the threads that are left."""
    batch, answers = driver.begin(name, given)
    event = driver.event()
    assert event["done"] == batch
    trace = driver.trace(batch)
    return read(answers).answers, event.get("unfit", False), trace.get("left", [])


def numbers(count: int) -> list[str]:
    return [line(n) for n in range(count)]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("exit", "it called System.exit(3)"),
        ("swallowed", "it called Runtime.halt(4)"),
        ("ofThread", "it called System.exit(5)"),
    ],
)
def test_what_would_end_the_process_ends_the_call(driver: Driver, name: str, told: str) -> None:
    answers, unfit, left = ran(driver, name, numbers(3))
    assert [one.get("ended", one.get("returned")) for one in answers] == [0, told, 2]
    assert (unfit, left) == (False, [])


def test_a_shutdown_hook_is_taken_and_never_runs(driver: Driver) -> None:
    assert ran(driver, "hook", numbers(2)) == ([{"returned": 0}, {"returned": 1}], False, [])


def test_defaults_are_put_back_before_the_next_fixture(driver: Driver) -> None:
    answers, unfit, _ = ran(driver, "defaults", numbers(14))
    plain = " UTC null false main 5 false -1 true true"
    assert [one["returned"] for one in answers] == [plain] * 14
    assert [one.get("output") for one in answers] == [None] * 12 + [{"out": "said", "err": ""}] * 2
    assert not unfit
    again, _, _ = ran(driver, "defaults", numbers(2))
    assert [one["returned"] for one in again] == [plain] * 2


@pytest.mark.parametrize(
    ("name", "thread"), [("spins", "spinner"), ("sleeps", "sleeper"), ("timer", "ticks")]
)
def test_a_thread_that_is_left_makes_the_worker_unfit(
    driver: Driver, name: str, thread: str
) -> None:
    answers, unfit, left = ran(driver, name, numbers(4))
    assert [one["returned"] for one in answers] == [0, 1, 2, 3]
    assert (unfit, left) == (True, [thread])
    assert all("output" not in one for one in answers[2:])
    fixed = [line(0, seed=1)] * 20
    answers, unfit, _ = ran(driver, "draw", fixed)
    assert [one["returned"] for one in answers] == [0.13436424411240122] * 20
    assert unfit


def test_a_scheduled_task_that_is_left_makes_the_worker_unfit(driver: Driver) -> None:
    answers, unfit, left = ran(driver, "scheduled", numbers(1))
    assert (answers, unfit, left) == ([{"returned": 0}], False, [])
    _, unfit, left = ran(driver, "scheduled", numbers(2))
    assert unfit
    assert len(left) == 1


@pytest.mark.parametrize("name", ["taken", "clock"])
def test_a_fixture_that_takes_what_serves_all_is_the_last_of_its_worker(
    driver: Driver, name: str
) -> None:
    assert ran(driver, "asked", numbers(2))[1:] == (False, [])  # the pool has its threads now
    answers, unfit, left = ran(driver, name, numbers(4))
    assert answers == [{"returned": 0}, {"returned": 1}]
    assert unfit
    assert left


def test_a_pool_that_comes_back_in_time_is_waited_for(driver: Driver) -> None:
    answers, unfit, left = ran(driver, "slow", numbers(4))
    assert [one["returned"] for one in answers] == [0, 1, 2, 3]
    assert (unfit, left) == (False, [])


def test_a_cleaner_that_does_not_end_makes_the_worker_unfit(driver: Driver) -> None:
    answers, unfit, left = ran(driver, "cleans", numbers(3))
    assert len(answers) == 3
    assert unfit
    assert left == ["Cleaner-0"]


def test_what_a_unit_registers_in_the_jvm_goes_with_its_classes(driver: Driver) -> None:
    answers, _, _ = ran(driver, "shared", numbers(3))
    told = [one["returned"] for one in answers]
    assert told[0] == told[1]
    assert all(one != other for one, other in zip(told[0].split(), told[2].split(), strict=True))
    again, unfit, _ = ran(driver, "shared", numbers(2))
    assert [one["returned"] for one in again] == told[:2]
    assert not unfit


@pytest.mark.parametrize("name", ["brief", "pooled", "common", "parallel", "asked", "late"])
def test_threads_that_end_or_wait_for_work_are_no_trouble(driver: Driver, name: str) -> None:
    answers, unfit, left = ran(driver, name, numbers(50))
    assert [one["returned"] for one in answers] == list(range(50))
    assert (unfit, left) == (False, [])


def test_a_waiting_thread_of_a_pool_sees_the_world_of_the_fixture_that_uses_it(
    driver: Driver,
) -> None:
    answers, unfit, _ = ran(driver, "drawn", [line(0, seed=42)] * 5)
    assert {one["returned"] for one in answers} == {"547345ca-e1ce-4372-b9dd-bf234790d2b1"}
    assert not unfit


def test_a_fixture_has_its_own_world_and_the_next_one_the_real_one(driver: Driver) -> None:
    fixed = line(clock="2024-02-29T23:59:59+01:00", seed=1, env={"LC_ALL": None})
    other = line(clock="2024-10-27T02:30:00+01:00[Europe/Berlin]", seed=1, env={"LC_ALL": "x"})
    answers, unfit, _ = ran(driver, "world", [fixed, other, fixed, *lines(1)])
    told = [one["returned"] for one in answers]
    assert told[:3] == [
        "2024-02-29T23:00:00.500Z 2 null",
        "2024-10-27T01:30:01.500Z 2 x",
        "2024-02-29T23:00:00.500Z 2 null",
    ]
    assert told[3].endswith(" C.UTF-8")
    assert not told[3].startswith("2024-")
    assert not unfit
