package parity.harness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parity.world.Ended;
import parity.world.World;

class RewriterTest {
  private static final String SUBJECT =
      """
      package subject;
      import java.security.SecureRandom;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.function.*;
      import java.util.random.RandomGenerator;
      public class Calls {
        static final Random EARLY = new Random();
        static final Clock CLOCK = Clock.systemUTC();
        static class Own extends Random { Own() { super(); } Own(long seed) { super(seed); } }
        static class Day extends Date { final int more; Day(int more) { this.more = more; } }
        static class Cal extends GregorianCalendar { Cal() { super(); } }
        static Object exit() { System.exit(3); return 1; }
        static Object exitOfRuntime() { Runtime.getRuntime().exit(4); return 1; }
        static Object halt() { Runtime.getRuntime().halt(5); return 1; }
        static Object exitByReference() { IntConsumer end = System::exit; end.accept(6); return 1; }
        static Object haltByReference() {
          IntConsumer end = Runtime.getRuntime()::halt; end.accept(7); return 1;
        }
        static Object swallowed() {
          try { System.exit(8); } catch (Throwable any) { return "went on"; } return 1;
        }
        static Object hook() {
          Thread hook = new Thread(() -> {});
          Runtime.getRuntime().addShutdownHook(hook);
          return Runtime.getRuntime().removeShutdownHook(hook);
        }
        static Object millis() { return System.currentTimeMillis(); }
        static Object millisByReference() { LongSupplier now = System::currentTimeMillis; return now.getAsLong(); }
        static Object instant() { return Instant.now().toEpochMilli(); }
        static Object instantByReference() { Supplier<Instant> now = Instant::now; return now.get().toEpochMilli(); }
        static Object early() { return CLOCK.instant().toEpochMilli(); }
        static Object clock() { return Clock.systemDefaultZone().millis(); }
        static Object zoned() { return ZonedDateTime.now(ZoneId.of("Asia/Tokyo")).toInstant().toEpochMilli(); }
        static Object offset() { return OffsetDateTime.now().toInstant().toEpochMilli(); }
        static Object local() { return LocalDateTime.now(ZoneOffset.UTC).toInstant(ZoneOffset.UTC).toEpochMilli(); }
        static Object localByReference() {
          Function<ZoneId, LocalDateTime> now = LocalDateTime::now;
          return now.apply(ZoneOffset.UTC).toInstant(ZoneOffset.UTC).toEpochMilli();
        }
        static Object date() { return new Date().getTime(); }
        static Object dateByReference() { Supplier<Date> now = Date::new; return now.get().getTime(); }
        static Object dateOfOwn() { return new Day(3).getTime(); }
        static Object calendar() { return Calendar.getInstance().getTimeInMillis(); }
        static Object gregorian() { return new GregorianCalendar().getTimeInMillis(); }
        static Object gregorianByReference() {
          Supplier<Calendar> now = GregorianCalendar::new; return now.get().getTimeInMillis();
        }
        static Object slept() throws Exception {
          Thread.sleep(86_400_000); TimeUnit.DAYS.sleep(1); return System.currentTimeMillis();
        }
        static Object nanos() throws Exception {
          long start = System.nanoTime(); Thread.sleep(3, 5); return System.nanoTime() - start;
        }
        static Object math() { return Math.random(); }
        static Object mathByReference() { DoubleSupplier draw = Math::random; return draw.getAsDouble(); }
        static Object random() { return new Random().nextDouble(); }
        static Object randomByReference() { Supplier<Random> made = Random::new; return made.get().nextDouble(); }
        static Object conditional() {
          Random random = System.nanoTime() > 0 ? new Random() : new Random(5);
          return random.nextDouble();
        }
        static Object earlyRandom() { return EARLY.nextDouble(); }
        static Object ofThread() { return ThreadLocalRandom.current().nextDouble(); }
        static Object ofThreadByReference() {
          DoubleSupplier draw = ThreadLocalRandom.current()::nextDouble; return draw.getAsDouble();
        }
        static Object ofThreadAsRandom() { Random random = ThreadLocalRandom.current(); return random.nextDouble(); }
        static Object generator() { return RandomGenerator.getDefault().nextDouble(); }
        static Object die() { return new Random().nextInt(6); }
        static Object dieOfThread() { return ThreadLocalRandom.current().nextInt(6); }
        static Object between() { return ThreadLocalRandom.current().nextInt(10, 20); }
        static Object shuffled() {
          List<Integer> all = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6)); Collections.shuffle(all); return all.toString();
        }
        static Object seeded() { return new Random(42).nextInt(); }
        static Object seededLater() { Random random = new Random(); random.setSeed(42); return random.nextInt(); }
        static Object own() { return new Own().nextInt() == new Own().nextInt(); }
        static Object ownSeeded() { return new Own(42).nextInt(); }
        static Object split() { return new SplittableRandom().nextLong(); }
        static Object secure() { byte[] drawn = new byte[4]; new SecureRandom().nextBytes(drawn); return HexFormat.of().formatHex(drawn); }
        static Object secureInstance() throws Exception {
          byte[] drawn = new byte[4]; SecureRandom.getInstanceStrong().nextBytes(drawn); return HexFormat.of().formatHex(drawn);
        }
        static Object secureOfBig() { return new java.math.BigInteger(32, new SecureRandom()).toString(16); }
        static Object uuid() { return UUID.randomUUID().toString(); }
        static Object uuidByReference() { Supplier<UUID> made = UUID::randomUUID; return made.get().toString(); }
        static final java.util.concurrent.CountDownLatch HERE = new java.util.concurrent.CountDownLatch(1);
        static Object later() {
          java.util.concurrent.CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> {
            System.setProperty("later.here", "set"); HERE.countDown();
          });
          return HERE;
        }
        static Object env() { return System.getenv("HOME") + System.getenv("PARITY_NEW") + System.getenv().get("PARITY_NEW"); }
        static Object envByReference() { UnaryOperator<String> get = System::getenv; return get.apply("PARITY_NEW"); }
      }
      """;
  private static Class<?> calls;

