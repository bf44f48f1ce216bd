package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pitest.mutationtest.engine.gregor.MethodMutatorFactory;
import org.pitest.mutationtest.engine.gregor.config.Mutator;
import parity.world.Reached;
import parity.world.Turns;

class MutantsTest {
  private static final String SUBJECT =
      """
      package subject;
      import java.util.*;
      class Calls {
        enum Kind { ONE, TWO }
        static int loop(int n) { int sum = 0; for (int i = 0; i < n; i++) { sum += i; } return sum; }
        static int chosen(String text) {
          switch (text) { case "a": return 1; case "b": return 2; default: return 3; }
        }
        static int table(int n) {
          switch (n) { case 1: return 10; case 2: return 20; default: return 30; }
        }
        static int zero() { return 0; }
        static int sum(List<Integer> all) { int sum = 0; for (int one : all) { sum += one; } return sum; }
      }
      """;

  private static byte[] subject(Path folder) throws Exception {
    Path classes = Compiled.into(folder, List.of(), "subject.Calls", SUBJECT);
    return Files.readAllBytes(classes.resolve("subject/Calls.class"));
  }

  @Test
  void theMutatorsAreThoseThatPitTakesWhereNobodyChooses() {
    Set<String> ours =
        Mutants.DEFAULTS.stream()
            .map(MethodMutatorFactory::getGloballyUniqueId)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> theirs =
        Mutator.newDefaults().stream()
            .map(MethodMutatorFactory::getGloballyUniqueId)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(theirs, ours);
  }

  @Test
  void whatReturnsTheSameIsNoMutantAndIsCounted(@TempDir Path folder) throws Exception {
    byte[] bytes = subject(folder);
    Mutants engine = new Mutants(name -> name.equals("subject/Calls") ? bytes : null);
    List<Mutants.Mutant> found = engine.of(Set.of("subject/Calls.zero()I"));
    assertEquals(List.of(), found);
    assertEquals(1L, engine.dropped().get("same-return"));
  }

  @Test
  void onlyMethodsThatAreAskedForHaveMutants(@TempDir Path folder) throws Exception {
    byte[] bytes = subject(folder);
    Mutants engine = new Mutants(name -> name.equals("subject/Calls") ? bytes : null);
    List<Mutants.Mutant> found = engine.of(Set.of("subject/Calls.loop(I)I"));
    assertTrue(found.size() >= 5);
    assertTrue(found.stream().allMatch(one -> one.method().equals("loop(I)I")));
  }

  private static final class Defining extends ClassLoader {
    Class<?> define(byte[] bytes) {
      return defineClass("subject.Calls", bytes, 0, bytes.length);
    }
  }

  private static Object call(Class<?> type, String name, Class<?> kind, Object value)
      throws Exception {
    var method = type.getDeclaredMethod(name, kind);
    method.setAccessible(true);
    return method.invoke(null, value);
  }

  @Test
  void countersTellTheBranchesThatAreTakenAndChangeNothing(@TempDir Path folder) throws Exception {
    Points points = new Points();
    Class<?> type = new Defining().define(Counters.marked(subject(folder), points));
    Turns.begin(1000, 1_000_000_000L);
    Reached.forget();
    assertEquals(3, call(type, "loop", int.class, 3));
    assertEquals(2, call(type, "chosen", String.class, "b"));
    assertEquals(30, call(type, "table", int.class, 7));
    List<String> taken =
        points.branches().stream()
            .filter(Points.Branch::isTaken)
            .map(one -> one.method().replaceAll("\\(.*", "") + " " + one.way())
            .sorted()
            .toList();
    assertEquals(List.of("chosen case 1", "loop jump", "loop on", "table default"), taken);
    assertEquals(3, points.branches().stream().filter(one -> one.method().startsWith("table")).count());
    assertEquals(6, Turns.taken()); // three calls, and three turns of the loop
  }

  @Test
  void whatTakesTooManyTurnsIsEnded(@TempDir Path folder) throws Exception {
    Class<?> type = new Defining().define(Counters.ticking(subject(folder)));
    Turns.begin(50, 1_000_000_000L);
    assertEquals(45, call(type, "loop", int.class, 10));
    assertFalse(Turns.isOver());
    Turns.begin(50, 1_000_000_000L);
    try {
      call(type, "loop", int.class, 1_000);
    } catch (java.lang.reflect.InvocationTargetException ended) {
      assertTrue(ended.getCause() instanceof Turns.Endless);
    }
    assertTrue(Turns.isOver());
  }
}
