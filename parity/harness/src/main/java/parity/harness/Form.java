package parity.harness;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** One value in fixture form: the Python kind that it is of, and what it holds. */
record Form(String kind, Object payload) {
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("$int", "int"),
          Map.entry("$float", "float"),
          Map.entry("$tuple", "tuple"),
          Map.entry("$set", "set"),
          Map.entry("$frozenset", "frozenset"),
          Map.entry("$dict", "dict"),
          Map.entry("$bytes", "bytes"),
          Map.entry("$decimal", "Decimal"),
          Map.entry("$date", "date"),
          Map.entry("$timedelta", "timedelta"),
          Map.entry("$uuid", "UUID"),
          Map.entry("$enum", "enum"),
          Map.entry("$object", "object"),
          Map.entry("$ref", "ref"));

  /** Reads the tag of a document, if it has one. */
  static Form of(Object document) {
    if (document == null) {
      return new Form("None", null);
    } else if (document instanceof Boolean) {
      return new Form("bool", document);
    } else if (document instanceof Long number) {
      return new Form("int", BigInteger.valueOf(number));
    } else if (document instanceof BigInteger) {
      return new Form("int", document);
    } else if (document instanceof Double) {
      return new Form("float", document);
    } else if (document instanceof String) {
      return new Form("str", document);
    } else if (document instanceof List<?>) {
      return new Form("list", document);
    }
    Map<?, ?> members = (Map<?, ?>) document;
    if (members.size() == 1) {
      Map.Entry<?, ?> only = members.entrySet().iterator().next();
      if (only.getKey().toString().startsWith("$")) {
        return tagged(only.getKey().toString(), only.getValue());
      }
    }
    return new Form("dict", pairs(members));
  }

  private static Form tagged(String tag, Object payload) {
    return switch (tag) {
      case "$int" -> new Form("int", new BigInteger((String) payload));
      case "$float" -> new Form("float", special((String) payload));
      case "$datetime" -> new Form(aware(payload) ? "aware datetime" : "datetime", payload);
      case "$time" -> new Form(awareTime(payload) ? "aware time" : "time", payload);
      default -> new Form(KINDS.get(tag), payload);
    };
  }

  private static Double special(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> -0.0;
    };
  }

  private static boolean aware(Object text) {
    return Temporals.offsetAt((String) text, 19) >= 0
        || ((String) text).indexOf("[_") < 0 && ((String) text).indexOf('[') > 0;
  }

  private static boolean awareTime(Object text) {
    return Temporals.offsetAt((String) text, 8) >= 0;
  }

  private static List<List<Object>> pairs(Map<?, ?> members) {
    return members.entrySet().stream()
        .map(member -> java.util.Arrays.<Object>asList(member.getKey(), member.getValue()))
        .toList();
  }

  /** The payload as a list of documents. */
  @SuppressWarnings("unchecked")
  List<Object> items() {
    return (List<Object>) payload;
  }

  /** The payload of a dict as pairs of documents. */
  @SuppressWarnings("unchecked")
  List<List<Object>> entries() {
    return (List<List<Object>>) payload;
  }

  /** The fields of an object by name, or the entries of a dict whose keys are texts. */
  @SuppressWarnings("unchecked")
  Map<String, Object> fields() throws Refused {
    if (kind.equals("object")) {
      return (Map<String, Object>) items().get(1);
    }
    Map<String, Object> fields = new java.util.LinkedHashMap<>();
    for (List<Object> entry : entries()) {
      if (!(entry.get(0) instanceof String name)) {
        throw new Refused("a key of the dict is not a text");
      }
      fields.put(name, entry.get(1));
    }
    return fields;
  }
}
