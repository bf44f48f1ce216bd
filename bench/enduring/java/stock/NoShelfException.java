package stock;

/** There is no such shelf. */
public final class NoShelfException extends Exception {
  private static final long serialVersionUID = 1L;

  public NoShelfException(String message) {
    super(message);
  }
}
