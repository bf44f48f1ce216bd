package parity.harness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import parity.world.Threads;

/** Runs subjects on fixtures and writes down what they did. */
final class Observer {
  private static final String RETURNED = "{\"returned\":";
  private static final String IN_THE_PACKER = "0";
  private final Map<String, Map<Kind, Rule>> table;
  private final Phase phase;
  private final Writer writer;
  private final Outcomes outcomes;
  private final Json json = new Json();
  private final Text before = new Text();
  private final Text after = new Text();
  private final Text other = new Text();
  private final Packer packer = new Packer();
  private final Packer packedBefore = new Packer();
  private final Packer packedAfter = new Packer();
  private final int maxItems;

  Observer(Map<String, Map<String, String>> table, int maxItems, Phase phase) {
    this.table = Converter.table(table);
    this.phase = phase;
    this.maxItems = maxItems;
    this.writer = new Writer(maxItems, phase);
    this.outcomes = new Outcomes(phase);
  }

  /** What is worked out of a subject once for all its fixtures. */
  final class Prepared {
    private final Subject subject;
    private final Converter converter;
    private final List<Taker> takers;
    private final Steps steps;
    private final Outcomes.Form form;
    private boolean packs;
    private boolean packed; // whether the last value is in the packer, and not in the text
    private Object value;

    Prepared(Subject subject) {
      this.subject = subject;
      converter = new Converter(table, subject.camel(), phase);
      if (subject.ports() != null) {
        subject.ports().equip(table, maxItems);
        converter.serve(subject.ports());
      }
      takers = converter.takers(subject.types());
      steps = new Steps(subject, converter, outcomes, writer);
      form =
          subject.isHandler()
              ? (value, text) -> told(document((byte[]) value), text)
              : this::told;
    }

    /** From now on results are packed where they can be; not where calls of ports are told. */
    void pack() {
      packs = subject.ports() == null;
    }

    private void told(Object value, Text text) throws Formless {
      if (packs && packer.pack(value)) {
        packed = true;
        this.value = value;
        text.add(IN_THE_PACKER);
      } else {
        spelt(value, text);
      }
    }

    private void spelt(Object value, Text text) throws Formless {
      if (subject.isHandler()) {
        writer.document(value, text);
      } else {
        writer.write(value, "$", text);
      }
    }

    /**
     * Appends the observation of one fixture.
     *
     * @param referring whether it may have a {@code $ref}
     * @throws Fault where the harness, not the subject, failed
     */
    void observe(Map<String, Object> fixture, boolean referring, Text text) {
      Ports ports = subject.ports();
      if (ports == null) {
        observeCall(fixture, referring, text);
        return;
      }
      int start = text.length();
      List<?> recorded = fixture.get("world") instanceof Map<?, ?> w ? (List<?>) w.get("ports") : null;
      ports.begin(recorded);
      PortCalls calls;
      try {
        observeCall(fixture, referring, text);
      } finally {
        Threads.settle();
        calls = ports.end();
      }
      if (calls.unfit() != null) {
        text.cut(start);
        outcomes.refuse("world", null, subject.owner(), calls.unfit(), text);
        text.add('}');
      } else if (recorded != null || !calls.isEmpty()) {
        text.cut(text.length() - 1);
        text.add(",\"effects\":");
        calls.write(text);
        text.add('}');
      }
    }

    private void observeCall(Map<String, Object> fixture, boolean referring, Text text) {
      outcomes.begin();
      converter.begin(referring);
      packed = false;
      int start = text.length();
      if (subject.isHandler()) {
        Object[] event = {fixture.get("event")};
        outcomes.of(() -> subject.invocation().call(null, event), form, text);
        text.add('}');
      } else if (subject.kind() == Subject.Kind.CLASS) {
        steps.observe(fixture, text);
      } else {
        called(this, fixture, text);
      }
      if (packed) {
        unpack(start, text);
      }
    }

