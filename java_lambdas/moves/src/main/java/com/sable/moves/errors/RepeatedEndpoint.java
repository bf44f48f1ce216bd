package com.sable.moves.errors;

/** A batch that names one endpoint twice. */
public final class RepeatedEndpoint extends SableError {
  private static final long serialVersionUID = 1L;

  public RepeatedEndpoint(String text) {
    super(text);
  }
}
