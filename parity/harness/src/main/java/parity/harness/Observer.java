package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Runs a subject on one fixture and writes down what it did. */
final class Observer {
  private static final Set<String> LAZY = Set.of("Iterator", "Stream", "InputStream");
  private static final int CAUSES = 10;
  private final Map<String, Map<String, String>> table;
  private final int maxItems;
  private final Printed printed = new Printed();
  private final Defaults defaults = new Defaults();

  Observer(Map<String, Map<String, String>> table, int maxItems) {
    this.table = table;
    this.maxItems = maxItems;
  }

  /** The observation of one fixture line. */
  Map<String, Object> observe(Subject subject, Map<String, Object> fixture) {
    printed.take();
    try {
      if (subject.isHandler()) {
        return handled(subject, (String) fixture.get("event"));
      }
      return subject.kind() == Subject.Kind.CLASS
          ? steps(subject, fixture)
          : called(subject, fixture);
    } finally {
      defaults.restore();
    }
  }

  private Map<String, Object> handled(Subject subject, String event) {
    return outcome(
        () -> Json.parse(text(subject.invocation().call(null, new Object[] {event}))),
        value -> document(value));
  }

  private static String text(Object bytes) {
    String text = new String((byte[]) bytes, StandardCharsets.UTF_8);
    return text.isBlank() ? "null" : text;
  }

  /** A document of plain JSON in fixture form: what JSON cannot say is tagged. */
  static Object document(Object json) {
    if (json instanceof Map<?, ?> members) {
      Map<String, Object> made = new LinkedHashMap<>();
      members.forEach((name, value) -> made.put((String) name, document(value)));
      boolean tagged = made.keySet().stream().anyMatch(name -> name.startsWith("$"));
      return tagged ? Map.of("$dict", pairs(made)) : made;
    } else if (json instanceof List<?> items) {
      return items.stream().map(Observer::document).collect(java.util.stream.Collectors.toList());
    } else if (json instanceof BigInteger || json instanceof Long || json instanceof Double) {
      return written(json);
    }
    return json;
  }

  private static List<Object> pairs(Map<String, Object> members) {
    List<Object> pairs = new ArrayList<>();
    members.forEach((name, value) -> pairs.add(Arrays.asList(name, value)));
    return pairs;
  }

