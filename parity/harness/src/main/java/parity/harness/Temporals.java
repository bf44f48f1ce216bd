package parity.harness;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;

/** Times between {@code java.time} and the RFC 9557 text of a fixture. */
final class Temporals {
  private static final String FOLD = "[_fold=1]";
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int NANOS_PER_MICRO = 1000;

  private Temporals() {}

  /** Where the offset starts, at or after {@code from}; -1 where there is none. */
  static int offsetAt(String text, int from) {
    for (int i = from; i < text.length() && text.charAt(i) != '['; i++) {
      if ("Z+-".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a {@code $datetime} has an offset or a zone. */
  static boolean isAware(String text) {
    return offsetAt(text, 19) >= 0 || text.indexOf("[_") < 0 && text.indexOf('[') > 0;
  }

  /** Whether a {@code $time} has an offset. */
  static boolean isAwareTime(String text) {
    return offsetAt(text, 8) >= 0;
  }

  static LocalDateTime local(String text) throws Refused {
    refuseFold(text);
    return LocalDateTime.parse(text);
  }

  static LocalTime time(String text) throws Refused {
    refuseFold(text);
    return LocalTime.parse(text);
  }

  static OffsetTime offsetTime(String text) throws Refused {
    refuseFold(text);
    int zone = text.indexOf('[');
    if (zone >= 0) {
      throw new Refused("its zone has a name, which an OffsetTime does not keep");
    }
    return OffsetTime.parse(text);
  }

  static OffsetDateTime offset(String text) throws Refused {
    refuseFold(text);
    if (text.indexOf('[') >= 0) {
      throw new Refused("its zone has a name, which an OffsetDateTime does not keep");
    }
    return OffsetDateTime.parse(text);
  }

  static Instant instant(String text) throws Refused {
    int zone = text.indexOf('[');
    String plain = zone < 0 ? text : text.substring(0, zone);
    return offsetAt(plain, 19) < 0 ? zoned(text).toInstant() : OffsetDateTime.parse(plain).toInstant();
  }

  static ZonedDateTime zoned(String text) throws Refused {
    boolean fold = text.endsWith(FOLD);
    String plain = fold ? text.substring(0, text.length() - FOLD.length()) : text;
    int zone = plain.indexOf('[');
    if (zone < 0) {
      if (fold) {
        throw new Refused("fold says nothing where the offset is fixed");
      }
      return OffsetDateTime.parse(plain).toZonedDateTime();
    }
    int offset = offsetAt(plain, 19);
    LocalDateTime local = LocalDateTime.parse(plain.substring(0, offset < 0 ? zone : offset));
    ZoneId id = ZoneId.of(plain.substring(zone + 1, plain.length() - 1));
    ZonedDateTime made = ZonedDateTime.of(local, id);
    if (!made.toLocalDateTime().equals(local)) {
      throw new Refused("that time does not exist in its zone");
    }
    ZonedDateTime later = made.withLaterOffsetAtOverlap();
    if (fold && later.equals(made)) {
      throw new Refused("fold says nothing where the zone has no overlap");
    }
    ZonedDateTime chosen = fold ? later : made;
    if (offset >= 0 && !chosen.getOffset().equals(ZoneOffset.of(plain.substring(offset, zone)))) {
      throw new Refused("Java knows another offset of that zone then, " + chosen.getOffset());
    }
    return chosen;
  }

  private static void refuseFold(String text) throws Refused {
    if (text.endsWith(FOLD)) {
      throw new Refused("fold is held by a ZonedDateTime only");
    }
  }

  static Duration duration(String text) {
    boolean minus = text.startsWith("-");
    String[] parts = text.substring(minus ? 1 : 0).split("\\.");
    String micros = parts.length > 1 ? (parts[1] + "000000").substring(0, 6) : "0";
    Duration made =
        Duration.ofSeconds(Long.parseLong(parts[0]), Long.parseLong(micros) * NANOS_PER_MICRO);
    return minus ? made.negated() : made;
  }

  static String write(LocalDateTime value) throws Formless {
    return fits(value.getYear(), SECONDS.format(value) + fraction(value.getNano()));
  }

  static String write(LocalDate value) throws Formless {
    return fits(value.getYear(), value.toString());
  }

  static String write(LocalTime value) throws Formless {
    return TIME.format(value) + fraction(value.getNano());
  }

  static String write(OffsetTime value) throws Formless {
    return write(value.toLocalTime()) + write(value.getOffset());
  }

  static String write(OffsetDateTime value) throws Formless {
    return write(value.toLocalDateTime()) + write(value.getOffset());
  }

  static String write(Instant value) throws Formless {
    return write(LocalDateTime.ofInstant(value, ZoneOffset.UTC)) + "Z";
  }

  static String write(ZonedDateTime value) throws Formless {
    String text = write(value.toOffsetDateTime());
    if (value.getZone() instanceof ZoneOffset) {
      return text;
    }
    ZoneOffsetTransition change = value.getZone().getRules().getTransition(value.toLocalDateTime());
    boolean later =
        change != null && change.isOverlap() && value.getOffset().equals(change.getOffsetAfter());
    return text + "[" + value.getZone().getId() + "]" + (later ? FOLD : "");
  }

  private static String write(ZoneOffset offset) {
    return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
  }

  static String write(Duration value) throws Formless {
    if (value.getNano() % NANOS_PER_MICRO != 0) {
      throw new Formless("it is finer than a microsecond");
    }
    boolean minus = value.isNegative();
    Duration size = value.abs();
    String micros = String.format(Locale.ROOT, "%06d", size.getNano() / NANOS_PER_MICRO).replaceAll("0+$", "");
    return (minus ? "-" : "") + size.getSeconds() + (micros.isEmpty() ? "" : "." + micros);
  }

  private static String fits(int year, String text) throws Formless {
    if (year < 1 || year > 9999) {
      throw new Formless("Python knows the years 1 to 9999");
    }
    return text;
  }

  private static String fraction(int nanos) throws Formless {
    if (nanos % NANOS_PER_MICRO != 0) {
      throw new Formless("it is finer than a microsecond");
    }
    return nanos == 0 ? "" : String.format(Locale.ROOT, ".%06d", nanos / NANOS_PER_MICRO);
  }
}