    /** Where more is to be told than the result, the text says all of it. */
    private void unpack(int start, Text text) {
      if (!outcomes.isAlone(text)) {
        packed = false;
        if (outcomes.hasReturned()) {
          int end = start + RETURNED.length();
          String rest = text.from(end + IN_THE_PACKER.length());
          text.cut(end);
          try {
            spelt(value, text);
          } catch (Formless impossible) {
            throw new IllegalStateException(impossible);
          }
          text.add(rest);
        }
      }
      value = null;
    }

    /** Whether the last observation is of nothing but what the call returned. */
    boolean isAlone(Text text) {
      return outcomes.isAlone(text);
    }

    /** What the last observation is, packed; null where its text says it. */
    Packer packed() {
      return packed ? packer : null;
    }

    /** How long the subject ran on the last fixture. */
    long nanos() {
      return outcomes.nanos();
    }
  }

  Prepared prepare(Subject subject) {
    writer.forget();
    packer.forget();
    packedBefore.forget();
    packedAfter.forget();
    return new Prepared(subject);
  }

  private Object document(byte[] answer) throws Formless {
    try {
      return json.parseOrNull(answer);
    } catch (IllegalArgumentException error) {
      throw new Formless("$", "text", "the handler's answer is not JSON: " + error.getMessage());
    }
  }

  // ------------------------------------------------------------ methods and expressions

  private void called(Prepared prepared, Map<String, Object> fixture, Text text) {
    Subject subject = prepared.subject;
    List<?> documents = (List<?>) fixture.get("args");
    Object[] arguments = new Object[documents.size()];
    List<String> paths = paths(prepared, fixture, arguments.length);
    if (!convert(prepared, documents, paths, arguments, text)) {
      return;
    }
    Object receiver;
    try {
      receiver = subject.isStatic() ? null : receiver(prepared, fixture);
    } catch (Throwable error) {
      String why =
          error instanceof Refused ? error.getMessage() : "the receiver cannot be made: " + error;
      outcomes.refuse("self", null, subject.owner(), why, text);
      text.add('}');
      return;
    }
    String self = receiver != null && fixture.containsKey("self") ? self(receiver) : null;
    boolean watched = isWatched(prepared, arguments);
    boolean packed = watched && paths == null && packedBefore.packAll(arguments);
    if (watched && !packed) {
      written(prepared, arguments, documents, before);
    }
    Subject.Invocation call = subject.invocation();
    boolean more = outcomes.of(() -> call.call(receiver, arguments), prepared.form, text);
    if (more && watched && !(packed && isUnchanged(arguments))) {
      if (packed) {
        written(prepared, anew(prepared, documents), documents, before);
      }
      written(prepared, arguments, documents, after);
      if (!after.isAs(before)) {
        changed(documents, text);
      }
    }
    if (more && self != null) {
      String selfAfter = self(receiver);
      if (!self.equals(selfAfter)) {
        text.add(",\"self\":").add(selfAfter);
      }
    }
    text.add('}');
  }

