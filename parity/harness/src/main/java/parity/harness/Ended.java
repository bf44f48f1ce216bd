package parity.harness;

/**
 * The subject asked to end its process and was kept from it.
 *
 * <p>It is remembered however the subject treats it: code that swallows it has asked all the same.
 */
final class Ended extends Error {
  private static final long serialVersionUID = 1L;
  private static volatile String asked;

  /**
   * @param what what was asked, as a caller would write it: {@code System.exit(3)}
   */
  Ended(String what) {
    super(what, null, false, false);
    if (asked == null) {
      asked = what;
    }
  }

  /** Forgets what was asked so far. */
  static void forget() {
    asked = null;
  }

  /** What was asked first since it was forgotten last, by whatever thread; null where nothing. */
  static String asked() {
    return asked;
  }
}
