package com.sable.moves.errors;

/** A workflow cannot end: moves of it have switched or hold a lock, and wait for a host. */
public final class MovesOpen extends SableError {
  private static final long serialVersionUID = 1L;

  public MovesOpen(String text) {
    super(text);
  }
}
