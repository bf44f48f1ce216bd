package parity.harness;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers the supervisor line by line (docs/worker-protocol.md). */
public final class Worker {
  private static final long STACK_BYTES = 128L << 20;
  private static final int BUFFER = 1 << 16;
  private final BufferedReader requests;
  private final OutputStream answers;
  private final Map<String, Subject> subjects = new HashMap<>();
  private Loader loader;
  private Observer observer;

  private Worker(BufferedReader requests, OutputStream answers) {
    this.requests = requests;
    this.answers = answers;
  }

  /**
   * Serves until the supervisor closes its end.
   *
   * @param hello the supervisor's first line, already read
   * @param requests descriptor of the pipe that brings requests
   * @param answers descriptor of the pipe that takes answers
   */
  public static void serve(String hello, int requests, int answers) throws Exception {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream("/dev/fd/" + requests), StandardCharsets.US_ASCII),
            BUFFER);
    Worker worker = new Worker(in, new FileOutputStream("/dev/fd/" + answers));
    Throwable[] ended = new Throwable[1];
    Runnable work =
        () -> {
          try {
            worker.serve(hello);
          } catch (Throwable error) {
            ended[0] = error;
          }
        };
    // A stack of its own: the subject may recurse as deep as it would in a server's main thread.
    Thread thread = new Thread(null, work, "main", STACK_BYTES);
    thread.start();
    thread.join();
    if (ended[0] != null) {
      throw new IllegalStateException(ended[0].toString(), ended[0]);
    }
  }

  private void serve(String hello) throws IOException {
    greet(members(Json.parse(hello)));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Map<String, Object> request = members(Json.parse(line));
      switch ((String) request.get("op")) {
        case "load" -> load(request);
        case "run" -> run(request);
        case "hold" -> {
          Subject subject = subjects.get((String) request.get("unit"));
          answer(observer.held(subject, request));
        }
        default -> throw new IOException("no such request: " + line);
      }
    }
  }

  private void greet(Map<String, Object> hello) throws IOException {
    boolean salted = Salt.set(((Long) hello.get("salt")).intValue());
    List<Path> classPath =
        ((List<?>) hello.get("classpath")).stream().map(entry -> Path.of((String) entry)).toList();
    String cache = (String) hello.get("cache");
    loader = new Loader(classPath, cache == null ? null : Path.of(cache));
    observer = new Observer(table(hello.get("types")), ((Long) hello.get("max_items")).intValue());
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("version", Runtime.version().toString());
    ready.put("salt", salted);
    answer(Map.of("ready", ready));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, String>> table(Object document) {
    return (Map<String, Map<String, String>>) document;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(Object document) {
    return (Map<String, Object>) document;
  }

  private void load(Map<String, Object> request) throws IOException {
    List<Map<String, Object>> units =
        ((List<?>) request.get("units")).stream().map(Worker::members).toList();
    Map<String, Object> loaded = loader.load(units);
    for (Map<String, Object> unit : units) {
      String id = (String) unit.get("id");
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("unit", id);
      if (loaded.get(id) instanceof Problem problem) {
        answer.put("problem", problem.document());
      } else {
        Subject subject = (Subject) loaded.get(id);
        subjects.put(id, subject);
        answer.put("loaded", subject.described());
      }
      answer(answer);
    }
  }

  private void run(Map<String, Object> request) throws IOException {
    Subject subject;
    try {
      subject = loader.begin((String) request.get("unit"));
    } catch (Problem problem) {
      throw new IllegalStateException(problem);
    }
    for (long left = (Long) request.get("fixtures"); left > 0; left--) {
      String line = requests.readLine();
      Map<String, Object> observation;
      try {
        observation = observer.observe(subject, members(Json.parse(line)));
      } catch (VirtualMachineError | RuntimeException ours) {
        Fault fault = ours instanceof Fault known ? known : new Fault(ours);
        observation = Map.of("fault", fault.told());
      }
      answer(observation);
    }
  }

  private void answer(Map<String, Object> answer) throws IOException {
    answers.write((Json.write(answer) + "\n").getBytes(StandardCharsets.US_ASCII));
    answers.flush();
  }
}
