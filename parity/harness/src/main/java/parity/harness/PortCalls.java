package parity.harness;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parity.world.Unanswered;

/** The port calls of one fixture: those that were recorded, and those that are made. */
final class PortCalls {
  private final Ports ports;
  private final List<Recorded> recorded = new ArrayList<>();
  private final Map<Thread, List<Made>> made = new LinkedHashMap<>();
  private final Thread first = Thread.currentThread();
  private boolean ended;
  private String unfit;

  /** A recorded call; what its arguments are as those of a method is worked out once. */
  private static final class Recorded {
    private final int index;
    private final String port;
    private final String call;
    private final List<?> arguments;
    private final Map<?, ?> document;
    private final Map<Method, Object> held = new HashMap<>();
    private boolean used;

    Recorded(int index, Map<?, ?> document) {
      this.index = index;
      this.port = (String) document.get("port");
      this.call = (String) document.get("call");
      this.arguments = document.get("args") == null ? List.of() : (List<?>) document.get("args");
      this.document = document;
    }
  }

  /** A call that was made: {@code entry} is the recorded one that answered it, or -1. */
  private record Made(String port, String call, String arguments, int entry) {
    void write(int thread, Text text) {
      text.add("{\"port\":").quote(port).add(",\"call\":").quote(call);
      text.add(",\"args\":").add(arguments);
      if (entry >= 0) {
        text.add(",\"entry\":").add(entry);
      }
      if (thread > 0) {
        text.add(",\"thread\":").add(thread);
      }
      text.add('}');
    }

    /** Those without an answer come last. */
    int place() {
      return entry < 0 ? Integer.MAX_VALUE : entry;
    }
  }

  PortCalls(Ports ports, List<?> documents) {
    this.ports = ports;
    for (Object document : documents == null ? List.of() : documents) {
      recorded.add(new Recorded(recorded.size(), (Map<?, ?>) document));
    }
  }

  /** Whether a call of that name, with as many arguments as the method takes, was recorded. */
  boolean knows(Port port, String name, Method method) {
    int takes = method.getParameterCount();
    return recorded.stream()
        .filter(one -> one.port.equals(name) && port.isNamed(method.getName(), one.call))
        .anyMatch(one -> method.isVarArgs() || one.arguments.size() == takes);
  }

  /** The reply of the first unused recorded call that is equal, or what it raised. */
  synchronized Object answer(Port port, String name, Method method, Object[] arguments)
      throws Throwable {
    if (ended) {
      throw new Unanswered("a port was called before as it was not recorded");
    }
    String shown = name + "." + method.getName();
    String given;
    try {
      given = ports.written(method, arguments);
    } catch (Formless formless) {
      throw refuse("what " + shown + " was given cannot be written: " + formless.getMessage());
    }
    Object wanted = Json.parse(given);
    String refused = null;
    for (Recorded one : recorded) {
      if (one.used || !one.port.equals(name) || !port.isNamed(method.getName(), one.call)) {
        continue;
      }
      try {
        if (Same.values(held(one, port, method), wanted)) {
          one.used = true;
          note(new Made(name, one.call, given, one.index));
          return ports.reply(port, method, one.document, shown);
        }
      } catch (Refused refusal) {
        refused = "what was recorded of " + shown + " is not taken by it: " + refusal.getMessage();
      }
    }
    if (refused != null) {
      throw refuse(refused);
    }
    note(new Made(name, port.pythonName(method.getName()), given, -1));
    ended = true;
    throw new Unanswered(shown + given + " was not recorded");
  }

  /** The recorded call that answers one to the world: equal by what it was given. */
  synchronized Map<?, ?> outside(String port, String call, List<?> arguments) {
    if (ended) {
      throw new Unanswered("a port was called before as it was not recorded");
    }
    String given;
    try {
      given = ports.written(new ArrayList<>(arguments));
    } catch (Formless formless) {
      String shown = port + "." + call;
      throw refuse("what " + shown + " was given cannot be written: " + formless.getMessage());
    }
    Object wanted = Json.parse(given);
    for (Recorded one : recorded) {
      boolean named = one.port.equals(port) && one.call.equals(call);
      if (!one.used && named && Same.values(one.arguments, wanted)) {
        one.used = true;
        note(new Made(port, call, given, one.index));
        return one.document;
      }
    }
    note(new Made(port, call, given, -1));
    ended = true;
    throw new Unanswered(port + "." + call + given + " was not recorded");
  }

  private void note(Made call) {
    made.computeIfAbsent(Thread.currentThread(), thread -> new ArrayList<>()).add(call);
  }

  /** The recorded arguments as the parameters of a method hold them. */
  private Object held(Recorded one, Port port, Method method) throws Refused {
    Object known = one.held.get(method);
    if (known == null) {
      known = ports.held(port, method, one.arguments);
      one.held.put(method, known);
    }
    return known;
  }

  /** Ends the unit, since a call or a reply cannot be had here. */
  synchronized Unanswered refuse(String why) {
    unfit = unfit == null ? why : unfit;
    ended = true;
    return new Unanswered(why);
  }

  /** Why nothing can be told of the fixture, or null. */
  synchronized String unfit() {
    return unfit;
  }

  synchronized boolean isEmpty() {
    return made.isEmpty();
  }

  /** Appends all calls that were made: first those of the unit's own thread. */
  synchronized void write(Text text) {
    List<List<Made>> threads = new ArrayList<>();
    made.forEach((thread, calls) -> threads.add(thread == first ? 0 : threads.size(), calls));
    int own = made.containsKey(first) ? 1 : 0;
    threads
        .subList(own, threads.size())
        .sort(
            Comparator.<List<Made>>comparingInt(calls -> calls.get(0).place())
                .thenComparing(List::toString));
    text.add('[');
    boolean more = false;
    for (int i = 0; i < threads.size(); i++) {
      for (Made call : threads.get(i)) {
        if (more) {
          text.add(',');
        }
        call.write(i + 1 - own, text);
        more = true;
      }
    }
    text.add(']');
  }
}
