package com.sable.moves.errors;

/** A write to an endpoint that is about to switch: try again soon. */
public final class Frozen extends SableError {
  private static final long serialVersionUID = 1L;

  public Frozen(String text) {
    super(text);
  }
}
