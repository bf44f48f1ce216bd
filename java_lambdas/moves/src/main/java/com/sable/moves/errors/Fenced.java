package com.sable.moves.errors;

/** A command of an attempt that a later one has followed. */
public final class Fenced extends SableError {
  private static final long serialVersionUID = 1L;

  public Fenced(String text) {
    super(text);
  }
}