  private static Object written(Object number) {
    try {
      return new Writer(0).write(number, "$");
    } catch (Formless impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  // ------------------------------------------------------------ methods and expressions

  private Map<String, Object> called(Subject subject, Map<String, Object> fixture) {
    List<?> documents = (List<?>) fixture.get("args");
    Converter converter = new Converter(table, subject.camel());
    Object[] arguments = new Object[documents.size()];
    Object receiver = null;
    for (int i = 0; i < arguments.length; i++) {
      try {
        arguments[i] = converter.convert(documents.get(i), subject.types().get(i), "$args[" + i + "]");
      } catch (Refused refused) {
        return refusal(subject.names().get(i), i, subject.types().get(i), refused.getMessage());
      }
    }
    boolean given = fixture.containsKey("self") && subject.receiver() == null || fixture.containsKey("self") && !subject.isStatic() && fixture.get("self") != null;
    try {
      receiver = receiver(subject, fixture, converter);
    } catch (Refused refused) {
      return refusal("self", null, subject.owner(), refused.getMessage());
    } catch (Throwable error) {
      return refusal("self", null, subject.owner(), "the receiver cannot be made: " + error);
    }
    List<Object> before = written(arguments, subject, documents);
    Object self = given ? writtenSelf(receiver) : null;
    Object receiving = receiver;
    Map<String, Object> observation =
        outcome(
            () -> subject.invocation().call(receiving, arguments),
            value -> new Writer(maxItems).write(value, "$"));
    List<Object> after = written(arguments, subject, documents);
    if (!Json.write(before).equals(Json.write(after))) {
      observation.put("args", after);
    }
    if (!Json.write(documents).equals(Json.write(before))) {
      observation.put("held", before);
    }
    if (given) {
      Object selfAfter = writtenSelf(receiver);
      if (!Json.write(self).equals(Json.write(selfAfter))) {
        observation.put("self", selfAfter);
      }
    }
    return observation;
  }

  private static Object receiver(Subject subject, Map<String, Object> fixture, Converter converter)
      throws Throwable {
    if (subject.isStatic()) {
      return null;
    }
    if (fixture.containsKey("self")) {
      return converter.convert(fixture.get("self"), subject.owner(), "$self");
    }
    if (subject.receiver() == null) {
      throw new Refused(
          subject.owner().getName()
              + " has no constructor without arguments: say how to make it, receiver = \"new …\"");
    }
    return subject.receiver().make();
  }

  private Object writtenSelf(Object receiver) {
    try {
      return new Writer(maxItems).write(receiver, "$self");
    } catch (Formless formless) {
      return formless.getMessage();
    }
  }

  /** Arguments as they are now; those that reading would use up, as they were sent. */
  private List<Object> written(Object[] arguments, Subject subject, List<?> documents) {
    Writer writer = new Writer(maxItems);
    List<Object> written = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      Object document = documents.get(i);
      if (!LAZY.contains(Types.row(subject.types().get(i)))) {
        try {
          document = writer.write(arguments[i], "$args[" + i + "]");
        } catch (Formless formless) {
          // what cannot be written cannot be compared: it counts as unchanged
        }
      }
      written.add(document);
    }
    return written;
  }

  /** What the declared types make of values, without a call. */
  Map<String, Object> held(Subject subject, List<?> documents) {
    Converter converter = new Converter(table, subject.camel());
    Object[] arguments = new Object[documents.size()];
    for (int i = 0; i < arguments.length; i++) {
      try {
        arguments[i] = converter.convert(documents.get(i), subject.types().get(i), "$args[" + i + "]");
      } catch (Refused refused) {
        return refusal(subject.names().get(i), i, subject.types().get(i), refused.getMessage());
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("args", written(arguments, subject, documents));
    return answer;
  }

  // ------------------------------------------------------------ classes, step by step

  private Map<String, Object> steps(Subject subject, Map<String, Object> fixture) {
    Object receiver;
    try {
      receiver = stepper(subject, fixture);
    } catch (Refused refused) {
      return refusal("self", null, subject.owner(), refused.getMessage());
    } catch (Throwable error) {
      return refusal("self", null, subject.owner(), "the receiver cannot be made: " + error);
    }
    List<Object> observations = new ArrayList<>();
    for (Object step : (List<?>) fixture.get("steps")) {
      Map<?, ?> call = (Map<?, ?>) step;
      printed.take();
      Map<String, Object> observation =
          step(subject, receiver, (String) call.get("call"), (List<?>) call.get("args"));
      observations.add(observation);
      if (observation.containsKey("refused")) {
        break;
      }
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("steps", observations);
    return whole;
  }

  private Object stepper(Subject subject, Map<String, Object> fixture) throws Throwable {
    Converter converter = new Converter(table, subject.camel());
    if (fixture.containsKey("self")) {
      return converter.convert(fixture.get("self"), subject.owner(), "$self");
    }
    if (subject.receiver() != null) {
      return subject.receiver().make();
    }
    List<?> documents = fixture.get("args") == null ? List.of() : (List<?>) fixture.get("args");
    Refused why = new Refused("no constructor takes " + documents.size() + " arguments");
    for (Constructor<?> constructor : subject.owner().getDeclaredConstructors()) {
      if (constructor.getParameterCount() == documents.size()) {
        try {
          Object[] arguments = converted(documents, Loader.types(constructor), converter);
          constructor.setAccessible(true);
          return Loader.construct(constructor, arguments);
        } catch (Refused refused) {
          why = refused;
        }
      }
    }
    throw why;
  }

  private Map<String, Object> step(Subject subject, Object receiver, String name, List<?> documents) {
    List<Method> named =
        Loader.methods(receiver.getClass()).stream()
            .filter(method -> method.getName().equals(name))
            .filter(method -> method.getParameterCount() == documents.size())
            .toList();
    String why = subject.owner().getName() + " has no " + name + " of " + documents.size();
    for (Method method : named) {
      try {
        Converter converter = new Converter(table, subject.camel());
        Object[] arguments = converted(documents, Loader.types(method), converter);
        Method open = accessible(method, receiver.getClass());
        return outcome(
            () -> Loader.invoke(open, receiver, arguments),
            value -> new Writer(maxItems).write(value, "$"));
      } catch (Refused refused) {
        why = refused.getMessage();
      }
    }
    return refusal(name, null, subject.owner(), why);
  }

  /** The method, or the same one of a public type above it where the class itself is closed. */
  private static Method accessible(Method method, Class<?> type) throws Refused {
    if (method.trySetAccessible()) {
      return method;
    }
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> face : at.getInterfaces()) {
        for (Method same : face.getMethods()) {
          if (Loader.shown(same).equals(Loader.shown(method))) {
            return same;
          }
        }
      }
    }
    throw new Refused(Loader.shown(method) + " is not open to callers");
  }

  private static Object[] converted(List<?> documents, List<Type> types, Converter converter)
      throws Refused {
    Object[] arguments = new Object[documents.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = converter.convert(documents.get(i), types.get(i), "$args[" + i + "]");
    }
    return arguments;
  }

  // ------------------------------------------------------------ outcomes

  private interface Call {
    Object make() throws Throwable;
  }

  private interface Form {
    Object of(Object value) throws Formless;
  }

  private Map<String, Object> outcome(Call call, Form form) {
    Map<String, Object> observation = new LinkedHashMap<>();
    long started = System.nanoTime();
    try {
      observation.put("returned", form.of(finished(call.make())));
    } catch (Formless formless) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("path", formless.path());
      told.put("type", formless.type());
      told.put("why", formless.getMessage());
      observation.put("formless", told);
    } catch (Throwable error) {
      observation.put("raised", raised(unwrapped(error)));
    }
    observation.put("us", (System.nanoTime() - started) / 100 / 10.0);
    String out = printed.out();
    String err = printed.err();
    if (!out.isEmpty() || !err.isEmpty()) {
      observation.put("output", Map.of("out", out, "err", err));
    }
    return observation;
  }

  private static Object finished(Object value) throws Throwable {
    if (value instanceof CompletionStage<?> stage) {
      return stage.toCompletableFuture().join();
    }
    return value instanceof Future<?> future ? future.get() : value;
  }

  private static Throwable unwrapped(Throwable error) {
    boolean wrapper =
        error instanceof ExecutionException
            || error instanceof CompletionException
            || error instanceof UndeclaredThrowableException;
    return wrapper && error.getCause() != null ? unwrapped(error.getCause()) : error;
  }

  private static Map<String, Object> raised(Throwable error) {
    List<Object> bases = new ArrayList<>();
    for (Class<?> at = error.getClass().getSuperclass(); at != Object.class; at = at.getSuperclass()) {
      bases.add(at.getName());
    }
    List<Object> causes = new ArrayList<>();
    for (Throwable at = error.getCause(); at != null && causes.size() < CAUSES; at = at.getCause()) {
      causes.add(at.getClass().getName());
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("class", error.getClass().getName());
    document.put("bases", bases);
    document.put("message", message(error));
    document.put("line", line(error));
    document.put("causes", causes);
    return document;
  }

  private static String message(Throwable error) {
    try {
      return error.getMessage();
    } catch (RuntimeException broken) {
      return null;
    }
  }

  /** The innermost line of the project, else the innermost of all. */
  private static String line(Throwable error) {
    StackTraceElement[] frames = error.getStackTrace();
    StackTraceElement inner = null;
    for (StackTraceElement frame : frames) {
      String owner = frame.getClassName();
      boolean library = owner.startsWith("java.") || owner.startsWith("jdk.") || owner.startsWith("parity.harness.");
      if (!library && frame.getFileName() != null) {
        inner = frame;
        break;
      }
    }
    return inner == null ? null : inner.getFileName() + ":" + inner.getLineNumber();
  }

  private static Map<String, Object> refusal(String name, Integer index, Type type, String why) {
    Map<String, Object> refused = new LinkedHashMap<>();
    refused.put("parameter", name);
    refused.put("index", index == null ? null : Long.valueOf(index));
    refused.put("type", Types.shown(type));
    refused.put("why", why);
    Map<String, Object> observation = new LinkedHashMap<>();
    observation.put("refused", refused);
    return observation;
  }
}
