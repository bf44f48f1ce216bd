package com.sable.moves.errors;

/** A storage host that nobody registered. */
public final class UnknownHost extends SableError {
  private static final long serialVersionUID = 1L;

  public UnknownHost(String text) {
    super(text);
  }
}
