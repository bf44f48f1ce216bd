package parity.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import parity.world.Reached;
import parity.world.Threads;
import parity.world.Turns;

/**
 * Finds out what the fixtures of a unit are worth: which points of its counterpart they reach, and
 * which of its mutants they catch.
 *
 * <p>A mutant is a class of a loader of its own, so that nothing of one is left for the next.
 */
final class Strength {
  private static final long MORE_TURNS = 1_000_000;
  private static final long TIMES_TURNS = 10;
  private static final long NANOS = 1_000_000_000L;
  private static final long UNLIMITED = 3600 * NANOS;
  private static final long USUAL_STACK = 1 << 20;
  private static final long LARGE_STACK = 128 << 20;
  private final Loader loader;
  private final Observer observer;
  private final Defaults defaults;
  private final Runner runner;
  private final Rewriter rewriter = new Rewriter();
  private final Map<String, byte[]> ready = new HashMap<>();
  private String unit;
  private Scope scope;
  private Mutants engine;
  private List<Mutants.Mutant> mutants = List.of();
  private List<Row> rows = List.of();
  private BitSet[] reaching = {};
  private long stack = LARGE_STACK;

  /** Observes one fixture; gives how long the subject ran. */
  @FunctionalInterface
  interface Runner {
    long observe(Observer.Prepared prepared, Map<String, Object> fixture, boolean refers, Text to);
  }

  /** A fixture: what it is, what the counterpart does on it, and in how many turns. */
  private static final class Row {
    private final Map<String, Object> fixture;
    private final boolean refers;
    private byte[] observed;
    private long turns;
    private boolean stable = true;

    Row(Map<String, Object> fixture, boolean refers) {
      this.fixture = fixture;
      this.refers = refers;
    }
  }

  Strength(Loader loader, Observer observer, Defaults defaults, Runner runner) {
    this.loader = loader;
    this.observer = observer;
    this.defaults = defaults;
    this.runner = runner;
  }

  // ------------------------------------------------------------ what there is

  /**
   * Runs the fixtures on the counterpart as it is, forwards and backwards, and finds its mutants.
   * Gives the document of docs/worker-protocol.md.
   */
  Map<String, Object> prepare(String unit, Requests requests, Answers file)
      throws Problem, IOException {
    this.unit = unit;
    ready.clear();
    rows = read(requests);
    scope = new Scope(loader, unit, loader.begin(unit));
    if (scope.isForeign()) {
      loader.alone(unit);
      scope = new Scope(loader, unit, loader.begin(unit));
    }
    Points points = new Points();
    BitSet[] points_of = new BitSet[rows.size()];
    BitSet[] branches = new BitSet[rows.size()];
    Observer.Prepared prepared = ready(subject(points));
    BitSet all = new BitSet();
    for (int i = 0; i < rows.size(); i++) {
      file.begin();
      Reached.forget();
      rows.get(i).observed = observed(prepared, rows.get(i), UNLIMITED, UNLIMITED);
      rows.get(i).turns = Turns.taken();
      points_of[i] = reached(points);
      all.or(points_of[i]);
      branches[i] = taken(points);
    }
    List<String> reached = points.reached(all);
    stack = USUAL_STACK;
    boolean independent = again(file);
    if (!independent) {
      stack = LARGE_STACK;
      independent = again(file);
    }
    file.begin();
    Set<String> methods = scope.methods(reached);
    file.begin();
    engine = new Mutants(scope::bytes);
    mutants = engine.of(methods);
    return document(points, methods, points_of, branches, independent, file);
  }

