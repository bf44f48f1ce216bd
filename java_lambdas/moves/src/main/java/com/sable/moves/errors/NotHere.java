package com.sable.moves.errors;

/** An endpoint that does not live on this host: look up its route again. */
public final class NotHere extends SableError {
  private static final long serialVersionUID = 1L;

  public NotHere(String text) {
    super(text);
  }
}
