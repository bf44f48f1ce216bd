package parity.world;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.TimeZone;

/** What the fixture in hand fixes around the subject; what it leaves open is the real thing. */
public final class World {
  private static final int OFFSET_FROM = 10;
  private static volatile World fixed;
  private static volatile long number;
  private final Instant start;
  private final Twister twister;
  private final SeedBytes bytes;
  private final Map<?, ?> environment;
  private long slept;

  private World(Map<String, Object> given) {
    start = given.get("clock") == null ? null : instant((String) given.get("clock"));
    BigInteger seed =
        given.get("seed") == null ? null : new BigInteger(given.get("seed").toString());
    twister = seed == null ? null : new Twister(seed);
    bytes = seed == null ? null : new SeedBytes(seed);
    environment = (Map<?, ?>) given.get("env");
    if (environment != null && environment.get("TZ") instanceof String zone) {
      setZone(zone.startsWith(":") ? zone.substring(1) : zone);
    }
  }

  // As a process does that starts with it; whoever enters a world puts the zone back after it.
  private static void setZone(String zone) {
    TimeZone known = TimeZone.getTimeZone(zone);
    if (known.getID().equals(zone)) {
      TimeZone.setDefault(known);
    }
  }

  /** Fixes what a fixture's {@code world} names; null names nothing. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread runs all fixtures
  public static void enter(Map<String, Object> given) {
    number++;
    fixed = given == null ? null : new World(given);
  }

  /** Which fixture is in hand, counted in this JVM. */
  static long number() {
    return number;
  }

  /** Lets go of it. */
  public static void leave() {
    fixed = null;
  }

  /** What is fixed for the running thread, or null: one left by an earlier fixture sees nothing. */
  private static World here() {
    World world = fixed;
    return world == null || Threads.isLeft(Thread.currentThread()) ? null : world;
  }

  /** The world whose clock stands, or null. */
  static World ofClock() {
    World world = here();
    return world == null || world.start == null ? null : world;
  }

  /** The generator that is seeded as python's {@code random} is, or null. */
  static Twister twister() {
    World world = here();
    return world == null ? null : world.twister;
  }

  /** The bytes that stand for the operating system's, or null. */
  static SeedBytes bytes() {
    World world = here();
    return world == null ? null : world.bytes;
  }

  /** What the fixture says of the environment, or null. */
  static Map<?, ?> environment() {
    World world = here();
    return world == null ? null : world.environment;
  }

  synchronized Instant now() {
    return start.plusNanos(slept);
  }

  synchronized void sleep(long nanos) {
    slept += Math.max(0, nanos);
  }

  /** The instant of a clock's text: an offset, a zone, or neither (UTC). */
  static Instant instant(String text) {
    String plain = text.replace("[_fold=1]", "");
    if (plain.indexOf('[') >= 0) {
      return ZonedDateTime.parse(plain).toInstant();
    }
    for (int i = OFFSET_FROM; i < plain.length(); i++) {
      if ("Z+-".indexOf(plain.charAt(i)) >= 0) {
        return OffsetDateTime.parse(plain).toInstant();
      }
    }
    return LocalDateTime.parse(plain).toInstant(ZoneOffset.UTC);
  }
}
