package parity.harness;

/** A value that a parameter cannot hold exactly. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String why) {
    super(why, null, false, false);
  }
}
