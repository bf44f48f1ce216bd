package com.sable.moves.text;

import com.sable.moves.errors.InvalidTimestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments, which are milliseconds since 1970 in UTC, as text and back. */
public final class Timestamps {
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(?<day>\\d{4}-\\d\\d-\\d\\d)[T ](?<time>\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,6})?)?)["
              + Whitespace.CLASS
              + "]*(?:Z|(?<sign>[+-])(?<hours>\\d\\d):?(?<minutes>\\d\\d))");
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);
  private static final int DAY = 24 * 60;

  private Timestamps() {}

  /**
   * A moment as text in a zone: {@code 2024-02-29T12:30:00.000+01:00}, with {@code Z} for UTC.
   *
   * @throws ArithmeticException where that is before the year 1 or after the year 9999
   */
  public static String text(long milliseconds, int offsetMinutes) {
    if (offsetMinutes <= -DAY || offsetMinutes >= DAY) {
      throw new IllegalArgumentException(offsetMinutes + " minutes are a day or more");
    }
    LocalDateTime moment = inRange(utc(milliseconds));
    String local = TEXT.format(inRange(moment.plusMinutes(offsetMinutes)));
    return offsetMinutes == 0 ? local + "Z" : local + zone(offsetMinutes);
  }

  private static LocalDateTime utc(long milliseconds) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(milliseconds), ZoneOffset.UTC);
  }

  private static LocalDateTime inRange(LocalDateTime moment) {
    if (moment.getYear() < 1 || moment.getYear() > 9999) {
      throw new ArithmeticException("the year " + moment.getYear());
    }
    return moment;
  }

  // By hand: an offset of Java's own ends at 18 hours.
  private static String zone(int offsetMinutes) {
    int minutes = Math.abs(offsetMinutes);
    char sign = offsetMinutes < 0 ? '-' : '+';
    return String.format(Locale.ROOT, "%c%02d:%02d", sign, minutes / 60, minutes % 60);
  }

  /** Milliseconds since 1970 in UTC of a timestamp with a zone. */
  public static long parse(Object text) {
    Matcher found = TIMESTAMP.matcher(text instanceof String given ? Whitespace.strip(given) : "");
    if (!found.matches()) {
      throw new InvalidTimestamp(
          "`%s` is no timestamp with a zone: 2024-02-29T12:30:00+01:00".formatted(text));
    }
    try {
      LocalDateTime local = LocalDateTime.parse(found.group("day") + "T" + found.group("time"));
      if (local.getYear() < 1) {
        throw new DateTimeException("year 0 is out of range");
      }
      LocalDateTime moment = local.minusMinutes(offset(found));
      return moment.toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException error) {
      throw new InvalidTimestamp("`%s` is not a timestamp: %s".formatted(text, error.getMessage()));
    }
  }

  private static int offset(Matcher found) {
    if (found.group("sign") == null) {
      return 0;
    }
    int minutes =
        Integer.parseInt(found.group("hours")) * 60 + Integer.parseInt(found.group("minutes"));
    if (minutes >= DAY) {
      throw new DateTimeException("the offset is a day or more");
    }
    return found.group("sign").equals("-") ? -minutes : minutes;
  }
}
