package com.sable.moves.errors;

/** A workflow that was told to roll back. */
public final class Cancelled extends SableError {
  private static final long serialVersionUID = 1L;

  public Cancelled(String text) {
    super(text);
  }
}
