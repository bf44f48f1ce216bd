package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a class as a sequence of calls on one receiver. */
final class Steps {
  private final Subject subject;
  private final Converter converter;
  private final Outcomes outcomes;
  private final Writer writer;
  private final Map<Class<?>, List<Method>> methods = new HashMap<>();

  Steps(Subject subject, Converter converter, Outcomes outcomes, Writer writer) {
    this.subject = subject;
    this.converter = converter;
    this.outcomes = outcomes;
    this.writer = writer;
  }

  /** Appends the observations of the steps, up to the first that could not be made. */
  void observe(Map<String, Object> fixture, Text text) {
    Object receiver;
    try {
      receiver = receiver(fixture);
    } catch (Throwable error) {
      String why =
          error instanceof Refused ? error.getMessage() : "the receiver cannot be made: " + error;
      outcomes.refuse("self", null, subject.owner(), why, text);
      text.add('}');
      return;
    }
    text.add("{\"steps\":[");
    int index = 0;
    boolean more = true;
    for (Object step : (List<?>) fixture.get("steps")) {
      if (!more) {
        break;
      }
      if (index > 0) {
        text.add(',');
      }
      outcomes.beginCall();
      more = step(receiver, (Map<?, ?>) step, index++, text);
      text.add('}');
    }
    text.add("]}");
  }

  private Object receiver(Map<String, Object> fixture) throws Throwable {
    if (fixture.containsKey("self")) {
      return converter.convert(fixture.get("self"), subject.owner(), "$self");
    }
    Phase phase = converter.phase();
    phase.subjectRuns(true);
    try {
      return subject.receiver() != null ? subject.receiver().make() : constructed(fixture);
    } finally {
      phase.subjectRuns(false);
    }
  }

  private Object constructed(Map<String, Object> fixture) throws Throwable {
    List<?> documents = fixture.get("args") == null ? List.of() : (List<?>) fixture.get("args");
    Refused why =
        new Refused(
            "no constructor takes "
                + documents.size()
                + " arguments; `receiver` in the map says how to make one");
    Ports ports = subject.ports();
    Constructor<?> handed =
        ports == null ? null : ports.constructor(subject.owner(), documents.size()).orElse(null);
    if (handed != null) {
      List<Type> types =
          Loader.types(handed).stream().filter(type -> ports.of(type) == null).toList();
      Object[] arguments = ports.filled(handed, converted(documents, types, "$args"));
      handed.setAccessible(true);
      converter.phase().subjectRuns(true);
      return Loader.construct(handed, arguments);
    }
    List<Constructor<?>> constructors = List.of(subject.owner().getDeclaredConstructors());
    List<?> given = held(documents, fixture, constructors);
    for (Constructor<?> constructor : constructors) {
      if (constructor.getParameterCount() == given.size()) {
        Object[] arguments;
        try {
          arguments = converted(given, Loader.types(constructor), "$args");
        } catch (Refused refused) {
          why = refused;
          continue;
        }
        constructor.setAccessible(true);
        converter.phase().subjectRuns(true);
        return Loader.construct(constructor, arguments);
      }
    }
    throw why;
  }

  /** Appends what one call did, its last brace left open; false where it was the last. */
  private boolean step(Object receiver, Map<?, ?> call, int index, Text text) {
    String name = (String) call.get("call");
    List<?> documents = (List<?>) call.get("args");
    String why = subject.owner().getName() + " has no " + name + " of " + documents.size();
    List<Method> named =
        methods.computeIfAbsent(receiver.getClass(), Loader::methods).stream()
            .filter(method -> method.getName().equals(name))
            .toList();
    List<?> given = held(documents, call, named);
    for (Method method : named) {
      if (method.getParameterCount() == given.size()) {
        try {
          String root = "$steps[" + index + "].args";
          Object[] arguments = converted(given, Loader.types(method), root);
          Method open = accessible(method, receiver.getClass());
          return outcomes.of(
              () -> Loader.invoke(open, receiver, arguments),
              (value, answer) -> writer.write(value, "$", answer),
              text);
        } catch (Refused refused) {
          why = refused.getMessage();
        }
      }
    }
    outcomes.refuse(name, null, subject.owner(), why, text);
    return false;
  }

  /** The arguments, less those at the end that python has by default and none of these takes. */
  private static List<?> held(
      List<?> documents, Map<?, ?> call, List<? extends Executable> takers) {
    int least = call.get("least") == null ? documents.size() : ((Number) call.get("least")).intValue();
    for (int count = documents.size(); count >= least; count--) {
      int size = count;
      if (takers.stream().anyMatch(taker -> taker.getParameterCount() == size)) {
        return documents.subList(0, count);
      }
    }
    return documents;
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

  private Object[] converted(List<?> documents, List<Type> types, String root) throws Refused {
    Object[] arguments = new Object[documents.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = converter.convert(documents.get(i), types.get(i), root + "[" + i + "]");
    }
    return arguments;
  }
}
