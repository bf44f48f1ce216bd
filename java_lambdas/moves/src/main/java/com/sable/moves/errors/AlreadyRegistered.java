package com.sable.moves.errors;

/** A name that is registered with other facts. */
public final class AlreadyRegistered extends SableError {
  private static final long serialVersionUID = 1L;

  public AlreadyRegistered(String text) {
    super(text);
  }
}
