package parity.harness;

import java.util.Map;

/** The Python kinds that a value in fixture form can be of. */
enum Kind {
  NONE("None"),
  BOOL("bool"),
  INT("int"),
  FLOAT("float"),
  DECIMAL("Decimal"),
  STR("str"),
  BYTES("bytes"),
  LIST("list"),
  TUPLE("tuple"),
  SET("set"),
  FROZENSET("frozenset"),
  DICT("dict"),
  DATETIME("datetime"),
  AWARE_DATETIME("aware datetime"),
  DATE("date"),
  TIME("time"),
  AWARE_TIME("aware time"),
  TIMEDELTA("timedelta"),
  UUID("UUID"),
  ENUM("enum"),
  OBJECT("object"),
  REF("ref"),
  PORT("port"),
  UNKNOWN("null");

  private static final Map<String, Kind> BY_TAG =
      Map.ofEntries(
          Map.entry("$int", INT),
          Map.entry("$float", FLOAT),
          Map.entry("$tuple", TUPLE),
          Map.entry("$set", SET),
          Map.entry("$frozenset", FROZENSET),
          Map.entry("$dict", DICT),
          Map.entry("$bytes", BYTES),
          Map.entry("$decimal", DECIMAL),
          Map.entry("$datetime", DATETIME),
          Map.entry("$date", DATE),
          Map.entry("$time", TIME),
          Map.entry("$timedelta", TIMEDELTA),
          Map.entry("$uuid", UUID),
          Map.entry("$enum", ENUM),
          Map.entry("$object", OBJECT),
          Map.entry("$ref", REF),
          Map.entry("$port", PORT));

  private final String word;

  Kind(String word) {
    this.word = word;
  }

  /** As the type table names it. */
  String word() {
    return word;
  }

  boolean isBag() {
    return this == SET || this == FROZENSET;
  }

  /** The kind of a tag; what a datetime or time of that text is. */
  static Kind tagged(String tag, Object payload) {
    Kind kind = BY_TAG.getOrDefault(tag, UNKNOWN);
    if (kind == DATETIME && Temporals.isAware((String) payload)) {
      return AWARE_DATETIME;
    }
    return kind == TIME && Temporals.isAwareTime((String) payload) ? AWARE_TIME : kind;
  }
}
