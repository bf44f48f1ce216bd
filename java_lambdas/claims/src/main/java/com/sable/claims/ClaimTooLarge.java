package com.sable.claims;

/** A payload larger than this function may leave or have back. */
public final class ClaimTooLarge extends ClaimError {
  private static final long serialVersionUID = 1L;

  ClaimTooLarge(String text) {
    super(text);
  }
}
