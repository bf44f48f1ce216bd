package com.sable.moves.errors;

/** A request id that was used for another batch. */
public final class DuplicateStart extends SableError {
  private static final long serialVersionUID = 1L;

  public DuplicateStart(String text) {
    super(text);
  }
}
