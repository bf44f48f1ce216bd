package parity.harness;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parity.world.Reached;

/** The points of a unit's classes that are counted, and the branches that they tell of. */
final class Points {
  private final Map<String, int[]> blocks = new HashMap<>();
  private final List<Branch> branches = new ArrayList<>();
  private int count;

  /**
   * One way out of a decision. It was taken where {@code point} was reached more often than {@code
   * less}, if there is such a point.
   */
  record Branch(String owner, String method, int line, String way, int point, int less) {
    boolean isTaken() {
      int others = less < 0 ? 0 : Reached.count(less);
      return Reached.count(point) > others;
    }
  }

  /** New points; gives the first. */
  int add(int more) {
    int first = count;
    count += more;
    Reached.reserve(count);
    return first;
  }

  void add(Branch branch) {
    branches.add(branch);
  }

  /** Which point tells that each instruction of a method is reached. */
  void blocks(String method, int[] points) {
    blocks.put(method, points);
  }

  /** The point of an instruction of a method; -1 where the method was never defined. */
  int of(String method, int instruction) {
    int[] points = blocks.get(method);
    return points == null || points.length == 0
        ? -1
        : points[Math.min(instruction, points.length - 1)];
  }

  /** The methods whose start is among some points. */
  List<String> reached(BitSet points) {
    return blocks.entrySet().stream()
        .filter(method -> method.getValue().length > 0)
        .filter(method -> points.get(method.getValue()[0]))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  List<Branch> branches() {
    return branches;
  }

  int size() {
    return count;
  }

  /** A method's name among all of them. */
  static String key(String owner, String name, String descriptor) {
    return owner + "." + name + descriptor;
  }
}
