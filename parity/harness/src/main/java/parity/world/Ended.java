package parity.world;

/**
 * The subject asked to end its process and was kept from it.
 *
 * <p>It is remembered however the subject treats it: code that swallows it has asked all the same.
 */
public final class Ended extends Error {
  private static final long serialVersionUID = 1L;
  private static volatile String asked;

  /**
   * @param what what was asked, as a caller would write it: {@code System.exit(3)}
   */
  public Ended(String what) {
    super("it called " + what, null, false, false);
    if (asked == null && !Threads.isLeft(Thread.currentThread())) {
      asked = getMessage();
    }
  }

  /** Forgets what was asked so far. */
  public static void forget() {
    asked = null;
  }

  /** What was asked first since it was forgotten last, by whatever thread; null where nothing. */
  public static String asked() {
    return asked;
  }
}
