package com.sable.moves.errors;

/** A text that is not a size. */
public final class InvalidSize extends SableError {
  private static final long serialVersionUID = 1L;

  public InvalidSize(String text) {
    super(text);
  }
}
