package com.sable.moves.errors;

/** An endpoint that a move or an operator holds. */
public final class EndpointLocked extends SableError {
  private static final long serialVersionUID = 1L;

  public EndpointLocked(String text) {
    super(text);
  }
}