  private static List<Row> read(Requests requests) throws IOException {
    List<Row> rows = new ArrayList<>();
    Json json = new Json();
    while (requests.next()) {
      Object fixture = json.parse(requests.bytes(), requests.start(), requests.end());
      rows.add(new Row(members(fixture), json.isReferring()));
    }
    return rows;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(Object document) {
    return (Map<String, Object>) document;
  }

  private Subject subject(Points points) throws Problem {
    return loader.begin(
        unit,
        (name, bytes, place, shared) -> {
          boolean own = !shared && scope.isOwn(Scope.internal(name));
          byte[] probed =
              shared ? bytes : own ? Counters.marked(bytes, points) : Counters.ticking(bytes);
          return rewriter.rewritten(probed, shared);
        });
  }

  private Observer.Prepared ready(Subject subject) {
    defaults.begin();
    return observer.prepare(subject);
  }

  /** Whether each fixture gives the same when they are run in the other order, in a new loader. */
  private boolean again(Answers file) throws IOException {
    boolean[] same = new boolean[1];
    onStack(() -> same[0] = isSame(file));
    return same[0];
  }

  private boolean isSame(Answers file) throws Problem {
    Observer.Prepared prepared = ready(loader.begin(unit, this::unchanged));
    boolean same = true;
    for (int i = rows.size() - 1; i >= 0; i--) {
      file.begin();
      same &= Arrays.equals(rows.get(i).observed, observed(prepared, rows.get(i)));
    }
    if (same) {
      return true;
    }
    prepared = ready(loader.begin(unit, this::unchanged));
    for (Row row : rows) {
      file.begin();
      row.stable = Arrays.equals(row.observed, observed(prepared, row));
    }
    return false;
  }

  private byte[] observed(Observer.Prepared prepared, Row row) {
    return observed(prepared, row, UNLIMITED, UNLIMITED);
  }

  private byte[] observed(Observer.Prepared prepared, Row row, long turns, long nanos) {
    Text text = new Text();
    Turns.begin(turns, nanos);
    runner.observe(prepared, row.fixture, row.refers, text);
    return text.copied();
  }

  private byte[] unchanged(String name, byte[] bytes, Entry place, boolean shared) {
    return shared
        ? rewriter.rewritten(bytes, true)
        : ready.computeIfAbsent(name, any -> rewriter.rewritten(Counters.ticking(bytes), false));
  }

  private static BitSet reached(Points points) {
    BitSet reached = new BitSet();
    for (int i = 0; i < points.size(); i++) {
      if (Reached.count(i) > 0) {
        reached.set(i);
      }
    }
    return reached;
  }

  private static BitSet taken(Points points) {
    BitSet taken = new BitSet();
    List<Points.Branch> branches = points.branches();
    for (int i = 0; i < branches.size(); i++) {
      taken.set(i, branches.get(i).isTaken());
    }
    return taken;
  }

  // ------------------------------------------------------------ told

  private Map<String, Object> document(
      Points points,
      Set<String> methods,
      BitSet[] reached,
      BitSet[] branches,
      boolean independent,
      Answers file) {
    List<Object> told = new ArrayList<>();
    reaching = new BitSet[mutants.size()];
    for (int i = 0; i < mutants.size(); i++) {
      file.begin();
      told.add(described(mutants.get(i), i, points, reached, independent));
    }
    List<Object> unstable = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).stable) {
        unstable.add((long) i);
      }
    }
    List<Object> ways = new ArrayList<>();
    for (Points.Branch branch : points.branches()) {
      Map<String, Object> way = new LinkedHashMap<>();
      way.put("class", branch.owner().replace('/', '.'));
      way.put("method", branch.method());
      way.put("line", (long) branch.line());
      way.put("way", branch.way());
      way.put("counts", methods.contains(branch.owner() + "." + branch.method()));
      ways.add(way);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mutants", told);
    document.put("dropped", new LinkedHashMap<String, Object>(engine.dropped()));
    document.put("independent", independent);
    document.put("unstable", unstable);
    document.put("branches", ways);
    document.put("taken", Arrays.stream(branches).map(Strength::numbers).toList());
    return document;
  }

  private Map<String, Object> described(
      Mutants.Mutant mutant, int index, Points points, BitSet[] reached, boolean independent) {
    Code before = new Code(engine.before(mutant));
    Code after = changed(mutant);
    int point = points.of(mutant.key(), before.parting(after));
    BitSet by = new BitSet();
    for (int i = 0; i < reached.length; i++) {
      by.set(i, point >= 0 && reached[i].get(point) && rows.get(i).stable);
    }
    reaching[index] = by;
    if (!independent && !by.isEmpty()) {
      by.set(0, rows.size());
    }
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("class", mutant.owner().replace('/', '.'));
    told.put("method", mutant.method());
    told.put("file", mutant.details().getFilename());
    told.put("line", (long) mutant.details().getLineNumber());
    told.put("mutator", mutant.details().getMutator());
    told.put("what", mutant.details().getDescription());
    told.put("equivalent", equivalent(mutant, before, after));
    told.put("reached", (long) by.cardinality());
    return told;
  }

  /** The rule by which a mutant does the same as the counterpart; null where there is none. */
  private String equivalent(Mutants.Mutant mutant, Code before, Code after) {
    if (before.isAs(after)) {
      return "same-code";
    }
    String mutator = mutant.details().getMutator();
    int place = before.parting(after);
    if (mutator.endsWith("ConditionalsBoundaryMutator")
        && AtEquality.isIndifferent(mutant.owner(), engine.before(mutant), place)) {
      return "same-at-equality";
    }
    return null;
  }

  // What the engine cannot make is told when it is asked for: as the same code it would be dropped.
  private Code changed(Mutants.Mutant mutant) {
    try {
      return new Code(Mutants.method(Mutants.read(engine.bytes(mutant)), mutant.method()));
    } catch (RuntimeException unmade) {
      return Code.NONE;
    }
  }

  private static List<Object> numbers(BitSet set) {
    List<Object> numbers = new ArrayList<>();
    set.stream().forEach(number -> numbers.add((long) number));
    return numbers;
  }

  // ------------------------------------------------------------ what is caught

  /** Runs mutants on the fixtures; one answer each, until the JVM should not go on. */
  void strike(Requests requests, Answers file) throws IOException {
    onStack(() -> struck(requests, file));
  }

  /** Work that reads and writes files. */
  private interface Work {
    void run() throws IOException, Problem;
  }

  // What recurses without end is at its end sooner on a stack of the usual size.
  private void onStack(Work work) throws IOException {
    Throwable[] failed = new Throwable[1];
    Runnable guarded =
        () -> {
          Threads.own();
          try {
            work.run();
          } catch (Throwable error) {
            failed[0] = error;
          }
        };
    Thread thread = new Thread(null, guarded, "main", stack);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    if (failed[0] instanceof IOException unreadable) {
      throw unreadable;
    } else if (failed[0] != null) {
      throw new IllegalStateException(failed[0].toString(), failed[0]);
    }
  }

  private void struck(Requests requests, Answers file) throws IOException {
    Json json = new Json();
    Text answer = new Text();
    while (!loader.isUnfit() && requests.next()) {
      Map<String, Object> asked =
          members(json.parse(requests.bytes(), requests.start(), requests.end()));
      file.begin();
      answer.clear();
      long began = System.nanoTime();
      strike(asked, file, answer);
      file.commit(System.nanoTime() - began, false, answer);
    }
  }

  private void strike(Map<String, Object> asked, Answers file, Text answer) {
    int index = ((Long) asked.get("mutant")).intValue();
    int from = ((Long) asked.get("from")).intValue();
    int most = ((Long) asked.get("most")).intValue();
    Observer.Prepared prepared;
    try {
      byte[] bytes = engine.bytes(mutants.get(index));
      byte[] made = rewriter.rewritten(Counters.ticking(bytes), false);
      String name = mutants.get(index).owner().replace('/', '.');
      Subject subject =
          loader.begin(
              unit,
              (other, plain, place, shared) ->
                  !shared && other.equals(name) ? made : unchanged(other, plain, place, shared));
      prepared = ready(subject);
    } catch (Problem | LinkageError | RuntimeException error) {
      answer.add("{\"broken\":").quote(String.valueOf(error)).add('}');
      return;
    }
    answer.add("{\"other\":[");
    int found = 0;
    int last = -1;
    boolean over = false;
    BitSet by = reaching[index];
    for (int i = by.nextSetBit(0); i >= 0 && found < most && !over; i = by.nextSetBit(i + 1)) {
      Row row = rows.get(i);
      file.beat(i + 1);
      byte[] observed =
          observed(prepared, row, TIMES_TURNS * row.turns + MORE_TURNS, NANOS);
      over = Turns.isOver();
      last = i;
      if (i < from || !row.stable || Arrays.equals(observed, row.observed)) {
        continue;
      }
      answer.add(found++ == 0 ? "[" : ",[").add(i).add(',');
      if (over) {
        answer.add("null");
      } else {
        answer.add(observed);
      }
      answer.add(']');
    }
    answer.add("],\"last\":").add(last).add('}');
  }
}
