package com.sable.moves.errors;

/** A path that exists, called with a method it does not have. */
public final class WrongMethod extends SableError {
  private static final long serialVersionUID = 1L;

  public WrongMethod(String text) {
    super(text);
  }
}
