package com.sable.moves.errors;

/** A text that is not a timestamp with a zone. */
public final class InvalidTimestamp extends SableError {
  private static final long serialVersionUID = 1L;

  public InvalidTimestamp(String text) {
    super(text);
  }
}
