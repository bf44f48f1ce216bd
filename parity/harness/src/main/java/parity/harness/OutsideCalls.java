package parity.harness;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import parity.world.Outside;

/** Ports that are libraries' ways to the world: their calls are answered as those of the others. */
final class OutsideCalls implements Outside.World {
  /** Their names. */
  static final List<String> PORTS = List.of("aws", "http", "sql");

  private final List<String> ports;
  private final PortCalls calls;

  OutsideCalls(List<String> ports, PortCalls calls) {
    this.ports = ports;
    this.calls = calls;
  }

  @Override
  public boolean has(String port) {
    return ports.contains(port);
  }

  @Override
  public Object call(String port, String call, List<?> arguments) throws Outside.Failed {
    Map<?, ?> answer = calls.outside(port, call, arguments);
    try {
      if (answer.get("raised") instanceof Map<?, ?> raised) {
        String message = raised.get("message") == null ? "" : (String) raised.get("message");
        throw new Outside.Failed(
            (String) raised.get("class"), message, (Map<?, ?>) plain(raised.get("fields")));
      }
      return plain(answer.get("returned"));
    } catch (Refused refused) {
      throw calls.refuse(
          "the reply of " + port + "." + call + " cannot be had: " + refused.getMessage());
    }
  }

  @Override
  public Object json(String text) {
    return Json.parse(text);
  }

  /** What a value in fixture form is, in plain classes of the JDK. */
  static Object plain(Object form) throws Refused {
    if (form instanceof List<?> items) {
      List<Object> made = new ArrayList<>();
      for (Object item : items) {
        made.add(plain(item));
      }
      return made;
    } else if (!(form instanceof Map<?, ?>)) {
      return form;
    }
    Map<?, ?> members = (Map<?, ?>) form;
    if (members.size() == 1) {
      String tag = (String) members.keySet().iterator().next();
      if (tag.startsWith("$")) {
        return tagged(tag, members.get(tag));
      }
    }
    Map<String, Object> made = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      made.put((String) member.getKey(), plain(member.getValue()));
    }
    return made;
  }

  private static Object tagged(String tag, Object held) throws Refused {
    if (held instanceof String text) {
      switch (tag) {
        case "$bytes":
          return Base64.getDecoder().decode(text);
        case "$int":
          return new BigInteger(text);
        case "$decimal":
          return new BigDecimal(text);
        case "$float":
          return text.equals("-0.0") ? -0.0 : Double.valueOf(special(text));
        case "$datetime":
          return Temporals.isAware(text) ? Temporals.offset(text) : Temporals.local(text);
        case "$date":
          return LocalDate.parse(text);
        case "$time":
          return Temporals.time(text);
        case "$uuid":
          return UUID.fromString(text);
        default:
          break;
      }
    } else if (held instanceof List<?> items) {
      if (tag.equals("$tuple") || tag.equals("$set") || tag.equals("$frozenset")) {
        return plain(items);
      } else if (tag.equals("$dict")) {
        return entries(items);
      }
    }
    throw new Refused("a " + tag + " is nothing that the world answers");
  }

  private static String special(String text) {
    return switch (text) {
      case "nan" -> "NaN";
      case "inf" -> "Infinity";
      default -> "-Infinity";
    };
  }

  private static Object entries(List<?> items) throws Refused {
    Map<String, Object> made = new LinkedHashMap<>();
    for (Object item : items) {
      List<?> entry = (List<?>) item;
      made.put(String.valueOf(plain(entry.get(0))), plain(entry.get(1)));
    }
    return made;
  }
}
