package com.sable.moves.errors;

/** A name that does not follow the rule for names. */
public final class InvalidName extends SableError {
  private static final long serialVersionUID = 1L;

  public InvalidName(String text) {
    super(text);
  }
}
