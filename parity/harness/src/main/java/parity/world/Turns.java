package parity.world;

/**
 * Counts the turns of loops and the calls of methods while a fixture is run, and ends code that
 * takes far more of them than it should: a loop that never ends then ends itself.
 */
public final class Turns {
  private static final int LOOK = 4095;
  private static final int MOST = 1 << 30;
  private static int taken;
  private static int most = MOST;
  private static long until;
  private static volatile boolean over;

  private Turns() {}

  /** That was too much; it is raised again at each turn, however the subject treats it. */
  public static final class Endless extends Error {
    private static final long serialVersionUID = 1L;

    Endless() {
      super("it takes too many turns", null, false, false);
    }
  }

  /** Starts to count anew, up to so many turns and for so long. */
  public static void begin(long limit, long nanos) {
    taken = 0;
    most = (int) Math.min(MOST, limit);
    until = System.nanoTime() + nanos;
    over = false;
  }

  /** Called at each turn of a loop and at each start of a method. */
  public static void turn() {
    int now = ++taken;
    if (now > most || (now & LOOK) == 0 && System.nanoTime() - until > 0) {
      over = true;
      throw new Endless();
    }
  }

  /** How many were taken since the last start. */
  public static int taken() {
    return taken;
  }

  /** Whether they were too many. */
  public static boolean isOver() {
    return over;
  }
}
