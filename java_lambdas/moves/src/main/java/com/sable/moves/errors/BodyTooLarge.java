package com.sable.moves.errors;

/** A body over the limit. */
public final class BodyTooLarge extends SableError {
  private static final long serialVersionUID = 1L;

  public BodyTooLarge(String text) {
    super(text);
  }
}
