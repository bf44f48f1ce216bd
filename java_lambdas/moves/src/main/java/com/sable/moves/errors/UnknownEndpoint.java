package com.sable.moves.errors;

/** An endpoint that nobody registered. */
public final class UnknownEndpoint extends SableError {
  private static final long serialVersionUID = 1L;

  public UnknownEndpoint(String text) {
    super(text);
  }
}
