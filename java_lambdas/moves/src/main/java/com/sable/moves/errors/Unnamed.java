package com.sable.moves.errors;

/** An error of a host whose name is not known here. */
public final class Unnamed extends SableError {
  private static final long serialVersionUID = 1L;

  public Unnamed(String text) {
    super(text);
  }
}
