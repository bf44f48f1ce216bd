package parity.harness;

import java.util.Arrays;

/** Where a value stands in the root that is being written; a text only when it is asked for. */
final class Place {
  private static final Object NOWHERE = new Object(); // an element of a set, or a key
  private static final int FIRST = 16;
  private String root = "$";
  private Object[] steps = new Object[FIRST];
  private int[] indexes = new int[FIRST];
  private int depth;

  /** A key that is not a text, by its form. */
  private record Key(String form) {}

  void begin(String root) {
    this.root = root;
    depth = 0;
  }

  int depth() {
    return depth;
  }

  /** Goes down to a place that {@link #index}, {@link #member} or {@link #key} will tell. */
  void enter() {
    if (depth == steps.length) {
      steps = Arrays.copyOf(steps, depth * 2);
      indexes = Arrays.copyOf(indexes, depth * 2);
    }
    steps[depth++] = NOWHERE;
  }

  void leave() {
    steps[--depth] = null;
  }

  void index(int index) {
    steps[depth - 1] = null;
    indexes[depth - 1] = index;
  }

  void member(String name) {
    steps[depth - 1] = name;
  }

  void key(String form) {
    steps[depth - 1] = new Key(form);
  }

  void nowhere() {
    steps[depth - 1] = NOWHERE;
  }

  @Override
  public String toString() {
    return upTo(depth);
  }

  /** The path of the first {@code count} steps. */
  String upTo(int count) {
    String path = root;
    for (int i = 0; i < count; i++) {
      Object step = steps[i];
      if (step == null) {
        path += "[" + indexes[i] + "]";
      } else if (step == NOWHERE) {
        path += "[*]";
      } else if (step instanceof Key key) {
        path = Paths.place(path, Json.parse(key.form()));
      } else {
        path = Paths.member(path, (String) step);
      }
    }
    return path;
  }
}
