package parity.harness;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a class as a sequence of calls on one receiver. */
final class Steps {
  private final Map<String, Map<String, String>> table;
  private final int maxItems;
  private final Outcomes outcomes;

  Steps(Map<String, Map<String, String>> table, int maxItems, Outcomes outcomes) {
    this.table = table;
    this.maxItems = maxItems;
    this.outcomes = outcomes;
  }

  /** The observations of the steps, up to the first that could not be made. */
  Map<String, Object> observe(Subject subject, Map<String, Object> fixture) {
    Converter converter = new Converter(table, subject.camel());
    Object receiver;
    try {
      receiver = receiver(subject, fixture, converter);
    } catch (Refused refused) {
      return Outcomes.refusal("self", null, subject.owner(), refused.getMessage());
    } catch (Throwable error) {
      String why = "the receiver cannot be made: " + error;
      return Outcomes.refusal("self", null, subject.owner(), why);
    }
    List<Object> observations = new ArrayList<>();
    for (Object step : (List<?>) fixture.get("steps")) {
      outcomes.begin();
      Map<String, Object> observation =
          step(subject, receiver, (Map<?, ?>) step, converter, observations.size());
      observation.remove("us");
      observations.add(observation);
      if (observation.containsKey("refused") || observation.containsKey("ended")) {
        break;
      }
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("steps", observations);
    return whole;
  }

  private static Object receiver(Subject subject, Map<String, Object> fixture, Converter converter)
      throws Throwable {
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
        Object[] arguments;
        try {
          arguments = converted(documents, Loader.types(constructor), converter, "$args");
        } catch (Refused refused) {
          why = refused;
          continue;
        }
        constructor.setAccessible(true);
        return Loader.construct(constructor, arguments);
      }
    }
    throw why;
  }

  private Map<String, Object> step(
      Subject subject, Object receiver, Map<?, ?> call, Converter converter, int index) {
    String name = (String) call.get("call");
    List<?> documents = (List<?>) call.get("args");
    String why = subject.owner().getName() + " has no " + name + " of " + documents.size();
    for (Method method : Loader.methods(receiver.getClass())) {
      if (method.getName().equals(name) && method.getParameterCount() == documents.size()) {
        try {
          String root = "$steps[" + index + "].args";
          Object[] arguments = converted(documents, Loader.types(method), converter, root);
          Method open = accessible(method, receiver.getClass());
          return outcomes.of(
              () -> Loader.invoke(open, receiver, arguments),
              value -> new Writer(maxItems).write(value, "$"));
        } catch (Refused refused) {
          why = refused.getMessage();
        }
      }
    }
    return Outcomes.refusal(name, null, subject.owner(), why);
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

  private static Object[] converted(
      List<?> documents, List<Type> types, Converter converter, String root) throws Refused {
    Object[] arguments = new Object[documents.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = converter.convert(documents.get(i), types.get(i), root + "[" + i + "]");
    }
    return arguments;
  }
}
