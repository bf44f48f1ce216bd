package cells;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;

/** Results of every type that the table names. */
public final class Gives {
  private Gives() {}

  public static void nothing() {}

  public static Object nul() { return null; }

  public static boolean aBoolean() { return true; }

  public static Boolean boxedBoolean() { return false; }

  public static List<Object> whole() {
    return List.of((byte) -1, (short) 2, 3, 4L, BigInteger.TEN, new AtomicInteger(5), new AtomicLong(6));
  }

  public static List<Object> beyondSafe() {
    return List.of(1L << 53, (1L << 53) + 1, -(1L << 53) - 1, BigInteger.ONE.shiftLeft(70));
  }

  public static List<Object> floats() { return List.of(1.0, 0.1, 0.5f, 1e16, 1e-5, 5e-324); }

  public static float aFloat() { return 0.1f; }

  public static double[] special() {
    return new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0};
  }

  public static List<BigDecimal> decimals() {
    return List.of(new BigDecimal("1.10"), new BigDecimal("-1E+2"), new BigDecimal("0.00"));
  }

  public static List<Object> texts() {
    return List.of('x', "y", new StringBuilder("z"), '\ud83d', "\ud83d\ude00", "a\ude00");
  }

  public static byte[] bytes() { return new byte[] {0, -1, 16}; }

  public static ByteBuffer buffer() { return ByteBuffer.wrap(new byte[] {9, 0, -1, 16}, 1, 3); }

  public static int[][] arrays() { return new int[][] {{1}, {}}; }

  public static char[] characters() { return new char[] {'a', 'b'}; }

  public static Queue<Integer> queue() { return new ArrayDeque<>(List.of(2, 1)); }

  public static Collection<Integer> values() { return new TreeMap<>(Map.of("a", 2, "b", 1)).values(); }

  public static java.nio.file.Path path() { return java.nio.file.Path.of("a", "b"); }
  /** As libraries write trees of JSON: the interface stands above the class of what is given. */
  public abstract static class Tree implements Iterable<Tree> {
    public java.util.Iterator<Tree> iterator() { return java.util.Collections.emptyIterator(); }
  }
  private static final class Leaf extends Tree {}
  public static List<Tree> trees() { return List.of(new Leaf()); }
  public static Iterable<Integer> iterable() { return () -> List.of(2, 1).iterator(); }

  public static Iterator<Integer> iterator() { return List.of(2, 1).iterator(); }

  public static Stream<Integer> stream() { return Stream.of(2, 1); }

  public static IntStream intStream() { return IntStream.range(0, 3); }

  public static Stream<Integer> hundredAndOne() { return Stream.iterate(0, n -> n + 1).limit(101); }

  public static Set<Object> set() { return new LinkedHashSet<>(List.of(10, 9, "a", 1.0)); }

  public static Map<String, Integer> map() {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("b", 1);
    map.put("a", null);
    return map;
  }

  public static Map<Object, Object> mapOfAnything() {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put(1, "i");
    map.put("1", "s");
    map.put(null, "n");
    return map;
  }

  public static Map<String, Integer> mapOfTags() { return Map.of("$int", 5); }

  public static List<Object> optionals() {
    return Arrays.asList(
        Optional.of("a"), Optional.empty(), OptionalInt.of(1), OptionalInt.empty(),
        OptionalLong.of(2), OptionalDouble.of(2.5), OptionalDouble.empty());
  }

  public static Future<String> future() { return CompletableFuture.completedFuture("done"); }

  public static CompletionStage<Integer> stage() { return CompletableFuture.supplyAsync(() -> 7); }

  public static Future<String> failed() {
    return CompletableFuture.failedFuture(new IllegalStateException("no"));
  }

  public static CompletionStage<Object> failedStage() {
    return CompletableFuture.supplyAsync(() -> { throw new IllegalArgumentException("none"); });
  }

  public static List<Object> times() {
    LocalDateTime local = LocalDateTime.of(2024, 10, 27, 2, 30, 0, 1000);
    ZonedDateTime zoned = ZonedDateTime.of(local, ZoneId.of("Europe/Berlin"));
    return List.of(
        local.toLocalDate(), local.toLocalTime(), local, local.atOffset(ZoneOffset.ofHours(-3)),
        zoned, zoned.withLaterOffsetAtOverlap(), local.toInstant(ZoneOffset.UTC),
        OffsetTime.of(2, 30, 0, 0, ZoneOffset.UTC), Duration.ofMillis(-1500));
  }

  public static LocalDateTime nanos() { return LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1); }

  public static Duration nanosOfDuration() { return Duration.ofNanos(1); }

  public static LocalDate year10000() { return LocalDate.of(10000, 1, 1); }

  public static LocalDate yearMinus1() { return LocalDate.of(-1, 1, 1); }

  public static UUID uuid() { return new UUID(0x1234567812345678L, 0x1234567812345678L); }

  public static List<Colour> constants() { return List.of(Colour.RED, Colour.BLUE); }

  public static Point record() { return new Point(1, 2); }

  public static Object bean() {
    Bean bean = new Bean();
    bean.setX(1);
    return bean;
  }

  public static Object fields() { return new Fixed(1, "a"); }

  public static Object anonymous() { return new Object() { public int getN() { return 1; } }; }

  public static List<Object> cycle() {
    List<Object> cycle = new ArrayList<>(List.of(1));
    cycle.add(cycle);
    return cycle;
  }

  public static List<Object> twice() {
    List<Integer> shared = List.of(1);
    return List.of(shared, shared);
  }

  public static Object thread() { return new Thread(); }

  public static Object stream2() { return OutputStream.nullOutputStream(); }

  public static Object lambda() { return (Runnable) () -> {}; }

  public static Object regex() { return List.of(1, java.util.regex.Pattern.compile("a")); }

  public static boolean areOne(List<Object> both) { return both.get(0) == both.get(1); }

  public static boolean areOneMap(Map<String, Map<String, Long>> both) {
    return both.get("a") == both.get("b");
  }

  public static boolean holdsItself(List<Object> list) { return list.get(0) == list; }

  public static boolean sameTwo(List<Long> one, List<Long> other) { return one == other; }

  static final class Refusing {
    public int getTotal() { throw new IllegalStateException("no total yet"); }
  }

  public static Refusing refusing() { return new Refusing(); }

  public static boolean isThrown(String name) throws ClassNotFoundException {
    return Throwable.class.isAssignableFrom(Class.forName(name));
  }
}
