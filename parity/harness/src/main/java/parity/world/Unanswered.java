package parity.world;

/**
 * A port was called as it was not recorded: the unit ends here.
 *
 * <p>It is no {@code Exception}, so that a unit that catches those does not go on; who calls the
 * port has noted it before.
 */
public final class Unanswered extends Error {
  private static final long serialVersionUID = 1L;

  /**
   * @param why what was called, and why there is no answer
   */
  public Unanswered(String why) {
    super(why, null, false, true);
  }
}
