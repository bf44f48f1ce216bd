package parity.harness;

/** A value that a parameter cannot hold exactly. */
class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  Refused(String why) {
    super(why, null, false, false);
  }

  /** A reference to an object that has not been made, or not yet. */
  static final class Unmade extends Refused {
    private static final long serialVersionUID = 1L;

    Unmade(String path) {
      super("it is the same object as " + path + ", which is not given to java as an object");
    }
  }
}
