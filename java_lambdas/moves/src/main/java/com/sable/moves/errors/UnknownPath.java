package com.sable.moves.errors;

/** A path that a host does not have. */
public final class UnknownPath extends SableError {
  private static final long serialVersionUID = 1L;

  public UnknownPath(String text) {
    super(text);
  }
}
