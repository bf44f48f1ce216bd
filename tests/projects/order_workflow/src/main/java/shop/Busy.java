package shop;

/** Try again. */
public final class Busy extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Busy(String message) {
    super(message);
  }
}
