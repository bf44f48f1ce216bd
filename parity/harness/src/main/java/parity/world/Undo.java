package parity.world;

import java.util.ArrayDeque;
import java.util.Deque;

/** How to undo what classes of the project did to the JVM as a whole; see {@link Registered}. */
public final class Undo {
  private static final Deque<Runnable> STEPS = new ArrayDeque<>();

  private Undo() {}

  /** Notes a step, to be taken before those that are noted already. */
  static void push(Runnable step) {
    synchronized (STEPS) {
      STEPS.push(step);
    }
  }

  /** Before a batch: all is as it was before the classes of an earlier one. */
  public static void all() {
    synchronized (STEPS) {
      while (!STEPS.isEmpty()) {
        try {
          STEPS.pop().run();
        } catch (RuntimeException refused) {
          continue; // nobody else can take it out either
        }
      }
    }
  }
}
