package com.sable.moves.errors;

/** A target without room for what would move there. */
public final class TargetFull extends SableError {
  private static final long serialVersionUID = 1L;

  public TargetFull(String text) {
    super(text);
  }
}
