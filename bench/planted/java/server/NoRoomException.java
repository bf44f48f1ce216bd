package server;

/** No host can take a volume. */
public final class NoRoomException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was to be put where. */
  public NoRoomException(String message) {
    super(message);
  }
}
