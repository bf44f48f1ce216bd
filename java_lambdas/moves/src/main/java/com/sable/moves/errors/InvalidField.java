package com.sable.moves.errors;

/** A field is missing, of the wrong type, or out of range. */
public final class InvalidField extends SableError {
  private static final long serialVersionUID = 1L;

  public InvalidField(String text) {
    super(text);
  }
}
