package parity.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A collaborator whose calls are effects, as the map names it. */
record Port(
    String id, String type, Map<String, String> methods, boolean camel, String variable) {

  @SuppressWarnings("unchecked")
  static List<Port> of(Map<String, Object> unit) {
    List<Port> ports = new ArrayList<>();
    Object told = unit.get("ports");
    for (Object one : told == null ? List.of() : (List<?>) told) {
      Map<String, Object> port = (Map<String, Object>) one;
      ports.add(
          new Port(
              (String) port.get("port"),
              (String) port.get("java"),
              (Map<String, String>) port.get("methods"),
              "camel".equals(port.get("names")),
              (String) port.get("name")));
    }
    return ports;
  }

  /** Whether the Java method of that name stands for the python method {@code call}. */
  boolean isNamed(String method, String call) {
    String mapped = methods.get(call);
    if (mapped != null) {
      return mapped.equals(method);
    }
    return call.equals(method) || camel && Paths.camel(call).equals(method);
  }

  /** What python calls a method, as far as the map says it. */
  String pythonName(String method) {
    for (Map.Entry<String, String> one : methods.entrySet()) {
      if (one.getValue().equals(method)) {
        return one.getKey();
      }
    }
    return camel ? snake(method) : method;
  }

  static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether a type is the port's, by its name. */
  boolean isOf(Class<?> raw) {
    return raw.getName().replace('$', '.').equals(type.replace('$', '.'));
  }

  /** Whether a text names it. */
  boolean isNamedIn(String text) {
    if (type.isEmpty()) {
      return false;
    }
    String words = "(?<![\\w.$])" + Pattern.quote(variable) + "(Of)?(?![\\w$])";
    return text != null && Pattern.compile(words).matcher(text).find();
  }
}
