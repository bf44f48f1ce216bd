package parity.harness;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A unit that is ready to be called; {@code method} where it is one, or a handler's. */
record Subject(
    Kind kind,
    Class<?> owner,
    List<String> names,
    List<Type> types,
    boolean varargs,
    boolean isStatic,
    Invocation invocation,
    Maker receiver,
    boolean camel,
    String source,
    Method method,
    Ports ports) {

  enum Kind {
    HANDLER("handler"),
    STREAM_HANDLER("stream-handler"),
    METHOD("method"),
    EXPRESSION("expression"),
    CLASS("class");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** Calls the unit. */
  @FunctionalInterface
  interface Invocation {
    Object call(Object receiver, Object[] arguments) throws Throwable;
  }

  /** Makes a receiver. */
  @FunctionalInterface
  interface Maker {
    Object make() throws Throwable;
  }

  boolean isHandler() {
    return kind == Kind.HANDLER || kind == Kind.STREAM_HANDLER;
  }

  /** What the supervisor is told of it. */
  Map<String, Object> described() {
    List<Object> parameters = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      parameters.add(Map.of("name", names.get(i), "type", Types.shown(types.get(i))));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", kind.word);
    document.put("parameters", parameters);
    document.put("varargs", varargs);
    document.put("static", isStatic);
    document.put("source", source);
    document.put("line", null);
    return document;
  }
}
