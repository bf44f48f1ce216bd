package com.sable.moves.errors;

/** A move to the host where the endpoint already lives. */
public final class SameSourceAndTarget extends SableError {
  private static final long serialVersionUID = 1L;

  public SameSourceAndTarget(String text) {
    super(text);
  }
}
