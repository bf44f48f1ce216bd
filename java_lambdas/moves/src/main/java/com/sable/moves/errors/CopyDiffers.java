package com.sable.moves.errors;

/** A copy that is not equal to its source. */
public final class CopyDiffers extends SableError {
  private static final long serialVersionUID = 1L;

  public CopyDiffers(String text) {
    super(text);
  }
}
