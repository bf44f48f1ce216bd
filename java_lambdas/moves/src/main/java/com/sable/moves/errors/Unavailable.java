package com.sable.moves.errors;

/** A server that does not answer, or has no leader now: the same request may do later. */
public final class Unavailable extends SableError {
  private static final long serialVersionUID = 1L;

  public Unavailable(String text) {
    super(text);
  }
}