  @BeforeAll
  static void compile(@TempDir Path folder) throws Exception {
    Compiled.into(folder, List.of(), "subject.Calls", SUBJECT);
    ClassPath path = ClassPath.of(List.of(folder), false, new ConcurrentHashMap<>());
    UserLoader loader = UserLoader.of(path, Map.of(), new Rewriter(), null);
    loader.begin();
    calls = Class.forName("subject.Calls", true, loader);
  }

  @AfterEach
  void leave() {
    World.leave();
    Ended.forget();
  }

  private static Object call(String name) throws Throwable {
    try {
      var method = calls.getDeclaredMethod(name);
      method.setAccessible(true);
      return method.invoke(null);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }

  private static void world(Object clock, Object seed, Map<String, Object> env) {
    Map<String, Object> world = new HashMap<>();
    world.put("clock", clock);
    world.put("seed", seed);
    world.put("env", env);
    World.enter(world);
  }

  @ParameterizedTest
  @CsvSource({
    "exit, it called System.exit(3)",
    "exitOfRuntime, it called Runtime.exit(4)",
    "halt, it called Runtime.halt(5)",
    "exitByReference, it called System.exit(6)",
    "haltByReference, it called Runtime.halt(7)",
  })
  void whatEndsTheProcessIsKeptFromIt(String name, String told) {
    assertEquals(told, assertThrows(Ended.class, () -> call(name)).getMessage());
    assertEquals(told, Ended.asked());
  }

  @Test
  void anExitThatIsSwallowedIsRemembered() throws Throwable {
    assertEquals("went on", call("swallowed"));
    assertEquals("it called System.exit(8)", Ended.asked());
  }

  @Test
  void hooksAreTakenAndNeverRun() throws Throwable {
    assertEquals(true, call("hook"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "millis", "millisByReference", "instant", "instantByReference", "early", "clock", "zoned",
        "offset", "local", "localByReference", "date", "dateByReference", "dateOfOwn", "calendar",
        "gregorian", "gregorianByReference"
      })
  void clocksStandWhereTheFixtureSays(String name) throws Throwable {
    world("2020-02-29T12:30:00.123+01:00", null, null);
    assertEquals(1_582_975_800_123L, call(name));
    World.leave();
    assertTrue(Math.abs((Long) call(name) - System.currentTimeMillis()) < 60_000);
  }

  @Test
  void sleepMovesAStandingClockAndTakesNoTime() throws Throwable {
    world("1970-01-01T00:00:00", null, null);
    assertEquals(2 * 86_400_000L, call("slept"));
    assertEquals(3_000_005L, call("nanos"));
  }

  // random.Random(1).random() and so on, of CPython
  @ParameterizedTest
  @ValueSource(
      strings = {
        "math", "mathByReference", "random", "randomByReference", "conditional", "earlyRandom",
        "ofThread", "ofThreadByReference", "ofThreadAsRandom", "generator"
      })
  void lotsAreDrawnAsPythonDrawsThem(String name) throws Throwable {
    world(null, 1L, null);
    assertEquals(0.13436424411240122, call(name));
    assertEquals(0.8474337369372327, call(name));
    World.leave();
    assertNotEquals(call(name), call(name));
  }

  @ParameterizedTest
  @CsvSource({"die, 1", "dieOfThread, 1", "between, 12"})
  void boundsAreKeptAsPythonsRandrangeDoes(String name, int drawn) throws Throwable {
    world(null, 1L, null);
    assertEquals(drawn, call(name));
  }

  @Test
  void aShuffleIsPythons() throws Throwable {
    world(null, 1L, null);
    assertEquals("[3, 4, 6, 1, 5, 2]", call("shuffled"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"seeded", "seededLater", "ownSeeded"})
  void aSeedOfTheSubjectsIsKept(String name) throws Throwable {
    assertEquals(new java.util.Random(42).nextInt(), call(name));
    world(null, 1L, null);
    assertEquals(new java.util.Random(42).nextInt(), call(name));
  }

  @Test
  void generatorsThatCannotBeStoodInForAreSeeded() throws Throwable {
    world(null, 1L, null);
    Object first = call("split");
    assertEquals(false, call("own"));
    world(null, 1L, null);
    assertEquals(first, call("split"));
  }

  @ParameterizedTest
  @CsvSource({
    "secure, 547345ca",
    "secureInstance, 547345ca",
    "secureOfBig, 547345ca",
    "uuid, 547345ca-e1ce-4372-b9dd-bf234790d2b1",
    "uuidByReference, 547345ca-e1ce-4372-b9dd-bf234790d2b1",
  })
  void bytesAreThoseOfTheSeed(String name, String drawn) throws Throwable {
    world(null, 42L, null);
    assertEquals(drawn, call(name));
    World.leave();
    assertNotEquals(drawn, call(name));
  }

  @Test
  void theEnvironmentIsTheFixtures() throws Throwable {
    Map<String, Object> env = new HashMap<>();
    env.put("HOME", null);
    env.put("PARITY_NEW", "x");
    world(null, null, env);
    assertEquals("nullxx", call("env"));
    assertEquals("x", call("envByReference"));
    World.leave();
    assertEquals(System.getenv("HOME") + "nullnull", call("env"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTaskForLaterSetsNothingInAnotherFixture(boolean isOver, @TempDir Path folder)
      throws Throwable {
    compile(folder);
    World.enter(null);
    CountDownLatch here = (CountDownLatch) call("later");
    if (isOver) {
      World.enter(null);
    }
    assertTrue(here.await(10, TimeUnit.SECONDS));
    assertEquals(isOver ? null : "set", System.clearProperty("later.here"));
  }

  @Test
  void aClassThatNeedsNothingKeepsItsBytes(@TempDir Path folder) throws Exception {
    String plain = "package p; public class Plain { public String say() { return \"x\" + this; } }";
    Compiled.into(folder, List.of(), "p.Plain", plain);
    byte[] bytes = Files.readAllBytes(folder.resolve("p/Plain.class"));
    assertSame(bytes, new Rewriter().rewritten(bytes, true));
  }

  @Test
  void methodsThatNeedNothingKeepTheirCode(@TempDir Path folder) throws Exception {
    String text = "package p; public class Mixed { long t() { return System.nanoTime(); }";
    text += " int sum(int[] all) { int s = 0; for (int a : all) { s += a; } return s; } }";
    Compiled.into(folder, List.of(), "p.Mixed", text);
    byte[] bytes = Files.readAllBytes(folder.resolve("p/Mixed.class"));
    byte[] made = new Rewriter().rewritten(bytes, false);
    assertNotSame(bytes, made);
    assertArrayEquals(made, new Rewriter().rewritten(made, false));
  }

  @Test
  void whatIsNoClassFileIsLeftToTheJvm() {
    byte[] bytes = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 99, 0, 1};
    assertSame(bytes, new Rewriter().rewritten(bytes, false));
  }
}
