package com.sable.moves.errors;

/** The body is not a JSON object. */
public final class MalformedJson extends SableError {
  private static final long serialVersionUID = 1L;

  public MalformedJson(String text) {
    super(text);
  }
}
