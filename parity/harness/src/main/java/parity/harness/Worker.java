package parity.harness;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parity.world.Probes;
import parity.world.Threads;
import parity.world.World;

/** Answers the supervisor line by line (docs/worker-protocol.md). */
public final class Worker {
  private static final long STACK_BYTES = 128L << 20;
  private static final int BUFFER = 1 << 16;
  private final BufferedReader requests;
  private final OutputStream answers;
  private final Map<String, Observer.Prepared> loaded = new HashMap<>();
  private final Json json = new Json();
  private final Defaults defaults = new Defaults();
  private Answers running; // the file of the batch that is being run
  private boolean alone; // whether the last observation is of nothing but what was returned
  private Loader loader;
  private Observer observer;
  private Strength strength;

  private Worker(BufferedReader requests, OutputStream answers) {
    this.requests = requests;
    this.answers = answers;
  }

  /**
   * Serves until the supervisor closes its end.
   *
   * @param requests descriptor of the pipe that brings requests
   * @param answers descriptor of the pipe that takes answers and events
   */
  public static void serve(int requests, int answers) throws Exception {
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
            worker.serve();
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

  private void serve() throws IOException {
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Map<String, Object> request = members(Json.parse(line));
      switch ((String) request.get("op")) {
        case "hello" -> greet(request);
        case "load" -> load(request);
        case "run" -> run(request);
        case "hold" -> hold(request);
        case "facts" -> answer(Map.of("facts", loader.facts((String) request.get("unit"))));
        case "mutants" -> mutants(request);
        case "strike" -> strike(request);
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
    observer = new Observer(table(hello.get("types")), ((Long) hello.get("max_items")).intValue(), this::subjectRuns);
    if (Boolean.TRUE.equals(hello.get("cover"))) {
      loader.cover();
    }
    strength = new Strength(loader, observer, defaults, this::observe);
    Map<String, Object> ready = new LinkedHashMap<>();
    ready.put("version", Runtime.version().toString());
    ready.put("salt", salted);
    answer(Map.of("ready", ready));
  }

  private void subjectRuns(boolean runs) {
    if (running != null) {
      running.subjectRuns(runs);
    }
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
    Map<String, Object> subjects = loader.load(units);
    for (Map<String, Object> unit : units) {
      String id = (String) unit.get("id");
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("unit", id);
      if (subjects.get(id) instanceof Problem problem) {
        answer.put("problem", problem.document());
      } else {
        Subject subject = (Subject) subjects.get(id);
        loaded.put(id, observer.prepare(subject));
        answer.put("loaded", subject.described());
      }
      answer(answer);
    }
  }

  private void hold(Map<String, Object> request) throws IOException {
    Text text = new Text();
    observer.held(loaded.get((String) request.get("unit")), request, text);
    send(text);
  }

  // ------------------------------------------------------------ batches

  private void run(Map<String, Object> request) throws IOException {
    String unit = (String) request.get("unit");
    Object batch = request.get("batch");
    Path lines = Path.of((String) request.get("requests"));
    try (Answers file = new Answers(Path.of((String) request.get("answers")));
        Requests fixtures = new Requests(lines, (Long) request.get("from"))) {
      running = file;
      String cover = (String) request.get("cover");
      List<String> reached = cover == null ? null : new ArrayList<>();
      run(unit, fixtures, file, reached, Boolean.TRUE.equals(request.get("packed")));
      running = null;
      if (cover != null) {
        Files.write(Path.of(cover), reached, StandardCharsets.US_ASCII);
      }
      if (Boolean.TRUE.equals(request.get("trace"))) {
        file.trace(Json.write(loader.trace(unit)));
      }
      file.done();
    }
    done(batch);
  }

  private void done(Object batch) throws IOException {
    Map<String, Object> done = new LinkedHashMap<>();
    done.put("done", batch);
    if (loader.isUnfit()) {
      done.put("unfit", true);
    }
    answer(done);
  }

  // ------------------------------------------------------------ strength

  private void mutants(Map<String, Object> request) throws IOException {
    Path lines = Path.of((String) request.get("requests"));
    try (Answers file = new Answers(Path.of((String) request.get("answers")));
        Requests fixtures = new Requests(lines, 0)) {
      running = file;
      Map<String, Object> found;
      try {
        found = strength.prepare((String) request.get("unit"), fixtures, file);
      } catch (Problem problem) {
        found = Map.of("problem", problem.document());
      }
      running = null;
      Path result = Path.of((String) request.get("result"));
      Files.writeString(result, Json.write(found) + "\n", StandardCharsets.US_ASCII);
      file.done();
    }
    done(request.get("batch"));
  }

  private void strike(Map<String, Object> request) throws IOException {
    Path lines = Path.of((String) request.get("requests"));
    try (Answers file = new Answers(Path.of((String) request.get("answers")));
        Requests mutants = new Requests(lines, (Long) request.get("from"))) {
      running = file;
      strength.strike(mutants, file);
      running = null;
      file.done();
    }
    done(request.get("batch"));
  }

  private void run(
      String unit, Requests fixtures, Answers file, List<String> reached, boolean packs)
      throws IOException {
    Observer.Prepared prepared = null;
    Throwable unready = null;
    try {
      Subject subject = loader.begin(unit);
      defaults.begin();
      prepared = observer.prepare(subject);
      if (packs) {
        prepared.pack();
      }
      loaded.put(unit, prepared);
    } catch (Problem | VirtualMachineError | LinkageError | RuntimeException error) {
      unready = error; // it was loaded before: no fixture can tell more
    }
    Text answer = new Text();
    while (fixtures.next()) {
      file.begin();
      answer.clear();
      long nanos = 0;
      alone = false;
      if (prepared == null) {
        fault(new Fault(unready), answer);
      } else {
        Probes.begin();
        nanos = observe(prepared, fixtures, answer);
      }
      if (reached != null) {
        reached.add(Probes.line());
      }
      Packer packed = alone ? prepared.packed() : null;
      if (packed != null) {
        file.commit(nanos, packed);
      } else {
        file.commit(nanos, alone, answer);
      }
    }
  }

  /** Appends the observation of a fixture; gives how long the subject ran. */
  private long observe(Observer.Prepared prepared, Requests fixtures, Text answer) {
    Map<String, Object> fixture;
    try {
      fixture = members(json.parse(fixtures.bytes(), fixtures.start(), fixtures.end()));
    } catch (VirtualMachineError | RuntimeException ours) {
      fault(new Fault(ours), answer);
      return 0;
    }
    return observe(prepared, fixture, json.isReferring(), answer);
  }

  private long observe(
      Observer.Prepared prepared, Map<String, Object> fixture, boolean refers, Text answer) {
    try {
      World.enter(members(fixture.get("world")));
      try {
        prepared.observe(fixture, refers, answer);
      } finally {
        Threads.settle();
        World.leave();
        defaults.restore();
      }
      alone = prepared.isAlone(answer);
      return prepared.nanos();
    } catch (VirtualMachineError | LinkageError | RuntimeException ours) {
      answer.clear();
      fault(ours instanceof Fault known ? known : new Fault(ours), answer);
      return 0;
    } finally {
      running.subjectRuns(false);
    }
  }

  private static void fault(Fault fault, Text answer) {
    answer.add("{\"fault\":").quote(fault.told()).add('}');
  }

  private void answer(Map<String, Object> answer) throws IOException {
    Text text = new Text();
    Json.write(answer, text);
    send(text);
  }

  private void send(Text text) throws IOException {
    text.add('\n');
    answers.write(text.bytes(), 0, text.length());
    answers.flush();
  }
}
