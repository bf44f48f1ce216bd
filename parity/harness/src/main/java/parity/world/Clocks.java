package parity.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;

/** Stands in for what tells the time and waits. */
public final class Clocks {
  private static final long NANOS = 1_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private Clocks() {}

  public static long currentTimeMillis() {
    World world = World.ofClock();
    return world == null ? System.currentTimeMillis() : world.now().toEpochMilli();
  }

  /** Where the clock stands: nanoseconds since 1970. */
  public static long nanoTime() {
    World world = World.ofClock();
    if (world == null) {
      return System.nanoTime();
    }
    Instant now = world.now();
    return now.getEpochSecond() * NANOS + now.getNano();
  }

  // ------------------------------------------------------------ sleep

  public static void sleep(long millis) throws InterruptedException {
    if (millis < 0) {
      throw new IllegalArgumentException("timeout value is negative");
    }
    if (!slept(millis > Long.MAX_VALUE / NANOS_PER_MILLI ? Long.MAX_VALUE : millis * NANOS_PER_MILLI)) {
      Thread.sleep(millis);
    }
  }

  public static void sleep(long millis, int nanos) throws InterruptedException {
    if (World.ofClock() == null || millis < 0 || nanos < 0 || nanos >= NANOS_PER_MILLI) {
      Thread.sleep(millis, nanos);
    } else {
      slept(millis * NANOS_PER_MILLI + nanos);
    }
  }

  public static void sleep(Duration time) throws InterruptedException {
    sleep(TimeUnit.NANOSECONDS, TimeUnit.NANOSECONDS.convert(time));
  }

  public static void sleep(TimeUnit unit, long time) throws InterruptedException {
    if (time > 0 && !slept(unit.toNanos(time))) {
      unit.sleep(time);
    }
  }

  private static boolean slept(long nanos) throws InterruptedException {
    World world = World.ofClock();
    if (world == null) {
      return false;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("sleep interrupted");
    }
    world.sleep(nanos);
    return true;
  }

  // ------------------------------------------------------------ java.util

  public static Date newDate() {
    return new Date(currentTimeMillis());
  }

  public static GregorianCalendar newCalendar() {
    GregorianCalendar made = new GregorianCalendar();
    set(made);
    return made;
  }

  /** Sets a calendar that was made as of now. */
  public static void set(Calendar made) {
    if (World.ofClock() != null) {
      made.setTimeInMillis(currentTimeMillis());
    }
  }

  public static Calendar getInstance() {
    return at(Calendar.getInstance());
  }

  public static Calendar getInstance(TimeZone zone) {
    return at(Calendar.getInstance(zone));
  }

  public static Calendar getInstance(Locale locale) {
    return at(Calendar.getInstance(locale));
  }

  public static Calendar getInstance(TimeZone zone, Locale locale) {
    return at(Calendar.getInstance(zone, locale));
  }

  private static Calendar at(Calendar made) {
    set(made);
    return made;
  }

  // ------------------------------------------------------------ java.time

  public static Clock systemUTC() {
    return new FixtureClock(ZoneOffset.UTC);
  }

  public static Clock systemDefaultZone() {
    return new FixtureClock(ZoneId.systemDefault());
  }

  public static Clock system(ZoneId zone) {
    return new FixtureClock(zone);
  }

  public static InstantSource system() {
    return systemUTC();
  }

  public static Clock tickMillis(ZoneId zone) {
    return Clock.tick(system(zone), Duration.ofMillis(1));
  }

  public static Clock tickSeconds(ZoneId zone) {
    return Clock.tick(system(zone), Duration.ofSeconds(1));
  }

  public static Clock tickMinutes(ZoneId zone) {
    return Clock.tick(system(zone), Duration.ofMinutes(1));
  }

  public static Instant nowInstant() {
    World world = World.ofClock();
    return world == null ? Instant.now() : world.now();
  }

  public static LocalDate nowLocalDate() {
    return LocalDate.now(systemDefaultZone());
  }

  public static LocalDate nowLocalDate(ZoneId zone) {
    return LocalDate.now(system(zone));
  }

  public static LocalTime nowLocalTime() {
    return LocalTime.now(systemDefaultZone());
  }

  public static LocalTime nowLocalTime(ZoneId zone) {
    return LocalTime.now(system(zone));
  }

  public static LocalDateTime nowLocalDateTime() {
    return LocalDateTime.now(systemDefaultZone());
  }

  public static LocalDateTime nowLocalDateTime(ZoneId zone) {
    return LocalDateTime.now(system(zone));
  }

  public static ZonedDateTime nowZonedDateTime() {
    return ZonedDateTime.now(systemDefaultZone());
  }

  public static ZonedDateTime nowZonedDateTime(ZoneId zone) {
    return ZonedDateTime.now(system(zone));
  }

  public static OffsetDateTime nowOffsetDateTime() {
    return OffsetDateTime.now(systemDefaultZone());
  }

  public static OffsetDateTime nowOffsetDateTime(ZoneId zone) {
    return OffsetDateTime.now(system(zone));
  }

  public static OffsetTime nowOffsetTime() {
    return OffsetTime.now(systemDefaultZone());
  }

  public static OffsetTime nowOffsetTime(ZoneId zone) {
    return OffsetTime.now(system(zone));
  }

  public static Year nowYear() {
    return Year.now(systemDefaultZone());
  }

  public static Year nowYear(ZoneId zone) {
    return Year.now(system(zone));
  }

  public static YearMonth nowYearMonth() {
    return YearMonth.now(systemDefaultZone());
  }

  public static YearMonth nowYearMonth(ZoneId zone) {
    return YearMonth.now(system(zone));
  }

  public static MonthDay nowMonthDay() {
    return MonthDay.now(systemDefaultZone());
  }

  public static MonthDay nowMonthDay(ZoneId zone) {
    return MonthDay.now(system(zone));
  }
}
