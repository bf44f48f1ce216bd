package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** A boundary is indifferent only where nothing is done at equality that anyone sees. */
class AtEqualityTest {
  private static final String SUBJECT =
      """
      package subject;
      import java.util.List;
      class Calls {
        static int seen;
        static int yesGreatest(int a, int b) { return a > b ? a : b; }
        static long yesGreatestLong(long a, long b) { return a > b ? a : b; }
        static int yesSize(int a) { return a < 0 ? -a : a; }
        static int yesCapped(int n, int most) { if (n > most) { n = most; } return n; }
        static int yesKnownBest(List<Integer> all, int i, int best) {
          if (all.get(i) > best) { best = all.get(i); }
          return best;
        }
        static int yesLoop(List<Integer> all) {
          int found = 0;
          for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < 5 * 0 + all.size(); j++) { found += j; }
          }
          return found;
        }
        static int yesNeverEqual(int a, int b) {
          if (a == b) { return 1; }
          if (a > b) { seen = 2; return 2; }
          return 3;
        }
        static int noOther(int a, int b) { return a > b ? 1 : 2; }
        static int noSeen(int a, int b) { if (a > b) { seen = a; } return b; }
        static int noCalled(int a, int b) { if (a > b) { System.gc(); } return b; }
        static double noZeros(double a, double b) { return a > b ? a : b; }
        static int noRaises(int[] all, int n) { if (n < all.length) { return all[n] * 0; } return 0; }
        static int noOverflow(int i, int n) { if (i < n) { if (i + 1 > n) { return 1; } } return 0; }
        static int noDivides(int n) { if (n > 0) { return 0 / n; } return 0; }
        static int noLoop(List<Integer> all) {
          int turns = 0;
          for (int i = 0; i < all.size(); i++) { turns++; }
          return turns;
        }
        static int noCast(List<Object> all, Object one, int n) {
          if (n > 0) { return ((String) one).length() * 0; }
          return 0;
        }
        static int noChanged(int a, int b) {
          if (a == b) { return 1; }
          a++;
          return a > b ? 2 : 3;
        }
      }
      """;

  @Test
  void whatTheNameOfTheMethodSays(@TempDir Path folder) throws Exception {
    Path classes = Compiled.into(folder, List.of(), "subject.Calls", SUBJECT);
    byte[] bytes = Files.readAllBytes(classes.resolve("subject/Calls.class"));
    ClassNode node = Mutants.read(bytes);
    Set<String> methods = new TreeSet<>();
    node.methods.forEach(one -> methods.add(Points.key(node.name, one.name, one.desc)));
    Mutants engine = new Mutants(name -> name.equals(node.name) ? bytes : null);
    int looked = 0;
    for (Mutants.Mutant mutant : engine.of(methods)) {
      if (!mutant.details().getMutator().endsWith("ConditionalsBoundaryMutator")) {
        continue;
      }
      MethodNode before = engine.before(mutant);
      MethodNode after = Mutants.method(Mutants.read(engine.bytes(mutant)), mutant.method());
      int place = new Code(before).parting(new Code(after));
      boolean inner = before.name.equals("yesLoop") && place > 8 || before.name.equals("noOverflow") && place > 3;
      if (!inner) {
        boolean indifferent = AtEquality.isIndifferent(node.name, before, place);
        assertEquals(before.name.startsWith("yes"), indifferent, before.name);
        looked++;
      }
    }
    assertEquals(17, looked);
  }
}
