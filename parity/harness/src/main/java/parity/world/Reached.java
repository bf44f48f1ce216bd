package parity.world;

import java.util.Arrays;

/** Counts how often each point of a unit's classes is reached. */
public final class Reached {
  private static int[] counts = new int[1024];
  private static int[][] keys = new int[1024][];

  private Reached() {}

  /** Makes room for points up to a number. */
  public static void reserve(int points) {
    if (points > counts.length) {
      int size = Math.max(points, 2 * counts.length);
      counts = Arrays.copyOf(counts, size);
      keys = Arrays.copyOf(keys, size);
    }
  }

  /** Says what a switch chooses between: its k-th key is counted at {@code point + k}. */
  public static void keys(int point, int[] sorted) {
    keys[point] = sorted;
  }

  /** Called where a point is reached. */
  public static void at(int point) {
    counts[point]++;
  }

  /** Called before a switch; a key that it does not name is counted behind all that it does. */
  public static void chosen(int key, int point) {
    int place = Arrays.binarySearch(keys[point], key);
    counts[place < 0 ? point + keys[point].length : point + place]++;
  }

  /** Starts to count anew. */
  public static void forget() {
    Arrays.fill(counts, 0);
  }

  /** How often a point was reached. */
  public static int count(int point) {
    return counts[point];
  }
}
