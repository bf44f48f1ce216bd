package com.sable.moves.errors;

/** A move whose source is not where the endpoint lives. */
public final class WrongSource extends SableError {
  private static final long serialVersionUID = 1L;

  public WrongSource(String text) {
    super(text);
  }
}
