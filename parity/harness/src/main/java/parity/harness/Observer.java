package parity.harness;

import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a subject on one fixture and writes down what it did. */
final class Observer {
  private static final Set<String> LAZY = Set.of("Iterator", "Stream", "InputStream");
  private final Map<String, Map<String, String>> table;
  private final int maxItems;
  private final Outcomes outcomes = new Outcomes();
  private final Defaults defaults = new Defaults();
  private final Steps steps;

  Observer(Map<String, Map<String, String>> table, int maxItems) {
    this.table = table;
    this.maxItems = maxItems;
    this.steps = new Steps(table, maxItems, outcomes);
  }

  void observe(Subject subject, Map<String, Object> fixture, Answers file, Text answer) {
    file.subjectRuns(true);
    Map<String, Object> observation = observe(subject, fixture);
    Object micros = observation.remove("us");
    answer.add(micros == null ? "0" : micros.toString()).add('\t');
    Json.write(observation, answer);
  }

  private Map<String, Object> observe(Subject subject, Map<String, Object> fixture) {
    outcomes.begin();
    try {
      if (subject.isHandler()) {
        return handled(subject, (String) fixture.get("event"));
      }
      return subject.kind() == Subject.Kind.CLASS
          ? steps.observe(subject, fixture)
          : called(subject, fixture);
    } finally {
      defaults.restore();
    }
  }

  // ------------------------------------------------------------ handlers

  private Map<String, Object> handled(Subject subject, String event) {
    return outcomes.of(
        () -> subject.invocation().call(null, new Object[] {event}),
        answer -> document(parsed((byte[]) answer)));
  }

  private static Object parsed(byte[] answer) throws Formless {
    String text = new String(answer, StandardCharsets.UTF_8);
    try {
      return text.isBlank() ? null : Json.parse(text);
    } catch (IllegalArgumentException error) {
      throw new Formless("$", "text", "the handler's answer is not JSON: " + error.getMessage());
    }
  }

  /** A document of plain JSON in fixture form: what JSON cannot say is tagged. */
  static Object document(Object json) throws Formless {
    if (json instanceof Map<?, ?> members) {
      Map<String, Object> made = new LinkedHashMap<>();
      List<Object> pairs = new ArrayList<>();
      boolean tagged = false;
      for (Map.Entry<?, ?> member : members.entrySet()) {
        String name = (String) member.getKey();
        Object value = document(member.getValue());
        made.put(name, value);
        pairs.add(Arrays.asList(name, value));
        tagged |= name.startsWith("$");
      }
      return tagged ? Map.of("$dict", pairs) : made;
    } else if (json instanceof List<?> items) {
      List<Object> made = new ArrayList<>();
      for (Object item : items) {
        made.add(document(item));
      }
      return made;
    } else if (json instanceof BigInteger || json instanceof Long || json instanceof Double) {
      return new Writer(0).write(json, "$");
    }
    return json;
  }

  // ------------------------------------------------------------ methods and expressions

  private Map<String, Object> called(Subject subject, Map<String, Object> fixture) {
    List<?> documents = (List<?>) fixture.get("args");
    List<String> paths = paths(fixture, documents.size());
    Converter converter = new Converter(table, subject.camel());
    Object[] arguments = new Object[documents.size()];
    Map<String, Object> refusal = convert(subject, documents, paths, converter, arguments);
    if (refusal != null) {
      return refusal;
    }
    Object receiver;
    try {
      receiver = receiver(subject, fixture, converter);
    } catch (Refused refused) {
      return Outcomes.refusal("self", null, subject.owner(), refused.getMessage());
    } catch (Throwable error) {
      String why = "the receiver cannot be made: " + error;
      return Outcomes.refusal("self", null, subject.owner(), why);
    }
    boolean given = !subject.isStatic() && fixture.containsKey("self");
    List<Object> before = written(arguments, subject, documents, paths);
    String self = given ? writtenSelf(receiver) : null;
    Map<String, Object> observation =
        outcomes.of(
            () -> subject.invocation().call(receiver, arguments),
            value -> new Writer(maxItems).write(value, "$"));
    List<Object> after = written(arguments, subject, documents, paths);
    if (!Json.write(before).equals(Json.write(after))) {
      observation.put("args", after);
      if (!Json.write(documents).equals(Json.write(before))) {
        observation.put("held", before);
      }
    }
    if (given) {
      String selfAfter = writtenSelf(receiver);
      if (!self.equals(selfAfter)) {
        observation.put("self", Json.parse(selfAfter));
      }
    }
    return observation;
  }

  /** Where python's call has each argument: what references in the documents mean. */
  private static List<String> paths(Map<String, Object> request, int count) {
    List<String> paths = new ArrayList<>();
    List<?> given = (List<?>) request.get("paths");
    for (int i = 0; i < count; i++) {
      paths.add(given == null ? "$args[" + i + "]" : (String) given.get(i));
    }
    return paths;
  }

  /**
   * Fills the arguments; gives the refusal of the first that its parameter cannot hold, or null.
   *
   * <p>An argument that refers to a later one waits for it: java may take them in another order.
   */
  private static Map<String, Object> convert(
      Subject subject,
      List<?> documents,
      List<String> paths,
      Converter converter,
      Object[] arguments) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      left.add(i);
    }
    while (!left.isEmpty()) {
      List<Integer> waiting = new ArrayList<>();
      Refused why = null;
      for (int i : left) {
        try {
          arguments[i] = converter.convert(documents.get(i), subject.types().get(i), paths.get(i));
        } catch (Refused.Unmade unmade) {
          converter.forget(paths.get(i));
          waiting.add(i);
          why = unmade;
        } catch (Refused refused) {
          return refusal(subject, i, refused);
        }
      }
      if (waiting.size() == left.size()) {
        return refusal(subject, waiting.get(waiting.size() - 1), why);
      }
      left = waiting;
    }
    return null;
  }

  private static Map<String, Object> refusal(Subject subject, int index, Refused refused) {
    Type type = subject.types().get(index);
    return Outcomes.refusal(subject.names().get(index), index, type, refused.getMessage());
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

  /** The text of the receiver; what cannot be written counts as unchanged. */
  private String writtenSelf(Object receiver) {
    try {
      return Json.write(new Writer(maxItems).write(receiver, "$self"));
    } catch (Formless formless) {
      return "null";
    }
  }

  /** Arguments as they are now; those that reading would use up, as they were sent. */
  private List<Object> written(
      Object[] arguments, Subject subject, List<?> documents, List<String> paths) {
    Writer writer = new Writer(maxItems);
    List<Object> written = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      Object document = documents.get(i);
      if (!LAZY.contains(Types.row(subject.types().get(i)))) {
        try {
          document = writer.write(arguments[i], paths.get(i));
        } catch (Formless formless) {
          // what cannot be written cannot be compared: it counts as unchanged
        }
      }
      written.add(document);
    }
    return written;
  }

  /** What the declared types make of values, without a call. */
  Map<String, Object> held(Subject subject, Map<String, Object> request) {
    List<?> documents = (List<?>) request.get("args");
    List<String> paths = paths(request, documents.size());
    Object[] arguments = new Object[documents.size()];
    Converter converter = new Converter(table, subject.camel());
    Map<String, Object> refusal = convert(subject, documents, paths, converter, arguments);
    if (refusal != null) {
      return refusal;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("args", written(arguments, subject, documents, paths));
    return answer;
  }
}
