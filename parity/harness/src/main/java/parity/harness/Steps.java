package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
      if (isOfTheClass(error, fixture)) {
        outcomes.of(() -> raise(error), (value, answer) -> writer.write(value, "$", answer), text);
      } else {
        String why =
            error instanceof Refused ? error.getMessage() : "the receiver cannot be made: " + error;
        outcomes.refuse("self", null, subject.owner(), why, text);
      }
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

  /** Whether it is the constructor that refuses what the fixture gives it, as the class means to. */
  private boolean isOfTheClass(Throwable error, Map<String, Object> fixture) {
    boolean ours =
        error instanceof Refused
            || error instanceof Fault
            || error instanceof ReflectiveOperationException
            || error instanceof LinkageError;
    return !ours && subject.receiver() == null && fixture.get("args") != null;
  }

  private static Object raise(Throwable error) throws Throwable {
    throw error;
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
    Fitting<Constructor<?>> found = fitting(constructors, documents, fixture, "$args", why);
    found.taker.setAccessible(true);
    converter.phase().subjectRuns(true);
    return Loader.construct(found.taker, found.arguments);
  }

  /** Appends what one call did, its last brace left open; false where it was the last. */
  private boolean step(Object receiver, Map<?, ?> call, int index, Text text) {
    String name = (String) call.get("call");
    List<?> documents = (List<?>) call.get("args");
    String owner = subject.owner().getName();
    Refused none = new Refused(owner + " has no " + name + " of " + documents.size());
    List<Method> named =
        methods.computeIfAbsent(receiver.getClass(), Loader::methods).stream()
            .filter(method -> method.getName().equals(name))
            .toList();
    try {
      String root = "$steps[" + index + "].args";
      Fitting<Method> found = fitting(named, documents, call, root, none);
      Method open = accessible(found.taker, receiver.getClass());
      return outcomes.of(
          () -> Loader.invoke(open, receiver, found.arguments),
          (value, answer) -> writer.write(value, "$", answer),
          text);
    } catch (Refused refused) {
      outcomes.refuse(name, null, subject.owner(), refused.getMessage(), text);
      return false;
    }
  }

  private record Fitting<E extends Executable>(E taker, Object[] arguments) {}

  /**
   * The one that takes the arguments, or all but some at the end that python has by default.
   *
   * <p>None by default says that nothing is given, which java says by an overload without a place.
   */
  private <E extends Executable> Fitting<E> fitting(
      List<E> takers, List<?> documents, Map<?, ?> call, String root, Refused none)
      throws Refused {
    Object said = call.get("least");
    int least = said == null ? documents.size() : ((Number) said).intValue();
    int first = documents.size();
    while (first > least && documents.get(first - 1) == null) {
      first--;
    }
    Refused why = null;
    IntStream counts = IntStream.rangeClosed(-documents.size(), -least).map(count -> -count);
    for (int count : IntStream.concat(IntStream.of(first), counts).toArray()) {
      for (E taker : takers) {
        if (taker.getParameterCount() == count) {
          try {
            List<?> given = documents.subList(0, count);
            return new Fitting<>(taker, converted(given, Loader.types(taker), root));
          } catch (Refused refused) {
            why = why == null || count == documents.size() ? refused : why;
          }
        }
      }
    }
    throw why == null ? none : why;
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
