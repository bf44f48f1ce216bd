package server;

/** There is less than was ordered. */
public final class OutOfStockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What there is too little of. */
  public OutOfStockException(String message) {
    super(message);
  }
}
