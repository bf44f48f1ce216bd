package parity.harness;

import java.util.Arrays;

/** The shapes of the last few classes: looking one up costs more than writing a small value. */
final class RecentShapes {
  private static final int KEPT = 8;
  private final Class<?>[] classes = new Class<?>[KEPT];
  private final Shape[] shapes = new Shape[KEPT];
  private int next;

  Shape of(Class<?> type) {
    for (int i = 0; i < KEPT; i++) {
      if (classes[i] == type) {
        return shapes[i];
      }
    }
    Shape shape = Shape.of(type);
    classes[next] = type;
    shapes[next] = shape;
    next = (next + 1) % KEPT;
    return shape;
  }

  /** Forgets the classes that it met: their loader may go. */
  void forget() {
    Arrays.fill(classes, null);
    Arrays.fill(shapes, null);
  }
}
