package parity.harness;

import java.lang.reflect.Type;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Makes one call and writes down how it ended. */
final class Outcomes {
  private static final int CAUSES = 10;
  private final Printed printed = new Printed();

  /** Makes the call. */
  interface Call {
    Object make() throws Throwable;
  }

  /** Writes what a call returned. */
  interface Form {
    Object of(Object value) throws Formless;
  }

  /** Forgets what was printed so far. */
  void begin() {
    printed.take();
    Ended.forget();
  }

  /**
   * The observation of one call: what it returned or raised, what it printed, its duration.
   *
   * @throws Fault where the harness, not the subject, failed
   */
  Map<String, Object> of(Call call, Form form) {
    Map<String, Object> observation = new LinkedHashMap<>();
    long started = System.nanoTime();
    try {
      observation.put("returned", written(finished(call.make()), form));
    } catch (Formless formless) {
      observation.put("formless", told(formless));
    } catch (Fault fault) {
      throw fault;
    } catch (Throwable error) {
      observation.put("raised", raised(unwrapped(error)));
    }
    if (Ended.asked() != null) {
      observation.clear();
      observation.put("ended", Ended.asked());
    }
    observation.put("us", (System.nanoTime() - started) / 100 / 10.0);
    String out = printed.out();
    String err = printed.err();
    if (!out.isEmpty() || !err.isEmpty()) {
      observation.put("output", Map.of("out", out, "err", err));
    }
    return observation;
  }

  // Lazy values run the subject while they are written: what raises may be either of us.
  private static Object written(Object value, Form form) throws Throwable {
    try {
      return form.of(value);
    } catch (Formless | Fault known) {
      throw known;
    } catch (Throwable error) {
      throw Fault.isOurs(error) ? new Fault(error) : error;
    }
  }

  private static Map<String, Object> told(Formless formless) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("path", formless.path());
    told.put("type", formless.type());
    told.put("why", formless.getMessage());
    return told;
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
    Class<?> at = error.getClass().getSuperclass();
    for (; at != Object.class; at = at.getSuperclass()) {
      bases.add(at.getName());
    }
    List<Object> causes = new ArrayList<>();
    Throwable cause = error.getCause();
    for (; cause != null && causes.size() < CAUSES; cause = cause.getCause()) {
      causes.add(cause.getClass().getName());
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

  /** The observation of a fixture that a parameter cannot hold. */
  static Map<String, Object> refusal(String name, Integer index, Type type, String why) {
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