  /** Where python's call has each argument; null where nothing refers to them. */
  private static List<String> paths(Prepared prepared, Map<String, Object> request, int count) {
    if (!prepared.converter.isReferring()) {
      return null;
    }
    List<?> given = (List<?>) request.get("paths");
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add(given == null ? "$args[" + i + "]" : (String) given.get(i));
    }
    return paths;
  }

  /** Fills the arguments; false where a parameter refused its value, which is then written. */
  private boolean convert(
      Prepared prepared, List<?> documents, List<String> paths, Object[] arguments, Text text) {
    int index = 0;
    try {
      if (paths != null) {
        return convertReferring(prepared, documents, paths, arguments, text);
      }
      for (; index < arguments.length; index++) {
        arguments[index] = prepared.takers.get(index).take(documents.get(index), null);
      }
      return true;
    } catch (Refused refused) {
      refuse(prepared, index, refused, text);
      return false;
    }
  }

  // An argument that refers to a later one waits for it: java may take them in another order.
  private boolean convertReferring(
      Prepared prepared, List<?> documents, List<String> paths, Object[] arguments, Text text) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      left.add(i);
    }
    while (!left.isEmpty()) {
      List<Integer> waiting = new ArrayList<>();
      Refused why = null;
      for (int i : left) {
        try {
          arguments[i] = prepared.takers.get(i).take(documents.get(i), paths.get(i));
        } catch (Refused.Unmade unmade) {
          prepared.converter.forget(paths.get(i));
          waiting.add(i);
          why = unmade;
        } catch (Refused refused) {
          refuse(prepared, i, refused, text);
          return false;
        }
      }
      if (waiting.size() == left.size()) {
        refuse(prepared, waiting.get(waiting.size() - 1), why, text);
        return false;
      }
      left = waiting;
    }
    return true;
  }

  private void refuse(Prepared prepared, int index, Refused refused, Text text) {
    String name = prepared.subject.names().get(index);
    outcomes.refuse(
        name, index, prepared.subject.types().get(index), refused.getMessage(), text);
    text.add('}');
  }

  private Object receiver(Prepared prepared, Map<String, Object> fixture) throws Throwable {
    Subject subject = prepared.subject;
    if (fixture.containsKey("self")) {
      return prepared.converter.convert(fixture.get("self"), subject.owner(), "$self");
    }
    if (subject.receiver() == null) {
      throw new Refused(
          subject.owner().getName()
              + " has no constructor without arguments: say how to make it, receiver = \"new …\"");
    }
    phase.subjectRuns(true);
    try {
      return subject.receiver().make();
    } finally {
      phase.subjectRuns(false);
    }
  }

  /** The text of the receiver; what cannot be written counts as unchanged. */
  private String self(Object receiver) {
    other.clear();
    try {
      writer.write(receiver, "$self", other);
      return other.toString();
    } catch (Formless formless) {
      return "null";
    }
  }

  private static boolean isWatched(Prepared prepared, Object[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (prepared.takers.get(i).canChange(arguments[i])) {
        return true;
      }
    }
    return false;
  }

  /** Writes arguments as they are now; those that reading would use up, as they were sent. */
  private void written(Prepared prepared, Object[] arguments, List<?> documents, Text text) {
    text.clear();
    text.add('[');
    for (int i = 0; i < arguments.length; i++) {
      if (i > 0) {
        text.add(',');
      }
      if (prepared.takers.get(i).isLazy()) {
        Json.write(documents.get(i), text);
        continue;
      }
      try {
        writer.write(arguments[i], "$", text);
      } catch (Formless formless) {
        // what cannot be written cannot be compared: it counts as unchanged
        Json.write(documents.get(i), text);
      }
    }
    text.add(']');
  }

  private boolean isUnchanged(Object[] arguments) {
    return packedAfter.packAll(arguments) && packedAfter.isAs(packedBefore);
  }

  /** The arguments as they were before the call, which can be packed: made once more. */
  private static Object[] anew(Prepared prepared, List<?> documents) {
    Object[] arguments = new Object[documents.size()];
    for (int i = 0; i < arguments.length; i++) {
      try {
        arguments[i] = prepared.takers.get(i).take(documents.get(i), null);
      } catch (Refused impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return arguments;
  }

  private void changed(List<?> documents, Text text) {
    text.add(",\"args\":").add(after);
    other.clear();
    Json.write(documents, other);
    if (!other.isAs(before)) {
      text.add(",\"held\":").add(before);
    }
  }

  /** What the declared types make of values, without a call. */
  void held(Prepared prepared, Map<String, Object> request, Text text) {
    outcomes.begin();
    prepared.converter.begin(true);
    List<?> documents = (List<?>) request.get("args");
    Object[] arguments = new Object[documents.size()];
    List<String> paths = paths(prepared, request, arguments.length);
    if (convert(prepared, documents, paths, arguments, text)) {
      written(prepared, arguments, documents, after);
      text.add("{\"args\":").add(after).add('}');
    }
  }
}
