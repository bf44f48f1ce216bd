package com.sable.moves.errors;

/** A workflow that has switched a route or has ended. */
public final class TooLateToCancel extends SableError {
  private static final long serialVersionUID = 1L;

  public TooLateToCancel(String text) {
    super(text);
  }
}
