package parity.harness;

import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import parity.world.Ended;

/** Makes one call and writes down how it ended. */
final class Outcomes {
  private static final int CAUSES = 10;
  private final Printed printed = new Printed();
  private final Phase phase;
  private long nanos;
  private int returnedTo; // where the text of what was returned ends; -1 where nothing was

  Outcomes(Phase phase) {
    this.phase = phase;
  }

  /** Makes the call. */
  interface Call {
    Object make() throws Throwable;
  }

  /** Writes what a call returned. */
  interface Form {
    void write(Object value, Text text) throws Formless;
  }

  /** Starts with a new fixture. */
  void begin() {
    nanos = 0;
    returnedTo = -1;
    beginCall();
  }

  /** Forgets what was printed and asked so far. */
  void beginCall() {
    printed.take();
    Ended.forget();
  }

  /** Whether an observation that was written is of nothing but what one call returned. */
  boolean isAlone(Text text) {
    return text.length() == returnedTo + 1;
  }

  /** Whether what was written says what one call returned. */
  boolean hasReturned() {
    return returnedTo >= 0;
  }

  /** How long the calls of the fixture took. */
  long nanos() {
    return nanos;
  }

  /**
   * Appends the observation of one call, its last brace left open: what it returned or raised, and
   * what it printed. False where nothing can follow it.
   *
   * @throws Fault where the harness, not the subject, failed
   */
  boolean of(Call call, Form form, Text text) {
    int start = text.length();
    long began = System.nanoTime();
    try {
      Object value;
      phase.subjectRuns(true);
      try {
        value = finished(call.make());
      } finally {
        nanos += System.nanoTime() - began;
        phase.subjectRuns(false);
        Defaults.restoreManager();
      }
      text.add("{\"returned\":");
      write(value, form, text);
      returnedTo = text.length();
    } catch (Formless formless) {
      text.cut(start);
      formless(formless, text);
    } catch (Fault fault) {
      throw fault;
    } catch (Throwable error) {
      text.cut(start);
      raised(unwrapped(error), text);
    }
    String asked = Ended.asked();
    if (asked != null) {
      text.cut(start);
      text.add("{\"ended\":").quote(asked);
      returnedTo = -1;
    }
    output(text);
    return asked == null;
  }

  private void output(Text text) {
    if (printed.isAnything()) {
      text.add(",\"output\":{\"out\":").quote(printed.out());
      text.add(",\"err\":").quote(printed.err()).add('}');
    }
  }

  // Lazy values run the subject while they are written: what raises may be either of us.
  private static void write(Object value, Form form, Text text) throws Throwable {
    try {
      form.write(value, text);
    } catch (Formless | Fault known) {
      throw known;
    } catch (Throwable error) {
      throw Fault.isOurs(error) ? new Fault(error) : error;
    }
  }

  private static void formless(Formless formless, Text text) {
    text.add("{\"formless\":{\"path\":").quote(formless.path());
    text.add(",\"type\":").quote(formless.type());
    text.add(",\"why\":").quote(formless.getMessage()).add('}');
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

  private void raised(Throwable error, Text text) {
    text.add("{\"raised\":{\"class\":").quote(error.getClass().getName());
    List<Object> bases = new ArrayList<>();
    Class<?> at = error.getClass().getSuperclass();
    for (; at != Object.class; at = at.getSuperclass()) {
      bases.add(at.getName());
    }
    text.add(",\"bases\":");
    Json.write(bases, text);
    phase.subjectRuns(true); // it may have its own ways to tell
    String message = message(error);
    List<Object> causes = causes(error);
    phase.subjectRuns(false);
    text.add(",\"message\":");
    Json.write(message, text);
    text.add(",\"line\":");
    Json.write(line(error), text);
    text.add(",\"causes\":");
    Json.write(causes, text);
    text.add('}');
  }

  private static String message(Throwable error) {
    try {
      return error.getMessage();
    } catch (Throwable broken) {
      return null;
    }
  }

  private static List<Object> causes(Throwable error) {
    List<Object> causes = new ArrayList<>();
    try {
      Throwable cause = error.getCause();
      for (; cause != null && causes.size() < CAUSES; cause = cause.getCause()) {
        causes.add(cause.getClass().getName());
      }
    } catch (Throwable broken) {
      return causes;
    }
    return causes;
  }

  /** The innermost line that is neither the JDK's nor ours. */
  private static String line(Throwable error) {
    for (StackTraceElement frame : error.getStackTrace()) {
      String owner = frame.getClassName();
      boolean theirs = !Types.isLibrary(owner) && !owner.startsWith("parity.harness.");
      if (theirs && frame.getFileName() != null) {
        return frame.getFileName() + ":" + frame.getLineNumber();
      }
    }
    return null;
  }

  /**
   * Appends the observation of a fixture whose values do not fit, its last brace left open. Where
   * the subject asked to end meanwhile, that is told instead.
   */
  void refuse(String name, Integer index, Type type, String why, Text text) {
    String asked = Ended.asked();
    if (asked != null) {
      text.add("{\"ended\":").quote(asked);
      return;
    }
    text.add("{\"refused\":{\"parameter\":");
    Json.write(name, text);
    text.add(",\"index\":");
    Json.write(index == null ? null : Long.valueOf(index), text);
    text.add(",\"type\":").quote(Types.shown(type));
    text.add(",\"why\":");
    Json.write(why, text);
    text.add('}');
  }
}
